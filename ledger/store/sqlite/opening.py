"""Finds the file that a location names, and checks that the file is a ledger before anything else is read from it."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import BadInput, Damaged, LedgerMissing, NewerLedger, NotALedger, NotPermitted, OlderLedger, Unusable
from ledger.limits import disk_failed
from ledger.messages import cause, filled, msg
from ledger.store.building import READING
from ledger.store.numbers import APPLICATION_ID, SCHEMA_VERSION
from ledger.store.schema import EXPECTED, identity, metadata
from ledger.store.sqlite import wholeness

if TYPE_CHECKING:
    from collections.abc import Collection

STRICT_SINCE = (3, 37)
JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
# A file of 2**28 pages has a terabyte at the usual page size. SQLite's checks need a bit of memory for each page.
MOST_PAGES = 2**28
# Some text without a scheme is no path either: USER:PASSWORD@HOST, and libpq's host=… password=… . With a leading ./
# such text is a path.
_NOT_A_PATH = re.compile(
    r"[^/\s]*:.*@|postgres[^/]*/.*:.*@|(.*\s)?\s*(host|hostaddr|port|dbname|user|password|service)\s*=",
    re.IGNORECASE | re.DOTALL,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


def file_of(location: str) -> Path:
    """Returns the file that a path or a URL of the form sqlite:///PATH names. Raises BadInput for any other URL, and
    for text that looks like a malformed URL. A URL may hold a password, so the error quotes only the scheme of a
    server's URL.
    """
    if "://" not in location:
        if _NOT_A_PATH.match(location):
            told = msg(
                "this is neither a file (write ./FILE) nor a URL (write postgresql+psycopg://HOST/DATABASE?schema=NAME)"
            )
            raise BadInput([(None, told)])
        return Path(location)
    scheme, _, rest = location.partition("://")
    if not _SCHEME.fullmatch(scheme):
        raise BadInput([(None, msg("this is not a URL: write postgresql+psycopg://HOST/DATABASE?schema=NAME"))])
    if scheme not in {"sqlite", "sqlite+pysqlite"}:
        told = msg(
            "{scheme}:// is not supported; give a file, sqlite:///FILE, or"
            " postgresql+psycopg://HOST/DATABASE?schema=NAME",
            scheme=scheme,
        )
        raise BadInput([(None, told)])
    if not rest.startswith("/") or rest == "/" or "?" in rest or rest == "/:memory:":
        told = msg("{location} names no file; write sqlite:///FILE, without options", location=location)
        raise BadInput([(None, told)])
    return Path(rest[1:])


def look(path: Path, where: str) -> None:
    """Raises LedgerMissing, NotALedger or NotPermitted when the file cannot be a ledger by its kind, size or
    permissions. Never opens the file: closing it would release every lock that this process holds on the file,
    including those of other connections (sqlite.org/howtocorrupt.html, section 2.2).
    """
    try:
        found = path.stat()
    except PermissionError:
        raise NotPermitted(where, "look for") from None
    except (OSError, ValueError):  # The path does not exist, is a loop of links, or has a null byte.
        raise LedgerMissing(where) from None
    if not stat.S_ISREG(found.st_mode) or found.st_size == 0:
        raise NotALedger(where)
    if not os.access(path, os.R_OK):
        raise NotPermitted(where, "read")
    refuse_super_journal(path, where)


def refuse_super_journal(path: Path, where: str) -> None:
    """Raises Damaged when the journal beside the file names a super-journal. SQLite would delete the file of that name,
    which could even be the signing key. A ledger is never part of a transaction over several files, so its own journal
    never names a super-journal.

    Source: sqlite.org/fileformat.html, "The Rollback Journal"; readSuperJournal in pager.c.
    """
    real = path.resolve()
    journal = real.with_name(f"{real.name}-journal")
    try:
        found = journal.lstat()
        if not stat.S_ISREG(found.st_mode):
            what = msg("{journal} is not a regular file, and SQLite would roll back by it", journal=journal)
            raise Damaged(where, what)
        with os.fdopen(os.open(journal, READING | os.O_NOFOLLOW), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(size - len(JOURNAL_MAGIC), 0))
            if size > len(JOURNAL_MAGIC) and file.read() == JOURNAL_MAGIC:
                what = msg(
                    "{journal} is not the ledger's own: SQLite would delete the file that it names", journal=journal
                )
                raise Damaged(where, what)
    except FileNotFoundError:
        return
    except PermissionError:
        raise NotPermitted(journal, "read") from None
    except OSError as error:
        if disk_failed(error):
            told = msg(
                "the disk that holds {where} failed: {journal}: {error}",
                where=where, journal=journal, error=cause(error),
            )  # fmt: skip
            raise Unusable(told) from None
        what = msg("{file} cannot be read: {error}", file=journal, error=cause(error))
        raise Damaged(where, what) from None


def on_sealed_disk(path: Path) -> bool:
    """Whether the file is on a read-only disk and has no write-ahead log. SQLite can read such a file without creating
    files beside it, even in WAL mode, because the last connection that closed merged the log into the file.
    """
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY) and not path.with_name(path.name + "-wal").exists()


def recognise(connection: sqlite3.Connection, path: Path, where: str) -> str:
    """Returns the ledger's id. Raises NotALedger, OlderLedger, NewerLedger or Damaged unless the file is a whole ledger
    of this schema.
    """

    def number(pragma: str) -> int:
        return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    connection.execute("BEGIN")  # All reads show the file at one moment, and nobody writes to it meanwhile.
    try:
        # The first read makes SQLite roll back a write that a crash left unfinished.
        version, application = number("user_version"), number("application_id")
        if application == APPLICATION_ID and version > SCHEMA_VERSION:
            raise NewerLedger(where, msg("schema {version}", version=version))
        found = there(connection, where)
        if application != APPLICATION_ID:
            raise NotALedger(where)
        if version < SCHEMA_VERSION:
            raise OlderLedger(where, version, SCHEMA_VERSION)
        wal = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        pages = number("page_count")
        size, actual = pages * number("page_size"), path.stat().st_size
        if not wal and actual < size:
            what = msg("it is cut off: {actual} of its {size} bytes are there", actual=actual, size=size)
            raise Damaged(where, what)
        if pages > MOST_PAGES:
            raise Damaged(where, msg("it claims to have {pages} pages, which no ledger has", pages=pages))
        if missing := EXPECTED - found:
            raise Damaged(where, msg("it lacks {names}", names=tuple(sorted(missing))))
        _refuse_foreign(connection, where)
        return identity(connection.execute("SELECT schema_version, ledger_id FROM ledger LIMIT 2").fetchall(), where)
    except sqlite3.DatabaseError as error:
        if "malformed database schema" in str(error) and sqlite3.sqlite_version_info < STRICT_SINCE:
            raise NewerLedger(where, msg("its tables need SQLite 3.37 or later")) from None
        raise
    finally:
        connection.rollback()


def _refuse_foreign(connection: sqlite3.Connection, where: str) -> None:
    if told := next(wholeness.foreign(connection), None):
        raise Damaged(where, told)


def there(connection: sqlite3.Connection, where: str, tables: Collection[str] = frozenset(metadata.tables)) -> set[str]:
    """Returns the names of tables, indexes and triggers that the file has. A view with the name of one of `tables` is
    left out, because reading a view might never end. Raises Damaged for a schema that SQLite cannot read, if the name
    in SQLite's message is not UTF-8.
    """
    try:
        found = connection.execute("SELECT type, name, coalesce(rootpage, 0) FROM sqlite_master").fetchall()
    except UnicodeDecodeError:
        raise Damaged(where, filled(wholeness.TEXTLESS, {})) from None
    kinds = {True: ("table",), False: ("index", "trigger")}
    return {name for kind, name, page in found if kind in kinds[name in tables] and (kind != "table" or page > 0)}
