"""`liggare rotate-key`: replaces the key that signs the checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.keys import key_file, key_path
from cli.options import recording_unsigned
from cli.recorded import answer_recorded
from ledger.messages import msg
from presentation.words import visible

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session


@click.command("rotate-key")
@click.option("--reason", metavar="TEXT", help="The reason, in words.")
@click.option("--lost", is_flag=True, help="The old key is lost, and cannot sign for the new one.")
@key_file
@recording_unsigned
@click.pass_obj
def rotate_key(session: Session, /, *, reason: str | None, lost: bool, key_file: Path | None, location: str, by: str,
               key: str | None, as_json: bool) -> None:  # fmt: skip
    """Replaces the key that signs checkpoints.

    Records `signing-key-changed`, in which the old key signs for the new one, so that anyone who trusts the old key can
    trust the new. The new key replaces the old file, which is kept in the same folder under the key's id. If it is
    interrupted, run it again.

    With --lost, the old key signs nothing. Every verifier then reports the change, and passes the ledger only for users
    who were given the new key.

    \b
    Example:  liggare rotate-key --reason "another keeper"
    """
    from ledger.events.record import SigningKeyChanged
    from ledger.integrity.rotation import could_vouch, rotate

    with session.ledger(location) as ledger:
        place = key_path(location, key_file)
        needless = lost and could_vouch(ledger.store, place)
        recorded, not_signed = rotate(
            ledger, place, lost=lost, reason=reason, on=session.today(), by=by, key=session.keyed(key)
        )
        if not_signed:
            changed = msg("the key was changed; {why}", why=visible(str(not_signed)))
            click.echo(f"liggare: {changed}", err=True)
        if needless and not recorded.again:
            vouched = msg(
                "the old key was at {place}: without --lost it would have signed for the new one, and nobody would need"
                " another --vkey",
                place=visible(str(place)),
            )
            click.echo(f"liggare: {vouched}", err=True)
        more = {"not_signed": str(not_signed) if not_signed else None}
        answer_recorded(recorded, [entry.event for entry in recorded.entries], as_json=as_json, more=more)
        if not as_json:
            [change] = [one.event for one in recorded.entries if isinstance(one.event, SigningKeyChanged)]
            if change.lost:
                click.echo(msg("The new public key; give it to every party in person:"))
            else:
                click.echo(msg("The new public key, which the old key has signed for:"))
            click.echo(change.public_key)
