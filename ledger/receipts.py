"""Receipts: that an entry stands in the ledger, to be checked without it. C2SP tlog-proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.checkpoints import key_for, last_checkpoint, opened, sign, signing_keys
from ledger.errors import BadInput, Tampered
from ledger.proof.receipt import Receipt, check_receipt
from ledger.proof.tiles import tiled
from ledger.proof.tree import prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.proof.note import Signer
    from ledger.store import Store


def receipt_of(store: Store, position: int, signer: Callable[[], Signer]) -> Receipt:
    """The receipt of an entry under the last checkpoint; one is signed first if the entry lies beyond it. The entry's
    stored bytes go along as extra data, and were checked against the checkpoint: Tampered if they are not under it.
    """
    if not 1 <= position <= store.head():
        raise BadInput([(None, f"there is no entry {position} yet; the last is {store.head()}")])
    last = last_checkpoint(store)
    note = last[1] if last and position <= last[0].size else sign(store, signer)
    [found] = store.read(after=position - 1, limit=1)
    keys = signing_keys(store)
    try:
        checkpoint = opened(note, keys)
        path = prove_inclusion(position - 1, checkpoint.size, tiled(store.tile))
        receipt = Receipt(position - 1, path, note, found.event.data)
        key = key_for(keys, checkpoint.size)
        assert key is not None, "a note that was opened is signed by the key for its size"
        check_receipt(receipt, found.event.data, key)
    except ValueError as error:
        raise Tampered(f"no receipt of entry {position}: {error}; `liggare verify` says what is damaged") from None
    return receipt
