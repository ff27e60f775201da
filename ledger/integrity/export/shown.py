"""Judges a receipt against a key or a checkpoint that the reader has from elsewhere. The ledger is not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.canonical import is_as_written
from ledger.errors import BadInput
from ledger.messages import msg
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
        raise ValueError(msg("the receipt does not hold its entry"))
    return receipt, parse_checkpoint(parse_note(receipt.note).text)


def faults(receipt: Receipt, says: Checkpoint, held: Checkpoint | None, key: Verifier | None) -> Iterator[str]:
    """Yields a sentence for each fault of a receipt. `says` is the checkpoint in the receipt.

    `held` is a checkpoint, and `key` a public key of the ledger, that the reader has from elsewhere. Raises BadInput if
    both are None, or if `key` is None and `held` is neither empty nor of the same size as `says`.
    """
    if held is None and key is None:
        what = msg("a receipt is checked against a key (--vkey), or a checkpoint (--since), had from elsewhere")
        raise BadInput([(None, what)])
    if held is not None and held.size not in {0, says.size} and key is None:
        what = msg(
            "the checkpoint given is of {size:entry|entries}, that in the receipt of {says}: give --vkey too, or audit"
            " an export",
            size=held.size,
            says=says.size,
        )
        raise BadInput([(None, what)])
    if not is_as_written(receipt.extra):
        yield msg("the entry in it is not written as a ledger writes")
    if held is not None and held.size == 0:
        yield msg("the checkpoint given is of no entries: it shows nothing")
    if key is not None and says.origin != key.name:
        yield msg("its checkpoint is of {log}, and the key given signs for {name}", log=says.origin, name=key.name)
    if held is not None and (held.size == says.size or held.origin != says.origin) and held != says:
        yield msg("the receipt's checkpoint is not the one that you have: two logs were shown")
    if key is None:
        if not check_inclusion(leaf_hash(receipt.extra), receipt.index, says.size, receipt.path, says.root):
            entry, size = receipt.index + 1, says.size
            yield msg("the entry in it is not number {entry} of the {size} in its checkpoint", entry=entry, size=size)
        return
    try:
        check_receipt(receipt, receipt.extra, key)
    except ValueError as error:
        yield str(error)
