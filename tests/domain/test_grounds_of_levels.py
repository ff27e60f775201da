"""The grounds of a year's level match the entries of all years that it rests on, at a cost that does not grow with
them.
"""

from __future__ import annotations

import inspect
import sys
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from ledger.events.costs import CostLevelSet, IndexationAgreed, IndexPublished
from ledger.state.costs.levels import basis, level, reference_year
from ledger.state.costs.years import year_reading
from ledger.timeline import past
from ledger.values import LATEST
from projections.diff import diff
from projections.facts.costs import costs_facts
from tests.acts import act, in_force
from tests.counting import calls
from tests.given import given
from tests.given_money import FIGURES, index
from tests.models.money_histories import LAST, history

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.timeline import Timeline


def matched(then: Timeline, grounds: Any) -> set[int]:
    events = [*then.of(CostLevelSet), *then.of(IndexationAgreed), *then.of(IndexPublished)]
    found = ((one, ground) for one in events for ground in grounds if one.event.event_name in ground.events)
    return {one.position for one, ground in found if not ground.tags and ground.fits(one.event)}


def year_by_year(then: Timeline, year: int) -> set[int]:
    steps = [step.year for step in basis(then, year)]
    figures = {(year_reading(then, "index-series", one), reference_year(then, one)) for one in steps[1:]}
    levels: list[Entry[Any]] = [*then.of(CostLevelSet), *then.of(IndexationAgreed)]
    return {one.position for one in levels if one.event.year in steps} | {
        one.position for one in then.of(IndexPublished) if (one.event.series, one.event.reference_year) in figures
    }


def test_the_grounds_of_a_level_are_those_of_each_year_that_it_rests_on() -> None:
    for seed in range(150):
        acts = history(Random(seed))  # noqa: S311 - the same ones each time
        organ = {"agreement-adopted": "assembly", "withdrawal-decided": "assembly", "withdrawal-revoked": "assembly"}
        then = past(
            given([act(one.event, str(one.on), organ=organ.get(one.event, "body"), **one.says) for one in acts]), LAST
        )
        for identity, fact in costs_facts(then, LAST, {}):
            if identity[0] in {"level", "share"}:
                year: Any = identity[1]
                assert matched(then, fact.grounds) == year_by_year(then, year), (seed, identity)


def test_a_day_far_ahead_costs_no_more_by_year_than_a_day_near() -> None:
    def to(year: int) -> int:
        raised = [index(f"{year}-02-15", year - 1, "2") for year in (2024, 2025)]
        timeline = given(in_force("2023-01-01"), FIGURES, raised)
        return calls(lambda: diff(timeline, timeline, (date(2025, 1, 1), date(year, 1, 1)), {}))

    assert to(2195) - to(2110) < 1.5 * (to(2110) - to(2025))


@pytest.mark.parametrize("late", ["2190-02-15", "2190-02-01/2190-03-31"])
@pytest.mark.parametrize("early", ["2024-02-15", "2024-02-01/2024-03-31"])
def test_the_last_year_of_all_is_reached_without_a_deep_stack(early: str, late: str) -> None:
    given_acts = in_force("2023-01-01"), FIGURES, [index(early, 2023, "2"), index(late, 2189, "2")]
    limit = sys.getrecursionlimit()
    for question in (
        lambda one: diff(one, one, (date(2025, 1, 1), LATEST), {}),
        lambda one: one.ask(lambda then: level(then, LATEST.year)),
    ):
        sys.setrecursionlimit(len(inspect.stack(0)) + 350)
        try:
            question(given(*given_acts))
        finally:
            sys.setrecursionlimit(limit)
