"""Converts between moments and days in Sweden. Nothing here reads a clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def day_of(moment: datetime) -> date:
    """Returns the day in Sweden on which a moment falls."""
    return moment.astimezone(SWEDEN).date()


def end_of(day: date) -> datetime:
    """Returns the last moment of a day in Sweden, to the microsecond, in UTC."""
    following = datetime.combine(day + timedelta(days=1), time(), SWEDEN)
    return following.astimezone(UTC) - timedelta(microseconds=1)
