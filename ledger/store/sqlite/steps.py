"""Bounds on reading a file that somebody may have written by hand: how long a statement runs, how large a value is."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from ledger.limits import LARGEST_FILE
from ledger.store.sqlite import faults

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = 250_000  # steps of SQLite's between two looks, some 5 ms
EVEN_IF_EMPTY = 2_000_000  # steps
LONGEST_ROW = LARGEST_FILE + 2**20  # bytes; a document's, and what stands beside it
UNALLOCATED = 2**26  # bytes of a file that count though they do not lie on the disk
BLOCK = 8 * 512  # bytes of a file for each that st_blocks counts, which some file systems count once compressed
A_BYTE = 16  # steps; a scan takes some ten for each row, and a row some hundred bytes


class Steps:
    """Ends a statement that takes many times the steps of reading the whole file at `path`. SQLite counts what a plain
    count(*) reads as one: nothing here could end that. sqlite.org/c3ref/progress_handler.html, sqlite.org/opcode.html.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._taken = 0
        self._is_bounded = True
        self.endless = False  # whether the last statement was ended here

    def watch(self, connection: sqlite3.Connection) -> None:
        connection.set_progress_handler(self._look, AT_ONCE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_ROW)

    def begin(self, *, bounded: bool = True) -> None:
        """Counts anew, for a statement that comes next; one that writes many rows, or asks for many things, has no
        bound.
        """
        self.endless, self._taken, self._is_bounded = False, 0, bounded

    def pass_on_interrupt(self, error: sqlite3.Error) -> None:
        """Raises the interrupt that came while SQLite asked whether to go on: its error does not tell of it."""
        if faults.family(error) == "SQLITE_INTERRUPT" and not self.endless:
            raise KeyboardInterrupt from None

    def _look(self) -> bool:
        self._taken += AT_ONCE if self._is_bounded else 0
        self.endless = self._taken > EVEN_IF_EMPTY + A_BYTE * self.size()
        return self.endless

    def size(self) -> int:
        """Bytes of the file and its write-ahead log. A file with holes, which anybody can make of any length, counts by
        what of it lies on the disk; so do those of which a file system has not counted that yet.
        """
        size = 0
        for path in (self._path, self._path.with_name(f"{self._path.name}-wal")):
            with suppress(OSError):
                found = path.stat()
                size += min(found.st_size, max(found.st_blocks * BLOCK, UNALLOCATED))
        return size
