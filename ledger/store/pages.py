"""Reads entries page by page, and checks that each entry is well formed and that none is missing. No SQL here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsourcing.dcb.api import DCBEvent, DCBReadResponse, DCBSequencedEvent

from ledger.errors import Damaged
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ledger.store.query import Named

PAGE = 2_000
NO_END = 2**63 - 1


class Pages(DCBReadResponse):
    """An iterator over entries, read by calls of `page(after, size)`. The iteration ends at the position `head`, or
    after `limit` entries if a limit is given. The first page is read when the iterator is created.

    With a limit, the attribute `head` is the position of the last entry read so far, as in eventsourcing's own
    recorders.
    """

    def __init__(
        self,
        page: Callable[[int, int], list[DCBSequencedEvent]],
        *,
        after: int,
        limit: int | None = None,
        head: int | None = None,
    ) -> None:
        self._page = page
        self._left = (head or 0) - after if limit is None else limit
        self._head = head
        self._follow = limit is not None
        self._last = after
        self._events = self._rest(self._next_page())

    @property
    def head(self) -> int | None:
        return self._head or None

    def __iter__(self) -> Iterator[DCBSequencedEvent]:
        return self._events

    def __next__(self) -> DCBSequencedEvent:
        return next(self._events)

    def _rest(self, events: list[DCBSequencedEvent]) -> Iterator[DCBSequencedEvent]:
        while events:
            yield from events
            events = self._next_page() if len(events) == PAGE else []

    def _next_page(self) -> list[DCBSequencedEvent]:
        size = min(PAGE, self._left)
        events = self._page(self._last, size) if size > 0 else []
        if events:
            self._left -= len(events)
            self._last = events[-1].position
            if self._follow:
                self._head = self._last
        return events


def events_of(
    rows: Sequence[tuple[Any, ...]], named: Mapping[object, Named | None], where: str
) -> list[DCBSequencedEvent]:
    """Returns the entries in rows (position, type, data, words). `named` maps each value of `words` to what it stands
    for. Raises Damaged when a value is not one that this program writes.
    """
    return [
        DCBSequencedEvent(DCBEvent(*whole(position, kind, data, own and own.tags, where)), position)
        for position, kind, data, words in rows
        for own in (named[words],)
    ]


def whole(
    position: int, kind: object, data: object, tags: Sequence[str] | None, where: str
) -> tuple[str, bytes, list[str]]:
    """Returns the type, data and tags of an entry. Raises Damaged when a value is not one that this program writes."""
    if not (isinstance(data, bytes) and isinstance(kind, str) and tags is not None):
        raise Damaged(where, msg("entry {position} is not what was written", position=position))
    return kind, data, [*tags]


def without_gap(events: list[DCBSequencedEvent], after: int, expected: int, where: str) -> list[DCBSequencedEvent]:
    """Returns `events` unchanged. Raises Damaged, with the first missing position, unless at least `expected` entries
    follow the position `after` without a gap.
    """
    whole = max(expected, len(events))
    if whole != len(events) or (events and events[-1].position != after + whole):
        found = {event.position for event in events}
        missing = next(position for position in range(after + 1, after + whole + 1) if position not in found)
        raise Damaged(where, msg("entry {position} is missing", position=missing))
    return events
