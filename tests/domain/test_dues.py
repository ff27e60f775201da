"""Tests which claims a party's payments meet. Findings, deadlines and costs all use the same allocation of payments to
claims.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.state.costs.dues import paid_for
from ledger.timeline import past
from projections.account import account
from projections.costs import costs
from tests.acts import in_force, withdrew
from tests.given import breaches, given, told
from tests.given_due import due
from tests.given_money import FIGURES, claimed, paid, settled

if TYPE_CHECKING:
    from ledger.timeline import Timeline
    from tests.acts import Acts

FIRST = in_force("2023-01-01")
CLAIMS = [claimed("2024-01-08", 2024, 1, {"sala": 1000}), claimed("2024-07-01", 2024, 2, {"sala": 900})]
CREDIT = [claimed("2024-01-08", 2024, 1, {"sala": 1000}), claimed("2024-07-01", 2024, 2, {"sala": -400}),
          paid("2024-01-20", "sala", 1000, 2024, 1)]  # fmt: skip
Part = tuple[str, int, int, "str | None"]  # a Part is (status, öre unpaid, öre overpaid, day of full payment)
NOTHING: list[Part] = [("unpaid", 1000, 0, None), ("unpaid", 900, 0, None)]


def back(on: str, amount: int, *named: int, purpose: str = "refund") -> Acts:
    return paid(on, "region", amount, *named, to="sala", purpose=purpose)


def stands(*acts: Acts, on: str = "2024-12-31", year: int = 2024) -> list[Part]:
    """Returns (status, öre unpaid, öre overpaid, day of full payment) for Sala's part of each instalment of a year."""
    day = date.fromisoformat(on)
    then = past(given(FIRST, acts), day)
    found = [one for number in (1, 2) if (one := paid_for(then, "sala", year, number, day))]
    return [(one.status, one.short, one.over, str(one.paid_on or "") or None) for one in found]


@pytest.mark.parametrize(
    ("payments", "found"),
    [
        ([paid("2024-01-20", "sala", 1900, 2024, 1)], [("paid", 0, 0, "2024-01-20"), ("paid", 0, 0, "2024-01-20")]),
        ([paid("2024-01-20", "sala", 1950, 2024, 1)], [("paid", 0, 50, "2024-01-20"), ("paid", 0, 0, "2024-01-20")]),
        ([paid("2024-07-20", "sala", 1900)], [("late", 0, 0, "2024-07-20"), ("paid", 0, 0, "2024-07-20")]),
        ([paid("2024-01-20", "sala", 900, 2024, 2)], [("unpaid", 1000, 0, None), ("paid", 0, 0, "2024-01-20")]),
        ([paid("2024-01-20", "sala", 1500, 2024, 1), back("2024-02-20", 500, 2024, 1)],
         [("paid", 0, 0, "2024-01-20"), ("unpaid", 900, 0, None)]),
        ([paid("2024-01-20", "sala", 1900, 2024, 1), back("2024-09-20", 500, 2024, 1)],
         [("paid", 0, 0, "2024-01-20"), ("short", 500, 0, None)]),
        ([paid("2024-01-20", "sala", 1900, 2024, 1), back("2024-09-20", 500)],
         [("paid", 0, 0, "2024-01-20"), ("short", 500, 0, None)]),
        ([paid("2024-01-20", "sala", 1000, 2024, 1, to="koping")], NOTHING),
        ([paid("2024-01-20", "koping", 1000, 2024, 1, to="sala")], NOTHING),
        ([paid("2024-09-20", "sala", 1900, to="koping")], [("late", 0, 0, "2024-09-20"), ("late", 0, 0, "2024-09-20")]),
    ],
)  # fmt: skip
def test_what_is_owed_of_a_claim(payments: list[Acts], found: list[Part]) -> None:
    assert stands(CLAIMS, *payments) == found


@pytest.mark.parametrize(
    ("payments", "found"),
    [
        ([], ("credit", 0, 400, None)),
        ([back("2024-08-20", 400)], ("paid", 0, 0, "2024-08-20")),
        ([back("2024-08-20", 400, 2024)], ("paid", 0, 0, "2024-08-20")),
        ([back("2024-07-20", 150), back("2024-08-20", 250, 2024, 2)], ("paid", 0, 0, "2024-08-20")),
        ([back("2024-08-20", 500)], ("short", 100, 0, None)),
        ([back("2024-08-20", 400, purpose="settlement")], ("paid", 0, 0, "2024-08-20")),
    ],
)
def test_a_credit_is_repaid_by_whatever_goes_back(payments: list[Acts], found: Part) -> None:
    assert stands(CREDIT, *payments) == [("paid", 0, 0, "2024-01-20"), found]


def test_a_credit_goes_toward_the_next_claim_while_it_is_not_repaid() -> None:
    later = claimed("2025-01-08", 2025, 1, {"sala": 1000})

    assert stands(CREDIT, later, on="2025-03-01")[1] == ("paid", 0, 0, "2025-01-08"), "set off"
    assert stands(CREDIT, later, on="2025-03-01", year=2025) == [("short", 600, 0, None)]
    all_of_it = paid("2025-01-20", "sala", 600, 2025, 1)
    assert stands(CREDIT, later, all_of_it, on="2025-03-01", year=2025) == [("paid", 0, 0, "2025-01-20")]


def test_money_for_an_instalment_that_is_not_claimed_is_held_for_it() -> None:
    early = paid("2024-01-20", "sala", 1000, 2024, 2)

    assert stands(CLAIMS, early, on="2024-06-30") == [("unpaid", 1000, 0, None)]
    assert stands(CLAIMS, early) == [("short", 900, 0, None), ("paid", 0, 0, "2024-01-20")]
    assert stands(CLAIMS, paid("2024-01-20", "sala", 1000, 2023, 1))[0][0] == "unpaid"


def test_what_was_paid_in_time_and_given_back_is_owed_from_the_refund() -> None:
    acts = [CLAIMS[0], paid("2024-01-20", "sala", 1000, 2024, 1), back("2024-03-10", 100, 2024, 1)]
    late = "a part that was refunded again 22 days later; due on 2024-02-01"
    again = paid("2024-04-01", "sala", 100, 2024, 1)

    assert breaches(given(FIRST, acts), "2024-03-09", "two-instalments") == []
    assert breaches(given(FIRST, acts), "2024-03-11", "two-instalments") == [
        ("2024-03-10", "sala has paid 9,00 kr of 10,00 kr, instalment 1 of 2024, due on 2024-02-01")
    ]
    assert breaches(given(FIRST, acts, again), "2024-05-01", "two-instalments") == [
        ("2024-03-10", f"sala paid instalment 1 of 2024, 10,00 kr, in time, and {late}")
    ]


def asked(timeline: Timeline, on: str) -> list[str]:
    """Returns the messages of the deadlines, as of a day, for payments by Sala and repayments to Sala."""
    return [one.message for one in due(timeline, on, "two-instalments") if one.subject.startswith("claim:sala")]


@pytest.mark.parametrize(
    ("share", "payment", "status"),
    [(250, 250, "settled"), (250, 249, "short"), (0, 0, "settled"), (1000, 1000, "late")],
)
def test_a_claim_goes_into_the_settlement_agreed_once_that_is_paid(share: int, payment: int, status: str) -> None:
    money = [paid("2024-05-20", "sala", payment)] if payment else []
    timeline = given(FIRST, CLAIMS[0], withdrew("2024-03-01", "sala", ends_on="2024-04-01"),
                     settled("2024-05-02", {"sala": share}), money)  # fmt: skip
    (found,) = [one for one in costs(timeline, 2024, date(2024, 6, 1)).parts if one.party == "sala"]

    assert (found.status, found.short > 0) == (status, status == "short")
    assert len(asked(timeline, "2024-06-01")) == (status == "short")
    verdicts = [one.verdict for one in told(timeline, "2024-06-01", "two-instalments") if "2024/1" in one.subject]
    assert verdicts.count("breach") == (status != "settled")


def test_a_credit_goes_into_the_settlement_too() -> None:
    timeline = given(FIRST, FIGURES, CREDIT, withdrew("2024-09-01", "sala", ends_on="2024-10-01"),
                     settled("2024-10-02", {"sala": 1000}))  # fmt: skip

    assert len(asked(timeline, "2024-10-01")) == 1
    assert asked(timeline, "2024-10-02") == []


def test_money_of_a_year_is_in_that_years_costs_whoever_it_went_to() -> None:
    parties = {"arboga", "koping", "region"}
    timeline = given(in_force("2023-01-01", parties=parties), paid("2024-02-01", "sala", 700, 2024, 1),
                     back("2026-02-01", 700))  # fmt: skip
    on = date(2026, 6, 1)

    assert {year: costs(timeline, year, on).balance.get("sala") for year in (2024, 2025, 2026)} == {
        2024: -700, 2025: None, 2026: 700,
    }  # fmt: skip
    assert account(timeline, "sala", on).balance == 0
