"""A ledger in memory, on eventsourcing's own in-memory recorder, for tests and dry runs. Nothing outlives the
process.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from eventsourcing.dcb.popo import InMemoryDCBRecorder
from eventsourcing.persistence import IntegrityError

from ledger.proof.tiles import HEIGHT, WIDTH
from ledger.proof.tree import full_root, leaf_hash
from ledger.store.api import NONE, UNSEEN, Mark, Store, last_mark, refuse_going_back, refuse_unkeepable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent


class MemoryStore(InMemoryDCBRecorder, Store):
    """A ledger in memory, which is gone when the process ends."""

    def __init__(self, public_key: str = "") -> None:
        super().__init__()
        self._ledger_id = os.urandom(16).hex()
        self._public_key = public_key
        self._leaves: list[bytes] = []
        self._checkpoints: list[tuple[int, str]] = []
        self._disclosures: dict[int, str] = {}
        self._accounts: dict[int, str] = {}
        self._documents: dict[str, bytes] = {}

    @property
    def ledger_id(self) -> str:
        return self._ledger_id

    @property
    def public_key(self) -> str:
        return self._public_key

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._database_lock:
            yield

    def append(
        self,
        events: Sequence[DCBEvent],
        condition: DCBAppendCondition | None = None,
        *,
        disclosures: Mapping[int, str] = NONE,
        accounts: Mapping[int, str] = NONE,
        erase: Collection[int] = (),
        documents: Mapping[str, bytes] = NONE,
        seen: Mark = UNSEEN,
    ) -> int:
        refuse_unkeepable(events)
        with self._database_lock:
            refuse_going_back(condition, self.mark(seen).position)
            last = super().append(events, condition)
            first = last - len(events) + 1
            self._leaves += [leaf_hash(event.data) for event in events]
            self.erase(erase)
            for kept, new in ((self._disclosures, disclosures), (self._accounts, accounts)):
                kept.update({first + index: text for index, text in sorted(new.items())})
            self._documents = {**documents, **self._documents}
            return last

    def data(
        self, after: int, until: int, *, kind: str | None = None, tag: str | None = None
    ) -> Iterator[tuple[int, bytes]]:
        for one in self.events:
            wanted = kind in {None, one.event.type} and (tag is None or tag in one.event.tags)
            if wanted and after < one.position <= until:
                yield one.position, one.event.data

    def erase(self, positions: Collection[int]) -> None:
        with self._database_lock:
            for position in positions:
                self._disclosures.pop(position, None)
                self._accounts.pop(position, None)

    def mark(self, seen: Mark = UNSEEN) -> Mark:
        with self._database_lock:
            wanted = {seen.position, self.head()} - {0}
            return last_mark({at: self._leaves[at - 1] for at in wanted if at <= len(self._leaves)}, seen)

    def head(self) -> int:
        return self.events[-1].position if self.events else 0

    def is_whole(self) -> bool:
        return len(self.events) == self.head()

    def types(self) -> frozenset[str]:
        return frozenset(one.event.type for one in self.events)

    def disclosures(self) -> dict[int, str]:
        return dict(self._disclosures)

    def accounts(self) -> dict[int, str]:
        return dict(self._accounts)

    def document(self, digest: str) -> bytes | None:
        return self._documents.get(digest)

    def tile(self, level: int, number: int) -> bytes:
        wide = 1 << level * HEIGHT
        first = number * WIDTH * wide
        full = range(first, min(first + WIDTH * wide, len(self._leaves) - wide + 1), wide)
        return b"".join(full_root(self._leaves[start : start + wide]) for start in full)

    def checkpoints(self) -> list[str]:
        return [note for _, note in self._checkpoints]

    def keep_checkpoint(self, size: int, note: str) -> None:
        with self._database_lock:
            last = self._checkpoints[-1][0] if self._checkpoints else 0
            if not last <= size <= self.head():
                raise IntegrityError(f"a checkpoint of {size} entries, fewer than the last or more than the log")
            if (size, note) not in self._checkpoints:
                self._checkpoints.append((size, note))

    def backup(self, path: Path) -> None:
        """Writes the ledger to a new SQLite file with the same ledger id, as every store's backup does."""
        from ledger.store.filing import new_file

        with (
            self._database_lock,
            new_file(str(path), ledger_id=self._ledger_id, public_key=self._public_key) as copy,
        ):
            if self.events:
                names, accounts = (
                    {position - 1: text for position, text in kept.items()}
                    for kept in (self._disclosures, self._accounts)
                )
                events = [each.event for each in self.events]
                copy.append(events, disclosures=names, accounts=accounts, documents=self._documents)
            for size, note in self._checkpoints:
                copy.keep_checkpoint(size, note)

    def close(self) -> None:
        """Does nothing: a store in memory holds no file and no connection."""
