"""`liggare rotate-key`: from then on another key signs the checkpoints."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from cli.answers import answer_recorded
from cli.keys import key_at, key_file, key_kept, key_path, load_key
from cli.options import recording
from ledger.errors import NoSigningKey, Unusable

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session


@click.command("rotate-key")
@click.option("--reason", metavar="TEXT", help="The reason, in words.")
@click.option("--lost", is_flag=True, help="The old key is lost, and cannot sign that this one follows it.")
@key_file
@recording
@click.pass_obj
def rotate_key(session: Session, /, *, reason: str | None, lost: bool, key_file: Path | None, location: str, by: str,
               key: str | None, as_json: bool) -> None:  # fmt: skip
    """Makes another key, which signs from now on.

    Records `signing-key-changed`, and signs a checkpoint with both keys: whoever trusts the old one learns the new. The
    new key takes the place of the old file, which is kept beside it.

    \b
    Example:  liggare rotate-key --reason "another keeper"
    """
    from ledger.checkpoints import key_for, origin, sign, signing_keys
    from ledger.events.parse import parse_event
    from ledger.proof.note import format_vkey

    with session.ledger(location) as ledger:
        store, place = ledger.store, key_path(location, key_file)
        name, now = origin(store.ledger_id), key_for(signing_keys(store), store.head())
        old = [] if lost or now is None else [load_key(place, name)]
        new_place = place.with_name(f"{place.name}.new")
        new = key_at(new_place, name)
        with key_kept(new_place, new):
            pass  # it stays, whatever comes: an append whose outcome is unknown may have named it
        if old and now not in {old[0].verifier, new.verifier}:
            raise NoSigningKey(f"{place} is not the key that signs now; --lost makes another without it")
        event = parse_event(
            {
                "event": "signing-key-changed",
                "valid_on": session.today().isoformat(),
                "source": {"organ": "secretariat"},
                "public_key": format_vkey(new.verifier),
                **({"reason": reason} if reason else {}),
            },
            command="rotate-key",
        )
        recorded = ledger.record([event], by=by, key=session.keyed(key))
        sign(store, lambda: new, *old)
    _change_places(place, new_place, old[0].verifier.id.hex() if old else "lost")
    answer_recorded(recorded, [event], as_json=as_json)


def _change_places(place: Path, new_place: Path, old: str) -> None:
    try:
        with suppress(FileNotFoundError):
            place.rename(place.with_name(f"{place.name}.{old}"))
        new_place.rename(place)
    except OSError as error:
        raise Unusable(
            f"the key changed, but {new_place} could not take the place of {place}: {error.strerror}"
        ) from None
