"""Bounds on reading a file that somebody may have forged: how long a statement may run, and how large a value may
be.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from ledger.limits import LARGEST_FILE
from ledger.store.sqlite import faults

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = 250_000  # SQLite calls the progress handler after every 250,000 steps, about every 5 ms.
EVEN_IF_EMPTY = 2_000_000  # A statement may always take this many steps.
# LONGEST_ROW has room for the largest document and the other values in its row.
LONGEST_ROW = LARGEST_FILE + 2**20
UNALLOCATED = 2**26  # The first 64 MiB of a file are counted even if no disk blocks hold them.
# Each block of st_blocks counts as eight blocks of 512 bytes, since some file systems count compressed blocks.
BLOCK = 8 * 512
# A statement may take 16 steps per byte of the file: a scan takes about ten steps a row, and a row has about a hundred
# bytes.
A_BYTE = 16


class Steps:
    """Interrupts a statement that takes many times the steps of reading the whole file at `path`. SQLite counts a plain
    count(*) as a single step, so no plain count(*) can be interrupted. Sources: sqlite.org/c3ref/progress_handler.html,
    sqlite.org/opcode.html.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._taken = 0
        self._is_bounded = True
        self.endless = False  # True if this class interrupted the last statement.

    def watch(self, connection: sqlite3.Connection) -> None:
        """Sets the bounds on a connection: the progress handler, and the length of a value."""
        connection.set_progress_handler(self._look, AT_ONCE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_ROW)

    def begin(self, *, bounded: bool = True) -> None:
        """Resets the step count for the next statement. `bounded` is false for a statement without a limit, which
        writes many rows or was built by the caller.
        """
        self.endless, self._taken, self._is_bounded = False, 0, bounded

    def pass_on_interrupt(self, error: sqlite3.Error) -> None:
        """Raises KeyboardInterrupt if Ctrl-C interrupted the statement. SQLite's error is the same for Ctrl-C as for a
        statement that this class interrupted.
        """
        if faults.family(error) == "SQLITE_INTERRUPT" and not self.endless:
            raise KeyboardInterrupt from None

    def _look(self) -> bool:
        self._taken += AT_ONCE if self._is_bounded else 0
        self.endless = self._taken > EVEN_IF_EMPTY + A_BYTE * self.size()
        return self.endless

    def size(self) -> int:
        """Returns the number of bytes of the file and its write-ahead log. A sparse file can claim any length at no
        cost, so only bytes in blocks on the disk are counted. The first 64 MiB of a file are always counted, since a
        file system may not have counted fresh blocks yet.
        """
        size = 0
        for path in (self._path, self._path.with_name(f"{self._path.name}-wal")):
            with suppress(OSError):
                found = path.stat()
                size += min(found.st_size, max(found.st_blocks * BLOCK, UNALLOCATED))
        return size
