"""Holds the acts of a full body under an agreement in force, and returns the deadlines that follow from a timeline."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.messages import filled
from projections.deadlines import deadlines
from tests.acts import board, full_body, in_force, presidium
from tests.given_officials import management_group

if TYPE_CHECKING:
    from ledger.timeline import Timeline
    from projections.deadlines import Deadline
    from tests.acts import Acts

FIRST = "2023-01-01"
FULL: list[Acts] = [in_force(FIRST), full_body(FIRST), presidium(FIRST), board(FIRST), management_group(FIRST)]


def due(timeline: Timeline, on: str, provision: str, until: str = "2029-12-31") -> list[Deadline]:
    """Returns the deadlines of one provision from the day `on` to the day `until`."""
    found = deadlines(timeline, date.fromisoformat(on), date.fromisoformat(until)).deadlines
    return [one for one in found if one.provision == provision]


def told(timeline: Timeline, on: str, provision: str, until: str = "2029-12-31") -> list[str]:
    """Returns each deadline as `day: sentence`. The day is the due day or, for a deadline without a due day, the first
    day on which the task is open. An overdue deadline begins with `!`.
    """
    return [
        f"{'!' if one.overdue else ''}{one.due or one.since}: {filled(one.message, one.values)}"
        for one in due(timeline, on, provision, until)
    ]
