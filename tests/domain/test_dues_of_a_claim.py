"""Tests how payments are used, öre by öre: which claim they meet, on which day the claim is met, and the findings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.state.costs.dues import paid_for
from ledger.timeline import past
from tests.acts import in_force, withdrew
from tests.given import given
from tests.given_money import claimed, paid, settled

if TYPE_CHECKING:
    from ledger.events import Event
    from tests.acts import Acts

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12, the acts of a test case as 13, 14 ...
CLAIMED_ON = {(2024, 1): "2024-01-08", (2024, 2): "2024-07-01", (2025, 1): "2025-01-08"}
END = withdrew("2024-03-01", "sala", ends_on="2024-04-01")
Found = dict[tuple[int, int], dict[str, Any]]


def of(year: int, instalment: int, amount: int, on: str = "") -> Event:
    return claimed(on or CLAIMED_ON[year, instalment], year, instalment, {"sala": amount})


def pays(on: str, amount: int, *named: int | None) -> Event:
    return paid(on, "sala", amount, *named)


def back(on: str, amount: int, *named: int, purpose: str = "refund") -> Event:
    return paid(on, "region", amount, *named, to="sala", purpose=purpose)


def check(acts: list[Acts], found: Found, on: str = "2025-06-01") -> None:
    """Checks Sala's part of each claim against the fields expected in `found`."""
    day = date.fromisoformat(on)
    then = past(given(FIRST, acts), day)
    for number, fields in found.items():
        part = paid_for(then, "sala", *number, day)
        told = {name: getattr(part, name) for name in fields}
        assert {one: str(value) if isinstance(value, date) else value for one, value in told.items()} == fields


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        pytest.param(
            [of(2025, 1, 100, "2024-01-08"), of(2024, 2, 100), pays("2024-07-20", 100)],
            {(2024, 2): {"status": "paid"}, (2025, 1): {"status": "unpaid"}},
            id="the claim due first, whichever was made first",
        ),
        pytest.param(
            [of(2024, 1, -200), of(2024, 2, 300), pays("2024-01-08", 400, 2024)],
            {(2024, 1): {"status": "credit", "paid": 0, "over": 200},
             (2024, 2): {"status": "paid", "paid_on": "2024-01-08"}},
            id="a year alone names no instalment",
        ),
        pytest.param(
            [of(2024, 1, 100), pays("2024-01-20", 100, 2025, 1)],
            {(2024, 1): {"status": "unpaid", "entries": (13,)}},
            id="what names a later instalment is held for it",
        ),
        pytest.param(
            [of(2024, 2, 300), of(2025, 1, 100), pays("2024-01-20", 400, 2024, 2)],
            {(2024, 2): {"paid_on": "2024-01-20"}, (2025, 1): {"status": "paid", "paid_on": "2024-01-20"}},
            id="held and not needed, with nothing open: it had come on its day",
        ),
        pytest.param(
            [of(2024, 1, 100), of(2024, 2, 300), pays("2024-01-20", 400, 2024, 2)],
            {(2024, 1): {"status": "late", "paid_on": "2024-07-01", "days_late": 151}},
            id="held and not needed, with a claim open: free from the day it was known not to be needed",
        ),
        pytest.param(
            [of(2024, 1, 4, "2025-01-08"), of(2024, 2, -3), of(2025, 1, 2, "2025-01-08"),
             pays("2024-02-10", 3, 2024, 1)],
            {(2024, 1): {"status": "late", "days_late": 342, "paid_on": "2025-01-08"},
             (2025, 1): {"status": "paid", "paid_on": "2025-01-08"}},
            id="held money is used once",
        ),
        pytest.param(
            [of(2024, 2, 200), of(2025, 1, 200), pays("2024-02-11", 400, 2024), pays("2024-02-11", 400, 2024)],
            {(2024, 2): {"entries": (13, 15)}, (2025, 1): {"entries": (14, 15)}},
            id="the first payment is used up before the second",
        ),
        pytest.param(
            [of(2024, 1, -300), of(2024, 2, 400), pays("2024-09-10", 400, 2024, 1)],
            {(2024, 1): {"status": "paid", "paid": 0, "over": 300},
             (2024, 2): {"status": "late", "paid": 400, "days_late": 40}},
            id="what an instalment does not need goes toward another, and is over when none needs it",
        ),
        pytest.param(
            [of(2024, 2, -3), of(2025, 1, 4, "2024-08-01"), pays("2025-03-01", 2, 2025, 1)],
            {(2025, 1): {"status": "late", "days_late": 28, "paid": 5, "over": 1}},
            id="what is over counts as paid of the instalment that it names",
        ),
        pytest.param(
            [of(2024, 1, 100), paid("2024-01-20", "sala", 100, None, 1, purpose="settlement")],
            {(2024, 1): {"status": "paid"}},
            id="an instalment of no year is no name",
        ),
    ],
)  # fmt: skip
def test_what_a_payment_goes_toward(acts: list[Acts], found: Found) -> None:
    check(acts, found)


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        pytest.param(
            [of(2024, 1, 200), of(2024, 2, -100)],
            {(2024, 1): {"status": "short", "short": 100, "since": "2024-02-02", "refunded": False},
             (2024, 2): {"status": "paid", "paid_on": "2024-08-01"}},
            id="on its due day, not when it is claimed",
        ),
        pytest.param(
            [of(2024, 1, 200), of(2024, 2, -100), pays("2024-08-01", 200)],
            {(2024, 2): {"status": "paid", "paid_on": "2024-08-01"}},
            id="before the money of that day",
        ),
        pytest.param(
            [of(2024, 2, -100), of(2025, 1, 100, "2024-01-08"), of(2024, 1, 100, "2024-08-01")],
            {(2024, 1): {"status": "late", "short": 0}, (2025, 1): {"status": "unpaid"}},
            id="after what is claimed that day",
        ),
        pytest.param(
            [of(2024, 2, 1), of(2025, 1, -1, "2024-01-08")],
            {(2024, 2): {"status": "late", "days_late": 184, "paid_on": "2025-02-01"}},
            id="to the last öre",
        ),
        pytest.param(
            [of(2024, 1, 200), of(2024, 2, 200), of(2025, 1, -100)],
            {(2024, 1): {"short": 100, "entries": (13, 15)}, (2024, 2): {"short": 200, "entries": (14,)}},
            id="toward the oldest alone, when that takes all of it",
        ),
        pytest.param(
            [of(2024, 2, 200, "2025-03-01"), of(2025, 1, -300)],
            {(2024, 2): {"status": "late", "days_late": 212, "paid_on": "2025-03-01"},
             (2025, 1): {"status": "credit", "over": 100, "since": None, "refunded": False}},
            id="what is left of it is a credit still",
        ),
    ],
)  # fmt: skip
def test_a_credit_is_set_off(acts: list[Acts], found: Found) -> None:
    check(acts, found)


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        pytest.param(
            [of(2024, 2, -300), of(2025, 1, -200), back("2025-03-01", 200, 2025)],
            {(2024, 2): {"status": "credit", "over": 300}, (2025, 1): {"status": "paid", "paid_on": "2025-03-01"}},
            id="a refund of a year repays that year's credit",
        ),
        pytest.param(
            [of(2024, 1, 200), of(2024, 2, -100), pays("2024-01-20", 200, 2024, 1), back("2024-08-20", 100, 2024)],
            {(2024, 1): {"entries": (13, 15)}, (2024, 2): {"status": "paid", "entries": (14, 16)}},
            id="and leaves what was paid that year",
        ),
        pytest.param(
            [of(2024, 2, 200), of(2025, 1, -100),
             paid("2024-07-20", "koping", 400, 2025, 1, to="sala", purpose="settlement")],
            {(2024, 2): {"status": "short", "paid": 100, "entries": (13, 14)}, (2025, 1): {"entries": (14, 13, 15)}},
            id="an entry that names an instalment is told with it, whatever came of it",
        ),
        pytest.param(
            [of(2024, 1, 300), paid("2024-07-20", "koping", 200, 2024, 1, to="sala", purpose="settlement")],
            {(2024, 1): {"status": "unpaid", "paid": 0, "short": 300}},
            id="a settlement received takes nothing from a claim",
        ),
        pytest.param(
            [of(2024, 1, -100), of(2024, 2, 400), back("2025-01-20", 300, 2024, purpose="settlement")],
            {(2024, 1): {"status": "paid"}, (2024, 2): {"status": "short", "short": 300}},
            id="nor opens what a credit met",
        ),
        pytest.param(
            [of(2024, 1, 100), pays("2024-01-20", 200, 2024, 1), back("2024-02-20", 100, purpose="settlement")],
            {(2024, 1): {"status": "paid", "over": 0}},
            id="it takes what is over, whatever that names",
        ),
        pytest.param(
            [of(2024, 1, 100), pays("2024-01-20", 200, 2024, 1),
             back("2024-02-20", 100, 2024, 2, purpose="settlement")],
            {(2024, 1): {"status": "paid", "over": 100}},
            id="but not what is over of another instalment than its own",
        ),
        pytest.param(
            [pays("2024-01-20", 100, 2024, 2), pays("2024-01-21", 100, 2025, 1), back("2024-02-20", 100, 2024, 2),
             of(2024, 2, 100), of(2025, 1, 100)],
            {(2024, 2): {"status": "unpaid"}, (2025, 1): {"status": "paid"}},
            id="what was held for an instalment goes back when that is named",
        ),
        pytest.param(
            [pays("2024-01-20", 100, 2024, 2), pays("2024-01-21", 100, 2025, 1), back("2024-02-20", 100),
             of(2024, 2, 100), of(2025, 1, 100)],
            {(2024, 2): {"status": "paid"}, (2025, 1): {"status": "unpaid"}},
            id="and the last held when none is",
        ),
        pytest.param(
            [of(2024, 1, 400), pays("2024-01-20", 300, 2024, 1), back("2024-02-20", 400)],
            {(2024, 1): {"status": "unpaid", "paid": 0, "short": 400}},
            id="a refund that names nothing opens no more than was paid",
        ),
        pytest.param(
            [of(2024, 1, 1), pays("2024-07-01", 2), back("2025-01-20", 3, 2024, 2)],
            {(2024, 1): {"status": "late", "days_late": 151, "paid_on": "2024-07-01", "paid": 1}},
            id="even of one öre",
        ),
        pytest.param(
            [of(2024, 1, 100, "2025-01-08"), of(2024, 2, -200), back("2025-01-08", 300, 2024, 1)],
            {(2024, 1): {"status": "unpaid", "paid": -100, "short": 200}},
            id="one that names a claim opens all of it, and a credit meets what it can",
        ),
        pytest.param(
            [of(2024, 1, 0), back("2024-02-20", 100)],
            {(2024, 1): {"status": "paid", "short": 0}},
            id="of a claim of nothing, nothing can be given back unless it is named",
        ),
    ],
)  # fmt: skip
def test_what_goes_back(acts: list[Acts], found: Found) -> None:
    check(acts, found)


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        pytest.param([of(2024, 1, 1)], {(2024, 1): {"status": "unpaid"}}, id="one öre is unpaid, not short"),
        pytest.param([of(2024, 1, 0)], {(2024, 1): {"status": "paid", "since": None, "paid_on": None}},
                     id="nothing is owed of nothing"),
        pytest.param(
            [of(2024, 1, 100), pays("2024-02-11", 100, 2024, 1), back("2024-03-10", 100, 2024, 1),
             pays("2024-04-01", 100, 2024, 1)],
            {(2024, 1): {"status": "late", "since": "2024-02-02", "refunded": False, "days_late": 10 + 22}},
            id="late twice: since the first time",
        ),
        pytest.param(
            [of(2024, 1, 100), pays("2024-02-11", 100, 2024, 1), back("2024-03-10", 100, 2024, 1)],
            {(2024, 1): {"status": "unpaid", "since": "2024-03-10", "refunded": True, "days_late": 0}},
            id="owed again: since the refund",
        ),
        pytest.param(
            [of(2024, 1, 100), pays("2024-01-20", 100, 2024, 1), back("2024-03-10", 1, 2024, 1)],
            {(2024, 1): {"status": "short", "since": "2024-03-10", "short": 1}},
            id="if only one öre",
        ),
        pytest.param(
            [of(2024, 1, -200), back("2024-01-20", 300, 2024, 1), of(2025, 1, -100)],
            {(2024, 1): {"status": "paid", "paid_on": "2025-02-01", "days_late": 0}},
            id="a credit is never late",
        ),
        pytest.param(
            [of(2024, 2, -200), back("2024-08-20", 200, 2024, 2), back("2024-09-10", 100, 2024, 2),
             pays("2024-09-10", 100, 2024, 2)],
            {(2024, 2): {"status": "paid", "paid_on": "2024-08-20"}},
            id="what comes and goes on one day changes nothing",
        ),
        pytest.param(
            [of(2024, 1, 100), of(2024, 2, 100), pays("2024-01-20", 100, 2024, 1), pays("2024-07-20", 200, 2024, 2),
             back("2024-08-20", 100, 2024, 1)],
            {(2024, 1): {"status": "paid", "paid_on": "2024-01-20", "since": None}},
            id="a refund of what is over elsewhere: the claim was never open",
        ),
        pytest.param(
            [of(2024, 1, 0), of(2024, 2, 100), pays("2024-07-20", 200, 2024, 2), back("2024-08-20", 100, 2024, 1)],
            {(2024, 1): {"status": "paid", "paid_on": None, "since": None}},
            id="nor that of nothing",
        ),
        pytest.param(
            [of(2024, 1, 0), of(2024, 2, 100), back("2024-02-10", 100, 2024, 1), pays("2024-03-01", 100, 2024, 1),
             pays("2024-07-20", 200, 2024, 2), back("2024-08-20", 100, 2024, 1)],
            {(2024, 1): {"status": "paid", "paid_on": "2024-03-01"}},
            id="which was met when what was given back had come",
        ),
    ],
)  # fmt: skip
def test_when_a_claim_was_met(acts: list[Acts], found: Found) -> None:
    check(acts, found)


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        pytest.param(
            [of(2024, 1, 200), END, settled("2024-08-01", {"sala": 300})],
            {(2024, 1): {"status": "unpaid", "short": 200, "entries": (13,)}},
            id="not while something of the settlement is owed",
        ),
        pytest.param(
            [of(2024, 1, 300), pays("2024-03-20", 200, 2024, 1), END, settled("2024-08-01", {"sala": 100})],
            {(2024, 1): {"status": "settled", "short": 0, "since": "2024-02-02", "entries": (13, 14, 16)}},
            id="though more was paid than the settlement says",
        ),
        pytest.param(
            [of(2024, 1, 100), pays("2024-01-20", 100, 2024, 1), END, settled("2024-08-01", {"sala": 100})],
            {(2024, 1): {"status": "paid", "entries": (13, 14)}},
            id="not what was paid",
        ),
        pytest.param(
            [of(2024, 1, -300), END, settled("2024-08-01", {"sala": 0})],
            {(2024, 1): {"status": "settled", "over": 0, "entries": (13, 15)}},
            id="a credit that it leaves nothing of",
        ),
        pytest.param(
            [of(2024, 1, -300), pays("2024-01-20", 100), END, settled("2024-08-01", {"sala": 0})],
            {(2024, 1): {"status": "credit", "over": 300, "entries": (13,)}},
            id="not a credit while something is to be repaid",
        ),
        pytest.param(
            [of(2024, 1, -1), END, settled("2024-08-01", {})],
            {(2024, 1): {"status": "settled"}},
            id="a credit of one öre; whom the settlement does not name bears nothing",
        ),
        pytest.param([of(2024, 1, 1), END, settled("2024-08-01", {})], {(2024, 1): {"status": "settled"}},
                     id="a claim of one öre"),
    ],
)  # fmt: skip
def test_what_is_left_goes_into_the_settlement_agreed(acts: list[Acts], found: Found) -> None:
    check(acts, found)
