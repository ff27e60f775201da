"""A span that begins or ends on a loose day is certain on all days outside the loose day, and is shown as recorded.
Spans in the body are tested in test_council.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from projections.groups import collaboration_groups
from projections.officials import officials
from projections.projects import collaboration_projects
from tests.acts import act, in_force
from tests.given import given
from tests.given_officials import left_office, took
from tests.given_working import assigned, closed, created, joined, left, meeting, relieved, sitting

if TYPE_CHECKING:
    from tests.acts import Acts

FIRST = in_force("2023-01-01")
GROUP: list[Acts] = [sitting(), meeting("m", "2023-01-15"), created("g", "2023-02-01", meeting="m")]
LATER = (created("h", "2024-01", meeting="m"), closed("h", "2024-05"))


def of_groups(acts: list[Acts], on: str) -> tuple[Any, tuple[int, ...]]:
    answer = collaboration_groups(given(acts), date.fromisoformat(on), {})
    return answer.groups, answer.uncertain


def of_officials(acts: list[Acts], on: str) -> tuple[Any, tuple[int, ...]]:
    answer = officials(given(acts), date.fromisoformat(on), {})
    return answer, answer.uncertain


def a_group(acts: list[Acts], on: str) -> tuple[Any, tuple[int, ...]]:
    groups, uncertain = of_groups([*GROUP, *acts], on)
    return [one for one in groups if one.group == "h"], uncertain


def a_member(acts: list[Acts], on: str) -> tuple[Any, tuple[int, ...]]:
    groups, uncertain = of_groups([*GROUP, *acts], on)
    return groups[0].members, uncertain


def an_office(acts: list[Acts], on: str) -> tuple[Any, tuple[int, ...]]:
    answer, uncertain = of_officials([FIRST, *acts], on)
    return answer.management_group, uncertain


def a_supporter(acts: list[Acts], on: str) -> tuple[Any, tuple[int, ...]]:
    answer, uncertain = of_officials([*GROUP, *acts], on)
    return answer.groups[0].officers, uncertain


def a_project(acts: list[Acts], on: str) -> tuple[Any, tuple[int, ...]]:
    answer = collaboration_projects(given([FIRST, *acts]), date.fromisoformat(on))
    return [one for one in answer.projects if one.until is None or date.fromisoformat(on) < one.until], answer.uncertain


SPANS = {
    a_group: LATER,
    a_member: (joined("g", "2024-01", "p1"), left("g", "2024-05", "p1")),
    an_office: (took("p1", "county-director", "2024-01"), left_office("p1", "county-director", "2024-05")),
    a_supporter: (assigned("g", "2024-01", "t1"), relieved("g", "2024-05", "t1")),
    a_project: (
        act("project-started", "2024-01", project="x", title="X"), act("project-ended", "2024-05", project="x"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("asked", SPANS, ids=[one.__name__ for one in SPANS])
def test_what_ends_on_some_day_of_a_month_lasts_for_certain_until_then(asked: Any) -> None:
    days = {"2023-12-31": 0, "2024-01-31": 1, "2024-04-30": 1, "2024-05-01": 1, "2024-05-30": 1, "2024-05-31": 0}
    told = {on: asked([*SPANS[asked]], on) for on in days}

    assert {on: len(spans) for on, (spans, _) in told.items()} == days
    assert [on for on, (_, uncertain) in told.items() if uncertain] == ["2024-05-01", "2024-05-30"]
    for spans, _ in told.values():
        assert [(one.since_day, one.until_day) for one in spans] == [("2024-01", "2024-05")] * len(spans)


@pytest.mark.parametrize("asked", SPANS, ids=[one.__name__ for one in SPANS])
def test_what_begins_on_some_day_of_a_month_is_there_for_certain_from_its_last(asked: Any) -> None:
    began, _ = SPANS[asked]

    assert {on: (len(spans), bool(uncertain)) for on in ("2023-12-31", "2024-01-01", "2024-01-30", "2024-01-31")
            for spans, uncertain in [asked([began], on)]} == {
        "2023-12-31": (0, False), "2024-01-01": (0, True), "2024-01-30": (0, True), "2024-01-31": (1, False),
    }  # fmt: skip
    ((span,), _) = asked([began], "2024-06-01")
    assert (span.since_day, span.until, span.until_day) == ("2024-01", None, None)


def test_a_place_that_the_closing_of_its_group_ends_ends_on_the_day_of_that() -> None:
    (group,), _ = a_group([*LATER, joined("h", "2024-02-02", "p1")], "2024-04-30")

    (one,) = group.members
    assert (one.until, one.since_day, one.until_day) == (date(2024, 5, 31), None, "2024-05")


def test_a_place_that_another_for_the_same_person_ends_ends_on_the_day_of_that() -> None:
    acts: list[Acts] = [joined("g", "2024-01-01", "p1", "sala"), joined("g", "2024-05", "p1", "fagersta")]

    ((one,), _) = a_member(acts, "2024-04-30")
    assert (one.party, one.until, one.until_day) == ("sala", date(2024, 5, 31), "2024-05")
