"""A ledger in memory, on the library's own recorder: for tests and dry runs. Nothing here outlives the process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from eventsourcing.dcb.popo import InMemoryDCBRecorder

from .api import NONE, Store, refuse_unkeepable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent


class MemoryStore(InMemoryDCBRecorder, Store):
    def __init__(self) -> None:
        super().__init__()
        self._ledger_id = os.urandom(16).hex()
        self._disclosures: dict[int, str] = {}
        self._documents: dict[str, bytes] = {}

    @property
    def ledger_id(self) -> str:
        return self._ledger_id

    def append(
        self,
        events: Sequence[DCBEvent],
        condition: DCBAppendCondition | None = None,
        *,
        disclosures: Mapping[int, str] = NONE,
        erase: Collection[int] = (),
        documents: Mapping[str, bytes] = NONE,
    ) -> int:
        refuse_unkeepable(events)
        with self._database_lock:
            last = super().append(events, condition)
            first = last - len(events) + 1
            for position in erase:
                self._disclosures.pop(position, None)
            self._disclosures.update({first + index: text for index, text in sorted(disclosures.items())})
            self._documents = {**documents, **self._documents}
            return last

    def data(
        self, after: int, until: int, *, kind: str | None = None, tag: str | None = None
    ) -> Iterator[tuple[int, bytes]]:
        for one in self.events:
            wanted = kind in {None, one.event.type} and (tag is None or tag in one.event.tags)
            if wanted and after < one.position <= until:
                yield one.position, one.event.data

    def head(self) -> int:
        return self.events[-1].position if self.events else 0

    def count(self) -> int:
        return len(self.events)

    def disclosures(self) -> dict[int, str]:
        return dict(self._disclosures)

    def document(self, digest: str) -> bytes | None:
        return self._documents.get(digest)

    def backup(self, path: Path) -> None:
        """A SQLite file with the same id, as any backup."""
        from . import creating

        with self._database_lock, creating(str(path), ledger_id=self._ledger_id) as copy:
            if self.events:
                named = {position - 1: text for position, text in self._disclosures.items()}
                copy.append([each.event for each in self.events], disclosures=named, documents=self._documents)

    def close(self) -> None:
        """Nothing to leave."""
