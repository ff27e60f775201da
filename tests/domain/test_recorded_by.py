"""Who may record which act, judged on the day of recording by the registrars authorised before it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import Refused
from ledger.events.parse import parse_event
from ledger.rules.judge import irregular
from ledger.rules.record import party_of
from ledger.state.record import registrar_of
from tests.acts import act, annulled, seated, withdrew
from tests.counting import lines
from tests.domain.books import Clock, ledger
from tests.given import NOON, recorded, sentence

if TYPE_CHECKING:
    from ledger.book import Ledger
    from ledger.events import Event

KEYS = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHYzNJ3J/zTnX+Z0OYoJk41ePkG7ujIk3R5qEgFcOxci",
)


def authorised(registrar: str, *roles: str, party: str | None = None, on: str = "2025-01-01", **fields: Any) -> Event:
    fields.setdefault("source", {"organ": "assembly", "paragraph": "§ 1"})
    said = {"registrar": registrar, "roles": list(roles), "party": party, **fields}
    given = {name: value for name, value in said.items() if value is not None}
    return parse_event({"event": "registrar-authorised", "valid_on": on, **given})


def released(registrar: str, on: str) -> Event:
    return act("registrar-released", on, organ="secretariat", registrar=registrar)


def with_registrars() -> Ledger:
    """Returns a ledger with a registrar of the secretariat, of Sala (with a key), of Köping, a treasurer, an adjuster
    and an auditor.
    """
    return ledger(
        seated("p1", "sala", "executive-chair", "2023-01-02"),
        authorised("sec", "secretariat"),
        authorised("sala-reg", "party", party="sala", public_key=KEYS[0]),
        authorised("koping-reg", "party", party="koping"),
        authorised("kassa", "treasurer"),
        authorised("justerare", "adjuster", person="p1"),
        authorised("revisor", "auditor"),
    )


def told(book: Ledger, by: str, *acts: Event) -> list[tuple[str, bool]]:
    """Returns (sentence, whether advisory) of the findings of `recorded-by` on the acts."""
    found = book.record(acts, by=by, dry_run=True).flagged
    return [(sentence(one), one.advisory) for one in found if one.provision == "recorded-by"]


PAYMENT = act("payment-made", "2025-08-01", organ="official", party="sala", year=2025, instalment=2, amount=5)
CHANGED = act("member-changed", "2025-08-01", organ="secretariat", person="p1", political_party="Beta")
LEVEL = act("cost-level-set", "2025-08-01", year=2030, level=5)
OWN = withdrew("2025-08-01", "sala")

UNSIGNED = "sala-reg has a key and did not sign this act of sala"


@pytest.mark.parametrize(
    ("by", "event", "why"),
    [
        ("sec", LEVEL, ""),
        ("sec", OWN, ""),  # shown as unsigned by Sala, and no breach
        ("sec", PAYMENT, ""),
        ("sala-reg", OWN, UNSIGNED),
        ("sala-reg", CHANGED, UNSIGNED),
        ("sala-reg", LEVEL, "sala-reg may not record cost-level-set"),
        ("sala-reg", PAYMENT, "sala-reg, a registrar of sala, recorded an act of region"),
        ("koping-reg", OWN, "koping-reg, a registrar of koping, recorded an act of sala"),
        ("sala-reg", authorised("x", "party", "auditor", party="sala"), UNSIGNED),
        ("sala-reg", authorised("x", "treasurer", party="sala"), "sala-reg may not record registrar-authorised"),
        (
            "sala-reg",
            authorised("x", "adjuster", "party", party="sala", person="p1"),
            "sala-reg may not record registrar-authorised",
        ),
        ("kassa", PAYMENT, ""),
        ("kassa", OWN, "kassa may not record withdrawal-decided"),
        ("revisor", PAYMENT, "revisor may not record payment-made"),
        ("nobody", LEVEL, "nobody recorded it without being authorised to record on 2026-01-01"),
        ("nobody", authorised("x", "auditor"), "nobody recorded it without being authorised to record on 2026-01-01"),
    ],
)
def test_each_role_may_record_what_is_its_own(by: str, event: Event, why: str) -> None:
    found = [one for one in told(with_registrars(), by, event) if "without the signature" not in one[0]]

    assert found == ([(why, "did not sign" in why)] if why else [])


def test_annulling_a_partys_act_as_an_error_is_the_partys_own() -> None:
    book = with_registrars()
    timeline = book.timeline()
    adoption = next(one for one in timeline.entries if getattr(one.event, "assembly", "") == "sala")

    quashed = act("entry-annulled", "2025-08-01", organ="court", entry=adoption.position, cause="quashed", reason="dom")

    assert party_of(annulled(adoption.position), timeline, timeline.head + 1) == "sala"
    assert party_of(quashed, timeline, timeline.head + 1) is None


@pytest.mark.parametrize(
    "event", [CHANGED, act("seat-vacated", "2025-08-01", organ="assembly", person="p1", reason="resigned")]
)
def test_whose_a_seat_was_when_an_act_was_recorded_stands_when_a_court_quashes_the_appointment(event: Event) -> None:
    book = with_registrars()
    seat = book.timeline().head - 6
    [entry] = book.record([event], by="koping-reg").entries
    book.record(
        [act("entry-annulled", "2025-09-01", organ="court", entry=seat, cause="quashed", reason="dom")], by="sec"
    )

    timeline = book.timeline()
    assert timeline.at(seat).event.event_name == "member-appointed"
    assert party_of(event, timeline, entry.position) == "sala"
    assert party_of(event, timeline, timeline.head + 1) is None


def test_an_annulment_of_an_annulment_is_of_the_same_party_however_many_they_are() -> None:
    acts = [authorised("sala-reg", "party", party="sala"), withdrew("2025-02-01", "sala", ends_on="2026-01-01")]
    chain = [annulled(position) for position in range(2, 3_000)]

    timeline = recorded(acts, chain)

    assert party_of(timeline.at(timeline.head).event, timeline, timeline.head) == "sala"
    assert party_of(annulled(timeline.head), timeline, timeline.head + 1) == "sala"


def test_before_the_first_registrar_nobody_is_asked_who_recorded() -> None:
    assert told(ledger(), "tester", LEVEL) == []


def test_acts_are_judged_even_when_every_authorisation_has_been_annulled() -> None:
    book = ledger(authorised("sec", "secretariat"))
    unauthorised = [("nobody recorded it without being authorised to record on 2026-01-01", False)]
    assert told(book, "nobody", annulled(book.timeline().head)) == unauthorised
    book.record([annulled(book.timeline().head)], by="nobody")

    assert told(book, "nobody", LEVEL) == unauthorised
    assert told(book, "nobody", authorised("ny", "secretariat")) == []


def test_without_any_registrar_left_anybody_may_authorise_one_and_nothing_else() -> None:
    book = ledger(authorised("sec", "secretariat"), released("sec", "2025-06-01"))

    assert told(book, "tester", authorised("ny", "secretariat")) == []
    assert told(book, "tester", LEVEL) == [
        ("tester recorded it without being authorised to record on 2026-01-01", False)
    ]


@pytest.mark.parametrize(
    ("acts", "may"),
    [
        ((released("sec", "2026-01-01"),), False),
        ((released("sec", "2026-01-02"),), True),  # from the day after
        ((released("sec", "2025-06-01"), authorised("sec", "secretariat", on="2025-02-01")), True),  # the later counts
        ((authorised("sec", "auditor", on="2025-06-01"),), False),  # replaced
        ((authorised("sec", "auditor", on="2026-06-01"),), True),  # from June on
    ],
)
def test_of_what_is_recorded_of_a_registrar_the_last_that_has_begun_counts(acts: tuple[Event, ...], may: bool) -> None:
    book = ledger(authorised("sec", "secretariat"), authorised("other", "secretariat"), *acts)

    assert (told(book, "sec", LEVEL) == []) is may


def test_the_verdict_stands_whatever_is_recorded_later() -> None:
    book = ledger(authorised("sec", "secretariat"))
    assert told(book, "nobody", LEVEL) != []
    book.record([LEVEL], by="nobody")

    later = authorised("nobody", "secretariat", on="2020-01-01")
    assert told(book, "sec", later, released("sec", "2020-01-01")) == []  # nothing of the older entry is new


def test_an_annulled_authorisation_counts_until_its_annulment_is_recorded() -> None:
    book = ledger(authorised("sec", "secretariat"), authorised("extra", "secretariat"))
    head = book.timeline().head
    assert told(book, "extra", LEVEL) == []
    book.record([annulled(head)], by="sec")
    assert told(book, "extra", LEVEL) != []
    book.record([annulled(head + 1)], by="sec")
    assert told(book, "extra", LEVEL) == []


def test_the_day_of_recording_is_a_day_in_sweden() -> None:
    book = ledger(authorised("sec", "secretariat"), authorised("other", "secretariat"), released("sec", "2026-01-02"))
    clock = book.clock
    assert isinstance(clock, Clock)
    clock.now = NOON + timedelta(hours=10, minutes=59)  # 23:59 in Sweden
    assert told(book, "sec", LEVEL) == []
    clock.now = NOON + timedelta(hours=11, minutes=1)
    assert told(book, "sec", LEVEL) != []


def test_a_later_registrar_of_a_party_is_authorised_with_the_signature_of_one_before() -> None:
    book = ledger(authorised("sec", "secretariat"), authorised("sala-reg", "party", party="sala"))

    assert told(book, "sec", authorised("sala-2", "party", party="sala")) == [
        ("sala-2 of sala was authorised without the signature of a registrar of sala", False)
    ]
    assert told(book, "sec", authorised("koping-1", "party", party="koping")) == []
    assert told(book, "sec", authorised("arboga-1", "party", party="arboga", source={"organ": "secretariat"})) == [
        ("arboga-1 is the first registrar of arboga, and the party's decision is not cited", False)
    ]


@pytest.mark.parametrize(
    ("begins", "gone"),
    [("2025-01-01", [released("sala-reg", "2026-01-01")]), ("2025-01-01", [annulled(16)]), ("2026-06-01", [])],
)
@pytest.mark.parametrize("cited", [True, False])
def test_a_registrar_for_whom_nobody_of_the_party_can_sign_any_more_is_told(
    begins: str, gone: list[Event], cited: bool
) -> None:
    book = ledger(authorised("sec", "secretariat"), authorised("sala-reg", "party", party="sala", on=begins), *gone)
    source = {"organ": "assembly", **({"paragraph": "§ 2"} if cited else {})}

    assert told(book, "sec", authorised("sala-2", "party", party="sala", source=source)) == [
        ("sala-2 of sala was authorised when no registrar of sala was left who could sign it", cited)
    ]


def test_a_key_is_that_of_one_registrar() -> None:
    book = with_registrars()
    book.record([authorised("sala-reg", "party", party="sala", public_key=KEYS[0])], by="sec")

    with pytest.raises(Refused) as raised:
        book.record([authorised("annan", "party", party="sala", public_key=KEYS[0])], by="sec")
    assert [one.provision for one in raised.value.findings] == ["reference", "reference"]
    assert "the key is that of sala-reg" in sentence(raised.value.findings[0])


@pytest.mark.parametrize(("taken", "party"), [("sala-reg", "koping"), ("sec", "koping"), ("sala-reg", None)])
def test_no_registrar_of_another_party_takes_an_id(taken: str, party: str | None) -> None:
    book = with_registrars()

    with pytest.raises(Refused) as raised:
        book.record([authorised(taken, "party" if party else "auditor", party=party)], by="koping-reg")
    assert {one.provision for one in raised.value.findings} == {"reference"}
    assert f"{taken} is not a registrar of the same party in entry" in sentence(raised.value.findings[0])


def test_an_id_whose_authorisation_is_annulled_is_free_for_another_party() -> None:
    book = ledger(authorised("sec", "secretariat"), authorised("ny", "party", party="sala"))
    book.record([annulled(book.timeline().head)], by="sec")

    assert book.record([authorised("ny", "party", party="koping")], by="sec").entries


def test_the_work_of_judging_registrars_does_not_grow_with_the_cube_of_their_number() -> None:
    def work(many: int) -> int:
        timeline = recorded([authorised(f"reg-{number}", "party", party="sala") for number in range(many)])
        return lines(lambda: [[*irregular(one, timeline)] for one in timeline.entries])

    assert work(80) < 5 * work(40)


def test_whether_a_registrar_may_record_is_answered_without_a_look_at_the_others() -> None:
    def work(many: int) -> int:
        timeline = recorded([authorised(f"reg-{number}", "party", party="sala") for number in range(many)])
        assert registrar_of(timeline, "reg-0", many + 1, NOON.date())
        return lines(lambda: registrar_of(timeline, "reg-0", many + 1, NOON.date()))

    assert work(80) < work(40) + 5
