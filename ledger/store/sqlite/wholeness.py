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

    Object = tuple[str, str]  # its kind and its name: an index and a trigger may be called alike
    Made = tuple[str, str | None]  # its table, its text

OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
MOST = 100  # complaints of SQLite's that are told
TEXTLESS = "it holds text that is none"
_TRIGGER = re.compile(r"CREATE\s+TRIGGER\s", re.IGNORECASE)


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """What differs from a ledger's own schema text, then what SQLite finds wrong with its pages: it computes what the
    schema says, so it is not asked of a schema that need never come to an end.
    """
    made, found = _made(), _found(connection)
    told = [(name, f"{kind} {name} is not there") for kind, name in made.keys() - found.keys()]
    for (kind, name), what in _otherwise(found):
        then = "; `liggare upgrade` renews it" if kind == "trigger" and (kind, name) in made else ""
        told.append((name, what + then))
    yield from (what for _, what in sorted(told, key=str))
    if any(not is_trigger for is_trigger, _ in _foreign(found)):
        return
    for (said,) in connection.execute(f"PRAGMA integrity_check({MOST})"):
        if said != "ok":
            yield f"SQLite: {' '.join(str(said).split())}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to nothing in {parent}"


def outdated(connection: sqlite3.Connection) -> Iterator[str]:
    """The triggers, by name, that have a ledger's names and another text than today's."""
    found = _found(connection)
    for (kind, name), own in _made().items():
        if kind == "trigger" and found.get((kind, name), own) != own:
            yield name


def foreign(connection: sqlite3.Connection) -> Iterator[str]:
    """What of the schema no program of ours made, triggers aside: a column that is computed, or a view, is computed by
    whoever reads, and need never come to an end. Triggers are woken by nobody who reads.
    """
    return (told for is_trigger, told in _foreign(_found(connection)) if not is_trigger)


def strange(connection: sqlite3.Connection) -> Iterator[str]:
    """What of the schema no program of ours made: of triggers, checks and indexes each that is woken by a writer could
    do anything, and need never come to an end.
    """
    return (told for _, told in _foreign(_found(connection)))


def _foreign(found: dict[Object, Made]) -> Iterator[tuple[bool, str]]:
    """Whether it is a trigger, and what is told of it. SQLite goes by the text alone, whatever the kind says."""
    known = {*map(trigger, (*REFUSALS, *EARLIER))}
    for one, told in _otherwise(found):
        _, sql = found[one]
        is_trigger = isinstance(sql, str) and bool(_TRIGGER.match(sql))
        if not (is_trigger and sql in known):
            yield is_trigger, told


def _otherwise(found: dict[Object, Made]) -> Iterator[tuple[Object, str]]:
    """What is there and is not as a ledger of today has it, and what is told of it."""
    for one, as_found in found.items():
        (kind, name), own = one, _made().get(one)
        if own is None:
            yield one, f"{kind} {name} is none of a ledger's"
        elif as_found not in {own, _lenient(own)}:
            yield one, f"{kind} {name} is not what a ledger is made with"


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
    """The same as an old SQLite makes it, which has no STRICT tables."""
    table, sql = made
    return table, sql and sql.replace(",\n STRICT", "").replace("\n STRICT", "")
