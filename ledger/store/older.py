"""Copies a ledger of an older schema, entry by entry, into an empty ledger of today's schema. The bytes of the entries
stay the same, and the index and the tree are made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsourcing.dcb.api import DCBEvent

from ledger.errors import Damaged
from ledger.messages import msg
from ledger.proof.tree import leaf_hash
from ledger.store.hashes import ROOTS
from ledger.store.pages import whole
from ledger.store.recorder import SqlStore
from ledger.store.schema import checkpoints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.store.database import Database, Row

    Query = Callable[[str], Iterable[Row]]

PAGE = 20_000  # So many entries are copied in one append.


def copy_older(old: Query, version: int, new: Database) -> None:
    """Copies a ledger of schema 1 or 2 into `new`. `old` runs a query on the old ledger. Raises Damaged if an entry is
    missing, or if its hash in schema 2 is not that of its bytes.
    """
    store = SqlStore(new)
    [(head,)] = old("SELECT coalesce(max(position), 0) FROM entries")
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
        store.keep_documents({digest: data})
    if version > 1:
        _refuse_another_tree(old, new)
        with new.writing() as into:
            into.add(checkpoints, old("SELECT number, size, note FROM checkpoints ORDER BY number"))


def _events(old: Query, version: int, after: int, until: int, where: str) -> Iterator[DCBEvent]:
    """Yields the entries of an old ledger with after < position <= until."""
    columns = "position, type, data, tags" + (", leaf" if version > 1 else "")
    rows = old(f"SELECT {columns} FROM entries WHERE position > {after} AND position <= {until} ORDER BY position")  # noqa: S608 - only numbers
    expected = after + 1
    for position, kind, data, tags, *leaf in rows:
        if position != expected:
            break
        event = DCBEvent(*whole(position, kind, data, _listed(tags), where))
        if leaf and leaf != [leaf_hash(event.data)]:
            problem = msg("its bytes are not those that were recorded: they have another hash")
            raise Damaged(where, msg("entry {entry}: {problem}", entry=position, problem=problem))
        yield event
        expected += 1
    if expected <= until:
        raise Damaged(where, msg("entry {position} is missing", position=expected))


def _refuse_another_tree(old: Query, new: Database) -> None:
    """Raises Damaged if a tile of the old ledger is not that of its entries: the tile may be all that shows that an
    entry was changed together with its hash.
    """
    for level, number, root in [*old("SELECT level, number, root FROM tiles ORDER BY level, number")]:
        if [(number, root)] != [*new.fetch(ROOTS, {"level": level, "first": number, "end": number + 1})]:
            problem = msg(
                "tile {number} of level {level} is not that of the entries' bytes", number=number, level=level
            )
            raise Damaged(new.where, problem)


def _listed(tags: Any) -> Sequence[str] | None:
    """Returns the tags of an entry, which older schemas kept as text, one in each line. Returns None if it is not such
    text.
    """
    if not isinstance(tags, str) or "\0" in tags:
        return None
    found = tags.split("\n") if tags else []
    return found if all(found) else None


def _carried_once(event: DCBEvent, before: str | None) -> str | None:
    """Returns the last tag of an entry, which holds the idempotency key of the entry's append, or None if the entry was
    robbed of its tags. If that tag equals `before`, the preceding entry's last tag, the tag is removed from the entry,
    so that only the first entry of an append carries the tag.
    """
    key = event.tags[-1] if event.tags else None
    if key is not None and key == before:
        event.tags.pop()
    return key
