"""A timeline as a day saw it: what had become true by then, and nothing of what came after."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeVar

from ledger.events import Event
from ledger.events.agreement import AgreementProposed
from ledger.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.loose import Read

E = TypeVar("E", bound=Event)


class Past(Timeline):
    """Of the `whole` timeline, what counts on a day. A wording put forward counts on any: it has no effect by itself.

    What is read here is read from the whole, so a loose day is weighed there.
    """

    def __init__(self, whole: Timeline, on: date) -> None:
        self.whole, self.on = whole, on
        reads = whole._reads
        super().__init__(whole._log, whole.readings)
        self._reads, self._varied = reads, whole._varied

    @property
    def _reads(self) -> set[Read]:
        return self.whole._reads

    @_reads.setter
    def _reads(self, reads: set[Read]) -> None:
        self.whole._reads = reads

    def of(self, event: type[E], tag: str | None = None) -> Sequence[Entry[E]]:
        found = self.whole.of(event, tag)
        return found if event is AgreementProposed else found[: bisect_right(found, self.on, key=_last)]


def past(timeline: Timeline, on: date) -> Timeline:
    """The timeline as `on` saw it; made once for each day."""
    if isinstance(timeline, Past):
        return past(timeline.whole, min(on, timeline.on))
    if on not in timeline._variants:
        timeline._variants[on] = Past(timeline, on)
    return timeline._variants[on]


def _last(entry: Entry[Event]) -> date:
    return entry.event.valid_on.last
