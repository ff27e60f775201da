"""A timeline limited to the entries that had certainly become true by a given day. No rules here."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, TypeVar

from ledger.events import Event
from ledger.events.agreement import AgreementProposed
from ledger.timeline.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.timeline.memo import Asked, Known

E = TypeVar("E", bound=Event)


class Past(Timeline):
    """The entries of the `whole` timeline whose latest possible valid day is `on` or earlier.

    Every agreement proposal is included, whatever its valid day, because a proposal has no effect by itself. What a
    question looks up, and the remembered values, are recorded on `whole`, so that `whole` can try loose entries at
    their earliest day.
    """

    def __init__(self, whole: Timeline, on: date) -> None:
        super().__init__(whole._log, whole.readings, whole.day)
        self.whole, self.on = whole, on
        self.annulled_by, self._varied = whole.annulled_by, whole._varied

    def of(self, event: type[E], tag: str | None = None) -> Sequence[Entry[E]]:
        found = self.whole.of(event, tag)
        return found if event is AgreementProposed else found[: bisect_right(found, self.on, key=_last)]

    def known(self, asked: Asked) -> Known:
        return self.whole.known((_in_the_past, self.on, *asked))


def past(timeline: Timeline, on: date) -> Past:
    """Returns the timeline limited to the day `on`, or to its present limit if that day is earlier than `on`."""
    if isinstance(timeline, Past):
        return past(timeline.whole, min(on, timeline.on))
    return Past(timeline, on)


def _in_the_past(whole: Timeline, on: date, compute: Callable[..., Any], *about: Any) -> Any:
    return compute(past(whole, on), *about)


def _last(entry: Entry[Event]) -> date:
    return entry.event.valid_on.last
