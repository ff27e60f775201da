"""Payments on loosely known days: every answer is that of a second implementation, and of trying each day in turn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import structs

from ledger.events.costs import PaymentMade
from ledger.state.costs import dues, payments
from ledger.state.costs.claims import claims
from ledger.timeline import Timeline, past
from projections.account import account
from projections.costs import costs
from projections.projects import collaboration_projects
from projections.settlement import settlement
from tests.acts import TERMS, adopted, in_force, proposed, withdrew
from tests.given import given, recorded
from tests.given_money import borne, claimed, paid, settled
from tests.models import accounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.encoding import Entry
    from ledger.events import Event
    from tests.acts import Acts

PARTIES = ("arboga", "sala", "region")
DAYS = ("2024", "2025", "2024-01", "2024-06", "2024-06", "2024-07", "2024-01-31", "2024-06-15", "2024-06-30",
        "2024-02-01", "2024-05-20/2024-07-10", "2025-01", "2025-08-01")  # fmt: skip
ON = [date(2024, 1, 31), date(2024, 6, 15), date(2024, 6, 30), date(2024, 12, 31), date(2025, 7, 1), date(2026, 1, 1)]
AMOUNTS = st.sampled_from([25, 25, 50, 50, 75, 100])
FIRST = in_force("2023-01-01")
MOVED = [
    proposed(2, "2024-06-20", on="2024-01-01", parties=["arboga", "sala", "koping", "region"]),
    *adopted("2024-06-01", version=2),
]


@st.composite
def a_payment(draw: st.DrawFn) -> Event:
    party = draw(st.sampled_from(PARTIES))
    to = draw(st.sampled_from([one for one in PARTIES if one != party]))
    named = draw(st.booleans())
    year, instalment = (draw(st.sampled_from([2024, 2025])), draw(st.sampled_from([1, 2]))) if named else (None, None)
    purpose = draw(st.sampled_from(["instalment", "refund", "settlement", "other"]))
    if purpose == "instalment" and not named:
        purpose = "settlement"
    return paid(draw(st.sampled_from(DAYS)), party, draw(AMOUNTS), year, instalment, purpose=purpose,
                to=None if to == "region" and draw(st.booleans()) else to)  # fmt: skip


@st.composite
def a_claim(draw: st.DrawFn) -> Event:
    amounts = {party: draw(st.sampled_from([50, 100, 150, -25, 0])) for party in ("arboga", "sala")}
    year, instalment = draw(st.sampled_from([2024, 2025])), draw(st.sampled_from([1, 2]))
    return claimed(draw(st.sampled_from([f"{year}-01-05", f"{year}-07-01", "2024-06"])), year, instalment, amounts)


@st.composite
def of_sala(draw: st.DrawFn) -> list[Acts]:
    """Draws claims of Sala, and many payments of them that seldom are more than is claimed."""
    on = draw(st.sampled_from(["2024-01-05", "2024-06-10", "2024-06"]))
    amounts = st.sampled_from([75, 100, 150, 300])
    acts: list[Acts] = [claimed(on, 2024, number, {"sala": draw(amounts)}) for number in (1, 2)]
    days = st.sampled_from(["2024-06", "2024-06", "2024-06", "2024", "2024-07", "2024-05-20", "2024-06-30"])
    acts += [
        paid(draw(days), "sala", draw(AMOUNTS), 2024 if named else None, named)
        for named in draw(st.lists(st.sampled_from([None, 1, 1, 2]), max_size=10))
    ]
    return acts + draw(st.lists(a_payment(), max_size=1))


@st.composite
def a_history(draw: st.DrawFn) -> Timeline:
    acts: list[Acts] = [FIRST]
    if draw(st.booleans()):
        acts += draw(of_sala())
    else:
        acts += draw(st.lists(a_claim(), max_size=5))
        acts += draw(st.lists(a_payment(), max_size=12))
    if draw(st.integers(0, 3)) == 0:
        acts += MOVED
    if draw(st.integers(0, 3)) == 0:
        acts += [withdrew("2024-03-01", "sala", ends_on="2025-01-01"), settled("2025-02", {"sala": draw(AMOUNTS)})]
    return given(*acts)


def loose(timeline: Timeline) -> list[Entry[Any]]:
    return timeline.loose({type(entry.event) for entry in timeline.entries})


@drawn(a_history(), st.sampled_from(ON))
def test_what_is_paid_is_what_a_second_implementation_finds(timeline: Timeline, on: date) -> None:
    agrees(timeline, on)


NEW_REGION = structs.replace(
    TERMS, parties=tuple(structs.replace(one, id="ny-region") if one.id == "region" else one for one in TERMS.parties)
)
ANOTHER_REGION = [
    proposed(2, "2024-06-20", on="2024-01-01", terms=NEW_REGION),
    *adopted("2024-06-01", version=2),
    *adopted("2024-06-01", version=2, by=["ny-region"]),
]
CLAIM = claimed("2024-01-05", 2024, 1, {"sala": 100, "arboga": 50})
SECOND = claimed("2024-07-01", 2024, 2, {"sala": 100, "arboga": 50})
BY_EXAMPLE: dict[str, list[Acts]] = {
    "another Region receives what names no payee": [
        ANOTHER_REGION, CLAIM, paid("2024-06-15", "sala", 40), paid("2024-06-25", "sala", 30),
        paid("2024-06", "sala", 20),
        paid("2024-06-27", "ny-region", 10, 2024, 1, to="sala", purpose="refund"), SECOND,
        paid("2024-08-01", "sala", 90, 2024, 2),
    ],
    "what is not booked moves nothing": [
        CLAIM, paid("2024-03", "sala", 60, 2024, 1), paid("2024-03-02", "sala", 5, to="arboga", purpose="refund"),
        paid("2024-03-20", "sala", 7, purpose="other"), SECOND, paid("2024-08", "sala", 90, 2024, 2),
    ],
    "money that no claim takes waits for the next": [
        CLAIM, paid("2024-02-10", "sala", 150, 2024, 1), paid("2024-06", "sala", 20, 2024, 1), SECOND,
        paid("2024-08-01", "sala", 30, 2024, 2),
    ],
    "a claim that never comes keeps what is paid for it": [
        CLAIM, paid("2024-02", "sala", 20, 2025, 1), paid("2024-02-20", "sala", 30, 2024, 1),
        paid("2024-03-20", "sala", 30, 2024, 1),
    ],
    "a refund between the days of a payment": [
        CLAIM, paid("2024-01-20", "sala", 40, 2024, 1), paid("2024-03", "sala", 20, 2024, 1),
        paid("2024-03-10", "region", 10, 2024, 1, to="sala", purpose="refund"), paid("2024-04-01", "sala", 5, 2024, 1),
    ],
}  # fmt: skip


@pytest.mark.parametrize("acts", BY_EXAMPLE.values(), ids=BY_EXAMPLE)
@pytest.mark.parametrize("on", ON)
def test_what_is_paid_in_a_history_that_stands_here_is_found_alike(acts: list[Acts], on: date) -> None:
    agrees(given(FIRST, *acts), on)


def test_a_payment_that_names_no_payee_is_to_the_region_of_its_day() -> None:
    timeline = given(FIRST, ANOTHER_REGION, paid("2024-06-19", "sala", 40), paid("2024-06-20", "sala", 30))

    assert [payments.payee(timeline, made.event) for made in timeline.of(PaymentMade)] == ["region", "ny-region"]
    assert payments.paying(timeline) == {"sala", "region", "ny-region"}
    assert [payments.paid(timeline, one) for one in ("sala", "region", "ny-region")] == [70, -40, -30]


def test_a_payment_to_nobody_that_is_known_had_nothing_paid_before_it() -> None:
    timeline = recorded(paid("2024-06-19", "sala", 40), paid("2024-06-20", "sala", 30))

    assert [payments.paid_before(timeline, made) for made in timeline.of(PaymentMade)] == [0, 0]


def agrees(timeline: Timeline, on: date) -> None:
    """Compares what is paid on a day, as it is and with each loose entry at its earliest day, with `accounts`."""
    seen = timeline.seen_on(on)
    for whole in [seen, *(seen.with_earliest(one) for one in loose(seen))]:
        then = past(whole, on)
        assert told(then, on) == told_again(then, on)
        assert payments.paying(then) - {"region"} == accounts_paying(then) - {"region"}
        before = accounts.paid_before(whole)
        for made in whole.of(PaymentMade):
            assert payments.paid_before(whole, made) == before[made.position]


def told(then: Timeline, on: date) -> list[object]:
    numbers = [*claims(then)]
    return [
        [dues.paid_for(then, party, *number, on) for party in PARTIES for number in numbers],
        [payments.paid(then, party, year) for party in PARTIES for year in (None, 2024, 2025)],
        [list(payments.moves(then, party)) for party in PARTIES],
        [payments.made_for(then, year) for year in (2024, 2025)],
        payments.netted(then),
    ]


def told_again(then: Timeline, on: date) -> list[object]:
    every = accounts.moves(then)
    made = {one.entry.position: one for moved in every.values() for one in moved}
    in_order = sorted(made.values(), key=lambda one: (one.on, one.entry.position))
    return [
        [accounts.paid_for(then, party, *number, on) for party in PARTIES for number in claims(then)],
        [accounts.paid(then, party, year) for party in PARTIES for year in (None, 2024, 2025)],
        [[payments.Moved(**structs.asdict(one)) for one in every.get(party, ())] for party in PARTIES],
        [tuple(one.entry.position for one in in_order if one.year == year) for year in (2024, 2025)],
        tuple(sorted(one.entry.position for one in in_order if one.netted)),
    ]


def accounts_paying(then: Timeline) -> set[str]:
    return {party for party, made in accounts.moves(then).items() if any(one.netted for one in made)}


def by_trying(timeline: Timeline, question: Callable[[Timeline], object]) -> tuple[int, ...]:
    """Returns the positions of the loose entries that change the answer, by asking anew for every loose entry."""
    kept = question(timeline)
    return tuple(one.position for one in loose(timeline) if question(timeline.with_earliest(one)) != kept)


@settings(max_examples=50)
@drawn(a_history(), st.sampled_from(ON), st.sampled_from([2024, 2025]))
def test_the_uncertain_payments_of_a_year_are_those_whose_earliest_day_changes_it(
    timeline: Timeline, on: date, year: int
) -> None:
    def question(one: Timeline) -> object:
        return structs.replace(costs(one, year, on), uncertain=())

    assert costs(timeline, year, on).uncertain == by_trying(Timeline(timeline.entries).seen_on(on), question)


@settings(max_examples=50)
@drawn(a_history(), st.sampled_from(ON))
def test_the_uncertain_entries_of_a_settlement_are_those_whose_earliest_day_changes_it(
    timeline: Timeline, on: date
) -> None:
    def question(one: Timeline) -> object:
        return structs.replace(settlement(one, on), uncertain=())

    assert settlement(timeline, on).uncertain == by_trying(Timeline(timeline.entries).seen_on(on), question)


@settings(max_examples=50)
@drawn(a_history(), st.sampled_from(ON), st.sampled_from([None, 2024, 2025]), st.sampled_from(PARTIES))
def test_the_uncertain_entries_of_an_account_are_those_whose_earliest_day_changes_it(
    timeline: Timeline, on: date, year: int | None, party: str
) -> None:
    def question(one: Timeline) -> object:
        return structs.replace(account(one, party, on, year), uncertain=())

    assert account(timeline, party, on, year).uncertain == by_trying(Timeline(timeline.entries).seen_on(on), question)


@settings(max_examples=50)
@drawn(st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(["fees", "other"])), max_size=8), st.sampled_from(ON))
def test_the_uncertain_costs_are_those_whose_earliest_day_changes_what_was_borne(
    costs_of: list[tuple[str, str]], on: date
) -> None:
    timeline = given(FIRST, [borne(day, kind, "sala", 100 + place) for place, (day, kind) in enumerate(costs_of)])

    def question(one: Timeline) -> object:
        return structs.replace(collaboration_projects(one, on), uncertain=())

    assert collaboration_projects(timeline, on).uncertain == by_trying(Timeline(timeline.entries), question)
