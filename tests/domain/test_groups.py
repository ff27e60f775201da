"""groups-set-up-by-body and group-terms (3): the body sets up, changes and closes groups."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from projections.groups import GroupOfDay, collaboration_groups
from tests.acts import annulled, called, held
from tests.given import after, given, refused
from tests.given_working import (
    closed,
    created,
    meeting,
    of_acts,
    reshaped,
    since,
    sitting,
    told,
)

if TYPE_CHECKING:
    from tests.acts import Acts

BODY = "groups-set-up-by-body"
SET_UP: list[Acts] = [sitting(), meeting("m1", "2025-02-01"), created("g1", "2025-02-01", meeting="m1")]


def asked(*acts: Acts, on: str = "2025-12-31") -> tuple[GroupOfDay, ...]:
    return collaboration_groups(given(acts), date.fromisoformat(on), {}).groups


# Decisions on groups


def test_a_meeting_that_was_held_sets_up_and_closes_a_group() -> None:
    timeline = given(SET_UP, closed("g1", "2025-06-01", meeting="m1"))

    assert of_acts(timeline, BODY) == of_acts(timeline, BODY, "cannot-tell") == []


def test_a_meeting_that_has_not_been_held_decides_nothing() -> None:
    timeline = given(
        sitting(),
        called("m1", "2025-01-01", "2025-02-01"),
        created("g1", "2025-02-01", meeting="m1"),
        closed("g1", "2025-06-01", meeting="m1"),
    )

    assert told(of_acts(timeline, BODY)) == [
        "g1 was set up at m1, which has not been held",
        "g1 was closed at m1, which has not been held",
    ]
    assert since(of_acts(timeline, BODY)) == ["group:g1 2025-02-01", "group:g1 2025-06-01"]
    assert of_acts(after(timeline, held("m1", "2025-02-01")), BODY) == []


def test_without_a_meeting_nobody_can_tell_who_decided() -> None:
    timeline = given(sitting(), created("g1", "2025-02-01"), closed("g1", "2025-06-01"))

    assert of_acts(timeline, BODY) == []
    assert told(of_acts(timeline, BODY, "cannot-tell")) == [
        "no meeting is given that decided to set up g1; annul it, and record it with its meeting",
        "no meeting is given that decided to close g1; annul it, and record it with its meeting",
    ]


def test_a_meeting_that_is_not_in_the_ledger_is_refused() -> None:
    assert refused(given(sitting()), created("g1", "2025-02-01", meeting="zz")) == ["reference"]


def test_a_group_set_up_at_a_quashed_meeting_is_flagged() -> None:
    timeline = given(held("m1", "2025-02-01"), created("g1", "2025-02-01", meeting="m1"), sitting())

    quashed = after(timeline, annulled(1, cause="quashed"))

    assert len(of_acts(timeline, BODY)) == 0
    assert told(of_acts(quashed, BODY)) == ["g1 was set up at m1, which has not been held"]


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ([], []),
        (["assignment"], ["assignment"]),
        (["composition"], ["composition"]),
        (["working_forms"], ["working forms"]),
        (["assignment", "composition", "working_forms"], ["assignment, composition, working forms"]),
    ],
)
def test_assignment_composition_and_working_forms_are_decided_when_a_group_is_set_up(
    left_out: list[str], missing: list[str]
) -> None:
    timeline = given(
        sitting(),
        created("g1", "2025-02-01", **dict.fromkeys(left_out)),
        reshaped("g1", "2025-03-01", assignment="A", composition="B", working_forms="C"),
    )

    assert told(of_acts(timeline, "group-terms")) == [f"g1 was set up without {each}" for each in missing]


# The group's state on a day


def test_a_group_is_there_from_its_first_day_until_the_day_it_is_closed() -> None:
    acts: list[Acts] = [SET_UP, closed("g1", "2025-06-01", meeting="m1")]

    assert [len(asked(acts, on=on)) for on in ("2025-01-31", "2025-02-01", "2025-05-31", "2025-06-01")] == [0, 1, 1, 0]


def test_a_group_closed_on_its_first_day_was_never_there() -> None:
    assert asked(SET_UP, closed("g1", "2025-02-01"), on="2025-02-01") == ()


def test_groups_stand_by_id() -> None:
    assert [one.group for one in asked(SET_UP, created("a", "2025-03-01"), created("g0", "2025-03-01"))] == [
        "a",
        "g0",
        "g1",
    ]


def test_what_is_changed_is_so_from_its_day_and_the_rest_stays() -> None:
    acts: list[Acts] = [
        SET_UP,
        reshaped("g1", "2025-05-01", assignment="Bereda mer", name="Kultur och fritid"),
        reshaped("g1", "2025-04-01", working_forms="Ses ofta", assignment="Bereda lite"),
    ]

    def terms(on: str) -> tuple[str | None, ...]:
        (one,) = asked(acts, on=on)
        return one.name, one.assignment, one.composition, one.working_forms

    assert terms("2025-03-31") == ("Kultur", "Bereda", "Sju", "Ses")
    assert terms("2025-04-01") == ("Kultur", "Bereda lite", "Sju", "Ses ofta")
    assert terms("2025-05-01") == ("Kultur och fritid", "Bereda mer", "Sju", "Ses ofta")


def test_an_annulled_group_and_an_annulled_change_leave_the_answer() -> None:
    change: list[Acts] = [created("g1", "2025-02-01"), reshaped("g1", "2025-03-01", name="Fritid")]

    assert [one.name for one in asked(change, annulled(2), sitting())] == ["Kultur"]
    assert asked(change[:1], annulled(1), sitting()) == ()


def test_a_group_of_some_day_in_a_month_is_uncertain_in_that_month() -> None:
    timeline = given(created("g1", "2025-02"), sitting())

    answers = [collaboration_groups(timeline, date(2025, month, 10), {}) for month in (1, 2, 3)]

    assert [(len(one.groups), one.uncertain) for one in answers] == [(0, ()), (0, (1,)), (1, ())]
