"""A new ledger in a file: whatever a ledger is copied from, it takes its name once it is whole."""

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
    """A new, empty ledger, which lies at `location` if the block ends well; if not, nothing does. It has `permissions`,
    as far as the umask allows; while it is made, it is found from `known_in` too.
    """
    path = file_of(location)
    with appearing(path, permissions, known_in) as building:
        make(building, str(path), ledger_id, public_key)
        with SqlStore(SqliteFile(building, where=str(path))) as store:
            yield store


def copy_to_file(source: SqlStore, path: Path) -> None:
    """Afterwards the same ledger lies at `path` too."""
    given = {"ledger_id": source.ledger_id, "public_key": source.public_key}
    with new_file(str(path), permissions=source.permissions, known_in=source.home, **given) as copy:
        copy.fill(source, None)
