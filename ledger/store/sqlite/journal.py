"""Chooses the journal mode of a ledger's file and moves the file to that mode. Knows SQLite's versions and nothing of
ledgers.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Literal

from ledger.store.sqlite.faults import busy

Mode = Literal["wal", "truncate"]

RETRY_S = 0.05


def best_mode(version: tuple[int, ...]) -> Mode:
    """Returns "wal" for a SQLite version in which the bug that can lose commits of concurrent writers is fixed
    (sqlite.org/wal.html#walresetbug). Returns "truncate", a rollback journal that each commit cuts to nothing, for all
    other versions.
    """
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "wal" if fixed else "truncate"


def mode_of(connection: sqlite3.Connection) -> str:
    """Returns the name of the file's current journal mode, in lower case."""
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def settle(connection: sqlite3.Connection, wanted: Mode, seconds: float) -> None:
    """Moves the file to the journal mode `wanted`. A move into WAL is tried once and succeeds only if nobody else uses
    the file at that moment. A move out of WAL is required: this function waits up to `seconds` for other programs to
    close the file, and then raises SQLITE_BUSY.
    """
    if mode_of(connection) == wanted:
        return
    if wanted == "wal" and _moved(connection, "wal"):
        return
    deadline = time.monotonic() + seconds
    while not _moved(connection, "truncate"):
        if time.monotonic() > deadline:
            connection.execute("PRAGMA journal_mode = truncate")  # A last try raises SQLite's own error.
        time.sleep(RETRY_S)


def _moved(connection: sqlite3.Connection, mode: Mode) -> bool:
    """Tries once to change the journal mode, and returns whether the file has that mode now. The call never waits for a
    lock, since SQLite itself does not always wait for a lock when it changes the mode.
    """
    waiting = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        return bool(connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0] == mode)
    except sqlite3.OperationalError as error:
        if busy(error):
            return False
        raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {waiting}")
