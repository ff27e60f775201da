"""Makes receipts: proofs that an entry is in the ledger, which can be checked without the ledger (C2SP tlog-proof)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import BadInput, Tampered
from ledger.integrity.keys import key_for, opened, signing_keys
from ledger.integrity.signing import note_to_prove_with
from ledger.messages import msg
from ledger.proof.receipt import Receipt, check_receipt
from ledger.proof.tiles import tiled
from ledger.proof.tree import prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from ledger.proof.succession import SigningKey
    from ledger.store import Store


def receipt_of(store: Store, position: int, place: Path, now: datetime) -> Receipt:
    """Returns the receipt of the entry at `position` under the newest stored checkpoint.

    If the entry is newer than the newest checkpoint, the key at `place` signs a new checkpoint first. The receipt
    carries the entry's stored bytes as extra data. Raises BadInput if there is no entry at `position`, and Tampered if
    the entry's bytes do not match the checkpoint.
    """
    if not 1 <= position <= store.head():
        what = msg("there is no entry {entry} yet; the last is {last}", entry=position, last=store.head())
        raise BadInput([(None, what)])
    note = note_to_prove_with(store, place, now, position)
    return receipt_under(store, position, note, signing_keys(store))


def receipt_under(store: Store, position: int, note: str, keys: Sequence[SigningKey]) -> Receipt:
    """Returns the receipt of the entry at `position` under the checkpoint in a note, as `receipt_of` does. `keys` are
    the ledger's.
    """
    [found] = store.read(after=position - 1, limit=1)
    try:
        checkpoint = opened(note, keys)
        path = prove_inclusion(position - 1, checkpoint.size, tiled(store.tile))
        receipt = Receipt(position - 1, path, note, found.event.data)
        key = key_for(keys, checkpoint.size)
        assert key is not None, "a note that was opened is signed by the key for its size"
        check_receipt(receipt, found.event.data, key)
    except ValueError as error:
        what = msg(
            "no receipt of entry {entry}: {problem}; `liggare verify` says what is damaged",
            entry=position,
            problem=error,
        )
        raise Tampered(what) from None
    return receipt
