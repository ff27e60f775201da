"""Signed statements of what a restore lost, each a line in the record beside the signing key. No files here.

The signing key signs each line, so a person who can write to the key's folder, but does not have the key, cannot add a
valid line.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ledger.proof.note import Note, Signature, Signer, Verifier, base64_of, sign_note, signed_by

HEADING = "liggare-lost@v1"
ROOT_BYTES = 32
# The signature does not cover the name of the line, so only one spelling of each number is allowed.
_NAME = re.compile(r"lost/(0|[1-9][0-9]{0,18})/(0|[1-9][0-9]{0,18})")


class Lost(NamedTuple):
    """What a restore lost: the signed log had `size` entries and the root hash `root`, and the first `kept` remain."""

    size: int
    kept: int
    root: bytes


def loss_text(origin: str, lost: Lost) -> str:
    """Returns the text to sign: heading, origin, size, kept and root, on one line each.

    The text cannot be mistaken for a checkpoint, which has three lines and begins with its origin.
    """
    return f"{HEADING}\n{origin}\n{lost.size}\n{lost.kept}\n{base64_of(lost.root)}\n"


def sign_loss(signer: Signer, lost: Lost) -> Signature:
    """Returns the loss as a signature line named `lost/SIZE/KEPT`, to be added to a note.

    The signature line has the signing key's id. The line's data are the root hash and then the Ed25519 signature over
    `loss_text` (RFC 8032 section 5.1.6).
    """
    [made] = sign_note(loss_text(signer.name, lost), signer).signatures
    return Signature(f"lost/{lost.size}/{lost.kept}", made.id, lost.root + made.data)


def loss_in(line: Signature) -> Lost | None:
    """Returns the loss of entries that a line of a note states, or None if the line states no such loss.

    The signature in the line is not checked.
    """
    found = _NAME.fullmatch(line.name)
    return found and Lost(int(found[1]), int(found[2]), line.data[:ROOT_BYTES])


def check_loss(line: Signature, key: Verifier) -> bool:
    """Whether the line states a loss of entries, signed by `key` (RFC 8032 section 5.1.7)."""
    if (lost := loss_in(line)) is None:
        return False
    signature = Signature(key.name, line.id, line.data[ROOT_BYTES:])
    try:
        return signed_by(Note(loss_text(key.name, lost), (signature,)), [key]) == (key,)
    except ValueError:
        return False
