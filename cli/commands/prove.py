"""`liggare prove ENTRY`: writes a receipt, which proves to anyone that the ledger contains an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.keys import key_file
from cli.new_files import refuse_taken, write_file
from cli.options import AN_ENTRY, everywhere
from cli.printing import print_json
from cli.receipts import RECEIPT, receipt_file, receipt_text
from ledger.messages import msg

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session


@click.command()
@click.argument("entry", type=AN_ENTRY)
@receipt_file
@key_file
@everywhere
@click.pass_obj
def prove(
    session: Session, /, *, entry: int, receipt: Path | None, key_file: Path | None, location: str, as_json: bool
) -> None:
    """Gives a receipt of an entry, to be checked without the ledger.

    The receipt is a C2SP tlog-proof under the last checkpoint. If the entry is newer, a checkpoint is signed first. The
    receipt contains the entry, without names. It is printed unless --receipt names a file.

    \b
    Example:  liggare prove 12 --receipt entry-12.tlog-proof
    """
    with session.ledger(location) as ledger:
        if receipt:
            refuse_taken(RECEIPT, receipt)
        text = receipt_text(ledger, entry, location, key_file)
    if receipt:
        write_file(receipt, text.encode())
        session.done = msg("{file} is written", file=str(receipt))
    if as_json:
        print_json({"entry": entry, "receipt": text, "file": str(receipt) if receipt else None})
    else:
        written = msg("{file} is the receipt of entry {entry}", file=str(receipt), entry=entry)
        click.echo(f"{written}\n" if receipt else text, nl=False)
