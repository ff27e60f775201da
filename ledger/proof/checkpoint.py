"""C2SP tlog-checkpoint: the size and root of a log, as the text of a signed note. Extension lines are refused."""

from __future__ import annotations

import re
from typing import NamedTuple

from ledger.messages import msg
from ledger.proof.note import Note, Signer, Verifier, base64_of, format_note, parse_note, sign_note, signed_by, unbase64

LARGEST_SIZE = 2**63 - 1
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Checkpoint(NamedTuple):
    """The root hash over the first `size` entries of the log that is named by `origin`."""

    origin: str
    size: int
    root: bytes


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """Returns the text to sign: three lines with the origin, size and root (C2SP tlog-checkpoint, "Note text")."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{base64_of(checkpoint.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Returns the checkpoint in a note's text. Raises ValueError for any other text, and for extension lines."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise ValueError(msg("a checkpoint is three lines: origin, size and root"))
    return Checkpoint(lines[0], number(lines[1]), parse_root(lines[2]))


def parse_root(text: str) -> bytes:
    """Returns the 32 bytes of a root hash written in base64. Raises ValueError for any other text."""
    root = unbase64(text)
    if len(root) != 32:
        raise ValueError(msg("a checkpoint's root has 32 bytes"))
    return root


def number(text: str) -> int:
    """Returns the size or index in a text.

    Raises ValueError if the text is not a decimal number without leading zeros, or if it exceeds `LARGEST_SIZE`.
    """
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST_SIZE:
        raise ValueError(msg("a number is written in digits, without leading zeros"))
    return int(text)


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> str:
    """Returns the checkpoint as the text of a note, signed by every signer."""
    return format_note(sign_note(format_checkpoint(checkpoint), *signers))


def open_checkpoint(document: str, *verifiers: Verifier) -> Checkpoint:
    """Returns the checkpoint in a note that at least one of the verifiers signed.

    Raises ValueError if no verifier signed the note, or if a line with a verifier's name and id has a false signature.
    See C2SP signed-note, "Signatures"; tlog-checkpoint, "Signatures".
    """
    note: Note = parse_note(document)
    checkpoint = parse_checkpoint(note.text)
    if not signed_by(note, verifiers):
        names = tuple(f"{one.name} {one.id.hex()}" for one in note.signatures)
        raise ValueError(msg("the checkpoint is signed by none of the keys known here, but by {names}", names=names))
    return checkpoint
