"""C2SP tlog-proof: that one entry stands in a log, checked without the log. The tree's size comes from the signed
checkpoint in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.proof.checkpoint import Checkpoint, number, open_checkpoint
from ledger.proof.note import LONGEST, base64_of, unbase64
from ledger.proof.tiles import HASH_BYTES
from ledger.proof.tree import check_inclusion, leaf_hash

if TYPE_CHECKING:
    from ledger.proof.note import Verifier

HEAD = "c2sp.org/tlog-proof@v1"
HIGHEST = 63  # hashes: more than a tree that can be counted has levels


class Receipt(Struct, frozen=True):
    """A leaf's index, counted from 0, its path, and the whole note of a checkpoint. `extra` is signed by nobody."""

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes = b""


def format_receipt(receipt: Receipt) -> str:
    """The receipt as it is handed out. C2SP tlog-proof, "Format"."""
    extra = [f"extra {base64_of(receipt.extra)}"] if receipt.extra else []
    lines = [HEAD, *extra, f"index {receipt.index}", *map(base64_of, receipt.path), "", receipt.note]
    return "\n".join(lines)


def parse_receipt(document: str) -> Receipt:
    """The receipt in a text, nothing of it checked; ValueError if it is none. C2SP tlog-proof, "Format"."""
    if len(document) > LONGEST:
        raise ValueError(f"a tlog-proof has at most {LONGEST} bytes")
    above, blank, note = document.partition("\n\n")
    head, *lines = above.split("\n")
    if head != HEAD or not blank or not lines:
        raise ValueError("not a C2SP tlog-proof, version 1")
    extra = b""
    if lines[0].startswith("extra "):
        extra = unbase64(lines.pop(0).removeprefix("extra "))
        if not extra:
            raise ValueError("a tlog-proof without extra data has no line for it")
    if not lines or not lines[0].startswith("index "):
        raise ValueError("a tlog-proof says its index")
    index = number(lines.pop(0).removeprefix("index "))
    path = tuple(map(unbase64, lines))
    if len(path) > HIGHEST or any(len(one) != HASH_BYTES for one in path):
        raise ValueError(f"a tlog-proof has at most {HIGHEST} hashes of {HASH_BYTES} bytes")
    return Receipt(index, path, note, extra)


def check_receipt(receipt: Receipt, data: bytes, *verifiers: Verifier) -> Checkpoint:
    """The signed checkpoint under which the entry with these stored bytes stands; ValueError, saying why, if it does
    not. C2SP tlog-proof; RFC 9162 section 2.1.3.2.
    """
    checkpoint = open_checkpoint(receipt.note, *verifiers)
    if not check_inclusion(leaf_hash(data), receipt.index, checkpoint.size, receipt.path, checkpoint.root):
        raise ValueError(f"the entry is not number {receipt.index + 1} of the {checkpoint.size} in the checkpoint")
    return checkpoint
