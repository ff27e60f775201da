"""`liggare checkpoint`: signs how the ledger stands, once it is seen to go on from what was signed before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.document import print_json
from cli.keys import key_file, signer_of
from cli.options import everywhere
from cli.shown import note_at

if TYPE_CHECKING:
    from cli.session import Session


@click.command()
@click.option("--against", type=click.Path(path_type=Path), metavar="FILE",
              help="Compare with a checkpoint, or a receipt, that somebody else has kept.")  # fmt: skip
@key_file
@everywhere
@click.pass_obj
def checkpoint(
    session: Session, /, *, against: Path | None, key_file: Path | None, location: str, as_json: bool
) -> None:
    """Signs what the ledger holds, and prints that.

    Whoever keeps a checkpoint can tell later whether anything before it was changed: print it in minutes and
    reports, hand it to the parties. The signer refuses (exit 4) if the ledger does not go on from the last one
    that it signed, or from the one shown with --against.

    \b
    Example:  liggare checkpoint
              liggare checkpoint --against minutes-2025-02.checkpoint
    """
    from ledger.checkpoints import against as gone_on
    from ledger.checkpoints import origin, sign

    kept = note_at(against, "--against") if against else None
    with session.ledger(location) as ledger:
        store = ledger.store
        shown = gone_on(store, kept) if kept else None
        note = sign(store, signer_of(location, key_file, origin(store.ledger_id)))
    if as_json:
        print_json({**checkpoint_document(note), "against": shown and {"size": shown.size, "consistent": True}})
        return
    click.echo(note, nl=False)
    if shown:
        click.echo(f"this ledger goes on from {against}, signed at entry {shown.size}", err=True)


def checkpoint_document(note: str) -> dict[str, object]:
    """A signed checkpoint as programs read it."""
    from ledger.proof.checkpoint import parse_checkpoint
    from ledger.proof.note import base64_of, parse_note

    found = parse_checkpoint(parse_note(note).text)
    root = base64_of(found.root)
    return {"origin": found.origin, "size": found.size, "root": root, "checkpoint": note}
