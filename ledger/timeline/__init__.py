"""Timelines: entries ordered by valid day, and a memo of values computed from them. No rules and no database here."""

from ledger.timeline.ordering import ENDING, order
from ledger.timeline.timeline import Move, Timeline, remembered

__all__ = ["ENDING", "Move", "Timeline", "order", "remembered"]
