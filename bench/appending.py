"""Measures durable appends, on the ledger and on plain SQLite in turn: `python -m bench.appending LEDGER FOLDER`.

The ledger appends an event with its tags, if the log has not grown. Plain SQLite, with the same settings and earlier
entries, commits the same row to a table without index or trigger. Recording an event with all rules judged, and
inserting all rows at once, are measured as well. Prints JSON: medians in seconds, and sizes in bytes.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery

from ledger.book import Ledger
from ledger.events.parse import parse_event
from ledger.store import open_store
from ledger.store.sqlite.database import SETTINGS
from ledger.store.sqlite.journal import best_mode

if TYPE_CHECKING:
    from ledger.store import Store

APPENDS = 60
EVENT = {
    "event": "payment-made", "valid_on": "2038-05-01", "source": {"organ": "official"}, "party": "sala",
    "purpose": "other", "amount": 150_000,
}  # fmt: skip
ROW = "INSERT INTO entries (position, type, data, tags) VALUES (?, ?, ?, ?)"


def main(ledger: str, folder: str) -> None:
    """Appends the ledger's last event repeatedly, and records an event, judged by all rules, repeatedly. Prints the
    results as JSON.
    """
    ours, plain = Path(folder, "ours.db"), Path(folder, "plain.db")
    shutil.copy(ledger, ours)
    with open_store(str(ours)) as store, closing(_plain(store, plain)) as connection:
        head = store.head()
        (last,) = (found.event for found in store.read(after=head - 1))
        both = [_both(store, connection, last, head + done) for done in range(APPENDS)]
        appended, plainly = (median(series) for series in zip(*both, strict=True))
        book = Ledger(store, lambda: datetime.now(UTC))
        warm = [_recorded(book) for _ in range(1 + APPENDS)][1:]
        rows = list(connection.execute("SELECT position, type, data, tags FROM entries"))
        found = {
            "append": appended,
            "plain append": plainly,
            "record warm": median(warm),
            "plain bulk": _bulk(rows, Path(folder, "bulk.db")),
            "disk": Path(ledger).stat().st_size,
            "payload": sum(len(row[2]) for row in rows),
        }
    for path in (ours, plain):
        path.unlink()
    print(json.dumps(found))


def _recorded(book: Ledger) -> float:
    event = parse_event(EVENT)
    begun = perf_counter()
    book.record([event], by="bench")
    return perf_counter() - begun


def _bulk(rows: list[tuple[object, ...]], path: Path) -> float:
    """Returns the processor seconds per entry of inserting all rows at once into a new, plain table."""
    with closing(_made(path)) as connection:
        begun = process_time()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(ROW, rows)
        connection.execute("COMMIT")
        seconds = process_time() - begun
    path.unlink()
    return seconds / len(rows)


def _both(store: Store, connection: sqlite3.Connection, event: DCBEvent, head: int) -> tuple[float, float]:
    """Returns the seconds of one append to the ledger, and the seconds of one plain insert."""
    begun = perf_counter()
    store.append([event], DCBAppendCondition(DCBQuery(), after=head))
    between = perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(ROW, (head + 1, event.type, event.data, "\n".join(event.tags)))
    connection.execute("COMMIT")
    return between - begun, perf_counter() - between


def _plain(store: Store, path: Path) -> sqlite3.Connection:
    """Returns a connection to a new, plain table that holds the entries of the store."""
    connection = _made(path)
    connection.execute("BEGIN")
    rows = ((one.position, one.event.type, one.event.data, "\n".join(one.event.tags)) for one in store.read())
    connection.executemany(ROW, rows)
    connection.execute("COMMIT")
    return connection


def _made(path: Path) -> sqlite3.Connection:
    """Returns a connection to a new database with the ledger's settings and one plain table."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in (f"journal_mode = {best_mode(sqlite3.sqlite_version_info)}", *SETTINGS):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("CREATE TABLE entries (position INTEGER PRIMARY KEY, type TEXT, data BLOB, tags TEXT)")
    return connection


if __name__ == "__main__":
    main(*sys.argv[1:])
