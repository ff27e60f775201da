"""Copies a ledger's file while other programs write to it. The copy uses SQLite's backup API, because only SQLite knows
which pages and files belong together.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from ledger.errors import LockBusy
from ledger.store.files import appearing
from ledger.store.sqlite import faults, opening

if TYPE_CHECKING:
    from pathlib import Path


STEP_PAGES = 1_024  # A step of 4 MB makes writers wait a few milliseconds.
PAUSE_S = 0.002
RESTARTS = 5


class Source(Protocol):
    """The file of an open ledger, which is to be copied."""

    where: str
    timeout: float

    @property
    def permissions(self) -> int: ...

    @property
    def home(self) -> Path: ...

    def connect(self) -> sqlite3.Connection: ...


class _Outrun(Exception):
    """Raised when other programs write so often that the copy restarts again and again."""


def copy(file: Source, path: Path) -> None:
    """Writes the ledger, as it was at one moment, to a new file at `path`. The copy has a rollback journal, so that it
    can be read from a read-only disk too. Raises LedgerExists when `path` is taken, and LockBusy when another program
    holds a lock for too long.
    """
    with appearing(path, file.permissions, known_in=file.home) as building:
        try:
            with closing(file.connect()) as source, closing(sqlite3.connect(building, isolation_level=None)) as target:
                try:
                    source.backup(target, pages=STEP_PAGES, progress=_Patience(file.timeout), sleep=PAUSE_S)
                except _Outrun:
                    source.backup(target, pages=-1, progress=_Patience(file.timeout), sleep=PAUSE_S)
                target.execute("PRAGMA journal_mode = DELETE")
                opening.recognise(target, building, str(path))
        except sqlite3.Error as error:
            damaged = faults.family(error) in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
            where = file.where if damaged else str(path)
            raise faults.meaning(error, where, file.timeout) or error from None


class _Patience:
    """The progress callback of a backup, called after each step. The pause after each step lets other programs write.
    Raises LockBusy when another program holds a lock for too long, and _Outrun after too many restarts.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._moved = time.monotonic()
        self._least: int | None = None
        self._restarts = 0

    def __call__(self, status: int, remaining: int, _total: int) -> None:
        now = time.monotonic()
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            if now - self._moved > self._seconds:
                raise LockBusy(self._seconds)
            return
        self._moved = now
        if self._least is not None and remaining > self._least:
            self._restarts += 1
            if self._restarts > RESTARTS:
                raise _Outrun
        self._least = remaining
        if remaining:
            time.sleep(PAUSE_S)
