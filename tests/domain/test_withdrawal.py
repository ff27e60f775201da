"""If one party withdraws, the agreement ends for all parties (7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.encoding import plain
from ledger.rules.judge import derived
from ledger.state.agreement import life, reading_on, terms_on, version_on
from projections.agreement import Appealed, agreement
from projections.deadlines import deadlines
from projections.diff import diff
from projections.history import Wanted, history
from projections.settlement import Supposed, settlement
from tests.acts import (
    ALL,
    MALARBYN,
    TERMS,
    act,
    adopted,
    annulled,
    events,
    in_force,
    proposed,
    reading,
    registered,
    revoked,
    withdrew,
)
from tests.given import after, found, given, reasons, refused, sentence, told, verdicts

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12


PROVISION = "ends-when-one-withdraws"
DAYS = ("2025-12-04", "2025-12-05")


def with_heby(start: str) -> Event:
    """Returns the proposal of version 2, which adds Heby as a party."""
    said = plain(TERMS)
    said["parties"].append({**said["parties"][0], "id": "heby", "name": "Heby kommun", "code": "0331"})
    return act("agreement-proposed", "2024-01-15", version=2, title="Med Heby", in_force_from=start, terms=said)


def end(timeline: Timeline) -> str | None:
    known = life(timeline).end
    return str(known.on) if known else None


def test_without_a_withdrawal_the_agreement_applies_until_further_notice() -> None:
    assert end(given(FIRST)) is None


def test_the_agreement_ends_on_the_day_that_a_withdrawal_names() -> None:
    timeline = given(FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    assert version_on(timeline, date(2024, 12, 31)) == 1
    assert version_on(timeline, date(2025, 1, 1)) is None
    known = life(timeline).end
    assert known is not None
    assert (known.parties, known.entries) == (("sala",), (13,))


@pytest.mark.parametrize(("chosen", "last"), [("decision-day", "2024-03-14"), ("day-after", "2024-03-15")])
def test_a_withdrawal_that_names_no_day_ends_it_by_the_reading(chosen: str, last: str) -> None:
    timeline = given(FIRST, reading("2024-03-15", "withdrawal-day", chosen), withdrew("2024-03-15", "sala"))
    day = date.fromisoformat(last)

    assert version_on(timeline, day) == 1
    assert version_on(timeline, date.fromordinal(day.toordinal() + 1)) is None


def test_the_reading_that_counts_is_the_one_on_the_day_of_the_decision() -> None:
    withdrawn = events(FIRST, withdrew("2024-03-15", "sala"))

    assert end(given(withdrawn)) == "2024-03-15"
    assert end(given(withdrawn, reading("2024-03-15", "withdrawal-day", "day-after"))) == "2024-03-16"
    assert end(given(withdrawn, reading("2024-03-16", "withdrawal-day", "day-after"))) == "2024-03-15"


def test_the_terms_themselves_may_start_from_the_other_reading() -> None:
    assert end(given(in_force("2024-01-01", terms=MALARBYN), withdrew("2024-03-15", "pahittsta"))) == "2024-03-16"


def test_the_terms_that_count_are_those_in_force_on_the_day_of_the_decision() -> None:
    amended = proposed(2, "2024-07-01", on="2024-01-15", readings={"withdrawal-day": "day-after"})
    timeline = events(FIRST, amended, adopted("2024-05-20", version=2))

    assert end(given(timeline, withdrew("2024-06-30", "sala"))) == "2024-06-30"
    assert end(given(timeline, withdrew("2024-07-01", "sala"))) == "2024-07-02"


def test_of_several_withdrawals_the_earliest_end_counts() -> None:
    later_named_first = given(
        FIRST,
        withdrew("2024-03-15", "sala", ends_on="2025-06-30"),
        withdrew("2024-05-01", "koping", ends_on="2025-01-01"),
        withdrew("2024-06-01", "arboga", ends_on="2025-01-01"),
    )

    known = life(later_named_first).end
    assert known is not None
    assert (str(known.on), known.parties, known.entries) == ("2025-01-01", ("arboga", "koping"), (14, 15))


def test_a_withdrawal_while_the_agreement_is_in_force_is_no_breach_though_another_ends_it_first() -> None:
    timeline = given(
        FIRST,
        withdrew("2024-03-15", "sala", ends_on="2025-01-01"),
        withdrew("2024-12-31", "koping", ends_on="2025-06-30"),
    )

    assert verdicts(timeline, 13) == []
    assert verdicts(timeline, 14) == [("silent", "ends-when-one-withdraws")]
    assert reasons(timeline, withdrew("2025-01-01", "fagersta", ends_on="2025-06-30")) == [
        "ends-when-one-withdraws: fagersta withdraws on 2025-01-01, when the agreement has ended, on 2025-01-01"
    ]


def test_a_revoked_withdrawal_ends_nothing() -> None:
    timeline = given(FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"), revoked("2024-12-31", "sala"))

    assert end(timeline) is None
    assert verdicts(timeline, 13) == verdicts(timeline, 14) == []


def test_revoking_one_leaves_the_others() -> None:
    both = events(
        FIRST,
        withdrew("2024-03-15", "sala", ends_on="2025-01-01"),
        withdrew("2024-05-01", "koping", ends_on="2025-06-30"),
    )

    assert end(given(both, revoked("2024-06-01", "sala"))) == "2025-06-30"
    assert end(given(both, revoked("2024-06-01", "koping"))) == "2025-01-01"
    assert end(given(both, revoked("2024-06-01", "sala"), revoked("2024-06-01", "koping"))) is None


def test_a_withdrawal_is_revoked_before_the_end_or_not_at_all() -> None:
    timeline = given(FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    assert refused(timeline, revoked("2024-03-15", "sala")) == []
    assert refused(timeline, revoked("2024-12-31", "sala")) == []
    assert reasons(timeline, revoked("2025-01-01", "sala")) == [
        (
            "ends-when-one-withdraws: "
            "sala takes its withdrawal back on 2025-01-01, when the agreement has ended, on 2025-01-01"
        )
    ]
    assert reasons(timeline, revoked("2024-03-14", "sala")) == [
        "ends-when-one-withdraws: sala has not decided to withdraw by 2024-03-14, or has taken it back already"
    ]
    assert refused(timeline, revoked("2024-12-31", "koping")) == ["ends-when-one-withdraws"]
    assert refused(given(FIRST, withdrew("2024-03-15", "sala")), revoked("2024-03-15", "sala")) == [
        "ends-when-one-withdraws"
    ]


def test_a_withdrawal_is_revoked_once_and_may_be_decided_again() -> None:
    timeline = given(FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"), revoked("2024-06-01", "sala"))

    assert refused(timeline, revoked("2024-07-01", "sala")) == ["ends-when-one-withdraws"]
    again = given(
        FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"), revoked("2024-06-01", "sala"),
        withdrew("2024-08-01", "sala", ends_on="2026-01-01"),
    )  # fmt: skip
    assert end(again) == "2026-01-01"
    assert refused(again, revoked("2024-09-01", "sala")) == []


def by_its_board(event: str, on: str, **fields: object) -> Event:
    return act(event, on, organ="executive-board", party="sala", **fields)


@pytest.mark.parametrize(("read", "ends"), [("assembly", None), ("any", "2025-01-01")])
def test_a_withdrawal_by_another_organ_is_recorded_and_counts_by_the_reading(read: str, ends: str | None) -> None:
    by_board = by_its_board("withdrawal-decided", "2024-04-01", ends_on="2025-01-01")
    timeline = given(FIRST, by_board).under({"withdrawal-organ": read})

    assert end(timeline) == ends
    assert refused(given(FIRST), by_board) == []
    assert verdicts(timeline, 13) == [("cannot-tell", "adopted-by-an-assembly")]
    [told_of] = found(timeline, 13)
    assert told_of.readings == (("withdrawal-organ", read),)
    assert sentence(told_of).startswith("sala withdraws by a decision of its executive-board; by the reading that")
    answer = agreement(timeline, date(2024, 5, 1))
    assert [(one.party, one.organ, str(one.ends_on), one.counts) for one in answer.withdrawals] == [
        ("sala", "executive-board", "2025-01-01", ends is not None)
    ]
    assert (str(answer.ends_on) if answer.ends_on else None) == ends


def test_taking_it_back_by_another_organ_changes_nothing_unless_read_so() -> None:
    by_board = by_its_board("withdrawal-revoked", "2024-05-01")
    timeline = given(FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"), by_board)

    assert end(timeline) == "2025-01-01"
    assert end(timeline.under({"withdrawal-organ": "any"})) is None
    assert verdicts(timeline, 14) == [("cannot-tell", "adopted-by-an-assembly")]
    assert refused(given(FIRST), by_board) == ["ends-when-one-withdraws"]
    both = given(FIRST, by_its_board("withdrawal-decided", "2024-04-01", ends_on="2025-01-01"))
    assert refused(both, by_board) == []
    taken = agreement(after(both, by_board), date(2024, 6, 1)).withdrawals
    assert [(one.counts, str(one.taken_back_on)) for one in taken] == [(False, "2024-05-01")]


def test_an_appeal_stands_at_the_decision_it_is_against_and_has_no_effect() -> None:
    timeline = given(
        FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"),
        act("appeal-lodged", "2024-04-01", organ="court", entry=13, court="Förvaltningsrätten"),
        act("appeal-lodged", "2023-02-01", organ="court", entry=2, court="Förvaltningsrätten"),
        act("appeal-dismissed", "2024-09-01", organ="court", entry=13),
    )  # fmt: skip

    assert end(timeline) == "2025-01-01"
    known = agreement(timeline, date(2024, 5, 1))
    assert [(one.party, one.appeals) for one in known.adopted if one.appeals] == [
        ("arboga", (Appealed(on="2023-02-01", court="Förvaltningsrätten", entry=15, dismissed_on=None),))
    ]
    appeal = Appealed(on="2024-04-01", court="Förvaltningsrätten", entry=14, dismissed_on=None)
    assert known.withdrawals[0].appeals == (appeal,)
    assert agreement(timeline, date(2024, 3, 31)).withdrawals[0].appeals == ()
    assert agreement(timeline, date(2024, 9, 1)).withdrawals[0].appeals[0].dismissed_on == "2024-09-01"
    said = {on: [(one.verdict, one.provision, sentence(one)) for one in derived(timeline, date.fromisoformat(on))
                 if "appeal" in one.message] for on in ("2023-01-31", "2024-05-01", "2024-09-01")}  # fmt: skip
    of_arboga = (
        "silent", "adopted-by-every-assembly",
        "agreement-adopted, entry 2, is appealed to Förvaltningsrätten, which by itself has no effect",
    )  # fmt: skip
    assert said == {
        "2023-01-31": [],
        "2024-05-01": [
            of_arboga,
            ("silent", PROVISION,
             "withdrawal-decided, entry 13, is appealed to Förvaltningsrätten, which by itself has no effect"),
        ],
        "2024-09-01": [
            of_arboga,
            ("silent", PROVISION,
             ("withdrawal-decided, entry 13, was appealed to Förvaltningsrätten; the appeal was dismissed on "
              "2024-09-01")),
        ],
    }  # fmt: skip


def test_a_withdrawal_that_ends_it_on_its_first_day_ends_nothing() -> None:
    timeline = given(FIRST, withdrew("2023-01-01", "sala"))

    assert end(timeline) is None
    assert verdicts(timeline, 13) == [("breach", "ends-when-one-withdraws")]
    assert end(given(FIRST, withdrew("2023-01-01", "sala", ends_on="2023-01-02"))) == "2023-01-02"


def test_who_is_no_party_in_force_that_day_does_not_withdraw() -> None:
    first = given(FIRST)

    assert reasons(first, withdrew("2022-12-31", "sala", ends_on="2023-01-02")) == [
        "ends-when-one-withdraws: sala withdraws on 2022-12-31, when no version is in force"
    ]
    assert refused(first, withdrew("2023-01-01", "sala", ends_on="2023-01-02")) == []
    assert refused(given(proposed()), withdrew("2023-02-01", "sala")) == ["ends-when-one-withdraws"]
    early = given(FIRST, withdrew("2022-12-31", "sala", ends_on="2023-02-01"))
    assert end(early) is None, "what is recorded all the same ends nothing"


def test_a_party_that_nobody_let_in_does_not_withdraw() -> None:
    timeline = given(FIRST, with_heby("2024-07-01"))

    for on in ("2024-06-30", "2025-01-01"):
        assert reasons(timeline, withdrew(on, "heby")) == [
            f"ends-when-one-withdraws: heby withdraws on {on}, and is no party to version 1, in force then"
        ]
    assert end(after(timeline, withdrew("2025-01-01", "heby"))) is None
    let_in = after(timeline, adopted("2024-05-01", version=2, by=ALL | {"heby"}))
    assert refused(let_in, withdrew("2024-06-30", "heby")) == ["ends-when-one-withdraws"]
    assert refused(let_in, withdrew("2024-07-01", "heby")) == []


def test_a_party_that_an_amendment_left_out_does_not_withdraw() -> None:
    others = ALL - {"sala"}
    timeline = given(
        FIRST, proposed(2, "2024-07-01", on="2024-01-15", parties=others), adopted("2024-05-20", version=2),
    )  # fmt: skip

    assert refused(timeline, withdrew("2024-06-30", "sala", ends_on="2025-01-01")) == []
    assert reasons(timeline, withdrew("2024-07-01", "sala")) == [
        "ends-when-one-withdraws: sala withdraws on 2024-07-01, and is no party to version 2, in force then"
    ]
    assert end(after(timeline, withdrew("2024-07-01", "sala"))) is None


def test_a_withdrawal_does_not_end_it_before_it_is_decided() -> None:
    timeline = given(FIRST)

    assert reasons(timeline, withdrew("2023-10-05", "sala", ends_on="2023-10-01")) == [
        "ends-when-one-withdraws: sala decides on 2023-10-05, and the agreement cannot end before that, on 2023-10-01"
    ]
    assert refused(timeline, withdrew("2023-10-05", "sala", ends_on="2023-10-05")) == []
    for day in ("2023-10-05", "2023-10-02/2023-10-31"):
        recorded_all_the_same = after(timeline, withdrew(day, "sala", ends_on="2023-10-01"))
        assert end(recorded_all_the_same) is None
    loose = after(timeline, withdrew("2023-10", "sala", ends_on="2023-10-15"))
    assert refused(timeline, withdrew("2023-10", "sala", ends_on="2023-10-15")) == []
    assert verdicts(loose, loose.head)[0] == ("cannot-tell", "ends-when-one-withdraws")


def test_until_it_is_taken_back_a_withdrawal_stands() -> None:
    timeline = given(FIRST, withdrew("2025-11-16", "sala", ends_on="2025-12-10"), revoked("2025-12-05", "sala"))

    def ends(on: str) -> tuple[str, tuple[str, ...]]:
        answer = agreement(timeline, date.fromisoformat(on))
        return str(answer.ends_on), answer.withdrawn_by

    assert ends("2025-11-15") == ("None", ())
    assert ends("2025-11-16") == ends("2025-12-04") == ("2025-12-10", ("sala",))
    assert ends("2025-12-05") == ends("2026-01-01") == ("None", ())
    assert agreement(timeline, date(2025, 12, 10)).status == "in-force"
    says = [
        [sentence(one) for one in derived(timeline, date.fromisoformat(on)) if one.provision == PROVISION]
        for on in ("2025-11-15", "2025-12-04", "2025-12-05")
    ]
    assert says == [
        ["no withdrawal is in effect, so nothing ends the agreement"],
        ["sala withdraws, so the agreement ends for all; the first day without it is 2025-12-10"],
        ["no withdrawal is in effect, so nothing ends the agreement"],
    ]
    further = [[sentence(one) for one in told(timeline, on, "until-further-notice")] for on in DAYS]
    assert further == [
        ["the agreement applies until sala leaves it, on 2025-12-10"],
        ["the agreement applies until further notice on 2025-12-05"],
    ]
    settle = [[one.provision for one in deadlines(timeline, date.fromisoformat(on), date(2025, 12, 31)).deadlines
               if one.provision == "settlement-agreement"] for on in DAYS]  # fmt: skip
    assert settle == [["settlement-agreement"], []]


def test_an_earlier_end_taken_back_leaves_the_later_one() -> None:
    timeline = given(
        FIRST, withdrew("2024-03-01", "sala", ends_on="2025-01-01"),
        withdrew("2024-04-01", "koping", ends_on="2026-01-01"),
        revoked("2024-06-01", "sala"), withdrew("2024-08-01", "sala", ends_on="2025-07-01"),
    )  # fmt: skip

    days = ("2024-02-29", "2024-03-31", "2024-05-31", "2024-06-01", "2024-08-01")
    known = [agreement(timeline, date.fromisoformat(on)) for on in days]
    assert [(str(one.ends_on), one.withdrawn_by) for one in known] == [
        ("None", ()), ("2025-01-01", ("sala",)), ("2025-01-01", ("sala",)), ("2026-01-01", ("koping",)),
        ("2025-07-01", ("sala",)),
    ]  # fmt: skip


def test_what_is_adopted_after_the_end_never_comes_into_force() -> None:
    timeline = given(
        FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"),
        proposed(2, "2024-12-31", on="2024-04-01", notice_days=10), adopted("2024-05-20", version=2),
        proposed(3, "2025-01-01", on="2024-04-01", notice_days=7), adopted("2024-05-20", version=3),
    )  # fmt: skip

    assert [one.version for one in life(timeline).in_force] == [1, 2]
    for on in (date(2024, 12, 31), date(2025, 1, 1), date(2030, 1, 1)):
        terms = terms_on(timeline, on)
        assert terms is not None
        assert terms.numbers.notice_days == 10, "after the end those of the last in force"


def test_under_another_reading_the_end_is_another_and_the_record_is_the_same() -> None:
    timeline = given(FIRST, withdrew("2024-03-15", "sala"), reading("2024-01-01", "withdrawal-day", "decision-day"))
    other = timeline.under({"withdrawal-day": "day-after"})

    assert (end(timeline), end(other)) == ("2024-03-15", "2024-03-16")
    assert other.entries == timeline.entries
    assert end(other.with_earliest(other.entries[-2])) == "2024-03-16", "also when a day is weighed"
    assert reading_on(other, "withdrawal-day", date(2024, 2, 1)) == ("day-after", None)
    assert timeline.under({}) is timeline


def test_a_withdrawal_that_ends_nothing_does_not_stand_in_the_way_of_another() -> None:
    timeline = given(FIRST, withdrew("2023-01-01", "arboga"), withdrew("2025-03-01", "sala", ends_on="2026-01-01"))

    assert end(timeline) == "2026-01-01"
    supposed = settlement(given(FIRST, withdrew("2025-03-01", "sala", ends_on="2026-01-01")), date(2025, 4, 1),
                          Supposed("arboga", date(2023, 1, 1)))  # fmt: skip
    assert (supposed.ended_on, supposed.withdrawn_by) == (date(2026, 1, 1), ("sala",))


def lodged(on: str, entry: int) -> Event:
    return act("appeal-lodged", on, organ="court", entry=entry, court="Förvaltningsrätten")


def dismissed(on: str, entry: int) -> Event:
    return act("appeal-dismissed", on, organ="court", entry=entry)


def test_an_appeal_before_the_decision_or_against_no_decision_is_flagged() -> None:
    timeline = given(
        FIRST, registered("p"), withdrew("2024-01-15", "sala"), lodged("2024-01-14", 14), lodged("2024-01-15", 14),
        lodged("2024-02-01", 13), lodged("2024-02-01", 16),
    )  # fmt: skip

    assert [[sentence(one) for one in found(timeline, at) if one.provision == "plausible"] for at in range(15, 19)] == [
        ["entry 14, withdrawal-decided, is dated 2024-01-15, but the appeal is dated earlier, 2024-01-14"],
        [],
        ["entry 13, person-registered, is no decision that can be appealed"],
        ["entry 16, appeal-lodged, is no decision that can be appealed"],
    ]


def test_a_dismissal_of_an_appeal_that_is_not_there_is_flagged() -> None:
    timeline = given(FIRST, lodged("2024-02-01", 12), dismissed("2024-03-01", 13), dismissed("2024-03-01", 12),
                     dismissed("2024-01-31", 12), dismissed("2024-03-01", 11))  # fmt: skip

    assert [[one.provision for one in found(timeline, at)] for at in range(14, 18)] == [
        [], [], ["plausible"], ["plausible"],
    ]  # fmt: skip


def test_the_entry_in_history_names_its_appeals() -> None:
    timeline = given(FIRST, lodged("2024-02-01", 12), lodged("2024-02-02", 12), annulled(14))

    assert [one.appealed_by for one in history(timeline, {}, Wanted()).entries[11:13]] == [(13,), ()]


def test_diff_tells_an_appeal() -> None:
    timeline = given(FIRST, lodged("2024-02-01", 12), dismissed("2024-03-01", 13))

    def told(first: str, last: str) -> list[tuple[object, tuple[int, ...]]]:
        answer = diff(timeline, timeline, (date.fromisoformat(first), date.fromisoformat(last)), {})
        return [
            (one.after and one.after.message, one.entries) for section in answer.sections for one in section.changes
        ]

    assert told("2024-01-31", "2024-02-01") == [("entry {entry}, {decision}, is appealed to {court}", (13,))]
    assert told("2024-02-29", "2024-03-01") == [
        ("entry {entry}, {decision}, was appealed to {court}, which dismissed the appeal on {day:when}", (14,))
    ]
