"""Translates errors of SQLite and of the operating system into the ledger's own errors, by lookup in literal tables."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING

from ledger.errors import Damaged, DiskFull, LedgerError, LedgerMissing, LockBusy, NotALedger, NotPermitted, Unusable
from ledger.messages import cause, msg
from ledger.store.prepared import NotRising

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# The table is keyed by SQLite's names for errors. The longest listed name applies: SQLITE_IOERR_SHORT_READ before
# SQLITE_IOERR.
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
    "SQLITE_INTERRUPT": lambda where, _name, _seconds: Damaged(where, msg("reading it never ends")),
    "SQLITE_TOOBIG": lambda where, _name, _seconds: Damaged(where, msg("it holds a value larger than any in a ledger")),
    "SQLITE_CORRUPT": lambda where, name, _seconds: Damaged(
        where, msg("it is malformed or cut off ({error})", error=name)
    ),
    "SQLITE_IOERR_SHORT_READ": lambda where, name, _seconds: Damaged(where, msg("it is cut off ({error})", error=name)),
    "SQLITE_IOERR": lambda where, name, _seconds: Unusable(
        msg("the disk that holds {where} failed ({error})", where=where, error=name)
    ),
}

# SQLite's messages contain these texts, under the general name SQLITE_ERROR, when this program did not make the file's
# schema.
NO_LEDGERS = (
    "no such ",
    "has no column named",
    "unsupported file format",
    "values were supplied",
    "unable to identify",
)
# After these errors the connection is still sound, and a failed COMMIT has certainly recorded nothing.
HARMLESS = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CONSTRAINT"})
KNOWN_AT_COMMIT = HARMLESS | {"SQLITE_FULL"}
NOT_ALLOWED = frozenset({"SQLITE_READONLY", "SQLITE_CANTOPEN"})


def name(error: sqlite3.Error) -> str:
    """Returns SQLite's name for the error, such as SQLITE_IOERR_FSYNC; an empty string for an error of Python's driver
    itself.
    """
    return str(getattr(error, "sqlite_errorname", ""))


def family(error: sqlite3.Error) -> str:
    """Returns the first two words of the error's name: SQLITE_IOERR for SQLITE_IOERR_FSYNC."""
    return "_".join(name(error).split("_")[:2])


def busy(error: sqlite3.Error) -> bool:
    """Whether the error is SQLITE_BUSY: another connection holds the lock."""
    return family(error) == "SQLITE_BUSY"


def meaning(error: sqlite3.Error, where: str, seconds: float) -> LedgerError | None:
    """Returns the LedgerError for SQLite's error in the ledger at `where`, after a wait of `seconds` for the ledger's
    lock. Returns None for an error that only a bug in this program can cause.
    """
    if isinstance(error, NotRising):
        return Damaged(where, msg("its pages do not hold what they should: {error}", error=str(error)))
    if "Could not decode to UTF-8" in str(error):
        return Damaged(where, msg("it holds text that is not UTF-8"))
    # The error's class is checked, not its name, since Python does not know all of SQLite's names for such errors.
    if isinstance(error, sqlite3.IntegrityError):
        return Damaged(where, msg("its rows are not those of a ledger ({error})", error=str(error)))
    if name(error) == "SQLITE_ERROR" and any(said in str(error) for said in NO_LEDGERS):
        return Damaged(where, msg("its tables are not those of a ledger ({error})", error=str(error)))
    found = MEANINGS.get(name(error)) or MEANINGS.get(family(error))
    return found(where, name(error), seconds) if found else None


def meaning_of_os(error: OSError, path: Path) -> LedgerError:
    """Returns the LedgerError for an OSError that prevented `path` from being created."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return DiskFull(path)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return NotPermitted(path, "create")
        case errno.ENOENT | errno.ENOTDIR if not path.parent.is_dir():
            return Unusable(msg("there is no directory {folder}", folder=path.parent))
        case _:
            return Unusable(msg("{file} cannot be written: {error}", file=path, error=cause(error)))
