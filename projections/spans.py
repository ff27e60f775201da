"""Spans of days in answers: what of an answer is no span, and days as they were recorded, where they are loose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from ledger.timeline import Timeline

SPAN = ("since", "until")


def without_spans(answer: object) -> Any:
    """An answer without the days from and until which something is so: they tell of other days than the one asked."""
    if isinstance(answer, tuple):
        return tuple(without_spans(one) for one in answer)
    if not isinstance(answer, Struct):
        return answer
    said = {name: without_spans(getattr(answer, name)) for name in answer.__struct_fields__ if name not in SPAN}
    return type(answer), tuple(said.items())


def loose_day(timeline: Timeline, entry: int | None) -> str | None:
    """The Day of an entry as it was recorded, where that is no exact day."""
    on = timeline.at(entry).event.valid_on if entry else None
    return on.text if on is not None and on.is_loose else None
