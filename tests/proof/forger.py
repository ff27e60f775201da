"""Simulates a forger with full write access to a ledger's file, who removes the triggers, changes the file, and
restores the triggers.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import orjson

from ledger.encoding import decode
from ledger.events.shape import tags_of
from ledger.proof.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

A_MOMENT = "2026-01-15T09:00:00.000000Z"


@contextmanager
def forging(place: Path) -> Iterator[sqlite3.Connection]:
    """Yields a connection to the file without its triggers, and restores the triggers afterwards."""
    with closing(sqlite3.connect(place)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, guard in guards:
            connection.execute(guard)
        connection.commit()


def entries_of(place: Path) -> list[bytes]:
    """Returns the stored bytes of every entry in a ledger's file."""
    with closing(sqlite3.connect(place)) as connection:
        return [data for (data,) in connection.execute("SELECT data FROM entries ORDER BY position")]


def rewritten(data: bytes, **changes: object) -> bytes:
    """Returns, in canonical form, an entry's bytes with other values in some fields."""
    document = orjson.loads(data)
    for name, value in changes.items():
        (document if name in document else document["fields"])[name] = value
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def regrown(connection: sqlite3.Connection, entries: list[bytes]) -> None:
    """Rewrites the whole log with these entries, so that every hash and index agrees. The stored names of persons stay
    at their positions.
    """
    for table in ("tags", "tiles", "entries"):
        connection.execute(f"DELETE FROM {table}")
    for position, data in enumerate(entries, 1):
        # The entry is decoded with a valid recording time, because its own may be invalid.
        entry = decode(rewritten(data, recorded_at=A_MOMENT), position)
        tags = [*tags_of(entry.event), f"key:{entry.key}"]
        row = (position, entry.event.event_name, leaf_hash(data), data, "\n".join(tags))
        connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", row)
        connection.executemany("INSERT INTO tags VALUES (?, ?)", [(tag, position) for tag in tags])
