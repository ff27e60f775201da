"""A subscription that asks the store again and again: no thread, no listener, nothing to leak. No SQL here."""

from __future__ import annotations

from collections import deque
from threading import Event
from typing import TYPE_CHECKING

from eventsourcing.dcb.api import DCBSequencedEvent, DCBSubscription, TDCBRecorder_co

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBQuery

INTERVAL_S = 0.1
BATCH = 500


class PollingSubscription(DCBSubscription[TDCBRecorder_co]):
    """Gives each entry once, then waits for more; ends when stopped, from whichever thread."""

    def __init__(self, recorder: TDCBRecorder_co, query: DCBQuery | None = None, after: int | None = None) -> None:
        super().__init__(recorder, query, after)
        self._waiting: deque[DCBSequencedEvent] = deque()
        self._stopped = Event()

    def stop(self) -> None:
        super().stop()
        self._stopped.set()

    def __next__(self) -> DCBSequencedEvent:
        while not self._stopped.is_set():
            if self._waiting:
                return self._waiting.popleft()
            self._waiting.extend(self._recorder.read(self._query, after=self._last_position, limit=BATCH))
            if self._waiting:
                self._last_position = self._waiting[-1].position
            else:
                self._more()
        self._ended()
        raise StopIteration

    def _more(self) -> None:
        """Returns when something may have been recorded."""
        self._stopped.wait(INTERVAL_S)

    def _ended(self) -> None:
        """Nothing was opened."""
