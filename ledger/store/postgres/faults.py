"""Translates PostgreSQL's errors into the ledger's own errors, by lookup in a literal table of SQLSTATEs."""

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
    unrecorded,
)
from ledger.messages import filled, marked, msg

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

# The table is keyed by SQLSTATE or by its class. The longest listed code applies: 53100 before its class, 53.
MEANINGS: dict[str, Callable[[str, str, float], LedgerError]] = {
    "08": lambda where, what, _seconds: ServerAway(where, what),
    "22021": lambda where, what, _seconds: Damaged(where, msg("it holds text that is not UTF-8 ({error})", error=what)),
    "22P05": lambda where, _what, _seconds: not_in_utf8(where),
    "23": lambda where, what, _seconds: Damaged(where, msg("its rows are not those of a ledger ({error})", error=what)),
    "25006": lambda where, _what, _seconds: OnlyRead(where),
    "3F000": lambda where, _what, _seconds: LedgerMissing(where),
    "40": lambda _where, _what, seconds: LockBusy(seconds),
    "42501": lambda where, _what, _seconds: NotPermitted(where, "do that in"),
    "42809": lambda where, what, _seconds: _name_taken(where, what),
    "42P01": lambda where, _what, _seconds: LedgerMissing(where),
    "42P13": lambda where, what, _seconds: _name_taken(where, what),
    "53": lambda where, what, _seconds: ServerAway(where, what),
    "53100": lambda where, _what, _seconds: DiskFull(where),
    "55P03": lambda _where, _what, seconds: LockBusy(seconds),
    "57": lambda where, what, _seconds: ServerAway(where, what),
    "58": lambda where, what, _seconds: Unusable(
        msg("the disk that holds {where} failed ({error})", where=where, error=what)
    ),
    "LG001": lambda where, what, _seconds: MayNotSign(where, what),
    "LG002": lambda where, _what, _seconds: Unusable(
        msg(
            "{where} records nothing now: each entry is recorded after the last, and no more than a day ahead of the"
            " server's clock; set this computer's clock right, or the server's, and try again",
            where=where,
        )
    ),
    "XX001": lambda where, what, _seconds: Damaged(where, what),
    "XX002": lambda where, what, _seconds: Damaged(where, what),
}
LOST = marked("the connection was lost")


def not_in_utf8(where: str, encoding: str = "") -> Unusable:
    """Returns the error for a database whose encoding cannot hold every text of a ledger."""
    if encoding:
        reason = msg(
            "{where} is in a database of {encoding}, and a ledger needs one of UTF8 (CREATE DATABASE name"
            " ENCODING 'UTF8' TEMPLATE template0)",
            where=where, encoding=encoding,
        )  # fmt: skip
    else:
        reason = msg(
            "{where} is in a database of another encoding, and a ledger needs one of UTF8 (CREATE DATABASE name"
            " ENCODING 'UTF8' TEMPLATE template0)",
            where=where,
        )
    return Unusable(unrecorded(reason), reason)


def _name_taken(where: str, what: str) -> Damaged:
    return Damaged(where, msg("something else has a name that a ledger needs ({error})", error=what))


def meaning(error: psycopg.Error, where: str, seconds: float) -> LedgerError | None:
    """Returns the LedgerError for psycopg's error in the ledger at `where`, after a wait of `seconds`. Returns None for
    an error that only a bug in this program can cause.
    """
    code = error.sqlstate or ("" if _ours(error) else "08")
    found = MEANINGS.get(code) or MEANINGS.get(code[:2])
    return found(where, what(error), seconds) if found else None


def what(error: psycopg.Error) -> str:
    """Returns the server's main message, or else the first line of the client library's message.

    The returned text never contains a row or a password.
    """
    said = error.diag.message_primary or next(iter(str(error).strip().splitlines()), filled(LOST, {}))
    return said.removeprefix("connection failed: ")


def _ours(error: psycopg.Error) -> bool:
    """Whether psycopg itself rejected its arguments, so that the error does not come from the connection."""
    from psycopg import OperationalError

    return not isinstance(error, OperationalError)
