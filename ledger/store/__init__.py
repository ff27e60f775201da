"""Where a ledger is kept. Opening never creates, creating never overwrites; only this package speaks SQL."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .api import Store
from .files import appearing
from .making import make
from .memory import MemoryStore
from .opening import file_of
from .recorder import SqlStore
from .sqlite import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MemoryStore", "SqlStore", "Store", "creating", "open_store"]


def open_store(location: str, *, timeout: float = 30.0) -> SqlStore:
    """The ledger at a path or an SQLAlchemy URL. Waits up to `timeout` seconds for a lock that another holds."""
    path = file_of(location)
    return SqlStore(SqliteFile(path, timeout=timeout))


@contextmanager
def creating(location: str, *, ledger_id: str | None = None, public_key: str = "") -> Iterator[SqlStore]:
    """A new, empty ledger for which `public_key` signs. It lies at `location` if the block ends well; if not, nothing
    does. Refuses a place that is taken. Open it again afterwards to use it on.
    """
    path = file_of(location)
    with appearing(path) as building:
        make(building, str(path), ledger_id, public_key)
        with SqlStore(SqliteFile(building, where=str(path))) as store:
            yield store
