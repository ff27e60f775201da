"""Sessions: who is signed in, from when, and until when. A browser holds an id, of which only the digest is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from web.database import Database

LASTS, IDLE = timedelta(hours=8), timedelta(minutes=30)
FRESH = timedelta(minutes=10)  # for so long a repeated sign-in holds, for one act
TABLE = """
CREATE TABLE IF NOT EXISTS sessions (
    digest BLOB PRIMARY KEY, provider TEXT NOT NULL, account TEXT NOT NULL, began INTEGER NOT NULL,
    seen INTEGER NOT NULL, again INTEGER
) WITHOUT ROWID"""


class Session(NamedTuple):
    """A session: by which provider, for which account (`ISSUER SUBJECT`), and when it ends.

    It ends at `ends`, in `left` seconds, if nothing is asked for before, and at `at_last` in any case. `again` is when
    the sign-in was repeated, in seconds since 1970, if that still holds for an act, or None.
    """

    provider: str
    account: str
    ends: datetime
    at_last: datetime
    left: int
    again: int | None


class Sessions:
    """The sessions of everybody who is signed in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._database.run(TABLE)

    def begin(self, provider: str, account: str, now: datetime, *, again: bool = False) -> str:
        """Begins a session, and returns its id. `again` says that the sign-in was repeated for an act."""
        self._end_old(now)
        session, at = token_urlsafe(32), int(now.timestamp())
        self._database.run(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
            _digest(session), provider, account, at, at, at if again else None,
        )  # fmt: skip
        return session

    def found(self, session: str, now: datetime) -> Session | None:
        """Returns the session of an id, or None if it has ended. It is not idle from now."""
        self._end_old(now)
        rows = self._database.run(
            "SELECT provider, account, began, seen, again FROM sessions WHERE digest = ?", _digest(session)
        )
        if not rows:
            return None
        [(provider, account, began, seen, again)] = rows
        at = int(now.timestamp())
        if at > seen:
            self._database.run("UPDATE sessions SET seen = ? WHERE digest = ?", at, _digest(session))
            seen = at
        at_last = datetime.fromtimestamp(began, UTC) + LASTS
        if again is not None and at - again >= FRESH.total_seconds():
            again = None
        ends = min(datetime.fromtimestamp(seen, UTC) + IDLE, at_last)
        return Session(provider, account, ends, at_last, int((ends - now).total_seconds()), again)

    def uses_up(self, session: str, again: int) -> bool:
        """Uses up a sign-in that was repeated at `again`, for an act that is about to be recorded. Returns False where
        another act, by this browser at the same time, has used it up: that one needs another.
        """
        statement = "UPDATE sessions SET again = NULL WHERE digest = ? AND again = ?"
        return self._database.changes(statement, _digest(session), again)

    def gives_back(self, session: str, again: int) -> None:
        """Lets a sign-in that was used up hold again, for an act that was not recorded."""
        self._database.run("UPDATE sessions SET again = ? WHERE digest = ?", again, _digest(session))

    def end(self, session: str) -> None:
        """Ends a session."""
        self._database.run("DELETE FROM sessions WHERE digest = ?", _digest(session))

    def _end_old(self, now: datetime) -> None:
        began, seen = (int((now - one).timestamp()) for one in (LASTS, IDLE))
        self._database.run("DELETE FROM sessions WHERE began <= ? OR seen <= ?", began, seen)


def _digest(session: str) -> bytes:
    return sha256(session.encode("utf-8", "replace")).digest()
