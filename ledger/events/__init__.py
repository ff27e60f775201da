"""The table of all events. An event's name never changes, and is never reused for another event."""

from __future__ import annotations

from ledger.events import agreement, costs, groups, meetings, minutes, officials, posts, record, seats, settlement
from ledger.events.base import Event

CHAPTERS = (agreement, seats, posts, meetings, minutes, groups, officials, costs, settlement, record)
EVENTS: dict[str, type[Event]] = {name: event for chapter in CHAPTERS for name, event in chapter.EVENTS.items()}
for _name, _class in EVENTS.items():
    _class.event_name = _name

__all__ = ["EVENTS", "Event"]
