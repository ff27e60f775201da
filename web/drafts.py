"""Drafts: what was typed in forms, and files, that are not recorded yet. They are kept on the server, by whom they are,
and never in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import orjson
from msgspec import Struct

from ledger.book import moment
from ledger.errors import BadInput
from ledger.messages import msg
from web.database import in_memory

if TYPE_CHECKING:
    from datetime import datetime

    from web.database import Database

KEPT = timedelta(days=7)
MOST, LARGEST = 50, 200_000  # drafts of one registrar, and bytes of a draft
MOST_FILES = 5  # of one registrar, while they are looked over
FILES = "CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, by TEXT NOT NULL, kept_at TEXT NOT NULL, data BLOB)"
TABLE = """
CREATE TABLE IF NOT EXISTS drafts (
    id TEXT PRIMARY KEY, by TEXT NOT NULL, event TEXT NOT NULL, path TEXT NOT NULL, kept_at TEXT NOT NULL,
    typed BLOB NOT NULL
)"""


class Draft(Struct, frozen=True):
    """A form that was kept: its event, the path of its page, when it was kept, and what was typed by field."""

    id: str
    event: str
    path: str
    kept_at: str
    typed: Mapping[str, Sequence[str]]


class Drafts:
    """The drafts in the file of the pages, or in memory. Threads may share them."""

    def __init__(self, database: Database | None = None) -> None:
        self._rows = database or in_memory()
        self._rows.run(TABLE)
        self._rows.run(FILES)

    def keep(self, by: str, event: str, path: str, typed: Mapping[str, Sequence[str]], now: datetime) -> str:
        """Keeps what was typed, and returns the id of its draft. Of more than MOST drafts, the oldest goes.

        Raises BadInput for more text than a draft holds.
        """
        data = orjson.dumps({name: [*texts] for name, texts in typed.items()})
        if len(data) > LARGEST:
            raise BadInput([(None, msg("a draft holds at most {most:grouped} bytes", most=LARGEST))])
        draft = token_urlsafe(16)
        kept_at = moment(now)
        self._rows.run("INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?)", draft, by, event, path, kept_at, data)
        self._rows.run(
            "DELETE FROM drafts WHERE by = ? AND id NOT IN"
            " (SELECT id FROM drafts WHERE by = ? ORDER BY kept_at DESC, rowid DESC LIMIT ?)",
            by, by, MOST,
        )  # fmt: skip
        return draft

    def drafts(self, by: str, now: datetime) -> list[Draft]:
        """Returns somebody's drafts, the newest first. Those of more than seven days ago are deleted."""
        self._forget(now)
        return self._found("by = ? ORDER BY kept_at DESC, rowid DESC", by)

    def draft(self, by: str, draft: str, now: datetime) -> Draft | None:
        """Returns one of somebody's drafts, or None if it is not theirs, or not kept any more."""
        self._forget(now)
        return next(iter(self._found("by = ? AND id = ?", by, draft)), None)

    def drop(self, by: str, draft: str) -> None:
        """Deletes one of somebody's drafts, if it is there."""
        self._rows.run("DELETE FROM drafts WHERE by = ? AND id = ?", by, draft)

    def keep_file(self, by: str, data: bytes, now: datetime) -> str:
        """Keeps a file that is looked over before it is imported, and returns its id. Of more than MOST_FILES, the
        oldest goes.
        """
        file = token_urlsafe(16)
        self._rows.run("INSERT INTO files VALUES (?, ?, ?, ?)", file, by, moment(now), data)
        self._rows.run(
            "DELETE FROM files WHERE by = ? AND id NOT IN"
            " (SELECT id FROM files WHERE by = ? ORDER BY kept_at DESC, rowid DESC LIMIT ?)",
            by, by, MOST_FILES,
        )  # fmt: skip
        return file

    def file(self, by: str, file: str, now: datetime) -> bytes | None:
        """Returns one of somebody's files, or None if it is not theirs, or not kept any more."""
        self._forget(now)
        rows = self._rows.run("SELECT data FROM files WHERE by = ? AND id = ?", by, file)
        return bytes(rows[0][0]) if rows else None

    def _forget(self, now: datetime) -> None:
        for table in ("drafts", "files"):
            self._rows.run(f"DELETE FROM {table} WHERE kept_at <= ?", moment(now - KEPT))  # noqa: S608 - the tables are ours

    def _found(self, where: str, *values: Any) -> list[Draft]:
        found = self._rows.run(f"SELECT id, event, path, kept_at, typed FROM drafts WHERE {where}", *values)  # noqa: S608 - the conditions are ours
        return [Draft(one, event, path, at, orjson.loads(typed)) for one, event, path, at, typed in found]
