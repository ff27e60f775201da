"""Upgrades a ledger's file. A ledger of schema 1 is copied, entry by entry, into a new file of today's schema, which
takes the old file's name; the old file is kept under another name. A ledger of today's schema gets today's triggers.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.errors import Damaged
from ledger.messages import msg
from ledger.store.api import PATIENCE_S
from ledger.store.files import replacing
from ledger.store.pages import PAGE, event_of, without_gap
from ledger.store.recorder import SqlStore
from ledger.store.schema import REFUSALS, named, trigger
from ledger.store.sqlite import faults, opening, wholeness
from ledger.store.sqlite.database import SqliteFile
from ledger.store.sqlite.journal import settle
from ledger.store.sqlite.making import make
from ledger.store.sqlite.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from eventsourcing.dcb.api import DCBEvent, DCBSequencedEvent

OLD = 1
OLD_TABLES = frozenset({"ledger", "entries", "tags", "names", "documents"})


def upgrade(path: Path, public_key: Callable[[str], str], *, timeout: float = PATIENCE_S) -> Path | None:
    """Converts a ledger of schema 1 to today's schema, and returns the path of the old file. Returns None for a ledger
    that has today's schema already. `public_key` is called with the ledger's id and returns the key that signs from now
    on. Nobody else can write during the conversion. If anything fails, the old file is unchanged.
    """
    kept = path.parent / f"{path.name}.schema-{OLD}"
    opening.look(path, str(path))
    steps = Steps(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as old:
            steps.watch(old)
            old.execute(f"PRAGMA busy_timeout = {round(timeout * 1000)}")
            if not (ledger_id := _old_id(old, path)):
                return None
            # Without WAL, no write-ahead log of the old file can be replayed into the new file.
            settle(old, "truncate", timeout)
            old.execute("BEGIN EXCLUSIVE")
            with replacing(path, kept) as building:
                make(building, str(path), ledger_id, public_key(ledger_id))
                with SqlStore(SqliteFile(building, where=str(path))) as new:
                    _copy(old, new, str(path))
            old.execute("ROLLBACK")
    except sqlite3.Error as error:
        steps.pass_on_interrupt(error)
        raise faults.meaning(error, str(path), timeout) or error from None
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


def _old_id(old: sqlite3.Connection, path: Path) -> str:
    """Returns the id of a ledger of schema 1, or "" for a ledger of today's schema. Raises a LedgerError for any other
    file.
    """
    found = opening.there(old, str(path))
    if old.execute("PRAGMA user_version").fetchone()[0] != OLD or not found >= OLD_TABLES:
        opening.recognise(old, path, str(path))
        return ""
    rows = old.execute("SELECT schema_version, ledger_id FROM ledger LIMIT 2").fetchall()
    if [version for version, _ in rows] != [OLD]:
        raise Damaged(path, msg("its table `ledger` must have exactly one row, of schema 1"))
    return str(rows[0][1])


def _copy(old: sqlite3.Connection, new: SqlStore, where: str) -> None:
    [(head,)] = old.execute("SELECT coalesce(max(position), 0) FROM entries")
    names = dict(old.execute("SELECT position, disclosure FROM names"))
    documents = dict(old.execute("SELECT digest, data FROM documents"))
    key = None
    for page in _pages(old, head, where):
        first = page[0].position
        for one in page:
            key = _carried_once(one.event, key)
        named = {one.position - first: names[one.position] for one in page if one.position in names}
        new.append([one.event for one in page], disclosures=named, documents=documents)
        documents = {}


def _carried_once(event: DCBEvent, before: str | None) -> str:
    """Returns the last tag of an entry, which holds the idempotency key of the entry's append. If that tag equals
    `before`, the preceding entry's last tag, the tag is removed from the entry, so that only the first entry of an
    append carries the tag.
    """
    key = event.tags[-1]
    if key == before:
        event.tags.pop()
    return key


def _pages(old: sqlite3.Connection, head: int, where: str) -> Iterator[list[DCBSequencedEvent]]:
    asked = "SELECT position, type, data, tags FROM entries WHERE position > ? ORDER BY position LIMIT ?"
    for after in range(0, head, PAGE):
        rows = old.execute(asked, (after, PAGE))
        yield without_gap([event_of(row, where) for row in rows], after, min(PAGE, head - after), where)
