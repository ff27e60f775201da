"""A glance into a ledger's file while somebody types a command: read only, at once or not at all, and without
SQLAlchemy, which takes longer to load than a shell may wait. What cannot be read is taken for nothing, never told.
"""

from __future__ import annotations

import sqlite3
import stat
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.store.numbers import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST = 500  # things of a kind that are found
INSTANT_S = 0.05  # waited for who writes
STEPS = 10_000  # of SQLite's between two looks
LOOKS = 300  # in all, before whatever is still being read is left
LONGEST = 200_000  # bytes of a value: an entry has at most 65,535
ROOM = 2**24  # bytes of what is found in all
LARGEST_HOLLOW = 2**26  # bytes of a file of which less lies on the disk than it says
WAL_AT = 18  # where a file says how it is written: sqlite.org/fileformat.html, "The Database Header"
BLOCK = 8 * 512  # bytes of a file for each that st_blocks counts, which some file systems count once compressed
AFTER_ALL = "\x7f"  # no tag of a ledger's goes on with a letter as high as this

# Each tag by one step down the index, however many entries carry it.
TAGS = """
    WITH RECURSIVE found(tag) AS (
        SELECT (SELECT tag FROM tags WHERE tag >= :first AND tag < :end ORDER BY tag LIMIT 1)
        UNION ALL
        SELECT (SELECT tags.tag FROM tags WHERE tags.tag > found.tag AND tags.tag < :end ORDER BY tags.tag LIMIT 1)
        FROM found WHERE found.tag IS NOT NULL LIMIT :most
    )
    SELECT tag FROM found WHERE tag IS NOT NULL"""
NAMES = """
    SELECT tags.tag, names.position, names.disclosure FROM tags CROSS JOIN names ON names.position = tags.position
    WHERE tags.tag IN ({}) ORDER BY tags.tag, tags.position"""
ERASURES = "SELECT position, tags FROM entries WHERE type = ? ORDER BY position"
WITH_A_TAG = """
    SELECT entries.data FROM tags CROSS JOIN entries ON entries.position = tags.position
    WHERE tags.tag = ? AND entries.type IN ({}) ORDER BY tags.position DESC LIMIT ?"""
OF_A_TYPE = "SELECT data FROM entries WHERE type = ? ORDER BY position DESC LIMIT ?"


class Glance:
    """What a ledger's file holds, or seems to: nothing of it is checked, and it may be anyone's."""

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._room = ROOM

    def tags(self, prefix: str) -> list[str]:
        """The tags that begin so, in their order, each once; the first of very many."""
        found = self._rows(TAGS, {"first": prefix, "end": prefix + AFTER_ALL, "most": MOST + 1})
        return [tag for (tag,) in found if isinstance(tag, str)][:MOST]

    def disclosures(self, tags: Sequence[str], erased_by: str) -> dict[str, str]:
        """The disclosure that was kept last with an entry that carries the tag, by tag. None where an entry of the type
        `erased_by` with that tag came later; none at all where it cannot be told whether one did.
        """
        erasures = self._rows(ERASURES, (erased_by,), None)
        if erasures is None:
            return {}
        asked, erased = {*tags}, dict[str, int]()
        for position, carried in erasures:
            erased |= dict.fromkeys(asked & {*str(carried).split("\n")}, position)
        kept = self._rows(NAMES.format(_places(tags)), tags)
        return {tag: disclosure for tag, position, disclosure in kept if position > erased.get(tag, 0)}

    def data_with_tag(self, tag: str, types: Sequence[str], most: int) -> list[bytes]:
        """What the last entries of the types that carry the tag store, the last first."""
        rows = self._rows(WITH_A_TAG.format(_places(types)), (tag, *types, most))
        return [data for (data,) in rows if isinstance(data, bytes)]

    def data_of_type(self, kind: str, most: int) -> list[bytes]:
        """What the last entries of a type store, the last first."""
        return [data for (data,) in self._rows(OF_A_TYPE, (kind, most)) if isinstance(data, bytes)]

    def _rows(self, sql: str, given: Any, otherwise: Any = ()) -> Any:
        """The rows, or something else where they cannot be read, or are too many."""
        rows = []
        if self._connection is not None:
            with suppress(sqlite3.Error, MemoryError, ValueError):
                for row in self._connection.execute(sql, given):
                    self._room -= sum(len(value) for value in row if isinstance(value, str | bytes))
                    if self._room < 0:
                        return otherwise
                    rows.append(row)
                return rows
        return otherwise


def _places(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


@contextmanager
def glance(location: str) -> Iterator[Glance]:
    """A look into the file at a path; into nothing, if there is none that may be a ledger's."""
    connection = None
    with suppress(sqlite3.Error, OSError, ValueError):
        connection = _opened(Path(location)) if "://" not in location else None
    try:
        yield Glance(connection)
    finally:
        if connection is not None:
            connection.close()


def _opened(path: Path) -> sqlite3.Connection | None:
    """A connection that writes nothing, and no file beside the ledger's; None where none of today's ledgers lies."""
    found = path.stat()
    hollow = found.st_blocks * BLOCK < found.st_size > LARGEST_HOLLOW
    if not stat.S_ISREG(found.st_mode) or not found.st_size or hollow:
        return None
    with ExitStack() as unless_kept:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{_mode(path)}", uri=True, timeout=INSTANT_S)
        unless_kept.callback(connection.close)
        looks = count(1)
        connection.set_progress_handler(lambda: next(looks) > LOOKS, STEPS)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        for setting in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {setting}")
        connection.isolation_level = None
        connection.execute("BEGIN")  # all that is found stood there at one moment
        if not _is_a_ledger(connection):
            return None
        unless_kept.pop_all()
    return connection


def _mode(path: Path) -> str:
    """Of opening a file without leaving one beside it. A file of the WAL kind without its log is whole by itself, and
    SQLite would make the log to read it. sqlite.org/wal.html#readonly, sqlite.org/uri.html.
    """
    with path.open("rb") as file:  # nobody's lock is given up: a process that completes has no ledger open
        is_wal = file.read(WAL_AT + 1)[WAL_AT:] == b"\x02"
    log, index = (path.resolve().with_name(f"{path.resolve().name}-{beside}") for beside in ("wal", "shm"))
    if is_wal and not log.exists():
        return "immutable=1"
    return "mode=ro" if index.exists() else "mode=ro&readonly_shm=1"


def _is_a_ledger(connection: sqlite3.Connection) -> bool:
    """Whether it has the numbers of a ledger that this program reads, and its tables are tables: a view may be computed
    without end.
    """
    [(application,)], [(version,)] = (
        connection.execute(f"PRAGMA {name}").fetchall() for name in ("application_id", "user_version")
    )
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    there = {name for (name,) in connection.execute(tables)}
    return (application, version) == (APPLICATION_ID, SCHEMA_VERSION) and {"entries", "tags", "names"} <= there
