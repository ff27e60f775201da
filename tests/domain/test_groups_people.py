"""Tests the members of the collaboration groups, and the officials who support them, on a day (section 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import pytest

from ledger.events import Event
from projections.groups import GroupOfDay, collaboration_groups
from tests.acts import annulled, registered
from tests.given import after, given, reasons, refused
from tests.given_working import assigned, closed, created, joined, left, meeting, position, relieved, sitting

if TYPE_CHECKING:
    from tests.acts import Acts

Builder: TypeAlias = Callable[[str, str, str], Event]

SET_UP: list[Acts] = [sitting(), meeting("m1", "2025-02-01"), created("g1", "2025-02-01", meeting="m1")]


def asked(*acts: Acts, on: str) -> GroupOfDay:
    (group,) = collaboration_groups(given(acts), date.fromisoformat(on), {}).groups
    return group


def there(*acts: Acts, on: str, officers: bool = False) -> list[str]:
    group = asked(*acts, on=on)
    return [one.person for one in (group.officers if officers else group.members)]


def test_members_are_there_from_their_first_day_until_the_first_without() -> None:
    acts: list[Acts] = [
        SET_UP,
        joined("g1", "2025-03-01", "p1"),
        left("g1", "2025-05-01", "p1"),
        joined("g1", "2025-03-01", "p0"),
    ]

    days = ("2025-02-28", "2025-03-01", "2025-04-30", "2025-05-01")
    assert [there(acts, on=on) for on in days] == [[], ["p0", "p1"], ["p0", "p1"], ["p0"]]


def test_officers_are_there_with_their_employer() -> None:
    acts: list[Acts] = [
        SET_UP,
        assigned("g1", "2025-03-01", "t1"),
        assigned("g1", "2025-03-01", "t2", "sala"),
        relieved("g1", "2025-05-01", "t1"),
    ]

    assert there(acts, on="2025-04-30", officers=True) == ["t1", "t2"]
    group = asked(acts, on="2025-05-01")
    assert [(one.person, one.employer) for one in group.officers] == [("t2", "sala")]
    assert group.members == ()


def test_a_member_has_the_name_of_the_day() -> None:
    timeline = given(
        registered("p1", on="2025-01-01"), registered("p1", on="2025-04-01"), SET_UP, joined("g1", "2025-03-01", "p1")
    )

    for on, name in (("2025-03-31", "Förra"), ("2025-04-01", "Nya")):
        (group,) = collaboration_groups(timeline, date.fromisoformat(on), {1: "Förra", 2: "Nya"}).groups
        assert [(one.name, one.party, one.since, one.until) for one in group.members] == [
            (name, "sala", date(2025, 3, 1), None)
        ]


def test_whoever_leaves_may_come_back_the_same_day() -> None:
    acts: list[Acts] = [
        SET_UP,
        joined("g1", "2025-03-01", "p1"),
        joined("g1", "2025-05-01", "p1", "koping"),
        left("g1", "2025-05-01", "p1"),
    ]

    group = asked(acts, on="2025-05-01")
    assert [(one.party, one.since) for one in group.members] == [("koping", date(2025, 5, 1))]


@pytest.mark.parametrize(("party", "begun"), [("sala", date(2025, 3, 1)), ("koping", date(2025, 5, 1))])
def test_nobody_is_in_a_group_twice(party: str, begun: date) -> None:
    acts: list[Acts] = [SET_UP, joined("g1", "2025-03-01", "p1"), joined("g1", "2025-05-01", "p1", party)]

    group = asked(acts, on="2025-05-01")
    assert [(one.party, one.since) for one in group.members] == [(party, begun)]
    assert there(acts, left("g1", "2025-06-01", "p1"), on="2025-06-01") == []


def test_a_closed_group_has_nobody_left() -> None:
    timeline = given(SET_UP, joined("g1", "2025-03-01", "p1"), closed("g1", "2025-06-01", meeting="m1"))

    (group,) = collaboration_groups(timeline, date(2025, 5, 31), {}).groups
    assert [one.until for one in group.members] == [date(2025, 6, 1)]
    assert refused(timeline, left("g1", "2025-06-02", "p1")) == ["reference"]
    assert refused(timeline, left("g1", "2025-05-20", "p1")) == []


@pytest.mark.parametrize(
    ("joins", "leaves", "role"), [(joined, left, "is not a member of"), (assigned, relieved, "does not support")]
)
def test_leaving_without_being_there_is_refused(joins: Builder, leaves: Builder, role: str) -> None:
    timeline = given(SET_UP, created("g2", "2025-02-01"), joins("g1", "2025-03-01", "p1"), registered("p2"))

    assert reasons(timeline, leaves("g1", "2025-04-01", "p2")) == [f"reference: p2 {role} g1 the day before 2025-04-01"]
    assert refused(timeline, leaves("g2", "2025-04-01", "p1")) == ["reference"]
    assert refused(timeline, leaves("g1", "2025-03-01", "p1")) == ["reference"]
    assert refused(timeline, leaves("g1", "2025-03-02", "p1")) == []
    assert refused(timeline, leaves("g1", "2025-04-01", "p1"), leaves("g1", "2025-05-01", "p1")) == ["reference"]
    assert refused(timeline, leaves("g1", "2025-04-01", "p1"), leaves("g1", "2025-04-01", "p1")) == ["reference"]


@pytest.mark.parametrize(("joins", "leaves", "what"), [(joined, left, "member"), (assigned, relieved, "officer")])
def test_no_appointment_is_taken_from_under_its_release_save_by_a_court(
    joins: Builder, leaves: Builder, what: str
) -> None:
    timeline = given(SET_UP, joins("g1", "2025-03-01", "p1"), leaves("g1", "2025-04-01", "p1"))
    begun = position(timeline, f"group-{what}-{'appointed' if what == 'member' else 'assigned'}")

    (reason,) = reasons(timeline, annulled(begun))
    assert reason.startswith(f"reference: entry {begun + 1} (group-{what}-released) rests on entry {begun};")
    assert refused(timeline, annulled(begun), joins("g1", "2025-03-10", "p1")) == []
    assert refused(timeline, annulled(begun, cause="quashed")) == []
    assert refused(after(timeline, annulled(begun + 1)), annulled(begun)) == []


def test_a_member_whose_day_is_loose_is_uncertain_in_that_time() -> None:
    timeline = given(joined("g1", "2025-03", "p1"), SET_UP)

    answers = [collaboration_groups(timeline, date(2025, month, 10), {}) for month in (2, 3, 4)]

    assert [(len(one.groups[0].members), one.uncertain) for one in answers] == [(0, ()), (0, (1,)), (1, ())]


def test_an_annulled_appointment_and_an_annulled_release_leave_the_answer() -> None:
    acts: list[Acts] = [joined("g1", "2025-03-01", "p1"), left("g1", "2025-05-01", "p1")]

    assert there(acts, SET_UP, on="2025-06-01") == []
    assert there(acts, annulled(2), SET_UP, on="2025-06-01") == ["p1"]
    assert there(acts, annulled(2), annulled(1), SET_UP, on="2025-06-01") == []
