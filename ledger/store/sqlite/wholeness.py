"""Checks that a SQLite file is intact, and has exactly the tables, indexes and triggers that a ledger is made with."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING

from ledger.messages import marked, msg
from ledger.store.schema import EARLIER, FOREIGN, MISSING, OTHERWISE, REFUSALS, fault, statements, trigger

if TYPE_CHECKING:
    from collections.abc import Iterator

    Object = tuple[str, str]  # An object is identified by (kind, name), since an index and a trigger may share a name.
    Made = tuple[str, str | None]  # (table, SQL text)

OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
MOST = 100  # SQLite reports at most 100 problems.
TEXTLESS = marked("it holds text that is not UTF-8")
_TRIGGER = re.compile(r"CREATE\s+TRIGGER\s", re.IGNORECASE)


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields each difference from a ledger's own schema, then each problem that SQLite reports in the pages and foreign
    keys. SQLite's checks evaluate the schema's expressions, so these checks are skipped for a schema with expressions
    that no ledger has: their evaluation might never end.
    """
    made, found = _made(), _found(connection)
    told = [(name, kind, MISSING) for kind, name in made.keys() - found.keys()]
    told += [(name, kind, message) for (kind, name), message in _otherwise(found)]
    for name, kind, message in sorted(told, key=str):
        is_renewed = message != MISSING and kind == "trigger" and (kind, name) in made
        yield fault(message, kind, name, renewed=is_renewed)
    if any(not is_trigger for is_trigger, _ in _foreign(found)):
        return
    for (said,) in connection.execute(f"PRAGMA integrity_check({MOST})"):
        if said != "ok":
            yield msg("SQLite: {problem}", problem=" ".join(str(said).split()))
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield msg("row {row} of {table} refers to no row in {parent}", row=row, table=table, parent=parent)


def outdated(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields the names of a ledger's triggers whose text in the file differs from today's text."""
    found = _found(connection)
    for (kind, name), own in _made().items():
        if kind == "trigger" and found.get((kind, name), own) != own:
            yield name


def foreign(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields each part of the schema that no version of this program made, except triggers. A reader evaluates views
    and computed columns, which might never end; reading fires no trigger.
    """
    return (told for is_trigger, told in _foreign(_found(connection)) if not is_trigger)


def strange(connection: sqlite3.Connection) -> Iterator[str]:
    """Yields each part of the schema that no version of this program made, triggers included. A writer evaluates
    triggers, checks and indexes, which could do anything and might never end.
    """
    return (told for _, told in _foreign(_found(connection)))


def _foreign(found: dict[Object, Made]) -> Iterator[tuple[bool, str]]:
    """Yields (whether the object is a trigger, its description) for each object that no version of this program made.
    The SQL text decides whether an object is a trigger, as in SQLite itself, whatever its `type` says.
    """
    known = {*map(trigger, (*REFUSALS, *EARLIER))}
    for (kind, name), message in _otherwise(found):
        _, sql = found[kind, name]
        is_trigger = isinstance(sql, str) and bool(_TRIGGER.match(sql))
        if not (is_trigger and sql in known):
            yield is_trigger, fault(message, kind, name)


def _otherwise(found: dict[Object, Made]) -> Iterator[tuple[Object, str]]:
    """Yields ((kind, name), message) for each object that differs from a ledger of today's schema; the message is
    FOREIGN or OTHERWISE.
    """
    for one, as_found in found.items():
        own = _made().get(one)
        if own is None:
            yield one, FOREIGN
        elif as_found not in {own, _lenient(own)}:
            yield one, OTHERWISE


def _found(connection: sqlite3.Connection) -> dict[Object, Made]:
    found: dict[Object, Made] = {}
    for kind, name, table, sql in connection.execute(OBJECTS):
        found[kind, name] = (table, sql) if (kind, name) not in found else ("", "of two, SQLite obeys either")
    return found


@cache
def _made() -> dict[Object, Made]:
    from sqlalchemy.dialects.sqlite import dialect

    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements(dialect()):
            connection.execute(statement)
        return _found(connection)


def _lenient(made: Made) -> Made:
    """Returns the object as an old SQLite makes it, without STRICT."""
    table, sql = made
    return table, sql and sql.replace(",\n STRICT", "").replace("\n STRICT", "")
