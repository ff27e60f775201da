"""`liggare upgrade`: a ledger that an earlier program made becomes one of today's; the old file is kept."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from cli.keys import key_file, key_path, making_key
from cli.options import everywhere
from cli.places import place as shown_place
from cli.printing import print_json
from ledger.errors import BadInput, in_entries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cli.session import Session


@click.command()
@click.option("--signer-role", metavar="ROLE", help="On PostgreSQL: this role may sign, and change the key that signs.")
@key_file
@everywhere
@click.pass_obj
def upgrade(
    session: Session, /, *, signer_role: str | None, key_file: Path | None, location: str, as_json: bool
) -> None:
    """Brings a ledger of an earlier liggare up to date.

    Copies it first and keeps the old file beside, where its tables change; no entry changes by a byte. Makes the key
    that signs its checkpoints, or begins the record of what the key signed last. Renews triggers, on PostgreSQL also
    rights: run it there as the schema's owner.

    \b
    Example:  liggare upgrade --ledger liggare.db
    """
    from ledger.integrity.checkpoints import origin, root_text
    from ledger.integrity.keyfile import beside
    from ledger.integrity.signing import begin_record
    from ledger.proof.note import format_vkey
    from ledger.store import SERVERS, upgrade_server
    from ledger.store.sqlite.opening import file_of
    from ledger.store.upgrade import renewed as renewed_in
    from ledger.store.upgrade import upgrade

    shown, place = shown_place(location), key_path(location, key_file)
    with ExitStack() as making:

        def key_of(ledger_id: str) -> str:
            signer, keep = making.enter_context(making_key(place, origin(ledger_id)))
            keep()
            return format_vkey(signer.verifier)

        if location.startswith(SERVERS):
            kept, renewed = None, upgrade_server(location, signer_role)
        else:
            if signer_role is not None:
                raise BadInput([(None, "--signer-role: a file knows no roles; who may use it, the file system says")])
            kept = upgrade(file_of(location), key_of)
            renewed = () if kept else renewed_in(file_of(location))
    with session.ledger(location) as ledger:
        begun = begin_record(ledger.store, place)
        head, root = ledger.store.head(), root_text(ledger.store)
    if as_json:
        print_json({"file": shown, "kept": str(kept) if kept else None, "entries": head, "root": root,
                    "record": str(beside(place, ".signed")) if begun else None, "renewed": list(renewed)})  # fmt: skip
        return
    _tell(shown, place, f"{in_entries(head)}, root {root}", kept=kept, renewed=renewed, begun=begun)


def _tell(shown: str, place: Path, now: str, *, kept: Path | None, renewed: Sequence[str], begun: bool) -> None:
    from ledger.integrity.keyfile import beside, lies_at

    if kept:
        click.echo(f"{shown} is up to date: {now}\nThe file as it was is kept as {kept}")
        click.echo(f"{place} signs its checkpoints: for your eyes only, and no backup holds it")
    if renewed:
        click.echo(f"{shown} is guarded as a new ledger is; renewed: {', '.join(renewed)}")
    if begun:
        click.echo(f"{beside(place, '.signed')} is the record of what the key signed last, and belongs to the key")
    if not (kept or renewed or begun):
        click.echo(f"{shown} was up to date already; nothing was changed")
    if not lies_at(place):
        click.echo(
            f"liggare: the signing key is not at {place}; where it lies, run this once, with --key-file", err=True
        )
