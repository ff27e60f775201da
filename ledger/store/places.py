"""Opens, creates and copies ledgers, in a file or on a server. Opening never creates, and creating never overwrites."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import BadInput, DriverMissing
from ledger.messages import msg
from ledger.store.api import PATIENCE_S
from ledger.store.files import ANYONES
from ledger.store.filing import new_file
from ledger.store.recorder import SqlStore
from ledger.store.sqlite.database import SqliteFile
from ledger.store.sqlite.opening import file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SERVERS = ("postgresql://", "postgresql+psycopg://")


def open_store(location: str, *, timeout: float = PATIENCE_S) -> SqlStore:
    """Opens the ledger at `location`, a path or an SQLAlchemy URL, and returns its store. Waits up to `timeout` seconds
    for a lock that another program holds.

    Raises LedgerMissing, NotALedger, Damaged, OlderLedger or NewerLedger when `location` holds no usable ledger, and
    DriverMissing for a server's URL without the extra `postgres`.
    """
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
    """Creates a new, empty ledger and yields its store. `public_key` is the key that signs for the ledger.

    The ledger appears at `location` only if the block ends without an exception; otherwise nothing is left at
    `location`. The store is closed when the block ends; to open the ledger afterwards, call `open_store`. Raises
    LedgerExists when `location` is taken.

    On a server, `role` is granted the rights to read and to record, and no others. `signer_role` may also append key
    changes and restores, and store checkpoints. Without a `signer_role`, only the owner of the tables may sign. Raises
    BadInput for either role when `location` is a file.

    A file gets the mode `permissions`, reduced by the umask. A link in the directory `known_in` leads to the unfinished
    file, so that its remains can be removed if this process is killed.
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
            told = msg("{option}: a file has no roles; the file system decides who may use it", option=option)
            raise BadInput([(None, told)])
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
    """Copies the ledger `source` to `location`, with its id and public key. Raises LedgerExists when `location` is
    taken. `role` and `signer_role` get the same rights as in `creating`. `told` is called with the number of rows
    copied so far, once every 1,000 rows.
    """
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
    """Returns the path of a file that belongs to the ledger at `location`: the ledger file's own path followed by
    `suffix`. For a ledger on a server, returns a path in the current directory: the schema's name followed by `suffix`.
    """
    if location.startswith(SERVERS):
        from ledger.store.postgres.address import address_of

        return Path(f"{address_of(location).schema}{suffix}")
    path = file_of(location)
    return path.parent / f"{path.name}{suffix}"  # with_name() would fail for a path without a name, such as `.`


def upgrade_server(location: str, signer_role: str | None = None, *, timeout: float = PATIENCE_S) -> dict[str, str]:
    """Gives a ledger on a server the triggers and the rights of roles that a new ledger has. Only the owner of the
    schema may upgrade the ledger. Returns the objects and rights that were renewed: by name, the name in the current
    language. `signer_role` signs for the ledger from now on; None leaves the signer unchanged.
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
