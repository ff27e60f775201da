"""Converts between moments and days in Sweden. Nothing here reads a clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def day_of(moment: datetime) -> date:
    """Returns the day in Sweden on which a moment falls."""
    return moment.astimezone(SWEDEN).date()


def end_of(day: date) -> datetime:
    """Returns the last moment of a day in Sweden, to the microsecond, in UTC."""
    following = datetime.combine(day + timedelta(days=1), time(), SWEDEN)
    return following.astimezone(UTC) - timedelta(microseconds=1)


def recorded_on(recorded_at: str) -> date:
    """Returns the day in Sweden on which an entry was recorded, from its recorded time as it is stored."""
    return _day_of_minute(recorded_at[: len("2023-02-27T09:00")])


@lru_cache(1_024)  # the entries of an import are recorded within a few minutes
def _day_of_minute(minute: str) -> date:
    return day_of(datetime.fromisoformat(f"{minute}Z"))
