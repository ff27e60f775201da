"""Makes logs in memory with made-up entries, and signing keys in a folder with their signer's records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from eventsourcing.dcb.api import DCBEvent

from ledger.encoding import decode
from ledger.events.shape import tags_of
from ledger.integrity.keyfile import (
    Record,
    beside,
    keep_key,
    keep_record,
    keep_succession,
    read_record,
    record_text,
    succession_of,
    write_record,
)
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import Signer, format_vkey
from ledger.proof.succession import format_succession, prove_succession
from ledger.store import MemoryStore
from tests.export.making import ORIGIN, REAL, SECOND, held, note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SIX = [held(position) for position in range(1, 7)]
OTHER = [*SIX[:4], held(9)]  # OTHER differs from SIX from entry 5 on
NOW = datetime(2031, 1, 1, 1, tzinfo=UTC)
LATE = held(7).replace(b"2031-01-01", b"2031-01-03")


class Log(MemoryStore):
    """A ledger in memory with the given entries, stored as the program stores entries, and with the given
    checkpoints.
    """

    def __init__(self, entries: Sequence[bytes], *notes: str, key: Signer | None = REAL) -> None:
        super().__init__(format_vkey(key.verifier) if key else "")
        self._ledger_id = ORIGIN.removeprefix("liggare/")
        self._checkpoints = [(int(text.split("\n")[1]), text) for text in notes]
        self.synced = 0
        self.grow(*entries)

    def grow(self, *entries: bytes, **as_kept: Any) -> None:
        for data in entries:
            event = decode(data, 0).event
            self.append([DCBEvent(**{"type": event.event_name, "data": data, "tags": tags_of(event), **as_kept})])

    def confirm(self) -> None:
        self.synced += 1


def keyed(path: Path, signer: Signer, *entries: bytes) -> Path:
    """Writes a signing key to `path`, and beside it a signer's record which says that the key signed these entries."""
    keep_key(path, signer)
    write_record(path, note(entries, signer), [signer.verifier])
    return path


def lost(place: Path, shown: str, *losses: Lost, by: Signer = REAL) -> None:
    """Writes a signer's record that continues from the checkpoint `shown` and lists the losses, signed by the key
    `by`.
    """
    keep_record(place, record_text(place, shown, [REAL.verifier], [sign_loss(by, one) for one in losses]))


def follow(place: Path, old: Signer, new: Signer, at: int = 4, *, by: Signer | None = None) -> Path:
    """Writes, beside the signing key, a proof that the key `new` follows the key `old` from entry `at` on. The proof is
    signed by `old` or, if given, by the key `by`.
    """
    proof = prove_succession(by or old, old.name, at, new.verifier)
    keep_succession(place, new.verifier, format_succession(proof, old.verifier, old.name, at, new.verifier))
    return succession_of(place, new.verifier.id)


def recorded(place: Path) -> str:
    return beside(place, ".signed").read_text("utf-8")


def refused(kind: type[Exception], why: str | None, act: Callable[[], object]) -> None:
    with pytest.raises(kind, match=why):
        act()


def read(place: Path, by: Signer = REAL) -> Record:
    found = read_record(place, [REAL.verifier, SECOND.verifier], by.verifier)
    assert found is not None
    return found


def raising(error: Exception) -> Callable[..., None]:
    def raises(*_: object, **__: object) -> None:
        raise error

    return raises
