"""Today: what is overdue or open, what is due soon, and what was recorded last."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from projections.deadlines import Deadline, deadlines
from projections.history import ToldEntry, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.timeline import Timeline

SOON = timedelta(days=92)  # how far ahead tasks are listed
LATEST = 8  # entries


class Today(Struct, frozen=True, kw_only=True):
    """What a reader of the day `on` wants to know first: tasks, in the order of `Deadlines`, and the latest entries,
    the last one first.
    """

    on: date
    known_at: str
    until: date
    version: int | None
    overdue: tuple[Deadline, ...]
    soon: tuple[Deadline, ...]
    latest: tuple[ToldEntry, ...]
    uncertain: tuple[int, ...]


def today(timeline: Timeline, on: date, names: Mapping[int, str]) -> Today:
    """Returns the tasks of a day and the latest entries. `names` maps positions of registrations to names."""
    found = deadlines(timeline, on, on + SOON)
    positions = range(timeline.head, max(0, timeline.head - LATEST), -1)
    return Today(
        on=on,
        known_at=found.known_at,
        until=found.until,
        version=found.version,
        overdue=tuple(one for one in found.deadlines if one.overdue),
        soon=tuple(one for one in found.deadlines if not one.overdue),
        latest=tell([timeline.at(position) for position in positions], timeline, names),
        uncertain=found.uncertain,
    )
