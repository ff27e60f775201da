"""Someone with full write access to a ledger's file: takes its guards away, changes it, puts the guards back."""

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
    """The file without its triggers; afterwards they are as before."""
    with closing(sqlite3.connect(place)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, guard in guards:
            connection.execute(guard)
        connection.commit()


def entries_of(place: Path) -> list[bytes]:
    """The stored bytes of every entry."""
    with closing(sqlite3.connect(place)) as connection:
        return [data for (data,) in connection.execute("SELECT data FROM entries ORDER BY position")]


def rewritten(data: bytes, **changes: object) -> bytes:
    """An entry's bytes with other fields, canonical again."""
    document = orjson.loads(data)
    for name, value in changes.items():
        (document if name in document else document["fields"])[name] = value
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def regrown(connection: sqlite3.Connection, entries: list[bytes]) -> None:
    """The whole log written anew from these bytes, so that every hash and index agrees; names where they were."""
    for table in ("tags", "tiles", "entries"):
        connection.execute(f"DELETE FROM {table}")
    for position, data in enumerate(entries, 1):
        entry = decode(rewritten(data, recorded_at=A_MOMENT), position)  # whatever moment it says itself
        tags = [*tags_of(entry.event), f"key:{entry.key}"]
        row = (position, entry.event.event_name, leaf_hash(data), data, "\n".join(tags))
        connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", row)
        connection.executemany("INSERT INTO tags VALUES (?, ?)", [(tag, position) for tag in tags])
