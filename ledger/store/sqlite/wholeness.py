"""Whether a SQLite file is whole and has exactly the tables and triggers that a ledger is made with."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING

from ledger.store.schema import EARLIER, REFUSALS, statements, trigger

if TYPE_CHECKING:
    from collections.abc import Iterator

    Made = tuple[str, str, str | None]  # an object's kind, its table, its text

OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
MOST = 100  # complaints of SQLite's that are told
TEXTLESS = "it holds text that is none"
NONE_OF_OURS = "none of a ledger's"
_TRIGGER = re.compile(r"CREATE\s+TRIGGER\s", re.IGNORECASE)


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """What differs from a ledger's own schema text, then what SQLite finds wrong with its pages: it computes what the
    schema says, so it is not asked of a schema that need never come to an end.
    """
    expected, found = _made(), _found(connection)
    for name in sorted(expected.keys() | found.keys(), key=str):
        if name not in found:
            yield f"{expected[name][0]} {name} is not there"
        elif name not in expected:
            yield f"{found[name][0]} {name} is {NONE_OF_OURS}"
        elif found[name] not in {expected[name], _lenient(expected[name])}:
            kind = expected[name][0]
            then = "; `liggare upgrade` renews it" if found[name][0] == kind == "trigger" else ""
            yield f"{kind} {name} is not what a ledger is made with{then}"
    if any(foreign(connection)):
        return
    for (said,) in connection.execute(f"PRAGMA integrity_check({MOST})"):
        if said != "ok":
            yield f"SQLite: {' '.join(str(said).split())}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to nothing in {parent}"


def outdated(connection: sqlite3.Connection) -> Iterator[str]:
    """The triggers, by name, that have a ledger's names and another text than today's."""
    expected, found = _made(), _found(connection)
    for name, made in expected.items():
        if name in found and found[name][0] == made[0] == "trigger" and found[name] != made:
            yield name


def foreign(connection: sqlite3.Connection) -> Iterator[str]:
    """What of the schema no program of ours made, triggers aside: a column that is computed, or a view, is computed by
    whoever reads, and need never come to an end. Triggers are woken by nobody who reads.
    """
    return (told for is_trigger, told in _foreign(connection) if not is_trigger)


def strange(connection: sqlite3.Connection) -> Iterator[str]:
    """What of the schema no program of ours made: of triggers, checks and indexes each that is woken by a writer could
    do anything, and need never come to an end.
    """
    return (told for _, told in _foreign(connection))


def _foreign(connection: sqlite3.Connection) -> Iterator[tuple[bool, str]]:
    """Whether it is a trigger, and what is told of it. SQLite goes by the text alone, whatever the kind says."""
    made, triggers = _made(), {*map(trigger, (*REFUSALS, *EARLIER))}
    for name, (kind, table, sql) in _found(connection).items():
        own = made.get(name)
        if own is None or (kind, table, sql) not in {own, _lenient(own)}:
            is_trigger = isinstance(sql, str) and bool(_TRIGGER.match(sql))
            if not (is_trigger and sql in triggers):
                yield is_trigger, f"{kind} {name} is {'not what a ledger is made with' if own else NONE_OF_OURS}"


def _found(connection: sqlite3.Connection) -> dict[str, Made]:
    return {name: (kind, table, sql) for kind, name, table, sql in connection.execute(OBJECTS)}


@cache
def _made() -> dict[str, Made]:
    from sqlalchemy.dialects.sqlite import dialect

    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements(dialect()):
            connection.execute(statement)
        return _found(connection)


def _lenient(made: Made) -> Made:
    """The same as an old SQLite makes it, which has no STRICT tables."""
    kind, table, sql = made
    return kind, table, sql and sql.replace(",\n STRICT", "").replace("\n STRICT", "")
