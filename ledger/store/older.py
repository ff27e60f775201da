"""Copies a ledger of an older schema, entry by entry, into an empty ledger of today's schema. The bytes of the entries
stay the same, and the index and the tree are made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsourcing.dcb.api import DCBEvent

from ledger.errors import Damaged
from ledger.messages import msg
from ledger.proof.tiles import WIDTH, hashes_in
from ledger.proof.tree import full_root, leaf_hash
from ledger.store.pages import whole
from ledger.store.recorder import SqlStore
from ledger.store.schema import checkpoints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.store.database import Database, Row

    Query = Callable[[str], Iterable[Row]]

LEVELS = 8  # of tiles; 256 ** 8 entries would be more than a position can say
PAGE = 20_000  # So many entries are copied in one append.


def copy_older(old: Query, version: int, new: Database) -> None:
    """Copies a ledger of schema 1 or 2 into `new`. `old` runs a query on the old ledger. Raises Damaged if an entry is
    missing, if a row cannot be copied, or if a hash or a tile in schema 2 is not that of the entries' bytes: the copy
    gets hashes, tiles and an index of its own, which would no longer tell.
    """
    store = SqlStore(new)
    head = _head(old, new.where)
    names: dict[int, str] = dict(old("SELECT position, disclosure FROM names"))
    key = None
    for after in range(0, head, PAGE):
        events = [*_events(old, version, after, min(after + PAGE, head), new.where)]
        if version == 1:
            for event in events:
                key = _carried_once(event, key)
        named = {place: names[after + 1 + place] for place in range(len(events)) if after + 1 + place in names}
        store.append(events, disclosures=named)
    for digest, data in old("SELECT digest, data FROM documents ORDER BY digest"):
        if not isinstance(data, bytes):
            raise Damaged(new.where, msg("document {document} is not what was kept", document=str(digest)))
        store.keep_documents({digest: data})
    if version > 1:
        _compare_tiles(old, store, head)
        with new.writing() as into:
            into.add(checkpoints, old("SELECT number, size, note FROM checkpoints ORDER BY number"))


def _head(old: Query, where: str) -> int:
    """Returns the last position in an old ledger. Raises Damaged if a row of a table is of no entry up to there."""
    [(head,)] = old("SELECT coalesce(max(position), 0) FROM entries")
    for table in ("entries", "names", "tags"):
        [ends] = old(f"SELECT min(position), max(position) FROM {table}")  # noqa: S608 - a table's own name
        for position in ends:
            if not isinstance(position, int | None):
                raise Damaged(where, msg("entry {position} is not what was written", position=str(position)))
            if position is not None and position < 1:
                what = msg("an entry has position {position}, but positions start at 1", position=position)
                raise Damaged(where, what)
            if position is not None and position > head:
                raise Damaged(where, msg("entry {position} is missing", position=position))
    return int(head)


def _compare_tiles(old: Query, store: SqlStore, head: int) -> None:
    """Raises Damaged if a full tile of an old ledger is not that of the entries. Tiles may be missing."""
    for level, number, root, data in old("SELECT level, number, root, data FROM tiles ORDER BY level, number"):
        is_full = level in range(LEVELS) and number in range(head // WIDTH ** (level + 1))
        own = store.tile(level, number) if is_full else b""
        if not own or data != own or root != full_root(hashes_in(own)):
            what = msg("tile {number} of level {level} is not that of the entries' bytes", number=number, level=level)
            raise Damaged(msg("the log's tree"), what)


def _events(old: Query, version: int, after: int, until: int, where: str) -> Iterator[DCBEvent]:
    """Yields the entries of an old ledger with after < position <= until."""
    columns = "position, type, data, tags" + (", leaf" if version > 1 else "")
    rows = old(f"SELECT {columns} FROM entries WHERE position > {after} AND position <= {until} ORDER BY position")  # noqa: S608 - only numbers
    expected = after + 1
    for position, kind, data, tags, *leaf in rows:
        if position != expected:
            break
        event = DCBEvent(*whole(position, kind, data, _listed(tags, version), where))
        if leaf and leaf != [leaf_hash(event.data)]:
            problem = msg("its bytes are not those that were recorded: they have another hash")
            raise Damaged(where, msg("entry {entry}: {problem}", entry=position, problem=problem))
        yield event
        expected += 1
    if expected <= until:
        raise Damaged(where, msg("entry {position} is missing", position=expected))


def _listed(tags: Any, version: int) -> Sequence[str] | None:
    """Returns the tags of an entry, which older schemas kept as text, one in each line. Returns None for text that none
    of them kept. In schema 1, each entry has the tag of its key.
    """
    if not isinstance(tags, str):
        return None
    listed = tags.split("\n") if tags else []
    return listed if all(tag and "\0" not in tag for tag in listed) and (listed or version > 1) else None


def _carried_once(event: DCBEvent, before: str | None) -> str:
    """Returns the last tag of an entry, which holds the idempotency key of the entry's append. If that tag equals
    `before`, the preceding entry's last tag, the tag is removed from the entry, so that only the first entry of an
    append carries the tag.
    """
    key = event.tags[-1]
    if key == before:
        event.tags.pop()
    return key
