"""The terms, readings and due days that apply to a calendar year where money is concerned (section 5)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.readings import default_reading
from ledger.state.agreement import adopted_reading, life, proposals, version_from
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.readings import Readings
    from ledger.terms import Terms
    from ledger.timeline import Timeline


@remembered
def year_version(timeline: Timeline, year: int) -> int | None:
    """Returns the version in force on 1 January of a year, else the first version in force, else the lowest version.

    After the end, the last version that was in force applies. Returns None if no version was put forward.
    """
    in_force = life(timeline).in_force
    first = in_force[0].version if in_force else min(proposals(timeline), default=None)
    return version_from(in_force, date(year, 1, 1)) or first


def year_terms(timeline: Timeline, year: int) -> Terms | None:
    """Returns the terms that decide a year's level and shares, or None if no version was put forward."""
    version = year_version(timeline, year)
    return proposals(timeline)[version].event.terms if version else None


@remembered
def year_reading(timeline: Timeline, question: str, year: int) -> str:
    """Returns the reading of a question on 1 January of a year, by which the year's level and shares are computed."""
    reading, _ = adopted_reading(timeline, question, date(year, 1, 1))
    terms = year_terms(timeline, year)
    return reading or (terms.reading(question) if terms else default_reading(question))


def read(timeline: Timeline, year: int, *questions: str) -> Readings:
    """Returns each question with its reading for the year."""
    return tuple((question, year_reading(timeline, question, year)) for question in questions)


def due_days(timeline: Timeline, year: int) -> tuple[date, ...]:
    """Returns the days by which the year's instalments are paid (two-instalments).

    A weekend does not move a due day.
    """
    terms = year_terms(timeline, year)
    return tuple(in_year(year, text) for text in terms.numbers.due_days[:2]) if terms else ()


def due_day(timeline: Timeline, year: int, instalment: int) -> date | None:
    """Returns the due day of an instalment, or None if the year's terms give the instalment no due day."""
    days = due_days(timeline, year)
    return days[instalment - 1] if instalment <= len(days) else None


def in_year(year: int, month_day: str) -> date:
    """Returns the day `month_day` (MM-DD) of a year."""
    return date.fromisoformat(f"{year}-{month_day}")
