"""Defines writers that record while servers are killed. Each act has its own idempotency key and is retried until it is
acknowledged.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

from ledger.book import Ledger
from ledger.errors import Contended, OutcomeUnknown, Unusable
from ledger.events.parse import parse_event
from ledger.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.events import Event as Act

PATIENCE_S = 2.0  # how many seconds a writer waits for an answer before it retries, perhaps at another server
RETRY_S = 0.02


def person(name: str) -> Act:
    """Returns the registration of a person whose id is `name`. The person is new to the ledger if no earlier entry used
    the id `name`.
    """
    source = {"organ": "secretariat"}
    given = {"event": "person-registered", "valid_on": "2023", "source": source, "person": name, "name": "Testa"}
    return parse_event(given)


class Writer(Thread):
    """A thread that records acts until it is stopped. `acknowledged` holds the keys of acknowledged acts in order;
    `unknown` counts the attempts whose outcome is unknown.
    """

    def __init__(self, place: str, name: str) -> None:
        super().__init__(daemon=True)
        self.place, self.called = place, name
        self.acknowledged: list[str] = []
        self.unknown = 0
        self.last = 0.0  # the time of the last acknowledgement, by `time.monotonic`
        self.stopped = Event()

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            self._insist(f"{self.called}-{number}")

    def _insist(self, key: str) -> None:
        while not self.stopped.is_set():
            try:
                with open_store(self.place, timeout=PATIENCE_S) as store:
                    ledger = Ledger(store, lambda: datetime.now(UTC))
                    ledger.record([person(key)], by="writer", key=key)
            except OutcomeUnknown:
                self.unknown += 1
            except (Unusable, Contended):
                time.sleep(RETRY_S)
            else:
                self.acknowledged.append(key)
                self.last = time.monotonic()
                return


class Writers:
    """Four writers, each on a thread of its own."""

    def __init__(self, place: str, prefix: str = "w") -> None:
        self.all = [Writer(place, f"{prefix}{number}") for number in range(4)]

    def __enter__(self) -> Self:
        for writer in self.all:
            writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self.all:
            writer.stopped.set()
        for writer in self.all:
            writer.join(60)

    @property
    def acknowledged(self) -> set[str]:
        return {key for writer in self.all for key in list(writer.acknowledged)}

    def go_on(self, each: int = 3) -> None:
        """Waits until each writer has got `each` more acts acknowledged."""
        counts = [len(writer.acknowledged) + each for writer in self.all]
        until(
            lambda: all(len(one.acknowledged) >= count for one, count in zip(self.all, counts, strict=True)),
            "the writers to go on",
        )


def until(met: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Waits until `met` returns true, and fails if that takes more than `seconds`."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"timed out while waiting for {what}"
        time.sleep(0.01)


def keys_in(place: str) -> list[str]:
    """Returns the keys of the entries that writers recorded, by position. Raises an error if a position up to the log's
    head has no entry.
    """
    with open_store(place) as store:
        ledger = Ledger(store, lambda: datetime.now(UTC))
        entries = [ledger.timeline().at(position) for position in range(1, store.head() + 1)]
    return [entry.key for entry in entries if entry.recorded_by == "writer"]


def lost(acknowledged: Iterable[str], place: str) -> set[str]:
    """Returns the acknowledged idempotency keys that the log does not hold exactly once."""
    found = keys_in(place)
    return {key for key in acknowledged if found.count(key) != 1}
