"""The log's tree as it is kept: a leaf hash beside each entry, and each tile once it is full, with its root. RFC 6962;
C2SP tlog-tiles. What is not full yet, or is missing, is put together from what lies below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, func, insert, select

from ledger.errors import Damaged
from ledger.proof.tiles import WIDTH, hashes_in
from ledger.proof.tree import full_root
from ledger.store.bounds import TILE as FULL
from ledger.store.bounds import bounded
from ledger.store.prepared import Prepared
from ledger.store.schema import entries, tiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.store.prepared import Rows

TILE = Prepared(
    select(bounded(tiles.c.data)).where(tiles.c.level == bindparam("level"), tiles.c.number == bindparam("number"))
)
LEAVES = Prepared(
    select(bounded(entries.c.leaf))
    .where(entries.c.position > bindparam("after"), entries.c.position <= bindparam("until"))
    .order_by(entries.c.position)
    .limit(WIDTH)
)
ROOTS = Prepared(
    select(tiles.c.number, bounded(tiles.c.root))
    .where(tiles.c.level == bindparam("level"), tiles.c.number >= bindparam("first"), tiles.c.number < bindparam("end"))
    .order_by(tiles.c.number),
    rises=True,
)
KEPT = Prepared(select(func.coalesce(func.max(tiles.c.number), -1) + 1).where(tiles.c.level == bindparam("level")))
ADD_TILES = Prepared(insert(tiles))


class Fetch(Protocol):
    """How rows are had: inside a transaction, or in one of their own."""

    def __call__(self, statement: Prepared, parameters: Mapping[str, object]) -> Rows: ...


def tile(fetch: Fetch, level: int, number: int) -> bytes:
    """The tile's hashes, as many as there are yet."""
    first = number * WIDTH
    if not (rows := fetch(TILE, {"level": level, "number": number})):
        if level:
            return b"".join(_roots(fetch, level - 1, first))
        rows = fetch(LEAVES, {"after": first, "until": first + WIDTH})
    return b"".join(_hashes(hashes, level, number) for (hashes,) in rows)


def _roots(fetch: Fetch, level: int, first: int) -> Iterator[bytes]:
    """Those of the full tiles from the first on, up to a tile's width of them."""
    kept: dict[int, object] = dict(fetch(ROOTS, {"level": level, "first": first, "end": first + WIDTH}))
    for number in range(first, first + WIDTH):
        if number in kept:
            yield _hashes(kept[number], level, number)
        elif len(below := tile(fetch, level, number)) == FULL:
            yield full_root(hashes_in(below))
        else:
            break


def _hashes(value: object, level: int, number: int) -> bytes:
    if not isinstance(value, bytes):
        raise Damaged("the log's tree", f"tile {number} of level {level} holds what is no hash")
    return value


def filled(fetch: Fetch, head: int, leaves: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    """The rows of the tiles that fill when `leaves` come after the first `head`, which are all there is yet, and of
    those before that are missing.
    """
    level, before, hashes = 0, head, list(leaves)
    while (before + len(hashes)) // WIDTH > before // WIDTH:
        [(number,)] = fetch(KEPT, {"level": level})
        lacking = before - number * WIDTH
        if not -len(hashes) <= lacking <= before:
            raise Damaged("the log's tree", f"tiles of level {level} are kept that no entries fill")
        begun = range(number, -(-before // WIDTH))
        there = [one for place in begun for one in hashes_in(tile(fetch, level, place))][: max(lacking, 0)]
        if len(there) < lacking:
            raise Damaged("the log's tree", f"level {level} lacks hashes")
        hashes = there + hashes[max(-lacking, 0) :]
        full = [hashes[at : at + WIDTH] for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        roots = list(map(full_root, full))
        for place, root in enumerate(roots):
            yield {"level": level, "number": number + place, "root": root, "data": b"".join(full[place])}
        level, before, hashes = level + 1, number, roots
