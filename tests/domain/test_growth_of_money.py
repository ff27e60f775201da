"""Twice as many payments on loosely known days cost about twice as much, in every answer about money."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.rules.judge import irregular
from projections.account import account
from projections.claim import claim_basis
from projections.costs import costs
from projections.diff import diff
from projections.findings import Wanted, findings
from projections.projects import collaboration_projects
from projections.settlement import Supposed, settlement
from tests.acts import in_force
from tests.counting import calls
from tests.given import after, given
from tests.given_money import FIGURES, TEN, borne, claimed, index, paid

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.timeline import Timeline

YEARS = (2024, 2025, 2026)
DAYS: dict[str, Callable[[int], str]] = {
    "spread over months": lambda place: f"{YEARS[place // 12 % 3]}-{place % 12 + 1:02}",
    "all in one month": lambda _: "2025-05",
    "all in one year": lambda _: "2025",
}
FIRST = [
    in_force("2023-01-01"),
    FIGURES,
    [index(f"{year}-02-15", year - 1, "2.5") for year in YEARS],
    [claimed(f"{year}-{month}-05", year, number, dict.fromkeys(TEN, 10_000_000))
     for year in YEARS for number, month in enumerate(("01", "07"), 1)],
]  # fmt: skip


def _recorded(timeline: Timeline) -> object:
    whole = after(timeline, paid("2025-06", "sala", 5, 2025, 2))
    return irregular(whole.at(whole.head), whole)


ASKED: dict[str, Callable[[Timeline], object]] = {
    "costs": lambda one: costs(one, 2025, date(2025, 7, 10)),
    "costs later": lambda one: costs(one, 2025, date(2027, 7, 1)),
    "account": lambda one: account(one, "sala", date(2025, 5, 10)),
    "claim": lambda one: claim_basis(one, 2026, 1, date(2026, 1, 2)),
    "settlement": lambda one: settlement(one, date(2027, 1, 1), Supposed("sala", date(2027, 1, 1))),
    "findings": lambda one: findings(one, date(2025, 7, 10), Wanted()),
    "diff": lambda one: diff(one, one, (date(2025, 3, 15), date(2025, 10, 1)), {}),
    "record": _recorded,
}


def loosely_paid(number: int, days: str, *, named: bool) -> Timeline:
    acts = [
        paid(on, TEN[place % 10], 1_000 + place, *((int(on[:4]), place // 10 % 2 + 1) if named else ()))
        for place, on in enumerate(DAYS[days](place) for place in range(number))
    ]
    return given(FIRST, acts)


@pytest.mark.parametrize("named", [True, False], ids=["named", "free"])
@pytest.mark.parametrize("days", DAYS)
def test_twice_as_many_loose_payments_cost_twice_as_much(days: str, named: bool) -> None:
    few, many = (loosely_paid(number, days, named=named) for number in (80, 160))
    for asked, question in ASKED.items():
        question(loosely_paid(10, days, named=named))  # this first run fills the caches of the process
        assert calls(lambda: question(many)) < 2.4 * calls(lambda: question(few)), asked  # noqa: B023 - called at once


@pytest.mark.parametrize("days", DAYS)
def test_twice_as_many_loose_costs_cost_twice_as_much(days: str) -> None:
    def work(number: int) -> int:
        acts = [borne(DAYS[days](place), "fees", TEN[place % 10], 100 + place, "sala") for place in range(number)]
        timeline = given(FIRST, acts)
        return calls(lambda: collaboration_projects(timeline, date(2025, 5, 10)))

    work(10)
    assert work(240) < 2.4 * work(120)
