"""Judges a receipt against a key or a checkpoint that the reader has from elsewhere. The ledger is not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.canonical import is_as_written
from ledger.errors import BadInput, in_entries
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from ledger.proof.receipt import check_receipt, parse_receipt
from ledger.proof.tree import check_inclusion, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.proof.checkpoint import Checkpoint
    from ledger.proof.note import Verifier
    from ledger.proof.receipt import Receipt


def receipt_in(text: str) -> tuple[Receipt, Checkpoint]:
    """Returns the receipt in a text, and the receipt's checkpoint, without checking either.

    Raises ValueError if the text is not a receipt, or if the receipt does not hold its entry.
    """
    receipt = parse_receipt(text)
    if not receipt.extra:
        raise ValueError("the receipt does not hold its entry")
    return receipt, parse_checkpoint(parse_note(receipt.note).text)


def faults(receipt: Receipt, says: Checkpoint, held: Checkpoint | None, key: Verifier | None) -> Iterator[str]:
    """Yields a sentence for each fault of a receipt. `says` is the checkpoint in the receipt.

    `held` is a checkpoint, and `key` a public key of the ledger, that the reader has from elsewhere. Raises BadInput if
    both are None, or if `key` is None and `held` is neither empty nor of the same size as `says`.
    """
    if held is None and key is None:
        raise BadInput(
            [(None, "a receipt is checked against a key (--vkey), or a checkpoint (--since), had from elsewhere")]
        )
    if held is not None and held.size not in {0, says.size} and key is None:
        sizes = f"{in_entries(held.size)}, that in the receipt of {says.size}"
        raise BadInput([(None, f"the checkpoint given is of {sizes}: give --vkey too, or audit an export")])
    if not is_as_written(receipt.extra):
        yield "the entry in it is not written as a ledger writes"
    if held is not None and held.size == 0:
        yield "the checkpoint given is of no entries: it shows nothing"
    if key is not None and says.origin != key.name:
        yield f"its checkpoint is of {says.origin}, and the key given signs for {key.name}"
    if held is not None and (held.size == says.size or held.origin != says.origin) and held != says:
        yield "the receipt's checkpoint is not the one that you have: two logs were shown"
    if key is None:
        if not check_inclusion(leaf_hash(receipt.extra), receipt.index, says.size, receipt.path, says.root):
            yield f"the entry in it is not number {receipt.index + 1} of the {says.size} in its checkpoint"
        return
    try:
        check_receipt(receipt, receipt.extra, key)
    except ValueError as error:
        yield str(error)
