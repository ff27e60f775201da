"""`liggare import --log DIR`: rebuilds a ledger from an export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.checkpoint_files import key_given, note_at
from cli.places import place
from cli.printing import holds, print_json
from cli.trust import told_of_trust, told_unproven, unproven
from exchange.archive import export_in
from ledger.messages import msg

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session


def rebuild_from(
    session: Session, export: Path, location: str, *, since: Path | None, vkey: str | None, as_json: bool
) -> None:
    """Rebuilds a ledger from an export, or that in an archive package, checks its root, and prints what it holds.

    `since` is a checkpoint and `vkey` a public key that the user has from elsewhere, as in an audit.
    """
    from ledger.integrity.checkpoints import root_text
    from ledger.integrity.export.rebuild import rebuild

    held = None if since is None else note_at(since, "--since")
    key = None if vkey is None else key_given(vkey)
    with session.patience():
        found = rebuild(export_in(export.absolute()), location, since=held, key=key)
    session.done = msg("{place} is made", place=place(location))
    with session.ledger(location) as made:
        entries, root = made.store.head(), root_text(made.store)
    assert root == found.about["root"], "the same bytes have the same root"
    if as_json:
        print_json(
            {
                "ledger": place(location),
                "entries": entries,
                "root": root,
                "names": found.names is not None,
                "since": since is not None,
                "vkey": key is not None,
                **unproven(found),
            }
        )
        return
    if found.names is not None:
        click.echo(holds(place(location), entries, root))
    else:
        nameless = msg(
            "{ledger} holds {entries:entry|entries}, root {root}; names are missing, since a public export leaves them"
            " out, and verify will report that",
            ledger=place(location), entries=entries, root=root,
        )  # fmt: skip
        click.echo(nameless)
    for line in (*told_unproven(unproven(found)), *told_of_trust(since=since is not None, key=key is not None)):
        click.echo(line)
    click.echo(
        msg(
            "No export contains the signing key: give it with --key-file, or replace it with liggare rotate-key --lost."
        )
    )
