"""`liggare prove ENTRY`: a receipt, which shows to anyone that an entry stands in the ledger."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.keys import key_file, key_path
from cli.options import everywhere
from cli.printing import print_json
from ledger.errors import BadInput, Contended, NotPermitted, Unusable
from presentation.words import msg

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.book import Ledger


receipt_file = click.option(
    "--receipt",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the receipt of the entry, a C2SP tlog-proof, to a new file.",
)


@click.command()
@click.argument("entry", type=click.IntRange(min=1))
@receipt_file
@key_file
@everywhere
@click.pass_obj
def prove(
    session: Session, /, *, entry: int, receipt: Path | None, key_file: Path | None, location: str, as_json: bool
) -> None:
    """Gives a receipt of an entry, to be checked without the ledger.

    A C2SP tlog-proof under the last checkpoint; one is signed first if the entry is newer. The entry goes along in it,
    without names. Without --receipt it is printed.

    \b
    Example:  liggare prove 12 --receipt entry-12.tlog-proof
    """
    with session.ledger(location) as ledger:
        if receipt:
            refuse_taken(receipt)
        text = receipt_text(ledger, entry, location, key_file)
    if receipt:
        write(receipt, text)
        session.done = msg("{file} is written", file=str(receipt))
    if as_json:
        print_json({"entry": entry, "receipt": text, "file": str(receipt) if receipt else None})
    else:
        written = msg("{file} is the receipt of entry {entry}", file=str(receipt), entry=entry)
        click.echo(f"{written}\n" if receipt else text, nl=False)


def ready(file: Path, ledger: Ledger, location: str, key_file: Path | None) -> None:
    """Refuses, before anything is recorded, what would keep a receipt from being written."""
    from ledger.integrity.signing import ready_to_sign

    refuse_taken(file)
    ready_to_sign(ledger.store, key_path(location, key_file), ledger.clock())


def hand_out(file: Path, ledger: Ledger, entry: int, location: str, key_file: Path | None) -> None:
    """Writes the receipt of an entry that was just recorded."""
    try:
        write(file, receipt_text(ledger, entry, location, key_file))
    except (Contended, Unusable) as error:
        raise Unusable(f"{error}; liggare prove {entry} gives it again") from None


def receipt_text(ledger: Ledger, entry: int, location: str, key_file: Path | None) -> str:
    """The receipt of an entry as it is handed out."""
    from ledger.integrity.receipts import receipt_of
    from ledger.proof.receipt import format_receipt

    return format_receipt(receipt_of(ledger.store, entry, key_path(location, key_file), ledger.clock()))


def refuse_taken(file: Path) -> None:
    """Said before anything is recorded or signed: nothing is overwritten, and there must be a folder."""
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except OSError as error:  # no file can have that name
        raise _unwritten(file, error) from None
    else:
        raise BadInput([(None, f"--receipt {file} is already there; nothing was overwritten")])
    if not file.parent.is_dir():
        raise BadInput([(None, f"--receipt {file}: there is no directory {file.parent}")])
    if not os.access(file.parent, os.W_OK):
        raise NotPermitted(file, "write")


def write(file: Path, text: str) -> None:
    """A new file with the receipt, whole and durable or not there."""
    from ledger.store.files import write_new

    try:
        write_new(file, text.encode())
    except OSError as error:
        raise _unwritten(file, error) from None


def _unwritten(file: Path, error: OSError) -> Unusable:
    return Unusable(f"the receipt {file} cannot be written: {error.strerror}")
