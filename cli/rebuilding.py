"""`liggare import --log DIR`: the ledger anew, from an export of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.document import print_json
from cli.text import counted

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session


def rebuild_from(session: Session, export: Path, location: str, *, as_json: bool) -> None:
    """Makes the ledger, looks at its root, and tells what is in it."""
    from ledger.checkpoints import root_text
    from ledger.export.rebuild import rebuild

    with session.patience():
        found = rebuild(export.absolute(), location)
    with session.ledger(location) as made:
        entries, root = made.store.head(), root_text(made.store)
    assert root == found.about["root"], "the same bytes have the same root"
    if as_json:
        print_json({"ledger": location, "entries": entries, "root": root, "names": found.names is not None})
        return
    names = "" if found.names is not None else "; without names, which a public export leaves out"
    click.echo(f"{location} holds {counted(entries, 'entry', 'entries')}, root {root}{names}")
    click.echo("The key that signs is in no export: --key-file gives its place, or liggare rotate-key --lost another.")
