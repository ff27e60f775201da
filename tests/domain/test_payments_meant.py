"""A payment names its payee. If a payment looks like a mistake or a duplicate, the payment is recorded, and a finding
asks the user about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.book import _flagged
from tests.acts import ALL, act, adopted, annulled, events, in_force, proposed, withdrew
from tests.given import after, found, given, reasons, refused, sentence
from tests.given_money import ALIKE, PEOPLE, paid, population

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline
    from tests.acts import Acts

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
BEGUN = given(FIRST)


def asked(timeline: Timeline, position: int) -> list[tuple[str, str, str]]:
    """Returns (verdict, provision, sentence) of each finding flagged in the entry at a position."""
    return [(one.verdict, one.provision, sentence(one)) for one in found(timeline, position, "flags")]


def last(*acts: Acts) -> list[tuple[str, str, str]]:
    """Records the acts after the agreement came into force, and returns the findings flagged in the last act."""
    said = events(FIRST, acts)
    return asked(given(said), len(said))


@pytest.mark.parametrize("purpose", ["refund", "settlement", "other"])
def test_a_payment_by_the_region_says_to_whom(purpose: str) -> None:
    assert reasons(BEGUN, paid("2024-03-01", "region", 500, purpose=purpose)) == [
        "reference: region paid 5,00 kr, but the payee is missing: give it (to)"
    ]
    assert refused(BEGUN, paid("2024-03-01", "region", 500, 2024, 1)) == ["reference"], "an instalment too"
    assert refused(BEGUN, paid("2024-03-01", "region", 500, purpose=purpose, to="sala")) == []
    assert refused(BEGUN, paid("2024-03-01", "sala", 500, purpose=purpose)) == [], "to the Region"


def test_who_is_the_region_is_as_the_terms_of_the_day_say() -> None:
    other = in_force("2024-01-01", version=2)
    assert refused(given(FIRST, other), paid("2024-03", "region", 500)) == ["reference"], "whatever day of the month"


@pytest.mark.parametrize(
    ("on", "flagged"),
    [("2026-01-01", False), ("2026-01-02", True), ("2026-01", False), ("2026-02", True), ("2027-03-01", True)],
)
def test_a_payment_of_a_day_after_its_recording_is_asked_about(on: str, flagged: bool) -> None:
    told = last(paid(on, "sala", 1000, 2026, 1))

    day = on if len(on) == 10 else f"{on}-01"
    what = f"payment-made is dated {day}, which is after the day it was recorded, 2026-01-01"
    assert told == ([("cannot-tell", "plausible", what)] if flagged else [])


@pytest.mark.parametrize(("refunded", "flagged"), [(1_000, False), (1_001, True), (9_900_000_000, True)])
def test_a_refund_of_more_than_was_paid_is_asked_about(refunded: int, flagged: bool) -> None:
    told = last(
        paid("2024-02-01", "sala", 600, 2024, 1), paid("2024-02-01", "koping", 5_000, 2024, 1),
        paid("2024-08-01", "sala", 400, 2024, 2), paid("2024-08-02", "sala", 70, purpose="other"),
        paid("2024-09-01", "region", refunded, to="sala", purpose="refund"),
    )  # fmt: skip

    assert [one[:2] for one in told] == [("cannot-tell", "plausible")] * flagged
    if refunded == 1_001:
        assert told[0][2] == "10,01 kr is refunded to sala, which had paid 10,00 kr by then"


def test_what_is_refunded_twice_is_more_than_was_paid_and_what_is_paid_later_does_not_count() -> None:
    refund = paid("2024-03-01", "region", 600, to="sala", purpose="refund", reference="A")
    again = paid("2024-03-02", "region", 600, to="sala", purpose="refund", reference="B")
    first, late = paid("2024-02-01", "sala", 1_000, 2024, 1), paid("2024-03-03", "sala", 1_000, 2024, 2)

    assert [one[2] for one in last(first, late, refund, again)] == [
        "6,00 kr is refunded to sala, which had paid 4,00 kr by then"
    ]
    assert last(first, late, refund) == []
    settled = paid("2024-03-02", "region", 600, to="sala", purpose="settlement")
    assert [one[2] for one in last(first, refund, settled)] == [
        "region paid 6,00 kr in settlement on 2024-03-02, and the agreement has not ended by then; is that intended?"
    ], "a settlement is none"
    assert last(paid("2024-03-02", "koping", 600, to="sala", purpose="refund")) == [], "nor is what another gives"


def test_a_payment_that_says_what_another_says_is_asked_about_and_only_the_later_one() -> None:
    one = paid("2024-02-01", "sala", 1_000, 2024, 1, reference="OCR 7")
    timeline = given(events(FIRST, one, one))

    assert asked(timeline, 14) == [
        ("cannot-tell", "duplicate", "sala paid 10,00 kr on 2024-02-01, OCR 7, as entry 13 says already")
    ]
    assert found(timeline, 14, "flags")[0].section is None
    assert found(timeline, 14, "flags")[0].entries == (14, 13)
    assert asked(timeline, 13) == []
    assert asked(given(events(FIRST, one, one), annulled(13)), 14) == []


@pytest.mark.parametrize(
    ("other", "flagged"),
    [
        (paid("2024-02-01", "sala", 1_000, 2024, 2), True), (paid("2024-02-01", "sala", 1_000, to="region"), True),
        (paid("2024-02-01", "sala", 1_001, 2024, 1), False), (paid("2024-02-02", "sala", 1_000, 2024, 1), False),
        (paid("2024-02", "sala", 1_000, 2024, 1), False), (paid("2024-02-01", "koping", 1_000, 2024, 1), False),
        (paid("2024-02-01", "sala", 1_000, 2024, 1, reference="B"), False),
        (paid("2024-02-01", "sala", 1_000, to="koping"), False),
    ],
)  # fmt: skip
def test_party_day_amount_and_reference_make_it_the_same(other: Acts, flagged: bool) -> None:
    told = last(paid("2024-02-01", "sala", 1_000, 2024, 1), other)

    assert [one[1] for one in told if one[1] == "duplicate"] == ["duplicate"] * flagged


def test_payments_of_one_loose_day_may_be_the_same() -> None:
    loose = paid("2024-02", "sala", 1_000, 2024, 1)

    assert [one[1] for one in last(loose, loose)] == ["duplicate"]


def by_an_annulment(*acts: Acts) -> list[tuple[str, int]]:
    """Returns (provision, position of the first entry named) of each finding that is flagged when the last act, an
    annulment, is recorded.
    """
    said = events(FIRST, acts)
    whole = given(said).until(len(said))
    found = _flagged([whole.at(len(said))], whole.until(len(said) - 1), whole)
    return [(one.provision, one.entries[0]) for one in found]


@pytest.mark.parametrize("cause", ["quashed", "recording-error"])
def test_an_annulment_that_puts_a_payment_in_doubt_tells_it_at_once(cause: str) -> None:
    one = paid("2024-02-01", "sala", 1_000, 2024, 1)
    refund = paid("2024-03-01", "region", 700, to="sala", purpose="refund")

    assert by_an_annulment(one, annulled(13, cause=cause), one, annulled(14)) == [("duplicate", 15)]
    assert by_an_annulment(one, refund, annulled(13, cause=cause)) == [("plausible", 14)]
    assert by_an_annulment(refund, annulled(13, cause=cause), one, refund, annulled(14)) == [
        ("plausible", 16), ("duplicate", 16),
    ]  # fmt: skip
    assert by_an_annulment(one, one, annulled(13, cause=cause)) == []


def test_an_annulment_that_puts_figures_in_doubt_tells_it_at_once() -> None:
    figures = [population(f"{year + 1}-02-21", f"{year}-12-31", PEOPLE, sala=22_000 + 2_000 * (year - 2022))
               for year in (2022, 2023, 2024)]  # fmt: skip

    assert by_an_annulment(figures, annulled(14)) == [("plausible", 15)]


@pytest.mark.parametrize(
    ("people", "flagged"), [(22_981, False), (25_279, False), (25_280, True), (20_683, False), (20_682, True)]
)
def test_a_population_more_than_a_tenth_from_the_one_before_is_asked_about(people: int, flagged: bool) -> None:
    told = last(population("2023-02-21", "2022-12-31"), population("2024-02-22", "2023-12-31", PEOPLE, sala=people))

    what = f"more than a tenth from the one published before: sala 22981 → {people}"
    assert [one[:2] for one in told] == [("cannot-tell", "plausible")] * flagged
    assert [one[2] for one in told] == [f"the population of sala on 2023-12-31 is {what}"] * flagged


def test_figures_are_held_against_those_last_published_whatever_day_they_were_counted_on() -> None:
    first = population("2023-02-21", "2022-12-31", {"sala": 1_000, "koping": 10})
    second = population("2024-02-22", "2023-12-31", {"koping": 11})

    assert last(first, second, population("2024-02-23", "2022-12-31", {"sala": 1_100, "koping": 12})) == []
    tenfold = population("2024-02-23", "2023-12-31", {"sala": 10_000, "koping": 110, "arboga": 5})
    timeline = given(events(FIRST, first, second, tenfold))
    what = "more than a tenth from the one published before: koping 11 → 110, sala 1000 → 10000"
    assert [one[2] for one in asked(timeline, 15)] == [f"the population of koping, sala on 2023-12-31 is {what}"]
    assert found(timeline, 15, "flags")[0].entries == (15, 13, 14)
    assert last(population("2024-02-22", "2023-12-31", ALIKE)) == [], "there are none before"


def test_a_payment_of_a_future_party_is_flagged() -> None:
    """Version 2 adds Sala as a party, so Sala's payment before version 2 is flagged. A party that a version left out
    may still pay.
    """
    others = [party for party in sorted(ALL) if party != "sala"]
    begun = [*in_force("2023-01-01", parties=others), proposed(2, "2024-07-01", on="2024-01-15")]
    taken_in = given(begun, adopted("2024-03-01", version=2))
    said = [("cannot-tell", "plausible",
             "sala is not a party to the agreement by 2024-06-30, the date of these 5,00 kr")]  # fmt: skip

    def money(on: str) -> list[Event]:
        return [
            paid(on, "sala", 500, 2024, 1),
            paid(on, "region", 500, purpose="other", to="sala"),
            act("cost-borne", on, kind="other", borne_by="sala", amount=500, description="x"),
            act("project-funded", on, organ="assembly", project="j", kind="extra-financing", funder="sala", amount=500),
        ]

    started = act("project-started", "2024-01-01", project="j", title="J")
    for on, expected in (("2024-06-30", said), ("2024-07-01", [])):
        timeline = after(taken_in, started, money(on))
        assert [asked(timeline, timeline.head - place) for place in range(4)] == [expected] * 4
    proposed_only = after(given(begun), started, money("2024-06-30"))
    assert [asked(proposed_only, proposed_only.head - place) for place in range(4)] == [said] * 4
    left = given(in_force("2023-01-01"), proposed(2, "2024-07-01", on="2024-01-15", parties=others),
                 adopted("2024-03-01", version=2), paid("2024-08-01", "sala", 500, 2024, 1))  # fmt: skip
    assert asked(left, 25) == []
    given_from_outside = after(given(begun), started, act(
        "project-funded", "2024-06-30", organ="assembly", project="j", kind="external-grant", funder="EU", amount=500,
    ))  # fmt: skip
    assert asked(given_from_outside, given_from_outside.head) == [], "nobody needs to be a party to give"


@pytest.mark.parametrize(("on", "flagged"), [("2024-12-30", True), ("2024-12", True), ("2024-12-31", False)])
def test_a_settlement_is_paid_from_the_end_on(on: str, flagged: bool) -> None:
    ended = withdrew("2023-12-01", "sala", ends_on="2024-12-31")

    assert [one[1] for one in last(ended, paid(on, "koping", 500, purpose="settlement"))] == ["plausible"] * flagged
    assert last(ended, paid(on, "koping", 500, 2024, 1)) == []
