"""What the store's tests begin with: entries, places, and other programs at work on the same ledger."""

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
    """The data of every entry, once their positions are seen to run from 1 without a gap."""
    events = list(store.read())
    assert [each.position for each in events] == list(range(1, len(events) + 1))
    return [each.event.data.decode() for each in events]


def opened(place: Path, *, timeout: float = 30.0, journal: Mode | None = None) -> SqlStore:
    return SqlStore(SqliteFile(place, timeout=timeout, journal=journal))


def schema_of(location: str) -> str:
    """The schema that a URL names."""
    return location.partition("?schema=")[2].partition("&")[0]


def driver(store: SqlStore) -> sqlite3.Connection:
    """SQLite's own connection under a store."""
    assert isinstance(store._database, SqliteFile)
    return store._database._driver


def started(*arguments: object, program: tuple[str, ...] = PROGRAM) -> subprocess.Popen[str]:
    """One of the programs in children.py, running."""
    return subprocess.Popen(
        [*program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def output(*arguments: object, privileged: bool = True) -> str:
    """What one prints, with permission for everything or for what the file system says, once it has ended well."""
    child = started(*arguments, program=ready(CHILDREN, privileged=privileged))
    printed, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return printed
