"""Entries in the order in which they became true, and what is remembered of them. No rules and no database here."""

from ledger.timeline.ordering import ENDING, order
from ledger.timeline.timeline import Timeline, remembered

__all__ = ["ENDING", "Timeline", "order", "remembered"]
