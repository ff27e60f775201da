"""A timeline limited to the entries that had certainly become true by a given day. No rules here."""

from ledger.timeline.timeline import Past, past

__all__ = ["Past", "past"]
