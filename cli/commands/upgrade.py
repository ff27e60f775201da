"""`liggare upgrade`: updates a ledger made by an earlier version of the program, and keeps the old file."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from cli.keys import key_file, key_path, making_key
from cli.options import everywhere
from cli.places import place as shown_place
from cli.printing import print_json
from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cli.session import Session


@click.command()
@click.option("--signer-role", metavar="ROLE", help="On PostgreSQL: a role that may sign, and replace the signing key.")
@key_file
@everywhere
@click.pass_obj
def upgrade(
    session: Session, /, *, signer_role: str | None, key_file: Path | None, location: str, as_json: bool
) -> None:
    """Brings a ledger of an earlier liggare up to date.

    If the tables change, copies the ledger first and keeps the old file in the same folder. No entry changes by a byte.
    If needed, creates the signing key, or the record of what that key signed last. Renews triggers and, on PostgreSQL,
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
    made: list[Path] = []  # the signing key, if one was made
    with ExitStack() as making:

        def key_of(ledger_id: str) -> str:
            signer, keep = making.enter_context(making_key(place, origin(ledger_id)))
            keep()
            made.append(place)
            return format_vkey(signer.verifier)

        if location.startswith(SERVERS):
            kept, renewed = None, upgrade_server(location, signer_role)
        else:
            if signer_role is not None:
                what = msg("--signer-role: a file has no roles; file permissions decide who may use it")
                raise BadInput([(None, what)])
            kept = upgrade(file_of(location), key_of)
            renewed = {} if kept else renewed_in(file_of(location))
    with session.ledger(location) as ledger:
        begun = begin_record(ledger.store, place)
        head, root = ledger.store.head(), root_text(ledger.store)
    if as_json:
        print_json({"file": shown, "kept": str(kept) if kept else None, "entries": head, "root": root,
                    "record": str(beside(place, ".signed")) if begun else None, "renewed": list(renewed)})  # fmt: skip
        return
    if kept:
        _tell_copied(shown, place, head, root, kept, makes_key=bool(made))
    _tell(shown, place, kept=kept, renewed=renewed, begun=begun)


def _tell_copied(shown: str, place: Path, entries: int, root: str, kept: Path, *, makes_key: bool) -> None:
    click.echo(
        msg(
            "{file} is up to date: {entries:entry|entries}, root {root}\nThe file as it was is kept as {kept}",
            file=shown, entries=entries, root=root, kept=str(kept),
        )
    )  # fmt: skip
    if makes_key:
        click.echo(msg("{key} signs its checkpoints: keep it secret, and note that no backup holds it", key=str(place)))


def _tell(shown: str, place: Path, *, kept: Path | None, renewed: Mapping[str, str], begun: bool) -> None:
    from ledger.integrity.keyfile import beside, lies_at

    if renewed:
        click.echo(
            msg(
                "{ledger} now has the guards of a new ledger; renewed: {what}",
                ledger=shown,
                what=tuple(renewed.values()),
            )
        )
    if begun:
        record = str(beside(place, ".signed"))
        click.echo(msg("{file} records what the key signed last: keep it with the key", file=record))
    if not (kept or renewed or begun):
        click.echo(msg("{ledger} was up to date already; nothing was changed", ledger=shown))
    if not lies_at(place):
        lacking = msg(
            "the signing key is not at {key}; run this once where the key is, with --key-file", key=str(place)
        )
        click.echo(f"liggare: {lacking}", err=True)
