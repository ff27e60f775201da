"""Where the key lies that signs a ledger's checkpoints, and a new ledger with its key."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import click

from ledger.errors import LedgerExists, MayNotLast, OutcomeUnknown, Unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.proof.note import Signer
    from ledger.store import SqlStore

key_file = click.option(
    "--key-file",
    envvar="LIGGARE_KEY_FILE",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The key that signs; what it signed last is kept beside it, in FILE.signed.  [env: LIGGARE_KEY_FILE]"
    "  [default: beside the ledger, its name and .key]",
)
vkey_option = click.option(
    "--vkey",
    metavar="VKEY",
    help="The ledger's public key, as you have it from elsewhere: it must lead to the last.",
)


def key_path(location: str, given: Path | None) -> Path:
    """Where a ledger's key lies: as given, else beside its file."""
    if given is not None:
        return given
    from ledger.store import beside

    return beside(location, ".key")


@contextmanager
def creating_signed(
    location: str, place: Path, role: str | None = None, signer_role: str | None = None
) -> Iterator[SqlStore]:
    """A new ledger as `ledger.store.creating` makes it, the key that signs for it, and the key's record."""
    from ledger.integrity.checkpoints import origin
    from ledger.proof.note import format_vkey
    from ledger.store import creating

    ledger_id = token_hex(16)
    _refuse_existing(location)
    with making_key(place, origin(ledger_id)) as (signer, keep):
        public_key = format_vkey(signer.verifier)
        with creating(
            location, ledger_id=ledger_id, public_key=public_key, role=role, signer_role=signer_role
        ) as store:
            keep()
            yield store


@contextmanager
def making_key(place: Path, name: str) -> Iterator[tuple[Signer, Callable[[], None]]]:
    """A new key for a ledger that is made in the block, and what keeps it, durably, in `.new`, and its record. If the
    block ends well the key then lies at `place`; if not, both files are gone again. Whoever is killed in between leaves
    a key that the next command on the ledger takes up; where there is no ledger, the next one made there puts it away.
    Refuses a key that lies at `place` already: it may be another ledger's. Of two who make a ledger with one key file
    at once, one waits, and is refused.
    """
    from ledger.integrity.keyfile import locked

    with locked(place), _made(place, name) as made:
        yield made


@contextmanager
def _made(place: Path, name: str) -> Iterator[tuple[Signer, Callable[[], None]]]:
    from ledger.integrity.keyfile import (
        begun_together,
        beside,
        first_record,
        keep_key,
        lies_at,
        new_key,
        put_away,
        settle,
        write_record,
    )

    new, record = beside(place, ".new"), beside(place, ".signed")
    if lies_at(place) or (lies_at(record) and not begun_together(place)):
        raise Unusable(
            f"a signing key lies at {place} already, or its record: it may be another ledger's. Move it away, or give"
            " another place with --key-file"
        )
    made = [path for path in (new, record) if not lies_at(path)]
    signer = new_key(name)

    def keep() -> None:
        put_away(place, name, ".new")
        keep_key(new, signer)
        write_record(place, first_record(signer), [signer.verifier])

    try:
        yield signer, keep
    except (MayNotLast, OutcomeUnknown):
        raise  # the ledger may be there, and this is its key; so it may where someone interrupts
    except Exception:
        for path in made:
            with suppress(OSError):
                path.unlink()
        raise
    settle(place, signer.verifier)


def _refuse_existing(location: str) -> None:
    """The ledger that is there is told of before its key is."""
    from ledger.store import SERVERS
    from ledger.store.sqlite.opening import file_of

    if not location.startswith(SERVERS) and os.path.lexists(file_of(location)):
        raise LedgerExists(file_of(location))
