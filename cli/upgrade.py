"""`liggare upgrade`: a ledger that an earlier program made becomes one of today's; the old file is kept."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from cli.document import print_json
from cli.keys import key_at, key_file, key_kept, key_path
from cli.options import everywhere

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session


@click.command()
@key_file
@everywhere
@click.pass_obj
def upgrade(session: Session, /, *, key_file: Path | None, location: str, as_json: bool) -> None:
    """Brings a ledger of an earlier liggare up to date.

    Copies it first and keeps the old file beside; no entry changes by a byte. Makes the key that signs its checkpoints.

    \b
    Example:  liggare upgrade --ledger liggare.db
    """
    from ledger.checkpoints import origin, root_text
    from ledger.proof.note import format_vkey
    from ledger.store import SERVERS
    from ledger.store.opening import file_of
    from ledger.store.upgrade import upgrade

    place = key_path(location, key_file)
    with ExitStack() as making:

        def key_of(ledger_id: str) -> str:
            signer = key_at(place, origin(ledger_id))
            making.enter_context(key_kept(place, signer))
            return format_vkey(signer.verifier)

        on_server = location.startswith(SERVERS)  # where none is older than schema 2
        kept = None if on_server else upgrade(file_of(location), key_of)
    with session.ledger(location) as ledger:
        head, root = ledger.store.head(), root_text(ledger.store)
    if as_json:
        print_json({"file": location, "kept": str(kept) if kept else None, "entries": head, "root": root})
    elif kept:
        click.echo(f"{location} is up to date: {head} entries, root {root}\nThe file as it was is kept as {kept}")
        click.echo(f"{place} signs its checkpoints: for your eyes only, and no backup holds it")
    else:
        click.echo(f"{location} was up to date already; nothing was changed")
