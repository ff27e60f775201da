"""A subscription that polls the store, without a thread or a listener. No SQL here."""

from __future__ import annotations

from collections import deque
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from eventsourcing.dcb.api import DCBSequencedEvent, DCBSubscription

from ledger.proof.tree import leaf_hash
from ledger.store.api import UNSEEN, Mark, Store

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBQuery

INTERVAL_S = 0.1
BATCH = 500
S_co = TypeVar("S_co", bound=Store, covariant=True)


class PollingSubscription(DCBSubscription[S_co]):
    """Yields each entry once, then waits for new entries. The iteration ends when any thread calls `stop`. Raises
    WentBack when the log no longer extends the last entry that was read.
    """

    def __init__(self, recorder: S_co, query: DCBQuery | None = None, after: int | None = None) -> None:
        super().__init__(recorder, query, after)
        self._seen = UNSEEN
        self._waiting: deque[DCBSequencedEvent] = deque()
        self._stopped = Event()

    def stop(self) -> None:
        super().stop()
        self._stopped.set()

    def __next__(self) -> DCBSequencedEvent:
        while not self._stopped.is_set():
            if self._waiting:
                return self._waiting.popleft()
            found = [*self._recorder.read(self._query, after=self._last_position, limit=BATCH)]
            self._recorder.mark(self._seen)
            self._waiting.extend(found)
            if found:
                self._last_position = found[-1].position
                self._seen = Mark(self._last_position, leaf_hash(found[-1].event.data))
            else:
                self._more()
        self._ended()
        raise StopIteration

    def _more(self) -> None:
        """Waits until a new entry may have been recorded."""
        self._stopped.wait(INTERVAL_S)

    def _ended(self) -> None:
        """Does nothing: polling opens no connection of its own."""
