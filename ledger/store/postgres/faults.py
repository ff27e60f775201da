"""What PostgreSQL's errors mean to whoever keeps a ledger: a literal table by SQLSTATE, and its lookup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import (
    Damaged,
    DiskFull,
    LedgerError,
    LedgerMissing,
    LockBusy,
    MayNotSign,
    NotPermitted,
    OnlyRead,
    ServerAway,
    Unusable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

# By SQLSTATE, the longest that is listed: 53100 before its class, 53.
MEANINGS: dict[str, Callable[[str, str, float], LedgerError]] = {
    "08": lambda where, what, _seconds: ServerAway(where, what),
    "22021": lambda where, what, _seconds: Damaged(where, f"it holds text that is none ({what})"),
    "22P05": lambda where, _what, _seconds: not_in_utf8(where),
    "23": lambda where, what, _seconds: Damaged(where, f"its rows are not those of a ledger ({what})"),
    "25006": lambda where, _what, _seconds: OnlyRead(where),
    "3F000": lambda where, _what, _seconds: LedgerMissing(where),
    "40": lambda _where, _what, seconds: LockBusy(seconds),
    "42501": lambda where, _what, _seconds: NotPermitted(where, "do that in"),
    "42809": lambda where, what, _seconds: Damaged(where, f"something else lies under a name of ours ({what})"),
    "42P01": lambda where, _what, _seconds: LedgerMissing(where),
    "42P13": lambda where, what, _seconds: Damaged(where, f"something else lies under a name of ours ({what})"),
    "53": lambda where, what, _seconds: ServerAway(where, what),
    "53100": lambda where, _what, _seconds: DiskFull(where),
    "55P03": lambda _where, _what, seconds: LockBusy(seconds),
    "57": lambda where, what, _seconds: ServerAway(where, what),
    "58": lambda where, what, _seconds: Unusable(f"the disk that holds {where} failed ({what})"),
    "LG001": lambda where, what, _seconds: MayNotSign(where, what),
    "LG002": lambda where, what, _seconds: Unusable(
        f"{where} records nothing now: {what}; set this computer's clock right, or the server's, and try again"
    ),
    "XX001": lambda where, what, _seconds: Damaged(where, what),
    "XX002": lambda where, what, _seconds: Damaged(where, what),
}
LOST = "the connection was lost"


def not_in_utf8(where: str, encoding: str = "another encoding") -> Unusable:
    """The database cannot hold every text that a ledger may."""
    return Unusable(
        f"{where} lies in a database of {encoding}, and a ledger needs one of UTF8 (CREATE DATABASE name"
        " ENCODING 'UTF8' TEMPLATE template0); nothing was recorded"
    )


def meaning(error: psycopg.Error, where: str, seconds: float) -> LedgerError | None:
    """What it means for the ledger at `where`, after waiting `seconds` for it. None: a fault of ours."""
    code = error.sqlstate or ("" if _ours(error) else "08")
    found = MEANINGS.get(code) or MEANINGS.get(code[:2])
    return found(where, what(error), seconds) if found else None


def what(error: psycopg.Error) -> str:
    """What the server, or the library that speaks to it, said first: never a row, never a password."""
    said = error.diag.message_primary or next(iter(str(error).strip().splitlines()), LOST)
    return said.removeprefix("connection failed: ")


def _ours(error: psycopg.Error) -> bool:
    """Whether psycopg itself complained of what it was given, not of the connection."""
    from psycopg import OperationalError

    return not isinstance(error, OperationalError)
