"""The place of the signing key of a ledger, and the creation of a ledger together with its signing key."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import click

from ledger.errors import LedgerError, LedgerExists, MayNotLast, OutcomeUnknown, Unusable
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.proof.note import Signer
    from ledger.store import SqlStore

key_file = click.option(
    "--key-file",
    envvar="LIGGARE_KEY_FILE",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The signing key. FILE.signed, in the same folder, records what it signed last.  [env: LIGGARE_KEY_FILE]"
    "  [default: the ledger's name and .key, in its folder]",
)
vkey_option = click.option(
    "--vkey",
    metavar="VKEY",
    help="The ledger's public key, obtained from another source: the current key must be this key or a successor.",
)


def key_path(location: str, given: Path | None) -> Path:
    """Returns the path of a ledger's signing key: the path given, or else the ledger's file name with `.key`, in its
    folder.

    For a ledger on a server, the default is the schema's name with `.key`, in the working directory.
    """
    if given is not None:
        return given
    from ledger.store import beside

    return beside(location, ".key")


@contextmanager
def creating_signed(
    location: str, place: Path, role: str | None = None, signer_role: str | None = None
) -> Iterator[SqlStore]:
    """Creates a ledger as `ledger.store.creating` does, with a new signing key and the key's record. Yields
    the store.
    """
    from ledger.integrity.checkpoints import origin
    from ledger.proof.note import format_vkey
    from ledger.store import creating

    ledger_id = token_hex(16)
    _refuse_existing(location, place)
    with making_key(place, origin(ledger_id)) as (signer, keep):
        public_key = format_vkey(signer.verifier)
        with creating(
            location, ledger_id=ledger_id, public_key=public_key, role=role, signer_role=signer_role
        ) as store:
            keep()
            yield store


@contextmanager
def making_key(place: Path, name: str) -> Iterator[tuple[Signer, Callable[[], None]]]:
    """Creates a signing key for a ledger that is created in the `with` block. Yields the signer, and a function that
    writes the key.

    The function writes the key durably to a file named `place` plus `.new`, and the key's record to a file named
    `place` plus `.signed`. When the block succeeds, the key is moved to `place`; when the block fails, both files are
    removed. If the process is killed before the block ends, the next command on the ledger moves the key to `place`; if
    there is no ledger, the next `init` at that place puts the key aside.

    Raises Unusable when a key is at `place` already, since it may belong to another ledger. When two processes create a
    ledger with one key file at once, one of them waits and is then refused.
    """
    from ledger.integrity.locking import locked

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
            msg(
                "a signing key or its record is already at {place}: it may be another ledger's. Move it, or give"
                " another place with --key-file",
                place=str(place),
            )
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
        raise  # the ledger may exist and need this key; KeyboardInterrupt keeps the key for the same reason
    except Exception:
        for path in made:
            with suppress(OSError):
                path.unlink()
        raise
    settle(place, signer.verifier)


def _refuse_existing(location: str, key: Path) -> None:
    """Raises LedgerExists before the key is looked at, so that the error is about the ledger and not about its key.

    A server is asked only if something is at the key's place, since the server itself refuses a second ledger.
    """
    from ledger.integrity.keyfile import beside, lies_at
    from ledger.store import SERVERS, open_store
    from ledger.store.sqlite.opening import file_of

    if not location.startswith(SERVERS):
        if os.path.lexists(file_of(location)):
            raise LedgerExists(file_of(location))
    elif lies_at(key) or lies_at(beside(key, ".signed")):
        try:
            open_store(location).close()
        except LedgerError:  # there is no ledger that can be used: what is wrong is told when one is created
            return
        raise LedgerExists(location)
