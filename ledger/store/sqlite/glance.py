"""Reads suggestions for shell completion from a ledger's file: read-only, quickly or not at all, and without
SQLAlchemy, which takes longer to load than a shell may wait. Data that cannot be read are treated as missing,
without an error.
"""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.store.numbers import APPLICATION_ID, SCHEMA_VERSION
from ledger.store.packing import DISTANCES, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST = 500  # At most this many tags are returned.
INSTANT_S = 0.05  # A glance waits this many seconds for a program that is writing.
STEPS = 10_000  # SQLite calls the progress handler after this many steps.
LOOKS = 300  # After this many calls, the progress handler interrupts SQLite.
LONGEST = 200_000  # The limit of a value in bytes; an entry has at most 65,535.
ROOM = 2**24  # The limit in bytes of all values that one glance reads.
OF_A_POSITION = 16  # A position, which has two bytes in the file, takes about 16 times as many in memory.
LARGEST_HOLLOW = 2**26  # A sparse file of more bytes is not read.
WAL_AT = 18  # The offset in the file of its write version: sqlite.org/fileformat.html, "The Database Header".
# Each block of st_blocks counts as eight blocks of 512 bytes, since some file systems count compressed blocks.
BLOCK = 8 * 512
AFTER_ALL = "\x7f"  # The character sorts after every character in a ledger's tags.

TAGS = "SELECT word FROM words WHERE kind = 'tag' AND word >= :first AND word < :end ORDER BY word LIMIT :most"
POSTINGS = """
    SELECT words.word, first, rest FROM words CROSS JOIN postings ON postings.word = words.id
    WHERE kind = ? AND words.word IN ({}) ORDER BY words.word, first"""
NAMES = "SELECT position, disclosure FROM names WHERE position IN (SELECT value FROM json_each(?))"
TABLES = {"entries", "words", "postings", "names"}
DATA = "SELECT data FROM entries WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position DESC"


class Glance:
    """The contents of a ledger's file, as far as the file can be read. The contents are not checked, and may be
    forged.
    """

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._room = ROOM

    def tags(self, prefix: str) -> list[str]:
        """Returns the tags that begin with `prefix`, sorted and each once, but at most the first `MOST` tags."""
        found = self._rows(TAGS, {"first": prefix, "end": prefix + AFTER_ALL, "most": MOST + 1})
        return [tag for (tag,) in found if isinstance(tag, str)][:MOST]

    def disclosures(self, tags: Sequence[str], erased_by: str) -> dict[str, str]:
        """Maps each tag to the last disclosure that is stored for an entry with the tag. A tag is left out if a later
        entry with the tag has the type `erased_by`. If the entries of that type cannot be read, the result is empty.
        """
        erasures = self._listed("type", [erased_by])
        if erasures is None:
            return {}
        erased = {*erasures.get(erased_by, ())}
        tagged = self._listed("tag", tags) or {}
        kept = dict(
            self._rows(NAMES, (json.dumps([*{position for listed in tagged.values() for position in listed}]),))
        )
        found = {}
        for tag, positions in tagged.items():
            disposed = max(erased.intersection(positions), default=0)
            if named := [position for position in positions if position > disposed and position in kept]:
                found[tag] = kept[max(named)]
        return found

    def data_with_tag(self, tag: str, types: Sequence[str], most: int) -> list[bytes]:
        """Returns the data of the last `most` entries that have the tag and one of `types`, the last entry first."""
        having, being = self._listed("tag", [tag]) or {}, self._listed("type", types) or {}
        return self._data({*having.get(tag, ())}.intersection(*[[at for each in being.values() for at in each]]), most)

    def data_of_type(self, kind: str, most: int) -> list[bytes]:
        """Returns the data of the last `most` entries of a type, the last entry first."""
        return self._data((self._listed("type", [kind]) or {}).get(kind, ()), most)

    def _data(self, positions: Iterable[int], most: int) -> list[bytes]:
        last = json.dumps(sorted(positions, reverse=True)[:most])
        return [data for (data,) in self._rows(DATA, (last,)) if isinstance(data, bytes)]

    def _listed(self, kind: str, words: Sequence[str]) -> dict[str, list[int]] | None:
        """Maps each word to the positions that the index lists under it, or returns None if it cannot be read."""
        rows = self._rows(POSTINGS.format(_places(words)), (kind, *words), None)
        if rows is None:
            return None
        listed: dict[str, list[int]] = {}
        for word, first, rest in rows:
            if not (isinstance(first, int) and isinstance(rest, bytes) and len(rest) % 2 == 0):
                return None
            self._room -= OF_A_POSITION * len(rest)
            if self._room < 0:
                return None
            listed.setdefault(word, []).extend([first, *map(first.__add__, unpacked(DISTANCES, rest))])
        return listed

    def _rows(self, sql: str, given: Any, otherwise: Any = ()) -> Any:
        """Returns the rows of a query, or `otherwise` if the rows cannot be read or exceed the limit `ROOM`."""
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
    """Yields a Glance into the file at `location`. The Glance finds nothing if `location` is a URL, or if the file
    cannot be read as a ledger.
    """
    connection = None
    with suppress(sqlite3.Error, OSError, ValueError):
        connection = _opened(Path(location)) if "://" not in location else None
    try:
        yield Glance(connection)
    finally:
        if connection is not None:
            connection.close()


def _opened(path: Path) -> sqlite3.Connection | None:
    """Returns a connection that writes neither to the file at `path` nor to a file beside it. Returns None when `path`
    is not a ledger of today's schema.
    """
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
        connection.execute("BEGIN")  # All reads show the file at one moment.
        if not _is_a_ledger(connection):
            return None
        unless_kept.pop_all()
    return connection


def _mode(path: Path) -> str:
    """Returns the URI parameters with which SQLite reads the file at `path` without creating a file beside it. A file
    in WAL mode is complete without a write-ahead log, but SQLite would create the log in order to read the file.
    Sources: sqlite.org/wal.html#readonly, sqlite.org/uri.html.
    """
    # Closing a file releases every fcntl lock that the process holds on the file, but shell completion holds none.
    with path.open("rb") as file:
        is_wal = file.read(WAL_AT + 1)[WAL_AT:] == b"\x02"
    log, index = (path.resolve().with_name(f"{path.resolve().name}-{beside}") for beside in ("wal", "shm"))
    if is_wal and not log.exists():
        return "immutable=1"
    return "mode=ro" if index.exists() else "mode=ro&readonly_shm=1"


def _is_a_ledger(connection: sqlite3.Connection) -> bool:
    """Whether the file has a ledger's id and schema version in its header, and real tables. Reading a view with a
    table's name might never end.
    """
    [(application,)], [(version,)] = (
        connection.execute(f"PRAGMA {name}").fetchall() for name in ("application_id", "user_version")
    )
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    there = {name for (name,) in connection.execute(tables)}
    return (application, version) == (APPLICATION_ID, SCHEMA_VERSION) and {
        "entries",
        "words",
        "postings",
        "names",
    } <= there
