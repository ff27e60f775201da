"""The store on SQL: reads entries in pages and appends them under the write lock. SQLite's and PostgreSQL's Database
classes handle connections and translate errors.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from itertools import islice
from operator import itemgetter
from threading import RLock
from typing import TYPE_CHECKING

from eventsourcing.persistence import IntegrityError
from sqlalchemy import Integer, and_, bindparam, case, delete, exists, func, insert, select

from ledger.errors import Damaged, MayNotSign, NotPermitted, WentBack
from ledger.messages import msg
from ledger.proof.tiles import WIDTH
from ledger.proof.tree import leaf_hash
from ledger.store.api import NONE, UNSEEN, Mark, Store, last_mark, refuse_going_back, refuse_unkeepable
from ledger.store.bounds import bounded, octets
from ledger.store.contents import CHECKPOINTS, HEAD, Contents, last_position
from ledger.store.copying import copy_rows
from ledger.store.hashes import filled, tile
from ledger.store.indexing import add_entries, words_of
from ledger.store.packing import DISTANCE_BYTES, ID_BYTES, SPAN
from ledger.store.pages import NO_END, PAGE, Pages, events_of, without_gap
from ledger.store.prepared import Prepared
from ledger.store.query import DATA, DATA_AT, EVERYTHING, ROWS_AT, TYPES, matching, means_all, named_in, positions
from ledger.store.schema import ERASABLE, TAG, TYPE, checkpoints, entries, ledger, names, postings, tiles, words
from ledger.store.schema import accounts as accounts_table
from ledger.store.schema import documents as documents_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Self

    from eventsourcing.dcb.api import (
        DCBAppendCondition,
        DCBEvent,
        DCBQuery,
        DCBReadResponse,
        DCBSequencedEvent,
        DCBSubscription,
    )
    from sqlalchemy import ScalarSelect, Table

    from ledger.store.database import Database, Writing
    from ledger.store.prepared import Rows
    from ledger.store.query import Fetch

TOO_MANY = 2**40


def _listed(kind: str) -> ScalarSelect[int]:
    """Returns the SQL expression that counts the entries that the index lists under the words of a kind. Counts far too
    many if a row begins before the first entry or after the last, where no reader looks.
    """
    each = 1 + func.coalesce(octets(postings.c.rest, type_=Integer), 0) // DISTANCE_BYTES
    is_read = and_(postings.c.first >= 1, postings.c.first <= last_position)
    found = select(func.coalesce(func.sum(case((is_read, each), else_=TOO_MANY)), 0))
    return found.join(words, words.c.id == postings.c.word).where(words.c.kind == kind).scalar_subquery()


# All sizes are read in one statement, and so at one moment.
SIZES = Prepared(
    select(
        # SQLite finds a least or greatest value at once only in a query of its own.
        select(func.coalesce(func.min(entries.c.position), 1)).scalar_subquery(),
        last_position,
        func.count(entries.c.position),
        func.coalesce(func.sum(octets(entries.c.words, type_=Integer)), 0),
        _listed(TYPE),
        _listed(TAG),
    )
)
MARKS = Prepared(
    select(entries.c.position, bounded(entries.c.leaf)).where(
        entries.c.position.in_([bindparam("seen"), select(func.max(entries.c.position)).scalar_subquery()])
    )
)
ERASE = [Prepared(delete(table).where(table.c.position == bindparam("erased"))) for table in ERASABLE]
DISCLOSURES, ACCOUNTS = (
    Prepared(select(table.c.position, bounded(table.c.disclosure)).order_by(table.c.position), rises=True)
    for table in (names, accounts_table)
)

PUBLIC_KEY = Prepared(select(bounded(ledger.c.public_key)).limit(2))

_digest = bindparam("digest", type_=documents_table.c.digest.type)
_data = bindparam("data", type_=documents_table.c.data.type)
DOCUMENT = Prepared(select(bounded(documents_table.c.data)).where(documents_table.c.digest == _digest))
ADD_DOCUMENT = Prepared(
    insert(documents_table).from_select(
        ["digest", "data"], select(_digest, _data).where(~exists().where(documents_table.c.digest == _digest))
    )
)


class SqlStore(Store):
    """A ledger in a SQL database, in a file or on a server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: Database | None = None  # The connection that `turn` locks is opened on first use.
        self._writer = database
        # The lock `_writers` orders the threads of one process, and is taken before any other lock.
        self._writers = RLock()

    @property
    def ledger_id(self) -> str:
        return self._database.ledger_id

    @property
    def public_key(self) -> str:
        [(key,)] = self._database.fetch(PUBLIC_KEY)
        return str(key)

    @property
    def signer_role(self) -> str:
        return self._database.signer_role

    def refuse_signer(self) -> None:
        if not self._database.may_sign():
            raise MayNotSign(self._database.where, msg("the role {role} does", role=self.signer_role))

    @property
    def follows(self) -> bool:
        return self._database.standby

    @property
    def permissions(self) -> int:
        return self._database.permissions

    @property
    def home(self) -> Path:
        return self._database.home

    def confirm(self) -> None:
        self._writer.confirm()

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """Returns an iterator over the matching entries up to the head at the time of the call, or over the first
        `limit` entries after `after`. No lock is held between pages. Recorded entries never change, so all pages
        together still show one moment.
        """
        head = self.head() if limit is None else None
        page: Callable[[int, int], list[DCBSequencedEvent]]
        if query is None or means_all(query):
            page = partial(self._page, NO_END if head is None else head)
        else:
            found = matching(self._database.fetch, query, after or 0, NO_END if head is None else head)
            page = partial(self._page_at, found)
        return Pages(page, after=after or 0, limit=limit, head=head)

    def data(
        self, after: int, until: int, *, kind: str | None = None, tag: str | None = None
    ) -> Iterator[tuple[int, bytes]]:
        places = None
        if kind or tag:
            word = (TYPE, kind) if kind else (TAG, tag or "")
            places = positions(self._database.fetch, *word, after, until)
        size = PAGE
        while size == PAGE:
            if places is None:
                rows = self._database.fetch(DATA, {"after": after, "until": until, "size": PAGE})
            else:
                rows = self._at(DATA_AT, [*islice(places, PAGE)])
            size = len(rows)
            for position, data in rows:
                if not isinstance(data, bytes):
                    what = msg("entry {position} holds a value of the wrong type", position=position)
                    raise Damaged(self._database.where, what)
                if position <= after:  # A forged index could return the same entries for ever.
                    what = msg("entry {position} appears again after entry {after}", position=position, after=after)
                    raise Damaged(self._database.where, what)
                after = position
                yield position, data

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Holds the write lock on a second connection, so that no reading or folding takes place inside the lock's
        transaction.
        """
        with self._writers:
            if self._waiting is None:
                self._waiting = self._database.another()
            with self._waiting.locked():
                self._writer = self._waiting
                try:
                    yield
                finally:
                    self._writer = self._database

    def append(
        self,
        events: Sequence[DCBEvent],
        condition: DCBAppendCondition | None = None,
        *,
        disclosures: Mapping[int, str] = NONE,
        accounts: Mapping[int, str] = NONE,
        erase: Collection[int] = (),
        documents: Mapping[str, bytes] = NONE,
        seen: Mark = UNSEEN,
    ) -> int:
        refuse_unkeepable(events)
        is_alone = len(events) == 1 and not (disclosures or accounts or erase or documents)
        if is_alone and condition is not None and self._append_alone(events[0], condition, seen):
            return (condition.after or 0) + 1
        with self._writers, self._writer.writing() as statements:
            # The words of the first entries are read with the mark, since a server is waited for at each reading.
            wanted = words_of(events[:SPAN])
            marks, known = statements.fetch_each((MARKS, {"seen": seen.position}), wanted)
            head = last_mark(dict(marks), seen).position
            refuse_going_back(condition, head)
            if condition is not None and _fails(statements, condition, head):
                raise IntegrityError(condition)
            for start in range(0, len(events), SPAN):
                part = events[start : start + SPAN]
                if start:
                    known = statements.fetch(*words_of(part))
                leaves = [leaf_hash(event.data) for event in part]
                full = list(filled(statements.fetch, head + start, leaves))
                add_entries(statements, part, leaves, head + start, known)
                if full:
                    statements.add(tiles, full)
            if erase:
                _erase(statements, erase)
            _disclose(statements, head + 1, {names: disclosures, accounts_table: accounts})
            if documents:
                statements.run(ADD_DOCUMENT, ({"digest": name, "data": data} for name, data in documents.items()))
        if erase:
            self._database.forget_past()
        return head + len(events)

    def _append_alone(self, event: DCBEvent, condition: DCBAppendCondition, seen: Mark) -> bool:
        """Appends an entry that must follow the last, if the database can do that by one statement. Returns whether it
        did. Raises as `append` does.
        """
        after = condition.after or 0
        if (after + 1) % WIDTH == 0 or not means_all(condition.fail_if_events_match):
            return False
        with self._writers:
            found = self._writer.append(event, leaf_hash(event.data), after, seen)
        if found is None:
            return False
        head, extends = found
        if not extends:
            raise WentBack(seen.position, head)
        refuse_going_back(condition, head)
        if head > after:
            raise IntegrityError(condition)
        return True

    def erase(self, positions: Collection[int]) -> None:
        with self._writers, self._writer.writing() as statements:
            _erase(statements, positions)
        self._database.forget_past()

    def mark(self, seen: Mark = UNSEEN) -> Mark:
        return _last(self._database.fetch, seen)

    def subscribe(self, query: DCBQuery | None = None, *, after: int | None = None) -> DCBSubscription[Self]:
        return self._database.subscribe(self, query, after)

    def head(self) -> int:
        [(head,)] = self._database.fetch(HEAD)
        return max(int(head), 0)

    def is_whole(self) -> bool:
        [(first, last, count, ids, by_type, by_tag)] = self._database.fetch(SIZES)
        if first < 1:
            what = msg("an entry has position {position}, but positions start at 1", position=first)
            raise Damaged(self._database.where, what)
        return bool(last == count == by_type and ids == ID_BYTES * by_tag)

    def types(self) -> frozenset[str]:
        return frozenset(str(kind) for (kind,) in self._database.fetch(TYPES) if kind is not None)

    def disclosures(self) -> dict[int, str]:
        return dict(self._database.fetch(DISCLOSURES))

    def accounts(self) -> dict[int, str]:
        return dict(self._database.fetch(ACCOUNTS))

    def document(self, digest: str) -> bytes | None:
        for (data,) in self._database.fetch(DOCUMENT, {"digest": digest}):
            if not isinstance(data, bytes) or sha256(data).hexdigest() != digest:
                raise Damaged(self._database.where, msg("document {digest} is not what was kept", digest=digest))
            return data
        return None

    def keep_documents(self, documents: Mapping[str, bytes]) -> None:
        """Inserts documents that are not stored yet, into a ledger that is being created."""
        with self._writers, self._writer.writing() as statements:
            for digest, data in documents.items():
                statements.keep_document(digest, data)

    def tile(self, level: int, number: int) -> bytes:
        return tile(self._database.fetch, level, number)

    def checkpoints(self) -> list[str]:
        notes = [note for _, _, note in self._database.fetch(CHECKPOINTS)]
        for number, note in enumerate(notes, 1):
            if not isinstance(note, str):
                what = msg("checkpoint {number} is not what was written", number=number)
                raise Damaged(self._database.where, what)
        return notes

    def keep_checkpoint(self, size: int, note: str) -> None:
        try:
            self._keep_checkpoint(size, note)
        except NotPermitted:
            if not self.signer_role:
                raise
            raise MayNotSign(self._database.where, msg("the role {role} does", role=self.signer_role)) from None

    def _keep_checkpoint(self, size: int, note: str) -> None:
        with self._writers, self._writer.writing() as statements:
            [(head,)] = statements.fetch(HEAD)
            kept = [(of, text) for _, of, text in statements.fetch(CHECKPOINTS)]
            if (size, note) in kept:
                return
            if not all(isinstance(of, int) and 0 <= of <= head for of, _ in kept):
                what = msg("it holds a checkpoint of more entries than the log has")
                raise Damaged(self._database.where, what)
            if not (kept[-1][0] if kept else 0) <= size <= head:
                raise IntegrityError(f"a checkpoint of {size} entries, fewer than the last or more than the log")
            statements.add(checkpoints, [(len(kept) + 1, size, note)])

    def contents(self) -> Contents:
        """Returns a reader of all tables, for checking the ledger."""
        return Contents(self._database)

    def backup(self, path: Path) -> None:
        self._database.backup(path)

    def fill(self, source: SqlStore, told: Callable[[int], None] | None = None) -> None:
        """Copies all rows of `source` into this new ledger, byte for byte. `told` is called with the number of rows
        copied so far.
        """
        copy_rows(source._database, self._database, told)

    def close(self) -> None:
        self._database.close()
        if self._waiting is not None:
            self._waiting.close()

    def _page(self, until: int, after: int, size: int) -> list[DCBSequencedEvent]:
        rows = self._database.fetch(EVERYTHING, {"after": after, "until": until, "size": size})
        expected = 0 if until == NO_END else min(size, until - after)
        return without_gap(self._events(rows), after, expected, self._database.where)

    def _page_at(self, places: Iterator[int], _after: int, size: int) -> list[DCBSequencedEvent]:
        return self._events(self._at(ROWS_AT, [*islice(places, size)]))

    def _events(self, rows: Rows) -> list[DCBSequencedEvent]:
        named = named_in(self._database.fetch, {words for _, _, _, words in rows})
        return events_of(rows, named, self._database.where)

    def _at(self, statement: Prepared, places: list[int]) -> Rows:
        """Returns the rows of the entries at these positions. Raises Damaged, with the first missing position, unless
        the index lists only entries that are there.
        """
        rows = self._database.fetch(statement, {"places": json.dumps(places)}) if places else []
        found = [row[0] for row in rows]
        if found == places:
            return rows
        if missing := {*places}.difference(found):
            raise Damaged(self._database.where, msg("entry {position} is missing", position=min(missing)))
        return sorted(rows, key=itemgetter(0))  # A server may return them in any order.


def _disclose(statements: Writing, first: int, kept: Mapping[Table, Mapping[int, str]]) -> None:
    """Adds disclosures to their tables, each at its index after the position `first`."""
    for table, texts in kept.items():
        if texts:
            statements.add(table, ((first + place, text) for place, text in texts.items()))


def _erase(statements: Writing, positions: Collection[int]) -> None:
    """Deletes the names and the accounts at `positions` and overwrites their bytes."""
    for erase in ERASE:
        statements.run(erase, ({"erased": position} for position in positions))
    statements.blank_erased()


def _last(fetch: Fetch, seen: Mark) -> Mark:
    return last_mark(dict(fetch(MARKS, {"seen": seen.position})), seen)


def _fails(statements: Writing, condition: DCBAppendCondition, head: int) -> bool:
    """Whether an entry after the condition's position matches the condition's query. For a query that matches every
    entry, the entries need not be searched.
    """
    after = condition.after or 0
    if head <= after:
        return False
    query = condition.fail_if_events_match
    return means_all(query) or next(matching(statements.fetch, query, after, head), None) is not None
