"""What a restore lost, as a line of the signer's record that the key signs: who only writes its folder can add none."""

from __future__ import annotations

import re
from typing import NamedTuple

from ledger.proof.note import Note, Signature, Signer, Verifier, base64_of, sign_note, signed_by

HEADING = "liggare-lost@v1"
ROOT_BYTES = 32
_NAME = re.compile(r"lost/(0|[1-9][0-9]{0,18})/(0|[1-9][0-9]{0,18})")  # one spelling each: no signature covers it


class Lost(NamedTuple):
    """What was signed and lost by a restore: so many entries of this root, of which so many are kept."""

    size: int
    kept: int
    root: bytes


def loss_text(origin: str, lost: Lost) -> str:
    """What the key signs: that of the log `origin`, signed with this size and root, so many entries are kept. Five
    lines, the first of them a heading: no reader takes it for a checkpoint, which is three and begins with its origin.
    """
    return f"{HEADING}\n{origin}\n{lost.size}\n{lost.kept}\n{base64_of(lost.root)}\n"


def sign_loss(signer: Signer, lost: Lost) -> Signature:
    """The line of a note that says so: named by size and kept, and of the key's id, the root, and the key's Ed25519
    signature over the text. RFC 8032 section 5.1.6.
    """
    [made] = sign_note(loss_text(signer.name, lost), signer).signatures
    return Signature(f"lost/{lost.size}/{lost.kept}", made.id, lost.root + made.data)


def loss_in(line: Signature) -> Lost | None:
    """What a line of a note says was lost, whoever wrote it; None for a line that says nothing of the kind."""
    found = _NAME.fullmatch(line.name)
    return found and Lost(int(found[1]), int(found[2]), line.data[:ROOT_BYTES])


def check_loss(line: Signature, key: Verifier) -> bool:
    """Whether the key signed what the line says was lost. RFC 8032 section 5.1.7."""
    if (lost := loss_in(line)) is None:
        return False
    signature = Signature(key.name, line.id, line.data[ROOT_BYTES:])
    try:
        return signed_by(Note(loss_text(key.name, lost), (signature,)), [key]) == (key,)
    except ValueError:
        return False
