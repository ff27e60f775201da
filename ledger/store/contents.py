"""Reads all rows of a ledger's database in pages, so that they can be checked. Judges the database itself, never what
the entries say.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, literal, or_, select, tuple_

from ledger.messages import msg
from ledger.store.bounds import bounded
from ledger.store.packing import SPAN
from ledger.store.pages import NO_END
from ledger.store.prepared import Prepared
from ledger.store.query import among, named_in, positions_in
from ledger.store.schema import (
    TAG,
    TEXT,
    TYPE,
    checkpoints,
    cosignatures,
    documents,
    entries,
    named,
    postings,
    tiles,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.store.database import Database, Row
    from ledger.store.query import Named

ENTRIES = Prepared(
    select(entries.c.position, *map(bounded, (entries.c.type, entries.c.leaf, entries.c.data, entries.c.words)))
    .where(entries.c.position > bindparam("after"), entries.c.position <= bindparam("until"))
    .order_by(entries.c.position)
    .limit(bindparam("size"))
)
# A plain count(*) is avoided: SQLite runs it as one step, which nothing can interrupt.
COUNT = Prepared(select(func.count(entries.c.position)))
_before = entries.alias()
_follows = exists().where(_before.c.position == entries.c.position - 1)
STRAY_ENTRIES = Prepared(
    select(entries.c.position)
    .where(or_(entries.c.position < 1, and_(entries.c.position > bindparam("until"), ~_follows)))
    .order_by(entries.c.position)
    .limit(bindparam("size"))
)
POSTINGS = Prepared(
    select(postings.c.word, postings.c.first, bounded(postings.c.rest))
    .where(
        tuple_(postings.c.word, postings.c.first)
        > tuple_(bindparam("word", type_=postings.c.word.type), bindparam("at", type_=postings.c.first.type)),
        postings.c.first > bindparam("before"),
        postings.c.first <= bindparam("until"),
    )
    .order_by(postings.c.word, postings.c.first)
    .limit(bindparam("size"))
)
_last = select(func.coalesce(func.max(entries.c.position), 0))
HEAD, last_position = Prepared(_last), _last.scalar_subquery()
STRAY_POSTINGS = Prepared(
    select(postings.c.word, postings.c.first)
    .where(or_(postings.c.first < 1, postings.c.first > last_position, ~exists().where(words.c.id == postings.c.word)))
    .limit(bindparam("size"))
)
STRAY_WORDS = Prepared(
    select(words.c.id, bounded(words.c.word))
    .where(
        or_(
            words.c.kind.is_(None),
            words.c.kind.not_in([literal(TYPE), literal(TAG)]),
            ~exists().where(postings.c.word == words.c.id),
        )
    )
    .limit(bindparam("size"))
)
WORDS = Prepared(
    select(words.c.id, bounded(words.c.kind), bounded(words.c.word)).where(
        among(words.c.id, bindparam("ids", type_=TEXT))
    )
)
TYPE_IDS = Prepared(select(bounded(words.c.word), words.c.id).where(words.c.kind == TYPE))
TILES = Prepared(
    select(tiles.c.number, bounded(tiles.c.root))
    .where(tiles.c.level == bindparam("level"), tiles.c.number >= bindparam("first"), tiles.c.number < bindparam("end"))
    .order_by(tiles.c.number),
    rises=True,
)
TILE_COUNTS = Prepared(select(tiles.c.level, func.count()).group_by(tiles.c.level).order_by(tiles.c.level), rises=True)
CHECKPOINTS = Prepared(
    select(checkpoints.c.number, checkpoints.c.size, bounded(checkpoints.c.note)).order_by(checkpoints.c.number),
    rises=True,
)
DIGESTS = Prepared(select(bounded(documents.c.digest)).order_by(documents.c.digest), rises=True)
DOCUMENT = Prepared(
    select(bounded(documents.c.data)).where(documents.c.digest == bindparam("digest", type_=documents.c.digest.type))
)
# Tables that a later version of this program fills, each with the query of one of its rows.
TO_COME = {each: Prepared(select(each.c[0]).limit(1)) for each in (cosignatures,)}
POSTINGS_PAGE, MOST = 1_000, 100
REMEMBERED = 50_000  # from so many values of the column `words` on, those read before are forgotten


class Stored(NamedTuple):
    """A row of the table `entries`. The types of the row's values are not checked yet. `named` are its tags, by their
    ids and as text, or None if the row holds no list of tags.
    """

    position: int
    type: Any
    leaf: Any
    data: Any
    named: Named | None


class Word(NamedTuple):
    """An event type or a tag, as the index holds it."""

    kind: Any
    text: Any

    @property
    def is_type(self) -> bool:
        return bool(self.kind == TYPE)


class Listed(NamedTuple):
    """Positions that a posting lists under a word, or the problem with the posting."""

    word: int
    positions: Sequence[int]
    problem: str = ""


class Contents:
    """Reads a ledger's tables for checking. Each method reads in pages and holds no lock between pages, since recorded
    rows never change.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._named: dict[
            object, Named | None
        ] = {}  # values of the column `words` that were read → what they stand for

    def entries(self, after: int, until: int) -> list[Stored]:
        """Returns the rows of `entries` with after < position <= until, in order of position."""
        wanted = {"after": after, "until": until, "size": until - after}
        rows = self._database.fetch(ENTRIES, wanted)
        if len(self._named) > REMEMBERED:
            self._named.clear()
        self._named |= named_in(self._database.fetch, {row[-1] for row in rows} - self._named.keys())
        return [Stored(position, kind, leaf, data, self._named[words]) for position, kind, leaf, data, words in rows]

    def count(self) -> int:
        """Returns the number of rows in `entries`, whatever their positions."""
        [(count,)] = self._database.fetch(COUNT)
        return int(count)

    def strays(self, until: int) -> list[int]:
        """Returns up to 100 positions in `entries` that a sound ledger does not have: those below 1, and those after
        `until` whose preceding position has no entry.
        """
        return [position for (position,) in self._database.fetch(STRAY_ENTRIES, {"until": until, "size": MOST})]

    def stray_postings(self, head: int) -> list[tuple[Any, int]]:
        """Returns up to 100 rows (word, position) of the index whose word or entry is not there. `head` is the last
        position that was checked. Entries may be recorded meanwhile, so the last position of all is read at the end.
        """
        found = [(word, at) for word, at in self._database.fetch(STRAY_POSTINGS, {"size": MOST}) if isinstance(at, int)]
        beyond = [(one.word, at) for one in self.listed(head - 1, NO_END) for at in one.positions if at > head]
        [(last,)] = self._database.fetch(HEAD)
        found += [(word, at) for word, at in beyond if at > last]
        return [*dict.fromkeys(found)][:MOST]

    def stray_words(self) -> list[Row]:
        """Returns up to 100 words (id, text) that no entry has."""
        return list(self._database.fetch(STRAY_WORDS, {"size": MOST}))

    def words(self, ids: Iterable[object]) -> dict[object, Word]:
        """Maps ids to the words that are there."""
        asked = [number for number in ids if isinstance(number, int)]
        return {number: Word(*word) for number, *word in self._database.fetch(WORDS, {"ids": json.dumps(asked)})}

    def types(self) -> dict[str, int]:
        """Maps each event type to its id as a word."""
        return dict(self._database.fetch(TYPE_IDS))

    def listed(self, after: int, until: int) -> Iterator[Listed]:
        """Yields the positions, after < position <= until, that the index lists under each word, ordered by word. A
        word may come several times, and its positions are in the order in which the index lists them.
        """
        last: Row = (-(2**63), 0)
        within = {"before": after - SPAN, "until": until, "size": POSTINGS_PAGE}
        size = POSTINGS_PAGE
        while size == POSTINGS_PAGE:
            rows = self._database.fetch(POSTINGS, {"word": last[0], "at": last[1], **within})
            size = len(rows)
            for word, first, rest in rows:
                try:
                    positions = positions_in(first, rest)
                except ValueError as error:
                    yield Listed(word, (), str(error))
                    continue
                if first <= after or positions[-1] > until:
                    positions = [at for at in positions if after < at <= until]
                yield Listed(word, positions)
            last = rows[-1] if rows else last

    def tiles(self, level: int, first: int, end: int) -> dict[int, bytes]:
        """Returns the roots of the full tiles of a level with first <= number < end, by number."""
        return dict(self._database.fetch(TILES, {"level": level, "first": first, "end": end}))

    def tile_counts(self) -> dict[int, int]:
        """Returns the number of full tiles stored on each level."""
        return dict(self._database.fetch(TILE_COUNTS))

    def checkpoints(self) -> list[Row]:
        """Returns the checkpoints as rows (number, size, note), in order of number."""
        return list(self._database.fetch(CHECKPOINTS))

    def documents(self) -> Iterator[tuple[str, bytes | None]]:
        """Yields each document as (digest, data), in order of digest. The data is None when a lookup by the digest
        returns no row or an overlong value.
        """
        for (digest,) in self._database.fetch(DIGESTS):
            rows = self._database.fetch(DOCUMENT, {"digest": digest})
            yield digest, rows[0][0] if rows else None

    def faults(self) -> Iterator[str]:
        """Yields one text for each fault of the database itself (tables, triggers, pages), and for each table with rows
        that this program never writes.
        """
        yield from self._database.faults()
        for table, rows in TO_COME.items():
            if self._database.fetch(rows):
                yield msg("{object} has rows, and this program writes none there", object=named("table", table.name))
