"""Rebuilds a ledger from an export: the same entries, names, documents and checkpoints, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.dcb.api import DCBEvent

from ledger.encoding import decode
from ledger.errors import Damaged, LedgerError, Tampered, Unusable
from ledger.events.shape import tags_of
from ledger.integrity.export.check import Reading
from ledger.integrity.export.folder import ABOUT
from ledger.messages import msg
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from ledger.proof.tiles import WIDTH
from ledger.store import creating
from ledger.store.files import permissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ledger.integrity.export.check import Checked
    from ledger.integrity.export.folder import Problem
    from ledger.proof.note import Verifier
    from ledger.store import SqlStore

TILES = 16  # limit of entry bundles in one append
HELD = 1_000_000  # bytes of documents held in memory before they are written


def rebuild(place: Path, location: str, *, since: str | None = None, key: Verifier | None = None) -> Checked:
    """Creates a ledger at `location` from the export at `place`, and returns the result of checking the export.

    The export is checked in the same pass. `since` is the note of a checkpoint, and `key` a public key of the ledger,
    that the reader has from elsewhere. If the export is not sound, raises Tampered with every problem, and leaves
    nothing at `location`.
    """
    reading = Reading(place, since=since, key=key)
    if reading.head is None or not reading.about:
        raise _tampered(reading.problems)
    identity = {"ledger_id": reading.about["ledger_id"], "public_key": "".join(reading.about["vkeys"][:1])}
    with creating(location, **identity, permissions=permissions(place / ABOUT)) as store:
        filling = _Filling(store, reading.names or {})
        unread: LedgerError | None = None
        for bundle in reading.bundles():
            try:
                if unread is None and not reading.problems:
                    filling.take(bundle)
            except (Damaged, Unusable) as error:  # raised only if the checks of the export find no problem
                unread = error
        found = reading.rest(filling.keep)
        if found.problems:
            raise _tampered(found.problems)
        if unread:
            raise unread
        filling.end()
        for note in found.notes:
            store.keep_checkpoint(parse_checkpoint(parse_note(note).text).size, note)
    return found


def _tampered(problems: Iterable[Problem]) -> Tampered:
    return Tampered(*(problem.line for problem in problems))


class _Filling:
    """Buffers entries and documents, and writes each buffer to the ledger when it is full."""

    def __init__(self, store: SqlStore, names: Mapping[int, str]) -> None:
        self._store, self._names = store, names
        self._documents: dict[str, bytes] = {}
        self._waiting: list[DCBEvent] = []
        self._head, self._key = 0, ""

    def take(self, entries: list[bytes]) -> None:
        """Buffers the next entries of the log. If the buffer is full, its entries are appended to the ledger first.

        Of consecutive entries with the same idempotency key, the first is tagged with that key.
        """
        if len(self._waiting) >= TILES * WIDTH:
            self._append()
        for position, data in enumerate(entries, self._head + len(self._waiting) + 1):
            entry = decode(data, position)
            tags = [*tags_of(entry.event), *([f"key:{entry.key}"] if entry.key != self._key else [])]
            if any("\n" in tag for tag in tags):
                raise Damaged(msg("entry {entry}", entry=position), msg("it would have a tag with a line break"))
            self._waiting.append(DCBEvent(type=entry.event.event_name, data=data, tags=tags))
            self._key = entry.key

    def keep(self, digest: str, data: bytes) -> None:
        """Buffers a document, and writes the buffer when it is large, so that few documents are in memory."""
        self._documents[digest] = data
        if sum(map(len, self._documents.values())) >= HELD or len(self._documents) >= WIDTH:
            self._keep()

    def end(self) -> None:
        """Writes all entries and documents that are still buffered."""
        self._append()
        self._keep()

    def _keep(self) -> None:
        self._store.keep_documents(self._documents)
        self._documents = {}

    def _append(self) -> None:
        named = range(self._head + 1, self._head + len(self._waiting) + 1)
        disclosures = {at - self._head - 1: self._names[at] for at in named if at in self._names}
        self._store.append(self._waiting, disclosures=disclosures)
        self._head, self._waiting = self._head + len(self._waiting), []
