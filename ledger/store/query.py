"""Translates eventsourcing's DCBQuery into SQL that selects the matching entries in order. Builds statements and runs
none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, exists, select, union

from ledger.store.bounds import bounded, fits
from ledger.store.prepared import Prepared
from ledger.store.schema import entries, tags

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
    from sqlalchemy import Select

ROW = (entries.c.position, *map(bounded, (entries.c.type, entries.c.data, entries.c.tags)))

EVERYTHING = Prepared(
    select(*ROW)
    .where(entries.c.position > bindparam("after"), entries.c.position <= bindparam("until"))
    .order_by(entries.c.position)
    .limit(bindparam("size"))
)

_DATA = (
    select(entries.c.position, bounded(entries.c.data))
    .where(entries.c.position > bindparam("after"), entries.c.position <= bindparam("until"))
    .limit(bindparam("size"))
)
DATA = Prepared(_DATA.order_by(entries.c.position))
DATA_OF_A_TYPE = Prepared(_DATA.where(entries.c.type == bindparam("type")).order_by(entries.c.position))
DATA_WITH_A_TAG = Prepared(
    _DATA.join(tags, tags.c.position == entries.c.position)
    .where(tags.c.tag == bindparam("tag"), tags.c.position > bindparam("after"), tags.c.position <= bindparam("until"))
    .order_by(tags.c.position)
)


def _types() -> Select[Any]:
    """Selects each event type of the entries once, and "" for an overlong type. The query steps from each type to the
    next in the index, instead of scanning all entries.
    """
    one = case((fits(entries.c.type), entries.c.type), else_="")
    first = select(one.label("type")).order_by(entries.c.type).limit(1)
    found = select(first.subquery().c.type).cte("found", recursive=True)
    following = first.where(entries.c.type > found.c.type).correlate(found)  # `following` is NULL after the last type.
    return select(found.union(select(following.scalar_subquery()).select_from(found)).c.type)


TYPES = Prepared(_types())


def means_all(query: DCBQuery | None) -> bool:
    """Whether the query matches every entry: it has no items, or an item without types and tags."""
    return query is None or not query.items or any(not item.types and not item.tags for item in query.items)


def matching(query: DCBQuery, after: int, until: int, size: int) -> Select[Any]:
    """Selects the first `size` entries with after < position <= until that match an item of the query. The positions
    for each item come sorted from an index, so that SQLite can merge them and stop early.
    """
    items = [_positions(item, after, until) for item in query.items]
    found = items[0] if len(items) == 1 else union(*items)
    return select(*ROW).where(entries.c.position.in_(found.order_by("at").limit(size))).order_by(entries.c.position)


def _positions(item: DCBQueryItem, after: int, until: int) -> Select[Any]:
    """Selects, as `at`, the positions of the entries that have all tags of the item and one of its types."""
    tag, *others = dict.fromkeys(item.tags) or (None,)
    if tag is None:
        where = entries.c.position
        found = select(where.label("at"))
    else:
        where = tags.c.position
        found = select(where.label("at")).where(tags.c.tag == tag)
        for other in others:
            also = tags.alias()
            found = found.where(exists().where(also.c.tag == other, also.c.position == where))
        if item.types:
            found = found.join(entries, entries.c.position == where)
    if item.types:
        found = found.where(entries.c.type.in_(item.types))
    return found.where(where > after, where <= until)
