"""Receipts of entries, each written to a file of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.keys import key_path
from ledger.errors import BadInput, Contended, NotPermitted, Unusable
from ledger.messages import cause, msg

if TYPE_CHECKING:
    from ledger.book import Ledger


receipt_file = click.option(
    "--receipt",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the entry's receipt, a C2SP tlog-proof, to a new file.",
)


def ready(file: Path, ledger: Ledger, location: str, key_file: Path | None) -> None:
    """Raises an error, before anything is recorded, when a receipt could not be signed or written afterwards."""
    from ledger.integrity.signing import ready_to_sign

    refuse_taken(file)
    ready_to_sign(ledger.store, key_path(location, key_file), ledger.clock())


def hand_out(file: Path, ledger: Ledger, entry: int, location: str, key_file: Path | None) -> None:
    """Writes the receipt of an entry that was just recorded. On failure, the error names the command to try again."""
    try:
        write(file, receipt_text(ledger, entry, location, key_file))
    except (Contended, Unusable) as error:
        told = msg("{problem}; liggare prove {entry} gives it again", problem=error.afterwards, entry=entry)
        raise Unusable(told) from None


def receipt_text(ledger: Ledger, entry: int, location: str, key_file: Path | None) -> str:
    """Returns the receipt of an entry as text, signing a checkpoint first if needed."""
    from ledger.integrity.receipts import receipt_of
    from ledger.proof.receipt import format_receipt

    return format_receipt(receipt_of(ledger.store, entry, key_path(location, key_file), ledger.clock()))


def refuse_taken(file: Path) -> None:
    """Raises BadInput when `file` exists or its folder is missing, NotPermitted when the folder is not writable, and
    Unusable when `file` is not a possible name.

    Callers call this function before anything is recorded or signed. No file is ever overwritten.
    """
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except OSError as error:  # `file` is not a possible name
        raise _unwritten(file, error) from None
    else:
        raise BadInput([(None, msg("--receipt {file} is already there; nothing was overwritten", file=str(file)))])
    if not file.parent.is_dir():
        missing = msg("--receipt {file}: there is no directory {folder}", file=str(file), folder=str(file.parent))
        raise BadInput([(None, missing)])
    if not os.access(file.parent, os.W_OK):
        raise NotPermitted(file, "write")


def write(file: Path, text: str) -> None:
    """Writes a receipt to a new file, atomically and durably."""
    from ledger.store.files import write_new

    try:
        write_new(file, text.encode())
    except OSError as error:
        raise _unwritten(file, error) from None


def _unwritten(file: Path, error: OSError) -> Unusable:
    return Unusable(msg("the receipt {file} cannot be written: {error}", file=str(file), error=cause(error)))
