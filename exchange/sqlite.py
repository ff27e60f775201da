"""A ledger as an SQLite database with both times: a table for each kind of fact, for SQL and Datasette (0.65).

Tables are STRICT (sqlite.org/stricttables.html), times half-open as in SQL:2011 periods. Nothing is read back.
"""

from __future__ import annotations

import sqlite3
from base64 import b64encode
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from exchange.bitemporal import happened
from exchange.bitemporal.facts import NAME, rows, rows_as_of, standing
from exchange.bitemporal.money import years
from exchange.bitemporal.queries import VIEWS
from exchange.bitemporal.tables import ABOUT, AS_OF, FACTS, HAPPENED, IDS, MAY_BE_NULL, NAMED, OF_ENTRIES, TIMES
from ledger.encoding import decode
from ledger.proof.tree import Frontier, leaf_hash
from ledger.state.agreement import proposals
from ledger.sweden import SWEDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from exchange.bitemporal.facts import Column, Row, Value
    from ledger.timeline import Timeline

BATCH = 1_000  # rows
WITH_NAMES = 0x6C696762  # "ligb", the application id by which `liggare dispose` finds copies of names


class Source(NamedTuple):
    """What a database is made of: the whole timeline, the stored entries in order, the names by the position of their
    registration, and what the table `about` says besides.
    """

    whole: Timeline
    entries: Iterable[tuple[int, bytes]]
    names: Mapping[int, str]
    about: Mapping[str, str | None]


def write(path: Path, source: Source, told: Callable[[int], None] = lambda _: None) -> dict[str, int]:
    """Writes a database to the empty file `path`, and returns the number of rows of each table.

    `told` is called with the position of an entry that has been looked at. The same source gives the same bytes with
    the same version of SQLite.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")  # a file that is not finished is thrown away
        database.execute("PRAGMA synchronous = OFF")
        if source.names:
            database.execute(f"PRAGMA application_id = {WITH_NAMES}")
        database.execute("BEGIN")
        for statement in _schema():
            database.execute(statement)
        root = _write_entries(database, source.entries, told)
        ids: dict[str, set[str]] = {table: set() for table in IDS.values()}
        for table, columns, values in _facts(source, ids, told):
            database.executemany(_insert(table, [column.name for column in columns]), values)
        _write_ids(database, ids)
        _write_about(database, {**source.about, "head": str(source.whole.head), "root": root}, source.whole)
        for statement in (*_indexes(), *VIEWS.values()):
            database.execute(statement)
        database.execute("COMMIT")
        tables = ["entries", *(name for name, _ in _columns())]
        return {table: database.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0] for table in tables}


def _schema() -> Iterator[str]:
    """Yields the statements that create the tables."""
    yield _create("about", ['"key" TEXT PRIMARY KEY', '"value" TEXT'])
    columns = [_column(one, null=one.name not in {"position", "event", "recorded_at", "hash", "json"})
               for one in OF_ENTRIES]  # fmt: skip
    yield _create("entries", [f"{columns[0].removesuffix(' NOT NULL')} PRIMARY KEY", *columns[1:]])
    for table in IDS.values():
        yield _create(table, ['"id" TEXT PRIMARY KEY', *(['"name" TEXT'] if table in NAMED else [])])
    for name, columns_of in _columns():
        said = [_column(one, null=one not in TIMES or one.name in MAY_BE_NULL) for one in columns_of]
        keys = [(one.name, IDS[one.of], "id") for one in columns_of if one.of]
        keys += [(one, "entries", "position") for one in ("known_from", "known_to", "entry", "ended_by")]
        said += [f"FOREIGN KEY ({_quoted(key)}) REFERENCES {_quoted(to)} ({_quoted(column)})"
                 for key, to, column in keys]  # fmt: skip
        yield _create(name, ['"id" INTEGER PRIMARY KEY', *said])


def _columns() -> Iterator[tuple[str, tuple[Column, ...]]]:
    """Yields each table of facts with all its columns."""
    for fact in (*FACTS, *AS_OF):
        yield fact.name, (*fact.columns, *TIMES)
    for one in HAPPENED:
        yield one.name, (*happened.columns(one), *TIMES)


def _create(table: str, said: Iterable[str]) -> str:
    return f"CREATE TABLE {_quoted(table)} (" + ", ".join(said) + ") STRICT"


def _column(column: Column, *, null: bool) -> str:
    kind = "TEXT" if column.type == NAME else column.type
    return f"{_quoted(column.name)} {kind}{'' if null else ' NOT NULL'}"


def _quoted(name: str) -> str:
    """Returns a name of ours as an SQL identifier. No name comes from a ledger."""
    return f'"{name}"'


def _insert(table: str, columns: Iterable[str]) -> str:
    names = [_quoted(one) for one in columns]
    return f"INSERT INTO {_quoted(table)} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _indexes() -> Iterator[str]:
    for table, columns in _columns():
        yield _index(table, "times", "valid_from", "known_from")
        for column in columns:
            if column.of:
                yield _index(table, column.name, column.name)
    yield _index("entries", "event", "event")
    yield _index("entries", "recorded_at", "recorded_at")


def _index(table: str, name: str, *columns: str) -> str:
    of = ", ".join(map(_quoted, columns))
    return f"CREATE INDEX {_quoted(f'{table}_{name}')} ON {_quoted(table)} ({of})"


def _write_entries(
    database: sqlite3.Connection, entries: Iterable[tuple[int, bytes]], told: Callable[[int], None]
) -> str:
    """Writes the table of entries, and returns the root of their tree in base64."""
    tree = Frontier()

    def each() -> Iterator[tuple[Value, ...]]:
        for position, data in entries:
            leaf = leaf_hash(data)
            tree.add([leaf])
            if position % BATCH == 0:
                told(position)
            yield _entry(position, data, leaf.hex())

    database.executemany(_insert("entries", [one.name for one in OF_ENTRIES]), each())
    return b64encode(tree.root()).decode()


def _entry(position: int, data: bytes, leaf: str) -> tuple[Value, ...]:
    entry = decode(data, position)
    on, source = entry.event.valid_on, entry.event.source
    local = datetime.fromisoformat(entry.recorded_at).astimezone(SWEDEN).replace(tzinfo=None)
    return (
        position, entry.event.event_name, on.text, str(on.first), str(on.last), entry.recorded_at,
        local.isoformat(timespec="microseconds"), entry.recorded_by,
        entry.signature.registrar if entry.signature else None, source.organ, _iso(source.decided_on),
        source.paragraph, source.registration_number, source.document, leaf, data.decode(),
    )  # fmt: skip


def _facts(
    source: Source, ids: dict[str, set[str]], told: Callable[[int], None]
) -> Iterator[tuple[str, tuple[Column, ...], list[tuple[Value, ...]]]]:
    """Yields batches of rows with their table and its columns. The ids that rows name are added to `ids`."""
    waiting: dict[str, list[tuple[Value, ...]]] = {}
    every = dict(_columns())

    def put(table: str, row: Row) -> Iterator[tuple[str, tuple[Column, ...], list[tuple[Value, ...]]]]:
        own = waiting.setdefault(table, [])
        own.append(_values(every[table], row, source.names, ids))
        if len(own) == BATCH:
            yield table, every[table], waiting.pop(table)

    for fact, row in rows(source.whole, FACTS, told):
        yield from put(fact.name, row)
    stands = standing(source.whole)
    of = years(source.whole)
    for each in AS_OF:
        for row in rows_as_of(source.whole, each, of, stands, told):
            yield from put(each.name, row)
    for table in HAPPENED:
        for row in happened.rows(source.whole, table, stands):
            yield from put(table.name, row)
    for name, own in waiting.items():
        yield name, every[name], own


def _values(
    columns: tuple[Column, ...], row: Row, names: Mapping[int, str], ids: dict[str, set[str]]
) -> tuple[Value, ...]:
    fact = row.fact
    own: list[Value] = []
    for column, value in zip(columns, fact.values, strict=False):
        if column.of and value is not None:
            ids[IDS[column.of]].add(str(value))
        own.append(names.get(value) if column.type == NAME and isinstance(value, int) else value)
    certain = (row.since_first, row.until_first) == (fact.since, fact.until)
    return (*own, _iso(fact.since), _iso(fact.until), row.known_from, row.known_to, fact.entry, fact.ended_by,
            _iso(row.since_first), _iso(row.until_first), int(certain))  # fmt: skip


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _write_ids(database: sqlite3.Connection, ids: Mapping[str, set[str]]) -> None:
    """Writes the tables of ids, with the name of each as it is known last and for the latest day."""
    for table, known in ids.items():
        database.executemany(_insert(table, ["id"]), ((one,) for one in sorted(known)))
        if table in NAMED:
            of, key, name = NAMED[table]
            database.execute(
                f'UPDATE "{table}" SET "name" = (SELECT "{name}" FROM "{of}" WHERE "{of}"."{key}" = "{table}"."id" '
                'ORDER BY "known_to" IS NULL DESC, "known_to" DESC, "valid_from" DESC LIMIT 1)'
            )


def _write_about(database: sqlite3.Connection, about: Mapping[str, str | None], whole: Timeline) -> None:
    known = proposals(whole)
    said = {**about, "agreement": known[max(known)].event.title if known else None}
    database.executemany(_insert("about", ["key", "value"]), [(key, said.get(key)) for key in ABOUT])
