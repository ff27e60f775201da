"""The readings that an answer depends on, each with the position of the entry that adopted it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.state.agreement import adopted_reading, reading_on
from ledger.state.costs.years import year_reading
from projections.agreement import Reading

if TYPE_CHECKING:
    from ledger.timeline import Timeline


def readings_of_year(timeline: Timeline, year: int, *questions: str) -> dict[str, Reading]:
    """Returns the reading of each question for a year's level and shares, as of 1 January of that year."""
    first = date(year, 1, 1)
    return {
        question: _told(
            timeline, question, year_reading(timeline, question, year), adopted_reading(timeline, question, first)[1]
        )
        for question in questions
    }


def readings_of_day(timeline: Timeline, on: date, *questions: str) -> dict[str, Reading]:
    """Returns the reading of each question that applies on the day `on`."""
    return {question: _told(timeline, question, *reading_on(timeline, question, on)) for question in questions}


def _told(timeline: Timeline, question: str, reading: str, entry: int | None) -> Reading:
    return Reading(reading, entry, assumed=question in timeline.readings)
