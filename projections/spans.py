"""Spans of days in answers: answers without their spans, for comparison, and inexact days as they were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from ledger.timeline import Timeline

SPAN = ("since", "until")


def without_spans(answer: object) -> Any:
    """Returns an answer as nested tuples without its `since` and `until` fields, so that two answers can be compared.

    A span mentions days other than the day asked about, so a difference in a span alone does not change the answer.
    """
    if isinstance(answer, tuple):
        return tuple(without_spans(one) for one in answer)
    if not isinstance(answer, Struct):
        return answer
    said = {name: without_spans(getattr(answer, name)) for name in answer.__struct_fields__ if name not in SPAN}
    return type(answer), tuple(said.items())


def loose_day(timeline: Timeline, entry: int | None) -> str | None:
    """Returns the Day of an entry as it was recorded when the Day is inexact, and otherwise None."""
    on = timeline.at(entry).event.valid_on if entry else None
    return on.text if on is not None and on.is_loose else None
