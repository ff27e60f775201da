"""Timelines: entries ordered by valid day, and a memo of values computed from them. No rules and no database here."""

from ledger.timeline.ordering import ENDING, order
from ledger.timeline.timeline import Move, Past, Timeline, past, remembered

__all__ = ["ENDING", "Move", "Past", "Timeline", "order", "past", "remembered"]
