"""Finds the entries that a query asks for: reads the positions from the index of words, and merges them in order."""

from __future__ import annotations

import json
from functools import partial
from heapq import merge
from itertools import chain, groupby, islice, pairwise
from operator import lt
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import BigInteger, bindparam, case, cast, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from ledger.errors import Damaged
from ledger.messages import msg
from ledger.store.bounds import bounded, fits
from ledger.store.packing import DISTANCES, IDS, SPAN, unpacked
from ledger.store.prepared import Prepared
from ledger.store.schema import TAG, TEXT, TYPE, entries, postings, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
    from sqlalchemy import BindParameter, Column, ColumnElement
    from sqlalchemy.sql.compiler import SQLCompiler

    from ledger.store.prepared import Rows


class Fetch(Protocol):
    """Runs a query and returns its rows, inside a transaction or in a transaction of its own."""

    def __call__(self, statement: Prepared, parameters: Mapping[str, object]) -> Rows: ...


class values_in(GenericFunction[str]):  # noqa: N801 - named as a SQL function
    """The SQL function that yields the values of a JSON list, each in a row, as `value`."""

    inherit_cache = True


@compiles(values_in, "sqlite")
def _values_in_sqlite(element: values_in, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(values_in, "postgresql")
def _values_in_postgresql(element: values_in, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array_elements_text(({compiler.process(element.clauses, **kw)})::json)"


def among(column: Column[Any], values: BindParameter[str]) -> ColumnElement[bool]:
    """Returns the SQL condition that a column's value is among the values of a JSON list."""
    listed = func.values_in(values).table_valued("value", name="listed")
    return column.in_(select(cast(listed.c.value, column.type)))


ROW = (entries.c.position, *map(bounded, (entries.c.type, entries.c.data, entries.c.words)))

EVERYTHING = Prepared(
    select(*ROW)
    .where(entries.c.position > bindparam("after"), entries.c.position <= bindparam("until"))
    .order_by(entries.c.position)
    .limit(bindparam("size"))
)
_places = bindparam("places", type_=TEXT)
# The outer join reads the entries in the order of the places, and has a row of NULLs for each that is missing.
_at = func.values_in(_places).table_valued("value", name="places")
_entries_at = _at.outerjoin(entries, entries.c.position == cast(_at.c.value, BigInteger))
ROWS_AT = Prepared(select(*ROW).select_from(_entries_at))

_DATA = select(entries.c.position, bounded(entries.c.data))
DATA = Prepared(
    _DATA.where(entries.c.position > bindparam("after"), entries.c.position <= bindparam("until"))
    .order_by(entries.c.position)
    .limit(bindparam("size"))
)
DATA_AT = Prepared(_DATA.select_from(_entries_at))

# An overlong type is read as "", which is no event's name.
TYPES = Prepared(select(case((fits(words.c.word), words.c.word), else_="")).where(words.c.kind == TYPE))
TAGS_OF = Prepared(select(words.c.id, bounded(words.c.word)).where(among(words.c.id, _places), words.c.kind == TAG))
POSTINGS = Prepared(
    select(postings.c.first, bounded(postings.c.rest))
    .join(words, words.c.id == postings.c.word)
    .where(
        words.c.kind == bindparam("kind"),
        words.c.word == bindparam("word"),
        postings.c.first > bindparam("before"),
        postings.c.first <= bindparam("until"),
    )
    .order_by(postings.c.first)
    .limit(bindparam("size"))
)
ROWS = 500  # So many postings are read at a time.


def means_all(query: DCBQuery | None) -> bool:
    """Whether the query matches every entry: it has no items, or an item without types and tags."""
    return query is None or not query.items or any(not item.types and not item.tags for item in query.items)


def matching(fetch: Fetch, query: DCBQuery, after: int, until: int) -> Iterator[int]:
    """Yields the positions, after < position <= until, of the entries that match an item of the query, in order."""
    listed = partial(positions, fetch, after=after, until=until)
    return _each_once([_of_item(item, listed) for item in query.items])


def _of_item(item: DCBQueryItem, listed: Callable[[str, str], Iterator[int]]) -> Iterator[int]:
    """Yields the positions of the entries that have all tags of the item and one of its types."""
    parts = [listed(TAG, tag) for tag in dict.fromkeys(item.tags)]
    if item.types:
        parts.append(_each_once([listed(TYPE, kind) for kind in dict.fromkeys(item.types)]))
    return (position for position, found in groupby(merge(*parts)) if len([*found]) == len(parts))


def _each_once(parts: Iterable[Iterator[int]]) -> Iterator[int]:
    return (position for position, _ in groupby(merge(*parts)))


def positions(fetch: Fetch, kind: str, word: str, after: int, until: int) -> Iterator[int]:
    """Yields the positions, after < position <= until, that the index lists under a word, in order. Raises Damaged if
    the index lists them in another order, or in another form than this program writes.
    """
    return chain.from_iterable(_listed(fetch, kind, word, after, until))


def _listed(fetch: Fetch, kind: str, word: str, after: int, until: int) -> Iterator[Iterable[int]]:
    """Yields the positions of `positions`, those of each posting by themselves."""
    last, before, size = 0, after - SPAN, ROWS
    while size == ROWS:
        rows = fetch(POSTINGS, {"kind": kind, "word": word, "before": before, "until": until, "size": ROWS})
        size = len(rows)
        for first, rest in rows:
            try:
                listed = positions_in(first, rest)
            except ValueError as error:
                raise Damaged(msg("the ledger's index"), str(error)) from None
            if first <= last:
                again = msg("entry {position} appears again after entry {after}", position=first, after=last)
                raise Damaged(msg("the ledger's index"), again)
            before, last = first, listed[-1]
            yield listed if after < first and last <= until else [at for at in listed if after < at <= until]


def positions_in(first: object, rest: object) -> list[int]:
    """Returns the positions that a posting lists. Raises ValueError if they do not rise, or are not written as this
    program writes them.
    """
    if not (isinstance(first, int) and isinstance(rest, bytes) and len(rest) % 2 == 0):
        raise ValueError(msg("a posting holds other values than a ledger writes"))
    if not rest:
        return [first]
    listed = [first, *map(first.__add__, unpacked(DISTANCES, rest))]
    if not all(map(lt, listed, islice(listed, 1, None))):
        before, at = next((before, at) for before, at in pairwise(listed) if at <= before)
        raise ValueError(msg("entry {position} appears again after entry {after}", position=at, after=before))
    return listed


class Named(NamedTuple):
    """What a value of the column `words` of `entries` stands for: the ids of tags, and these tags."""

    ids: tuple[int, ...]
    tags: tuple[str, ...]


def named_in(fetch: Fetch, values: Iterable[object]) -> dict[object, Named | None]:
    """Maps each of these values of the column `words` of `entries` to what it stands for, or to None if it is not a
    list of the ids of tags.
    """
    listed = {value: _ids(value) for value in values}
    wanted = {*chain.from_iterable(ids for ids in listed.values() if ids is not None)}
    found = fetch(TAGS_OF, {"places": json.dumps([*wanted])}) if wanted else []
    known = {number: tag for number, tag in found if isinstance(tag, str)}
    return {value: _named(ids, known) for value, ids in listed.items()}


def _named(ids: tuple[int, ...] | None, known: Mapping[int, str]) -> Named | None:
    try:
        return None if ids is None else Named(ids, tuple(map(known.__getitem__, ids)))
    except KeyError:
        return None


def _ids(value: object) -> tuple[int, ...] | None:
    try:
        return tuple(unpacked(IDS, value)) if isinstance(value, bytes) else None
    except ValueError:
        return None
