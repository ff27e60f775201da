"""Whether a SQLite file is whole and has exactly the tables and triggers that a ledger is made with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING

from .schema import statements

if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
MOST = 100  # complaints of SQLite's that are told


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """What differs from a ledger's own schema text, then what SQLite finds wrong with its pages."""
    expected = _made()
    found = {name: (kind, table, _plain(sql)) for kind, name, table, sql in connection.execute(OBJECTS)}
    for name in sorted(expected.keys() | found.keys(), key=str):
        if name not in found:
            yield f"{expected[name][0]} {name} is not there"
        elif name not in expected:
            yield f"{found[name][0]} {name} is none of a ledger's"
        elif found[name] != expected[name]:
            yield f"{expected[name][0]} {name} is not what a ledger is made with"
    for (said,) in connection.execute(f"PRAGMA integrity_check({MOST})"):
        if said != "ok":
            yield f"SQLite: {' '.join(str(said).split())}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to nothing in {parent}"


@cache
def _made() -> dict[str, tuple[str, str, str]]:
    from sqlalchemy.dialects.sqlite import dialect

    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements(dialect()):
            connection.execute(statement)
        return {name: (kind, table, _plain(sql)) for kind, name, table, sql in connection.execute(OBJECTS)}


def _plain(sql: object) -> str:
    """The text as it is where tables are not STRICT: those that an old SQLite made."""
    return str(sql or "").rstrip().removesuffix("STRICT").rstrip(" ,")
