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
from ledger.store.packing import IDS, packed
from ledger.store.query import positions_in

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
    for table in ("postings", "words", "tiles", "entries"):
        connection.execute(f"DELETE FROM {table}")
    for position, data in enumerate(entries, 1):
        # The entry is decoded with a valid recording time, because its own may be invalid.
        entry = decode(rewritten(data, recorded_at=A_MOMENT), position)
        kind, tags = entry.event.event_name, [*tags_of(entry.event), f"key:{entry.key}"]
        row = (position, kind, leaf_hash(data), data, packed(IDS, [id_of(connection, "tag", tag) for tag in tags]))
        connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", row)
        list_under(connection, "type", kind, position)
        for tag in tags:
            list_under(connection, "tag", tag, position)


def list_under(connection: sqlite3.Connection, kind: str, word: str, position: int) -> None:
    """Adds a posting that lists a position under a type or a tag."""
    connection.execute("INSERT INTO postings VALUES (?, ?, x'')", (id_of(connection, kind, word), position))


def keep_as(connection: sqlite3.Connection, kind: str, position: int) -> None:
    """Changes the type under which an entry is kept and found."""
    [(was,)] = connection.execute("SELECT type FROM entries WHERE position = ?", (position,))
    word = id_of(connection, "type", was)
    for first, rest in connection.execute("SELECT first, rest FROM postings WHERE word = ?", (word,)).fetchall():
        listed = positions_in(first, rest)
        if position in listed:
            connection.execute("DELETE FROM postings WHERE word = ? AND first = ?", (word, first))
            for other in listed:
                list_under(connection, "type", kind if other == position else was, other)
    connection.execute("UPDATE entries SET type = ? WHERE position = ?", (kind, position))


def id_of(connection: sqlite3.Connection, kind: str, word: str) -> int:
    """Returns the id of a type or a tag, which is added to the words if it is not there."""
    found = connection.execute("SELECT id FROM words WHERE kind = ? AND word = ?", (kind, word)).fetchone()
    if not found:
        new = "INSERT INTO words SELECT coalesce(max(id), 0) + 1, ?, ? FROM words RETURNING id"
        found = connection.execute(new, (kind, word)).fetchone()
    return int(found[0])
