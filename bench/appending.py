"""Durable appends, one at a time, ours and plain SQLite's in turn: `python -m bench.appending LEDGER FOLDER`.

Ours: the recorder's append of one event with its tags, on the condition that the log has not moved. Plain: sqlite3's
INSERT of the same row into a table without index or trigger, and COMMIT, with the same settings. Both onto a copy of
LEDGER's entries. Prints the median seconds of each.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery

from ledger.store import open_store
from ledger.store.journal import best_mode
from ledger.store.sqlite import SETTINGS

if TYPE_CHECKING:
    from ledger.store import Store

APPENDS = 60
ROW = "INSERT INTO entries (position, type, data, tags) VALUES (?, ?, ?, ?)"


def main(ledger: str, folder: str) -> None:
    """Appends the last event of the ledger again and again."""
    ours, plain = Path(folder, "ours.db"), Path(folder, "plain.db")
    shutil.copy(ledger, ours)
    with open_store(str(ours)) as store, closing(_plain(store, plain)) as connection:
        head = store.head()
        (last,) = (found.event for found in store.read(after=head - 1))
        times = [_both(store, connection, last, head + done) for done in range(APPENDS)]
    for path in (ours, plain):
        path.unlink()
    print(*(median(series) for series in zip(*times, strict=True)))


def _both(store: Store, connection: sqlite3.Connection, event: DCBEvent, head: int) -> tuple[float, float]:
    begun = perf_counter()
    store.append([event], DCBAppendCondition(DCBQuery(), after=head))
    between = perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(ROW, (head + 1, event.type, event.data, "\n".join(event.tags)))
    connection.execute("COMMIT")
    return between - begun, perf_counter() - between


def _plain(store: Store, path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in (f"journal_mode = {best_mode(sqlite3.sqlite_version_info)}", *SETTINGS):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("CREATE TABLE entries (position INTEGER PRIMARY KEY, type TEXT, data BLOB, tags TEXT)")
    connection.execute("BEGIN")
    rows = ((one.position, one.event.type, one.event.data, "\n".join(one.event.tags)) for one in store.read())
    connection.executemany(ROW, rows)
    connection.execute("COMMIT")
    return connection


if __name__ == "__main__":
    main(*sys.argv[1:])
