"""What every program must do at least: the same rows through `sqlite3` itself, with the ledger's settings, in one table
without index or trigger. `python -m bench.plain LEDGER AFTER FILE` inserts the entries after a position into a new
FILE, and prints processor seconds per entry.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from itertools import count
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from ledger.store import open_store
from ledger.store.sqlite.database import SETTINGS
from ledger.store.sqlite.journal import best_mode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventsourcing.dcb.api import DCBEvent

    from ledger.store import Store

    Row = tuple[int, str, bytes, str]

COLUMNS = "position INTEGER PRIMARY KEY, type TEXT, data BLOB, tags TEXT"
INSERT = "INSERT INTO entries (position, type, data, tags) VALUES (?, ?, ?, ?)"


def opened(path: Path) -> sqlite3.Connection:
    """Returns a connection with the ledger's settings. Transactions begin and end where the caller says so."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    for setting in (f"journal_mode = {best_mode(sqlite3.sqlite_version_info)}", *SETTINGS):
        connection.execute(f"PRAGMA {setting}")
    return connection


def made(path: Path) -> sqlite3.Connection:
    """Returns a connection to a new database with an empty table."""
    connection = opened(path)
    connection.execute(f"CREATE TABLE entries ({COLUMNS})")
    return connection


def row(position: int, event: DCBEvent) -> Row:
    return position, event.type, event.data, "\n".join(event.tags)


def rows(store: Store, after: int = 0) -> list[Row]:
    """Returns the entries after a position as rows, with their own positions."""
    return [row(position, one.event) for position, one in zip(count(after + 1), store.read(after=after), strict=False)]


def inserted(connection: sqlite3.Connection, told: Iterable[Row]) -> None:
    """Inserts rows in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT, told)
    connection.execute("COMMIT")


def main(ledger: str, after: str, file: str) -> None:
    """Inserts all rows at once, prints what each took, and removes the file."""
    with open_store(ledger) as store:
        told = rows(store, int(after))
    with closing(made(Path(file))) as connection:
        begun = process_time()
        inserted(connection, told)
        print((process_time() - begun) / len(told))
    Path(file).unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
