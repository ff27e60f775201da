"""Changes that someone with write access can make to a ledger's database: odd values in each column, and surplus or
missing rows.

Each change is made to a small real ledger. The tables are loosened (no STRICT, NULL allowed) until SQLite accepts the
change. Afterwards the text of the schema is restored, because a ledger with another schema is not opened.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
VALUES: dict[str, object] = {  # description → a value to put into each column
    "null": None,
    "a number": 5,
    "a negative number": -1,
    "three milliards": 3_000_000_000,
    "the largest number": 2**63 - 1,
    "a fraction": 1.5,
    "no text": "",
    "a word": "x",
    "a text with signs that steer": "\x1b[2J\u202e\n\x00",
    "no bytes": b"",
    "bytes that are no text": b"\xff\xfe",
    "an object": b"{}",
    "a list": b"[]",
    "deep": DEEP,
    "deep text": DEEP.decode(),
    "a million letters": "x" * 1_000_000,
}
COLUMNS = (
    "ledger.schema_version", "ledger.ledger_id", "ledger.public_key",
    "entries.position", "entries.type", "entries.leaf", "entries.data", "entries.words",
    "words.id", "words.kind", "words.word", "postings.word", "postings.first", "postings.rest",
    "names.position", "names.disclosure", "documents.digest", "documents.data",
    "tiles.level", "tiles.number", "tiles.root",
    "checkpoints.number", "checkpoints.size", "checkpoints.note",
)  # fmt: skip
TABLES = {column.partition(".")[0] for column in COLUMNS}
AGAIN = {  # table → the columns with which a row is copied; `?` stands for a made-up position
    "entries": "?, type, leaf, data, words",
    "words": "?, kind, word || 'x'",
    "postings": "word, ?, rest",
    "names": "?, disclosure",
    "tiles": "level, ?, root",
    "checkpoints": "?, size, note",
}
STATEMENTS = {
    "ledger: one more": "INSERT INTO ledger SELECT * FROM ledger",
    "ledger: none": "DELETE FROM ledger",
    "entries: all far up": "UPDATE entries SET position = position + 3000000000",
    "entries: all before the first": "UPDATE entries SET position = -position",
    "entries: the last far up": "UPDATE entries SET position = position * 1000000 WHERE position > 200",
    "entries: a middle one moved to the end": "UPDATE entries SET position = (SELECT max(position) + 1 FROM entries) "
    "WHERE position = 100",
    "entries: one with the bytes of the next": "UPDATE entries SET (data, leaf) = "
    "(SELECT data, leaf FROM entries AS other WHERE position = 81) WHERE position = 80",
    "entries: the type of another event": "UPDATE entries SET type = 'payment-made' WHERE type = 'member-appointed'",
    "entries: one as a key": "UPDATE entries SET type = 'signing-key-changed' WHERE position = 61",
    "entries: one as a disposal": "UPDATE entries SET type = 'personal-data-disposed' WHERE position = 60",
    "entries: one as a registration": "UPDATE entries SET type = 'person-registered' WHERE position = 60",
    "entries: a type to come": "UPDATE entries SET type = 'payment-undone' WHERE type = 'payment-made'",
    "entries: a million tags": "UPDATE entries SET words = zeroblob(4000000) WHERE position = 100",
    "postings: a million entries": "UPDATE postings SET rest = zeroblob(2000000) WHERE word = 1",
    "postings: the same again": "UPDATE postings SET rest = rest || rest",
    "postings: shifted": "UPDATE postings SET first = first + 1 WHERE word = 2",
    "words: swapped": "UPDATE words SET id = 3 - id WHERE id IN (1, 2)",
    "names: another person's": "UPDATE names SET disclosure = "
    "(SELECT disclosure FROM names AS other ORDER BY position LIMIT 1)",
    "words: another person's": "UPDATE words SET word = 'person:p02x' WHERE word = 'person:p01'",
    "postings: one that its entry does not carry": "INSERT INTO postings SELECT id, 2, x'' FROM words "
    "WHERE word = 'person:p01'",
    "checkpoints: the first again": "INSERT INTO checkpoints SELECT max(number) + 1, max(size), (SELECT note FROM "
    "checkpoints LIMIT 1) FROM checkpoints",
}
LARGE = (
    "entries.type", "entries.leaf", "entries.data", "entries.words", "words.word", "postings.rest", "names.disclosure",
    "documents.data", "documents.digest", "tiles.root", "checkpoints.note", "ledger.public_key", "ledger.ledger_id",
)  # fmt: skip


class Change(NamedTuple):
    """A change to the database: an SQL statement, its parameters, and a description."""

    what: str
    sql: str
    values: tuple[object, ...] = ()

    @property
    def kind(self) -> str:
        """The changed column or table. For a change to an entry's bytes, the kind is the kind of the new content,
        whatever the event and field.
        """
        place, _, how = self.what.partition(": ")
        return place if place.partition(".")[0] in TABLES else how.partition(" is ")[2] or how


def put(path: Path, change: Change) -> None:
    """Makes the change despite strict tables, triggers and foreign keys, and restores the text of the schema. Raises
    sqlite3.Error if no table can hold the value.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        made = connection.execute("SELECT sql, name FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(replace(sql, ' STRICT', ''), ' NOT NULL', '')")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'WITHOUT ROWID,', 'WITHOUT ROWID')")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change.sql, change.values)
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("PRAGMA writable_schema = ON")
        connection.executemany("UPDATE sqlite_master SET sql = ? WHERE name = ?", made)
        connection.execute("COMMIT")


def changes(path: Path) -> Iterator[Change]:
    """Yields every change that can be made to the ledger in a file."""
    for column in COLUMNS:
        table, name = column.split(".")
        for called, value in VALUES.items():
            yield Change(f"{column}: {called}", f"UPDATE {table} SET {name} = ? WHERE {_one(table)}", (value,))
    yield from _rows()
    yield from _of_entries(path)


def _one(table: str) -> str:
    """Returns an SQL condition that selects one row of a table, usually in the middle."""
    if table == "words":
        return "word = 'person:p01'"
    if table == "postings":
        return "(word, first) = (SELECT word, first FROM postings ORDER BY word, first LIMIT 1 OFFSET 3)"
    if table == "ledger":
        return "true"
    order = {"documents": "digest", "tiles": "number", "checkpoints": "number"}
    place = order.get(table, "position")
    return f"{place} = (SELECT {place} FROM {table} ORDER BY {place} LIMIT 1 OFFSET (SELECT count(*) / 2 FROM {table}))"


def _rows() -> Iterator[Change]:
    """Yields changes that add, remove, move or swap rows."""
    for table in ("entries", "words", "postings", "names", "documents", "tiles", "checkpoints"):
        yield Change(f"{table}: a row is gone", f"DELETE FROM {table} WHERE {_one(table)}")
        yield Change(f"{table}: every row is gone", f"DELETE FROM {table}")
    for position in (3_000_000_000, 2**63 - 1, 0, -1, -(2**63)):
        for table, columns in AGAIN.items():
            sql = f"INSERT INTO {table} SELECT {columns} FROM {table} WHERE {_one(table)}"
            yield Change(f"{table}: one more, at {position}", sql, (position,))
    for what, sql in STATEMENTS.items():
        yield Change(what, sql)
    for column in LARGE:
        table, name = column.split(".")
        yield Change(f"{column}: 64 MB", f"UPDATE {table} SET {name} = zeroblob(67108864) WHERE {_one(table)}")


def _of_entries(path: Path) -> Iterator[Change]:
    """Yields changes to the bytes of an entry. The leaf hash is made to fit, so that only parsing the entry can detect
    the change.
    """
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT position, type, data FROM entries ORDER BY position").fetchall()
    first = {kind: (position, data) for position, kind, data in reversed(rows)}
    for kind, (position, data) in sorted(first.items()):
        for what, spoilt in ((what, spoilt) for what, spoilt in _spoilt(data) if spoilt != data):
            sql = "UPDATE entries SET data = ?, leaf = ? WHERE position = ?"
            yield Change(f"{kind}: {what}", sql, (spoilt, sha256(b"\0" + spoilt).digest(), position))


def _spoilt(data: bytes) -> Iterator[tuple[str, bytes]]:
    said: dict[str, Any] = orjson.loads(data)
    for name, value in said["fields"].items():
        for what, other in (
            ("a list", ["x"]), ("5", 5), ("-1", -1), ("null", None), ("true", True), ("a number beyond", 2**60),
            ("a text", "x"), ("an object", {"x": [[]]}), ("an empty list", []), ("a list of lists", [[value]]),
        ):  # fmt: skip
            yield f"{name} is {what}", _dumped({**said, "fields": {**said["fields"], name: other}})
    for name in said:
        for what, other in (("5", 5), ("null", None), ("a list", ["x"]), ("an empty text", ""), ("an object", {})):
            yield f"{name} is {what}", _dumped({**said, name: other})
        yield f"{name} is left out", _dumped({key: value for key, value in said.items() if key != name})
    yield "a field too many", _dumped({**said, "fields": {**said["fields"], "other": 1}})
    yield "a later day", _dumped({**said, "valid_on": "2026-01-01"})
    yield "an impossible day", _dumped({**said, "valid_on": "2023-02-31"})
    yield "a time that is none", _dumped({**said, "recorded_at": "9999-99-99T99:99:99.999999Z"})
    yield "the first time there is", _dumped({**said, "recorded_at": "0000-00-00T00:00:00.000000Z"})
    yield "a day that is none", _dumped({**said, "recorded_at": "2024-02-30T10:00:00.000000Z"})
    yield "a second 60", _dumped({**said, "recorded_at": said["recorded_at"][:17] + "60.000000Z"})
    yield "an hour 24", _dumped({**said, "recorded_at": said["recorded_at"][:11] + "24:00:00.000000Z"})
    yield "a far time", _dumped({**said, "recorded_at": "9999-12-31T23:59:59.999999Z"})
    yield "a shape to come", _dumped({**said, "v": 99})
    yield "no shape", _dumped({**said, "v": 0})
    yield "a huge shape", data.replace(b'"v":%d' % said["v"], b'"v":' + b"9" * 1000)
    yield "another event", _dumped({**said, "event": "withdrawal-revoked"})
    yield "an event to come", _dumped({**said, "event": "payment-undone"})
    yield "another key", _dumped({**said, "key": "other"})
    yield "who recorded is long", _dumped({**said, "recorded_by": "x" * 60_000})
    yield "fields are deep", data.replace(b'"fields":{', b'"fields":{"x":' + b"[" * 300 + b"]" * 300 + b",")
    yield "fields are very deep", data.replace(b'"fields":{', b'"fields":{"x":' + DEEP + b",")
    yield "cut off", data[: len(data) // 2]
    yield "more after it", data + data
    yield "spaces before it", b" " * 1000 + data
    yield "a byte flipped", data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]


def _dumped(said: dict[str, Any]) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
