"""Makes entries and places for the tests of the store, and starts child processes that use the same ledger as a
test.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem

from ledger.store import SqlStore
from ledger.store.sqlite.database import SqliteFile
from tests.ready import ready

if TYPE_CHECKING:
    import sqlite3

    from ledger.store import Store
    from ledger.store.sqlite.journal import Mode

ROOT = Path(__file__).parents[2]
CHILDREN = "tests.store.children:main"
PROGRAM = (sys.executable, "-c", "from tests.store.children import main; main()")


def entry(data: str = "adopted", *tags: str, kind: str = "agreement-adopted") -> DCBEvent:
    return DCBEvent(kind, data.encode(), list(tags))


def about(*tags: str, kinds: tuple[str, ...] = ()) -> DCBQuery:
    return DCBQuery([DCBQueryItem(types=list(kinds), tags=list(tags))])


def nothing_after(position: int) -> DCBAppendCondition:
    return DCBAppendCondition(after=position)


def log(store: Store) -> list[str]:
    """Returns the data of every entry in a store. The positions of the entries must run from 1 without a gap."""
    events = list(store.read())
    assert [each.position for each in events] == list(range(1, len(events) + 1))
    return [each.event.data.decode() for each in events]


def opened(place: Path, *, timeout: float = 30.0, journal: Mode | None = None) -> SqlStore:
    return SqlStore(SqliteFile(place, timeout=timeout, journal=journal))


def schema_of(location: str) -> str:
    """Returns the name of the schema in a ledger's URL."""
    return location.partition("?schema=")[2].partition("&")[0]


def driver(store: SqlStore) -> sqlite3.Connection:
    """Returns the SQLite connection that a store uses."""
    assert isinstance(store._database, SqliteFile)
    return store._database._driver


def started(*arguments: object, program: tuple[str, ...] = PROGRAM) -> subprocess.Popen[str]:
    """Starts one of the programs of children.py in a process of its own."""
    return subprocess.Popen(
        [*program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def output(*arguments: object, privileged: bool = True) -> str:
    """Runs a program of children.py, which must exit with 0, and returns its output. Without `privileged`, file
    permissions apply to the program even under root.
    """
    child = started(*arguments, program=ready(CHILDREN, privileged=privileged))
    printed, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return printed
