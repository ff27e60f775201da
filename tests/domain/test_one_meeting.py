"""Tests the answer about one meeting: how it stands on a day, who its persons are, and the entries about it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from presentation.meeting import meeting as laid_out
from presentation.meeting import sentence
from presentation.render.plain import lines_of
from projections.meeting import OneMeeting
from projections.meeting import meeting as one_meeting
from projections.meetings import meetings
from tests.given import given
from tests.given_working import (
    answered,
    cancelled,
    dispatched,
    handled,
    meeting,
    moved,
    recommended,
    reserved,
    signed,
    sitting,
)

if TYPE_CHECKING:
    from ledger.timeline import Timeline

WORKED = given(
    sitting(),
    meeting("m1", "2025-04-01", notice=20),
    handled("m1", "2025-04-01", 1, "decided"),
    reserved("m1", "2025-04-01", "sala-1"),
    recommended("r1", "m1", "2025-04-01", to=["sala", "koping"]),
    signed("m1", "2025-04-05"),
    dispatched("m1", "2025-04-10", ["sala"]),
    answered("r1", "2025-06-01", "sala", "declined"),
    meeting("m2", "2025-05-02"),
)


def asked(timeline: Timeline, on: str, which: str = "m1") -> OneMeeting:
    found = one_meeting(timeline, date.fromisoformat(on), {}, which)
    assert found is not None, "an entry is about the meeting"
    return found


def said(timeline: Timeline, on: str, which: str = "m1") -> list[str]:
    return lines_of(laid_out(asked(timeline, on, which)))


@pytest.mark.parametrize("on", ["2025-03-12", "2025-04-01", "2025-04-10", "2025-12-31"])
def test_a_meeting_stands_as_the_answer_about_its_year_has_it(on: str) -> None:
    of_year = {one.meeting: one for one in meetings(WORKED, date.fromisoformat(on), 2025).meetings}

    assert asked(WORKED, on).standing == of_year["m1"]


def test_a_meeting_has_the_entries_about_it_and_the_answers_to_its_recommendations() -> None:
    own = [one.event for one in asked(WORKED, "2025-12-31").entries]

    assert own == [
        "meeting-called", "meeting-held", "item-handled", "reservation-entered", "recommendation-made",
        "minutes-signed", "minutes-dispatched", "recommendation-answered",
    ]  # fmt: skip


def test_no_entry_is_about_another_meeting() -> None:
    assert one_meeting(WORKED, date(2025, 12, 31), {}, "m3") is None


def test_every_person_of_a_meeting_has_a_name_of_the_day() -> None:
    timeline = given(sitting(), meeting("m1", "2025-04-01"))
    found = asked(timeline, "2025-12-31")

    assert found.standing is not None
    assert {*found.standing.present} <= {*found.names}


@pytest.mark.parametrize(
    ("on", "sentence_"),
    [
        ("2025-03-11", "Nothing about meeting m1 had happened by 11 March 2025."),
        ("2025-03-12", "Meeting m1 is called for 1 April 2025."),
        ("2025-04-01", "Meeting m1 was held on 1 April 2025, with {} members present."),
    ],
)
def test_one_sentence_says_what_became_of_a_meeting(on: str, sentence_: str) -> None:
    found = asked(WORKED, on)

    assert sentence(found) == sentence_.format(len(found.standing.present) if found.standing else 0)


def test_one_sentence_says_that_a_meeting_was_never_held_moved_or_cancelled() -> None:
    call = meeting("m1", "2025-04-01")[0]
    timeline = given(sitting(), call)

    assert sentence(asked(timeline, "2025-04-02")) == (
        "Meeting m1 was called for 1 April 2025, and is not recorded as held."
    )
    timeline = given(sitting(), call, moved("m1", "2025-03-30", "2025-04-08"), cancelled("m1", "2025-04-02"))
    assert sentence(asked(timeline, "2025-04-02")) == "Meeting m1, called for 8 April 2025, was cancelled."


def test_the_blocks_say_what_was_done_and_what_is_left() -> None:
    lines = said(WORKED, "2025-12-31")
    told = " ".join(" ".join(lines).split())

    assert "20 days before" in told
    assert "reservations: sala-1" in told
    assert "sala declined" in told
    assert "koping no answer yet" in told
    assert "Not adjusted by" in told
    assert "arboga not sent" in told
    assert "sala 2025-04-10" in told


def test_of_a_meeting_to_come_no_minutes_are_told() -> None:
    lines = said(WORKED, "2025-03-12")

    assert not {"Present", "Minutes"} & {*lines}
