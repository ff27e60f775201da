"""The file with the key that signs a ledger's checkpoints: made once, read by its owner alone, never overwritten."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING

import click

from ledger.errors import NoSigningKey, NotPermitted, Unusable
from ledger.limits import read_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.proof.note import Signer
    from ledger.store import SqlStore

OTHERS = 0o077
LONGEST = 10_000  # bytes
key_file = click.option(
    "--key-file",
    envvar="LIGGARE_KEY_FILE",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The key that signs.  [env: LIGGARE_KEY_FILE]  [default: beside the ledger, its name and .key]",
)


def key_path(location: str, given: Path | None) -> Path:
    """Where a ledger's key lies: as given, else beside its file."""
    if given is not None:
        return given
    from ledger.store import beside

    return beside(location, ".key")


def key_at(path: Path, name: str) -> Signer:
    """The key that lies there, else a new one, in no file yet; to sign under `name`."""
    from ledger.proof.note import Signer

    return load_key(path, name) if os.path.lexists(path) else Signer(name, token_bytes(32))


@contextmanager
def key_kept(path: Path, signer: Signer) -> Iterator[None]:
    """Writes the key to its file, unless it lies there already. A file made here is gone again if the block fails."""
    from ledger.proof.note import format_skey

    if os.path.lexists(path):
        yield
        return
    try:
        opened = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise Unusable(f"the signing key {path} cannot be made: {error.strerror}") from None
    try:
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(f"{format_skey(signer)}\n")
            file.flush()
            os.fsync(file.fileno())
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def load_key(path: Path, name: str) -> Signer:
    """The key in a file, to sign under `name`. Refuses a file that others may read."""
    from ledger.proof.note import Signer, parse_skey

    try:
        mode, text = path.stat().st_mode, read_regular(path, LONGEST).decode("utf-8")
    except FileNotFoundError:
        raise NoSigningKey(
            f"the signing key {path} is not there; a backup does not hold it. Give its place with --key-file, or, if it"
            " is lost, make another: liggare rotate-key --lost"
        ) from None
    except OSError:
        raise NotPermitted(path, "read") from None
    except ValueError as error:  # no regular file, one that is too long, or no text
        raise NoSigningKey(f"{path} holds no signing key: {error}") from None
    if mode & OTHERS:
        raise NoSigningKey(f"others may read the signing key {path} (mode {mode & 0o777:04o}); chmod 600 {path}")
    try:
        return Signer(name, parse_skey(text.strip()).seed)
    except ValueError as error:
        raise NoSigningKey(f"{path} holds no signing key: {error}") from None


@contextmanager
def creating_signed(location: str, path: Path, role: str | None = None) -> Iterator[SqlStore]:
    """A new ledger as `ledger.store.creating` makes it, and the key that signs for it."""
    from ledger.checkpoints import origin
    from ledger.proof.note import format_vkey
    from ledger.store import creating

    ledger_id = token_hex(16)
    signer = key_at(path, origin(ledger_id))
    public_key = format_vkey(signer.verifier)
    with (
        creating(location, ledger_id=ledger_id, public_key=public_key, role=role) as store,
        key_kept(path, signer),
    ):
        yield store


def signer_of(location: str, given: Path | None, name: str) -> Callable[[], Signer]:
    """How the ledger's key is had once it is needed."""
    return lambda: load_key(key_path(location, given), name)
