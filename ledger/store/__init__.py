"""Where a ledger is kept. Opening never creates, creating never overwrites; only this package speaks SQL."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import BadInput, DriverMissing
from ledger.store.api import PATIENCE_S, UNSEEN, Mark, Store
from ledger.store.files import ANYONES
from ledger.store.filing import new_file
from ledger.store.memory import MemoryStore
from ledger.store.recorder import SqlStore
from ledger.store.sqlite.database import SqliteFile
from ledger.store.sqlite.opening import file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "UNSEEN",
    "Mark",
    "MemoryStore",
    "SqlStore",
    "Store",
    "beside",
    "copied",
    "creating",
    "open_store",
    "upgrade_server",
]

SERVERS = ("postgresql://", "postgresql+psycopg://")


def open_store(location: str, *, timeout: float = PATIENCE_S) -> SqlStore:
    """The ledger at a path or an SQLAlchemy URL. Waits up to `timeout` seconds for a lock that another holds."""
    if location.startswith(SERVERS):
        with _driver():
            from ledger.store.postgres.address import address_of
            from ledger.store.postgres.database import PostgresDatabase
        return SqlStore(PostgresDatabase(address_of(location), timeout=timeout))
    return SqlStore(SqliteFile(file_of(location), timeout=timeout))


@contextmanager
def creating(
    location: str,
    *,
    ledger_id: str | None = None,
    public_key: str = "",
    role: str | None = None,
    signer_role: str | None = None,
    permissions: int = ANYONES,
    known_in: Path | None = None,
) -> Iterator[SqlStore]:
    """A new, empty ledger for which `public_key` signs. It lies at `location` if the block ends well; if not, nothing
    does. Refuses a place that is taken. Open it again afterwards to use it on. On a server, `role` may then ask and
    record, and nothing else; `signer_role` also appends what signing rests on and keeps checkpoints, which without it
    only the owner of the schema does. A file has `permissions`, as far as the umask allows; while it is made, it is
    found from `known_in` too.
    """
    if location.startswith(SERVERS):
        with _driver():
            from ledger.store.postgres.address import address_of
            from ledger.store.postgres.making import made
        place, key = address_of(location), public_key
        with made(place, ledger_id=ledger_id, public_key=key, role=role, signer_role=signer_role) as database:
            yield SqlStore(database)
        return
    for option, given in (("--role", role), ("--signer-role", signer_role)):
        if given is not None:
            raise BadInput([(None, f"{option}: a file knows no roles; who may use it, the file system says")])
    with new_file(
        location, ledger_id=ledger_id, public_key=public_key, permissions=permissions, known_in=known_in
    ) as store:
        yield store


def copied(
    source: SqlStore,
    location: str,
    *,
    role: str | None = None,
    signer_role: str | None = None,
    told: Callable[[int], None] | None = None,
) -> None:
    """Afterwards the same ledger lies at `location` too. Refuses a place that is taken; `told` hears how far it is."""
    with creating(
        location,
        ledger_id=source.ledger_id,
        public_key=source.public_key,
        role=role,
        signer_role=signer_role,
        permissions=source.permissions,
        known_in=source.home,
    ) as copy:
        copy.fill(source, told)


def beside(location: str, suffix: str) -> Path:
    """Where a file that belongs to the ledger lies: beside its own, or here, by the name of its schema on a server."""
    if location.startswith(SERVERS):
        from ledger.store.postgres.address import address_of

        return Path(f"{address_of(location).schema}{suffix}")
    path = file_of(location)
    return path.parent / f"{path.name}{suffix}"  # a folder's own name may be empty


def upgrade_server(location: str, signer_role: str | None = None, *, timeout: float = PATIENCE_S) -> tuple[str, ...]:
    """Gives a ledger on a server today's guards and rights, for its owner, and returns those that it had not, by name.
    `signer_role` signs for it from now on; None leaves that as it is.
    """
    with _driver():
        from ledger.store.postgres.address import address_of
        from ledger.store.postgres.upgrade import upgrade
    return upgrade(address_of(location), signer_role, timeout)


@contextmanager
def _driver() -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise DriverMissing from None
