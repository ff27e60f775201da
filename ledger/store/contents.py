"""Reads all rows of a ledger's database in pages, so that they can be checked. Judges the database itself, never what
the entries say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, or_, select, tuple_

from ledger.store.bounds import bounded, fits
from ledger.store.prepared import Prepared
from ledger.store.schema import checkpoints, documents, entries, tags, tiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.database import Database, Row

ENTRIES = Prepared(
    select(entries.c.position, *map(bounded, (entries.c.type, entries.c.leaf, entries.c.data, entries.c.tags)))
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
LONG_TAGS = Prepared(select(tags.c.position).where(~fits(tags.c.tag)).limit(bindparam("size")))
STRAY_TAGS = Prepared(
    select(bounded(tags.c.tag), tags.c.position)
    .where(
        or_(
            tags.c.position < 1,
            tags.c.position > select(func.coalesce(func.max(entries.c.position), 0)).scalar_subquery(),
        )
    )
    .limit(bindparam("size"))
)
TAGS = Prepared(
    select(tags.c.tag, tags.c.position)
    .where(
        fits(tags.c.tag),
        tuple_(tags.c.tag, tags.c.position)
        > tuple_(bindparam("tag", type_=tags.c.tag.type), bindparam("at", type_=tags.c.position.type)),
        tags.c.position > bindparam("after"),
        tags.c.position <= bindparam("until"),
    )
    .order_by(tags.c.tag, tags.c.position)
    .limit(bindparam("size"))
)
TILES = Prepared(
    select(tiles.c.number, bounded(tiles.c.root), bounded(tiles.c.data))
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
TAG_PAGE, MOST = 50_000, 100


class Stored(NamedTuple):
    """A row of the table `entries`. The types of the row's values are not checked yet."""

    position: int
    type: Any
    leaf: Any
    data: Any
    tags: Any


class Contents:
    """Reads a ledger's tables for checking. Each method reads in pages and holds no lock between pages, since recorded
    rows never change.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self, after: int, until: int) -> list[Stored]:
        """Returns the rows of `entries` with after < position <= until, in order of position."""
        wanted = {"after": after, "until": until, "size": until - after}
        return list(map(Stored._make, self._database.fetch(ENTRIES, wanted)))

    def count(self) -> int:
        """Returns the number of rows in `entries`, whatever their positions."""
        [(count,)] = self._database.fetch(COUNT)
        return int(count)

    def strays(self, until: int) -> list[int]:
        """Returns up to 100 positions in `entries` that a sound ledger does not have: those below 1, and those after
        `until` whose preceding position has no entry.
        """
        return [position for (position,) in self._database.fetch(STRAY_ENTRIES, {"until": until, "size": MOST})]

    def stray_tags(self) -> list[Row]:
        """Returns up to 100 rows (tag, position) of the tag index whose position is below 1 or beyond the last
        entry.
        """
        return list(self._database.fetch(STRAY_TAGS, {"size": MOST}))

    def long_tags(self) -> list[Any]:
        """Returns the positions in up to 100 rows of the tag index whose tag is longer than a tag can be."""
        return [position for (position,) in self._database.fetch(LONG_TAGS, {"size": MOST})]

    def tags(self, after: int, until: int) -> Iterator[list[Row]]:
        """Yields pages of rows (tag, position) of the tag index with after < position <= until, ordered by tag and
        position. Rows with an overlong tag are left out.
        """
        last: Row = ("", 0)
        within = {"after": after, "until": until, "size": TAG_PAGE}
        while True:
            rows = self._database.fetch(TAGS, {"tag": last[0], "at": last[1], **within})
            if not rows:
                return
            yield list(rows)
            last = rows[-1]

    def tiles(self, level: int, first: int, end: int) -> dict[int, tuple[bytes, bytes]]:
        """Returns the full tiles of a level with first <= number < end, as a mapping from number to (root, data)."""
        rows = self._database.fetch(TILES, {"level": level, "first": first, "end": end})
        return {number: (root, data) for number, root, data in rows}

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
        """Yields one text for each fault of the database itself (tables, triggers, pages)."""
        yield from self._database.faults()
