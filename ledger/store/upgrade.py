"""Upgrades a ledger's file. A ledger of an older schema is copied, entry by entry, into a new file of today's schema,
which takes the old file's name; the old file is kept under another name. A ledger of today's schema gets today's
triggers.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Damaged, NotPermitted, OutcomeUnknown, Unusable
from ledger.messages import msg
from ledger.proof.note import parse_vkey
from ledger.store.api import PATIENCE_S
from ledger.store.files import replacing
from ledger.store.older import copy_older
from ledger.store.schema import LEDGER_ID, REFUSALS, metadata, named, trigger
from ledger.store.sqlite import faults, opening, wholeness
from ledger.store.sqlite.database import SqliteFile
from ledger.store.sqlite.journal import settle
from ledger.store.sqlite.making import make
from ledger.store.sqlite.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD_TABLES = {  # an older schema → its tables
    1: frozenset({"ledger", "entries", "tags", "names", "documents"}),
    2: frozenset({"ledger", "entries", "tags", "names", "documents", "tiles", "checkpoints"}),
}


class Old(NamedTuple):
    """What identifies a ledger of an older schema. `public_key` is None in schema 1, which had no signing key."""

    version: int
    ledger_id: str
    public_key: str | None


def upgrade(path: Path, public_key: Callable[[str], str], *, timeout: float = PATIENCE_S) -> Path | None:
    """Converts a ledger of an older schema to today's schema, and returns the path of the old file. Returns None for a
    ledger that has today's schema already. For a ledger without a signing key, `public_key` is called with the ledger's
    id and returns the key that signs from now on. Nobody else can write during the conversion. If anything fails, the
    old file is unchanged. If `path` is a link, the file that it leads to is converted.
    """
    opening.look(path, str(path))
    steps = Steps(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as file:
            steps.watch(file)
            file.execute(f"PRAGMA busy_timeout = {round(timeout * 1000)}")
            if (old := _old(file, path)) is None:
                return None
            if not os.access(path, os.W_OK):  # SQLite would open it read-only, and lock nobody out
                raise NotPermitted(str(path), "write to")
            # Without WAL, no write-ahead log of the old file can be replayed into the new file.
            settle(file, "truncate", timeout)
            file.execute("BEGIN EXCLUSIVE")
            place = path.resolve() if path.is_symlink() else path  # a link is kept: others may know the file itself
            kept = place.with_name(f"{place.name}.schema-{old.version}")
            with replacing(place, kept) as building:
                key = public_key(old.ledger_id) if old.public_key is None else old.public_key
                make(building, str(path), old.ledger_id, key)
                with closing(SqliteFile(building, where=str(path))) as new:
                    copy_older(file.execute, old.version, new)
            file.execute("ROLLBACK")
    except sqlite3.Error as error:
        steps.pass_on_interrupt(error)
        raise faults.meaning(error, str(path), timeout) or error from None
    except OutcomeUnknown as error:  # a commit to the copy, which nobody will use
        told = msg("the disk that holds {where} failed ({error})", where=str(path), error=error.what)
        raise Unusable(told) from None
    return kept


def renewed(path: Path, *, timeout: float = PATIENCE_S) -> dict[str, str]:
    """Renews each trigger of a ledger of today's schema that an earlier version of this program made or that somebody
    changed. Returns the renewed triggers, sorted: by name (`trigger NAME`), the name in the current language.
    """
    opening.look(path, str(path))
    steps = Steps(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as file:
            steps.watch(file)
            file.execute(f"PRAGMA busy_timeout = {round(timeout * 1000)}")
            opening.recognise(file, path, str(path))
            if not [*wholeness.outdated(file)]:
                return {}
            file.execute("BEGIN IMMEDIATE")
            names = [*wholeness.outdated(file)]
            for refusal in REFUSALS:
                if refusal[0] in names:
                    file.execute(f"DROP TRIGGER {refusal[0]}")
                    file.execute(trigger(refusal))
            file.execute("COMMIT")
    except sqlite3.Error as error:
        steps.pass_on_interrupt(error)
        raise faults.meaning(error, str(path), timeout) or error from None
    return {f"trigger {name}": named("trigger", name) for name in sorted(names)}


def _old(file: sqlite3.Connection, path: Path) -> Old | None:
    """Returns what identifies a ledger of an older schema, or None for a ledger of today's schema. Raises a LedgerError
    for any other file.
    """
    found = opening.there(file, str(path), {*metadata.tables, *OLD_TABLES[2]})
    [(version,)] = file.execute("PRAGMA user_version")
    if version not in OLD_TABLES or not found >= OLD_TABLES[version]:
        opening.recognise(file, path, str(path))
        return None
    rows = file.execute("SELECT * FROM ledger LIMIT 2").fetchall()
    if [row[0] for row in rows] != [version]:
        raise Damaged(path, msg("its table `ledger` must have exactly one row, of schema {version}", version=version))
    [(_, ledger_id, *key)] = rows
    if not (isinstance(ledger_id, str) and LEDGER_ID.fullmatch(ledger_id)):
        raise Damaged(path, msg("its table `ledger` holds no valid ledger id"))
    try:
        for one in key:
            parse_vkey(str(one))
    except ValueError as error:
        raise Damaged(path, msg("a key that signs for it cannot be read: {problem}", problem=error)) from None
    return Old(version, ledger_id, *(key or (None,)))
