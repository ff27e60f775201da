"""What SQLite's and the operating system's errors mean to whoever keeps a ledger: literal tables and their lookup."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from ledger.errors import Damaged, DiskFull, LedgerError, LedgerMissing, LockBusy, NotALedger, NotPermitted, Unusable
from ledger.store.prepared import NotRising

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# By SQLite's name for it, the longest that is listed: SQLITE_IOERR_SHORT_READ before SQLITE_IOERR.
MEANINGS: dict[str, Callable[[str, str, float], LedgerError]] = {
    "SQLITE_BUSY": lambda _where, _name, seconds: LockBusy(seconds),
    "SQLITE_LOCKED": lambda _where, _name, seconds: LockBusy(seconds),
    "SQLITE_FULL": lambda where, _name, _seconds: DiskFull(where),
    "SQLITE_PERM": lambda where, _name, _seconds: NotPermitted(where, "use"),
    "SQLITE_CANTOPEN": lambda where, _name, _seconds: NotPermitted(where, "open, or make files beside,"),
    "SQLITE_READONLY": lambda where, _name, _seconds: NotPermitted(where, "write to"),
    "SQLITE_READONLY_DIRECTORY": lambda where, _name, _seconds: NotPermitted(where, "make files beside"),
    "SQLITE_READONLY_DBMOVED": lambda where, _name, _seconds: LedgerMissing(where),
    "SQLITE_NOTADB": lambda where, _name, _seconds: NotALedger(where),
    "SQLITE_INTERRUPT": lambda where, _name, _seconds: Damaged(where, "there is no end to reading it"),
    "SQLITE_TOOBIG": lambda where, _name, _seconds: Damaged(where, "it holds a value larger than any of a ledger's"),
    "SQLITE_CORRUPT": lambda where, name, _seconds: Damaged(where, f"it is malformed or cut off ({name})"),
    "SQLITE_IOERR_SHORT_READ": lambda where, name, _seconds: Damaged(where, f"it is cut off ({name})"),
    "SQLITE_IOERR": lambda where, name, _seconds: Unusable(f"the disk that holds {where} failed ({name})"),
}

# What SQLite says, under no name of its own, of a file whose schema is not what we made.
NO_LEDGERS = (
    "no such ",
    "has no column named",
    "unsupported file format",
    "values were supplied",
    "unable to identify",
)
# After these the connection is as good as before, and a failed COMMIT is known to have recorded nothing.
HARMLESS = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CONSTRAINT"})
KNOWN_AT_COMMIT = HARMLESS | {"SQLITE_FULL"}
NOT_ALLOWED = frozenset({"SQLITE_READONLY", "SQLITE_CANTOPEN"})


def driver_error(error: BaseException) -> sqlite3.Error | None:
    """SQLite's own error, also from under SQLAlchemy's; None if it is another's."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    return inner if isinstance(inner, sqlite3.Error) else None


def name(error: sqlite3.Error) -> str:
    """SQLite's name for it, such as SQLITE_IOERR_FSYNC; "" where the driver itself complained."""
    return str(getattr(error, "sqlite_errorname", ""))


def family(error: sqlite3.Error) -> str:
    """The first two words of the name: SQLITE_IOERR of SQLITE_IOERR_FSYNC."""
    return "_".join(name(error).split("_")[:2])


def busy(error: BaseException) -> bool:
    cause = driver_error(error)
    return cause is not None and family(cause) == "SQLITE_BUSY"


def meaning(error: sqlite3.Error, where: str, seconds: float) -> LedgerError | None:
    """What it means for the ledger at `where`, after waiting `seconds` for its lock. None: a fault of ours."""
    if isinstance(error, NotRising):
        return Damaged(where, f"its pages do not hold what they should: {error}")
    if "Could not decode to UTF-8" in str(error):
        return Damaged(where, "it holds text that is none")
    if isinstance(error, sqlite3.IntegrityError):  # not all of whose names Python knows
        return Damaged(where, f"its rows are not those of a ledger ({error})")
    if name(error) == "SQLITE_ERROR" and any(said in str(error) for said in NO_LEDGERS):
        return Damaged(where, f"its tables are not those of a ledger ({error})")
    found = MEANINGS.get(name(error)) or MEANINGS.get(family(error))
    return found(where, name(error), seconds) if found else None


def meaning_of_os(error: OSError, path: Path) -> LedgerError:
    """What kept `path` from being made."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return DiskFull(path)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return NotPermitted(path, "create")
        case errno.ENOENT | errno.ENOTDIR:
            return Unusable(f"there is no directory {path.parent}")
        case _:
            return Unusable(f"{path} cannot be made: {error.strerror}")
