"""Tests the answer about the meetings of a year, as of a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from projections.meetings import MeetingOfYear, Meetings, meetings
from tests.acts import annulled, called, expert, held, in_force
from tests.given import found, given
from tests.given_working import (
    ITEM,
    adjusted,
    answered,
    cancelled,
    dispatched,
    duty_moved,
    handled,
    meeting,
    moved,
    position,
    recommended,
    requested,
    signed,
    sitting,
)

if TYPE_CHECKING:
    from tests.acts import Acts

CARE = {"number": 2, "title": "Nära vård", "kind": "recommendation", "topic": "local-care"}


def asked(*acts: Acts, on: str = "2025-12-31", year: int = 2025) -> Meetings:
    return meetings(given(acts), date.fromisoformat(on), year)


def only(*acts: Acts, on: str = "2025-12-31") -> MeetingOfYear:
    (one,) = asked(*acts, on=on).meetings
    return one


def test_a_meeting_is_called_then_held() -> None:
    acts: list[Acts] = [sitting(), called("m1", "2025-03-10", "2025-04-01"), held("m1", "2025-04-01")]

    assert asked(acts, on="2025-03-09").meetings == ()
    before, after = only(acts, on="2025-03-10"), only(acts, on="2025-04-01")
    assert (before.status, before.meets_on, before.notice_days, before.called_by) == (
        "called",
        date(2025, 4, 1),
        22,
        "region-1",
    )
    assert (before.chaired_by, before.adjuster, before.present) == (None, None, ())
    assert (after.status, after.chaired_by, after.adjuster) == ("held", "region-1", "sala-1")


@pytest.mark.parametrize(
    ("on", "place", "sent", "days", "meets_on"),
    [
        ("2025-03-11", "Sal 1", "2025-03-10", 22, "2025-04-01"),
        ("2025-03-12", "Sal 2", "2025-03-12", 29, "2025-04-10"),
        ("2025-03-14", "Sal 2", "2025-03-14", 26, "2025-04-09"),
        ("2025-04-08", "Sal 2", "2025-03-14", 25, "2025-04-08"),
    ],
)
def test_the_days_run_from_the_latest_notice_to_the_day_held(
    on: str, place: str, sent: str, days: int, meets_on: str
) -> None:
    acts: list[Acts] = [
        sitting(),
        called("m1", "2025-03-10", "2025-04-01"),
        moved("m1", "2025-03-12", "2025-04-10", place="Sal 2"),
        moved("m1", "2025-03-14", "2025-04-09"),
        held("m1", "2025-04-08"),
    ]

    one = only(acts, on=on)

    assert (one.place, str(one.notice_sent), one.notice_days, str(one.meets_on)) == (place, sent, days, meets_on)


def test_held_without_a_call_there_is_no_notice() -> None:
    one = only(sitting(), held("m1", "2025-04-08"))

    assert (one.status, one.notice_sent, one.notice_days, one.called_by, one.place) == ("held", None, None, None, None)
    assert one.meets_on == date(2025, 4, 8)


@pytest.mark.parametrize(
    ("acts", "status"),
    [
        ([cancelled("m1", "2025-03-20")], "cancelled"),
        ([moved("m1", "2025-03-15", "2025-04-10"), cancelled("m1", "2025-03-20")], "cancelled"),
        ([cancelled("m1", "2025-03-20"), moved("m1", "2025-03-20", "2025-04-10")], "called"),
        ([moved("m1", "2025-03-20", "2025-04-10"), cancelled("m1", "2025-03-20")], "cancelled"),
        ([cancelled("m1", "2025-03-20"), held("m1", "2025-04-01")], "held"),
    ],
)
def test_a_meeting_is_cancelled_until_a_new_notice_or_it_is_held(acts: list[Acts], status: str) -> None:
    assert only(sitting(), called("m1", "2025-03-10", "2025-04-01"), acts).status == status


def test_a_cancelled_meeting_is_so_from_its_day() -> None:
    acts: list[Acts] = [sitting(), called("m1", "2025-03-10", "2025-04-01"), cancelled("m1", "2025-03-20")]

    assert [only(acts, on=on).status for on in ("2025-03-19", "2025-03-20")] == ["called", "cancelled"]


def test_present_are_those_named_and_whoever_chaired() -> None:
    one = only(
        sitting(),
        expert("kunnig", "2025-01-01"),
        meeting(
            "m1",
            "2025-04-01",
            chaired_by="region-2",
            present=["sala-1", "koping-1", "region-1"],
            remote=["koping-1", "region-2"],
            experts=["kunnig"],
        ),
    )

    assert one.present == ("sala-1", "koping-1", "region-1", "region-2")
    assert one.remote == ("koping-1", "region-2")
    assert one.experts == ("kunnig",)


def test_taking_part_remotely_is_shown_and_never_flagged() -> None:
    timeline = given(sitting(), meeting("m1", "2025-04-01", remote=["sala-1"]))

    assert meetings(timeline, date(2025, 4, 1), 2025).meetings[0].remote == ("sala-1",)
    assert found(timeline, position(timeline, "meeting-held")) == []


def test_an_item_added_at_the_table_is_shown() -> None:
    one = only(
        sitting(),
        called("m1", "2025-03-10", "2025-04-01", agenda=[ITEM]),
        held("m1", "2025-04-01", agenda=[ITEM, CARE]),
        handled("m1", "2025-04-01", 2, "adjourned"),
    )

    assert [(item.number, item.added, item.outcome, item.topic) for item in one.agenda] == [
        (1, False, None, None),
        (2, True, "adjourned", "local-care"),
    ]


def test_without_an_agenda_of_its_own_the_meeting_had_the_notices() -> None:
    one = only(sitting(), meeting("m1", "2025-04-01", agenda=[ITEM, CARE]), handled("m1", "2025-04-01", 1, "noted"))

    assert [(item.title, item.added, item.outcome) for item in one.agenda] == [
        ("Läget", False, "noted"),
        ("Nära vård", False, None),
    ]


def test_the_minutes_are_shown_as_far_as_they_have_come() -> None:
    acts: list[Acts] = [
        sitting(),
        meeting("m1", "2025-04-01"),
        signed("m1", "2025-04-03"),
        duty_moved("m1", "2025-04-04", "adjustment", "koping-1"),
        adjusted("m1", "2025-04-05", "koping-1"),
    ]

    early, late = only(acts, on="2025-04-03"), only(acts, on="2025-04-05")

    assert (early.minutes.signed, early.minutes.adjusted, early.adjustment) == (date(2025, 4, 3), None, "sala-1")
    assert (late.minutes.adjusted, late.adjuster, late.adjustment, late.signing) == (
        date(2025, 4, 5),
        "sala-1",
        "koping-1",
        "region-1",
    )


def test_a_meeting_stands_with_its_entries_the_answers_too() -> None:
    acts: list[Acts] = [
        called("m1", "2025-03-10", "2025-04-01"),
        held("m1", "2025-04-01"),
        recommended("r1", "m1", "2025-04-01"),
        answered("r1", "2025-06-01", "sala"),
        signed("m1", "2025-04-03"),
        dispatched("m1", "2025-04-04"),
    ]

    assert only(acts, sitting()).entries == (1, 2, 3, 4, 5, 6)
    assert only(acts, sitting(), on="2025-04-03").entries == (1, 2, 3, 5)


def test_the_year_is_that_of_the_day_held_and_order_is_by_day_and_id() -> None:
    acts: list[Acts] = [
        sitting(),
        meeting("mc", "2025-03-01"),
        meeting("mb", "2025-04-01"),
        meeting("ma", "2025-04-01"),
        called("md", "2025-12-01", "2025-12-31"),
        held("md", "2026-01-02"),
        requested("q1", "2026-01-02", ["region-1"]),
    ]

    assert [one.meeting for one in asked(acts, on="2026-06-01").meetings] == ["mc", "ma", "mb"]
    assert [one.meeting for one in asked(acts, on="2026-06-01", year=2026).meetings] == ["md"]
    assert [one.meeting for one in asked(acts, on="2025-12-31").meetings] == ["mc", "ma", "mb", "md"]
    assert [one.request for one in asked(acts, on="2026-06-01", year=2026).requests] == ["q1"]
    assert asked(acts, on="2026-06-01").requests == ()


def test_an_annulled_meeting_leaves_the_answer() -> None:
    timeline = given(called("m1", "2025-03-10", "2025-04-01"), held("m1", "2025-04-01"), annulled(2), sitting())
    assert [one.status for one in meetings(timeline, date(2025, 12, 31), 2025).meetings] == ["called"]

    timeline = given(called("m1", "2025-03-10", "2025-04-01"), annulled(1), sitting())
    assert meetings(timeline, date(2025, 12, 31), 2025).meetings == ()


def test_loose_entries_that_would_change_the_answer_are_listed() -> None:
    acts: list[Acts] = [
        held("m1", "2025-04"),
        held("m2", "2025-05-01"),
        held("m3", "2026-02"),
        in_force("2023-01-01"),
        sitting()[1:],
    ]

    assert asked(acts).uncertain == (1,)
    assert asked(acts, on="2026-12-31", year=2026).uncertain == (3,)
    assert [one.meeting for one in asked(acts, on="2025-04-15").meetings] == []
    assert asked(acts, on="2025-04-15").uncertain == (1,)
