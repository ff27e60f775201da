"""C2SP tlog-proof: receipts that prove one entry is in a log, checked without the log. No files here.

The size of the tree is taken from the signed checkpoint in the receipt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.messages import msg
from ledger.proof.checkpoint import Checkpoint, number, open_checkpoint
from ledger.proof.note import LONGEST, base64_of, unbase64
from ledger.proof.tiles import HASH_BYTES
from ledger.proof.tree import check_inclusion, leaf_hash

if TYPE_CHECKING:
    from ledger.proof.note import Verifier

HEAD = "c2sp.org/tlog-proof@v1"
HIGHEST = 63  # a path has at most this many hashes; no tree of at most 2**63 - 1 entries needs more


class Receipt(Struct, frozen=True):
    """A leaf's index (from 0), its path of sibling hashes, and the note of a checkpoint. `extra` is not signed."""

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes = b""


def format_receipt(receipt: Receipt) -> str:
    """Returns the receipt as one document (C2SP tlog-proof, "Format")."""
    extra = [f"extra {base64_of(receipt.extra)}"] if receipt.extra else []
    lines = [HEAD, *extra, f"index {receipt.index}", *map(base64_of, receipt.path), "", receipt.note]
    return "\n".join(lines)


def parse_receipt(document: str) -> Receipt:
    """Returns the receipt in a document, without checking its path or signatures.

    Raises ValueError if the document is not a receipt (C2SP tlog-proof, "Format").
    """
    if len(document) > LONGEST:
        raise ValueError(msg("a tlog-proof has at most {most} bytes", most=LONGEST))
    above, blank, note = document.partition("\n\n")
    head, *lines = above.split("\n")
    if head != HEAD or not blank or not lines:
        raise ValueError(msg("not a C2SP tlog-proof, version 1"))
    extra = b""
    if lines[0].startswith("extra "):
        extra = unbase64(lines.pop(0).removeprefix("extra "))
        if not extra:
            raise ValueError(msg("a tlog-proof without extra data has no line for it"))
    if not lines or not lines[0].startswith("index "):
        raise ValueError(msg("a tlog-proof has a line with its index"))
    index = number(lines.pop(0).removeprefix("index "))
    path = tuple(map(unbase64, lines))
    if len(path) > HIGHEST or any(len(one) != HASH_BYTES for one in path):
        raise ValueError(msg("a tlog-proof has at most {most} hashes of {wide} bytes", most=HIGHEST, wide=HASH_BYTES))
    return Receipt(index, path, note, extra)


def check_receipt(receipt: Receipt, data: bytes, *verifiers: Verifier) -> Checkpoint:
    """Returns the signed checkpoint whose tree contains the entry with the stored bytes `data`.

    Raises ValueError if no verifier signed the checkpoint, if a verifier's signature on the checkpoint is false, or if
    the path does not lead from the leaf hash of `data` to the checkpoint's root.
    See C2SP tlog-proof and RFC 9162 section 2.1.3.2.
    """
    checkpoint = open_checkpoint(receipt.note, *verifiers)
    if not check_inclusion(leaf_hash(data), receipt.index, checkpoint.size, receipt.path, checkpoint.root):
        entry, size = receipt.index + 1, checkpoint.size
        raise ValueError(msg("the entry is not number {entry} of the {size} in the checkpoint", entry=entry, size=size))
    return checkpoint
