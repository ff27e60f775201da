"""A timeline as a day saw it: what had become true by then, and nothing of what came after."""

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
    """Of the `whole` timeline, what counts on a day. A wording put forward counts on any: it has no effect by itself.

    What is read and derived here is read and derived from the whole, so a loose day is weighed there.
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
    """The timeline as `on` saw it."""
    if isinstance(timeline, Past):
        return past(timeline.whole, min(on, timeline.on))
    return Past(timeline, on)


def _in_the_past(whole: Timeline, on: date, compute: Callable[..., Any], *about: Any) -> Any:
    return compute(past(whole, on), *about)


def _last(entry: Entry[Event]) -> date:
    return entry.event.valid_on.last
