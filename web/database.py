"""The SQLite file of the pages, or a database of the process alone: sessions and drafts, and nothing of a ledger.

The one place of the pages that speaks SQL.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

from ledger.errors import Unusable
from ledger.messages import cause, msg

if TYPE_CHECKING:
    from pathlib import Path

MARK = 0x4C49_5053  # application_id in the file's header, by which it is told from any other database

PATIENCE = 5.0  # seconds for which a lock of another program is waited for
OTHERS = 0o077  # the rights of a file's group, and of everybody
UNWRITABLE = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM}
)


class _DamagedError(sqlite3.DatabaseError):
    """A file of sessions whose pages do not hold together."""


FAILED = (sqlite3.Error, UnicodeDecodeError)  # the latter where SQLite quotes bytes of a damaged file in its message


class Database:
    """Runs statements, one at a time, from any thread. Each is durable to a crash of the process when it returns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = Lock()

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Runs a statement, and returns its rows."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def changes(self, statement: str, *values: object) -> bool:
        """Runs a statement, and returns whether it changed a row."""
        with self._lock:
            return self._connection.execute(statement, values).rowcount > 0

    def close(self) -> None:
        """Closes the database."""
        self._connection.close()


def in_memory() -> Database:
    """Returns a database that ends with the process."""
    return _opened(":memory:")


def at_file(path: Path) -> Database:
    """Returns the database in a file, which is made if it is missing, and which only its owner may read.

    Raises Unusable for a file that cannot be opened, and for another database, such as a ledger.
    """
    try:
        with closing(os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))):
            pass
        found = _opened(str(path))
        _private(path)
    except OSError as error:
        raise Unusable(msg("{file} cannot be opened: {error}", file=str(path), error=cause(error))) from None
    except FAILED as error:
        raise Unusable(_why(str(path), error)) from None
    return found


def _why(file: str, error: Exception) -> str:
    """Returns why SQLite could not open a file, and what to do."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_NOTADB) & 0xFF  # without what is added to a code
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return msg("{file} is locked by another program: end that one, or name another file", file=file)
    if code in UNWRITABLE:
        return msg("{file}, or the folder that it is in, cannot be written", file=file)
    if code == sqlite3.SQLITE_CORRUPT or isinstance(error, _DamagedError | UnicodeDecodeError):
        return msg("{file} is damaged: remove it, and everybody signs in again, or name another file", file=file)
    return msg("{file} is not a file of sessions: name another one", file=file)


def _private(path: Path) -> None:
    """Takes a file, and those that SQLite keeps beside it, from everybody but its owner, also where they were there
    before, such as a copy that was put back.
    """
    for one in (path, *(path.with_name(f"{path.name}{beside}") for beside in ("-wal", "-shm"))):
        with suppress(FileNotFoundError):  # not opened: that SQLite has locked it would be forgotten when it is closed
            if one.lstat().st_mode & OTHERS:
                one.chmod(0o600)


def _opened(place: str) -> Database:
    connection = sqlite3.connect(place, isolation_level=None, check_same_thread=False, timeout=PATIENCE)
    try:
        [[mark]] = connection.execute("PRAGMA application_id").fetchall()
        [[tables]] = connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        if mark != MARK and (mark or tables):
            raise sqlite3.DatabaseError
        [[state], *_] = connection.execute("PRAGMA quick_check(1)").fetchall()
        if state != "ok":
            raise _DamagedError
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA application_id = {MARK}")
    except FAILED:
        connection.close()
        raise
    return Database(connection)
