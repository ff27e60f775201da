"""A checkpoint or a receipt that somebody shows, read from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path


def note_at(path: Path, option: str) -> str:
    """The note of the checkpoint in a file, or of the one in a receipt; BadInput if there is none."""
    from ledger.proof.checkpoint import parse_checkpoint
    from ledger.proof.note import parse_note
    from ledger.proof.receipt import HEAD, parse_receipt

    text = text_at(path, f"{option} {path}")
    try:
        note = parse_receipt(text).note if text.startswith(HEAD) else text
        parse_checkpoint(parse_note(note).text)
    except ValueError as error:
        raise BadInput([(None, f"{option} {path} is no checkpoint: {error}")]) from None
    return note


def text_at(path: Path, called: str) -> str:
    """The text in a file; BadInput if it cannot be read."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise BadInput([(None, f"{called} cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise BadInput([(None, f"{called} is not text")]) from None
