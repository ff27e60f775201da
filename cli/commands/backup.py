"""`liggare backup FILE`: copies the ledger as of one moment, while others write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import everywhere
from cli.printing import print_json
from cli.suggestions import files
from ledger.messages import msg
from presentation.words import visible

if TYPE_CHECKING:
    from cli.session import Session


@click.command()
@click.argument("file", shell_complete=files)
@everywhere
@click.pass_obj
def backup(session: Session, /, *, file: str, location: str, as_json: bool) -> None:
    """Copies the ledger while others write.

    FILE must not exist; nothing is overwritten. The copy is a consistent snapshot of one moment.

    \b
    Example:  liggare backup /media/usb/liggare-2024-06-30.db
    """
    with session.ledger(location) as ledger:
        session.log(msg("copying {ledger}", ledger=location))
        ledger.store.backup(Path(file))
    session.done = msg("{place} is made", place=file)
    with session.ledger(file) as copy:
        head = copy.timeline().head
    if as_json:
        print_json({"file": file, "entries": head})
    else:
        click.echo(msg("{file} holds {entries:entry|entries}", file=visible(file), entries=head))
