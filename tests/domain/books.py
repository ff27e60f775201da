"""Makes ledgers in memory: with a clock that tests set, and with another writer that records just before each
append.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsourcing.dcb.api import DCBEvent

from ledger.book import Ledger
from ledger.encoding import encode
from ledger.store import MemoryStore
from tests.acts import in_force, registered
from tests.given import NOON, entries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsourcing.dcb.api import DCBAppendCondition

    from ledger.events import Event


class Clock:
    """A clock that shows the moment to which it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class MovingStore(MemoryStore):
    """A store in which another writer records the next of `others` just before each append."""

    def __init__(self) -> None:
        super().__init__()
        self.others: list[Event] = []

    def append(self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None, **more: Any) -> int:
        if self.others:
            [entry] = entries(self.others.pop(0), first=self.head() + 1)
            super().append([DCBEvent(type=entry.event.event_name, data=encode(entry), tags=[f"key:{entry.key}"])])
        return super().append(events, condition, **more)


def ledger(*acts: Event, store: MemoryStore | None = None) -> Ledger:
    """Returns a ledger whose clock shows NOON, with the agreement in force (entries 1 to 12), two persons (entries 13
    and 14), and then the acts.
    """
    found = Ledger(store or MemoryStore(), Clock())
    found.record([*in_force("2023-01-01"), registered("p1"), registered("p2"), *acts], by="tester")
    return found


def moving(*others: Event) -> Ledger:
    """Returns a ledger in which another writer records one of `others` just before each append."""
    store = MovingStore()
    found = ledger(store=store)
    store.others = list(others)
    return found
