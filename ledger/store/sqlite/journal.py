"""Which journal a ledger's file is kept with, and moving it there. Knows SQLite's versions and nothing of ledgers."""

from __future__ import annotations

import sqlite3
import time
from typing import Literal

from ledger.store.sqlite.faults import busy

Mode = Literal["wal", "truncate"]

RETRY_S = 0.05


def best_mode(version: tuple[int, ...]) -> Mode:
    """WAL where the bug that can lose commits of concurrent writers is fixed (sqlite.org/wal.html#walresetbug); else a
    rollback journal, cut to nothing at each commit.
    """
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "wal" if fixed else "truncate"


def mode_of(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def settle(connection: sqlite3.Connection, wanted: Mode, seconds: float) -> None:
    """Moves the file to the journal `wanted`. Into WAL only if nobody uses the file right now; out of WAL it must,
    so it waits `seconds` for others to leave and raises SQLITE_BUSY then.
    """
    if mode_of(connection) == wanted:
        return
    if wanted == "wal" and _moved(connection, "wal"):
        return
    deadline = time.monotonic() + seconds
    while not _moved(connection, "truncate"):
        if time.monotonic() > deadline:
            connection.execute("PRAGMA journal_mode = truncate")  # once more, for its error
        time.sleep(RETRY_S)


def _moved(connection: sqlite3.Connection, mode: Mode) -> bool:
    """SQLite does not always wait for the lock here, so we never do."""
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
