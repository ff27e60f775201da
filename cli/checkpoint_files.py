"""Reads a checkpoint or receipt from a file. Damage that a text editor did to the file is repaired, and reported on
stderr.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledger.errors import BadInput
from ledger.limits import read_given
from ledger.messages import msg
from presentation.words import visible

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.proof.checkpoint import Checkpoint
    from ledger.proof.note import Verifier
    from ledger.proof.receipt import Receipt


def note_at(path: Path, option: str) -> str:
    """Returns the note of the checkpoint in a file, or of the checkpoint in a receipt.

    Raises BadInput when the file holds neither. Repairs to the text are reported on stderr.
    """
    from ledger.proof.checkpoint import parse_checkpoint
    from ledger.proof.note import parse_note
    from ledger.proof.receipt import HEAD, parse_receipt

    called = f"{option} {path}"
    text, whats = _read(path, called)
    try:
        note = parse_receipt(text).note if text.startswith(HEAD) else text
        parse_checkpoint(parse_note(note).text)
    except ValueError as error:
        raise BadInput([(None, msg("{file} is not a checkpoint: {error}", file=called, error=error))]) from None
    _tell(called, whats)
    return note


def key_given(text: str, option: str = "--vkey") -> Verifier:
    """Returns the public key in the text of an option. Raises BadInput when there is no usable key."""
    from ledger.proof.note import parse_vkey

    try:
        return parse_vkey(text)
    except ValueError as error:
        raise BadInput([(None, f"{option}: {error}")]) from None


def receipt_at(path: Path, called: str) -> tuple[Receipt, Checkpoint]:
    """Returns the receipt in a file, and what its checkpoint says. Raises BadInput when the file is not a receipt.

    Repairs to the text are reported on stderr. `called` is the name of the file in messages.
    """
    from ledger.integrity.export.shown import receipt_in

    text, whats = _read(path, called)
    try:
        found = receipt_in(text)
    except ValueError as error:
        raise BadInput([(None, msg("{file} is not a receipt: {error}", file=called, error=error))]) from None
    _tell(called, whats)
    return found


def _read(path: Path, called: str) -> tuple[str, tuple[str, ...]]:
    from ledger.proof.note import LONGEST, repaired

    data = read_given(path, called, LONGEST)
    try:
        return repaired(data)
    except ValueError as error:
        raise BadInput([(None, msg("{file} cannot be read: {error}", file=called, error=error))]) from None


def _tell(called: str, whats: tuple[str, ...]) -> None:
    if whats:
        what = "; ".join(whats)
        told = msg("{file} was repaired before it was read: {what}", file=visible(called), what=what)
        click.echo(f"liggare: {told}", err=True)
