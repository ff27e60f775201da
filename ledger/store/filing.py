"""Creates a ledger in a new file, which appears under its name only when the ledger is complete."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.store.files import ANYONES, appearing
from ledger.store.recorder import SqlStore
from ledger.store.sqlite.database import SqliteFile
from ledger.store.sqlite.making import make
from ledger.store.sqlite.opening import file_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def new_file(
    location: str,
    *,
    ledger_id: str | None = None,
    public_key: str = "",
    permissions: int = ANYONES,
    known_in: Path | None = None,
) -> Iterator[SqlStore]:
    """Creates a new, empty ledger in a file and yields its store. The file appears at `location` only if the block ends
    without an exception. The file's mode is `permissions`, reduced by the umask. A link in the directory `known_in`
    leads to the unfinished file, so that its remains can be removed if this process is killed. Raises LedgerExists when
    `location` is taken.
    """
    path = file_of(location)
    with appearing(path, permissions, known_in) as building:
        make(building, str(path), ledger_id, public_key)
        with SqlStore(SqliteFile(building, where=str(path))) as store:
            yield store


def copy_to_file(source: SqlStore, path: Path) -> None:
    """Copies the ledger `source` to a new file at `path`. Raises LedgerExists when `path` is taken."""
    given = {"ledger_id": source.ledger_id, "public_key": source.public_key}
    with new_file(str(path), permissions=source.permissions, known_in=source.home, **given) as copy:
        copy.fill(source, None)
