"""Receipts of entries, each written to a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.keys import key_path
from cli.new_files import refuse_taken, write_file
from ledger.errors import Contended, Unusable
from ledger.messages import msg

if TYPE_CHECKING:
    from ledger.book import Ledger

RECEIPT = "--receipt"

receipt_file = click.option(
    RECEIPT,
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the entry's receipt, a C2SP tlog-proof, to a new file.",
)


def ready(file: Path, ledger: Ledger, location: str, key_file: Path | None) -> None:
    """Raises an error, before anything is recorded, when a receipt could not be signed or written afterwards."""
    from ledger.integrity.signing import ready_to_sign

    refuse_taken(RECEIPT, file)
    ready_to_sign(ledger.store, key_path(location, key_file), ledger.clock())


def hand_out(file: Path, ledger: Ledger, entry: int, location: str, key_file: Path | None) -> None:
    """Writes the receipt of an entry that was just recorded. On failure, the error names the command to try again."""
    try:
        write_file(file, receipt_text(ledger, entry, location, key_file).encode())
    except (Contended, Unusable) as error:
        told = msg("{problem}; liggare prove {entry} gives it again", problem=error.afterwards, entry=entry)
        raise Unusable(told) from None


def receipt_text(ledger: Ledger, entry: int, location: str, key_file: Path | None) -> str:
    """Returns the receipt of an entry as text, signing a checkpoint first if needed."""
    from ledger.integrity.receipts import receipt_of
    from ledger.proof.receipt import format_receipt

    return format_receipt(receipt_of(ledger.store, entry, key_path(location, key_file), ledger.clock()))
