"""Stores and reads the log's Merkle tree (RFC 6962, C2SP tlog-tiles). Each hash is stored once: a leaf hash beside its
entry, and the root of each full tile. The root of a tile that is missing is computed from the level below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from ledger.errors import Damaged
from ledger.messages import msg
from ledger.proof.tiles import HASH_BYTES, WIDTH, hashes_in
from ledger.proof.tree import full_root
from ledger.store.bounds import bounded
from ledger.store.prepared import Prepared
from ledger.store.schema import entries, tiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.store.query import Fetch

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


def tile(fetch: Fetch, level: int, number: int) -> bytes:
    """Returns the hashes of a tile, concatenated. A tile that is not full yet has fewer than 256 hashes."""
    first = number * WIDTH
    if level:
        return b"".join(_roots(fetch, level - 1, first))
    rows = fetch(LEAVES, {"after": first, "until": first + WIDTH})
    return b"".join(_hashes(hashes, level, number) for (hashes,) in rows)


def _roots(fetch: Fetch, level: int, first: int) -> Iterator[bytes]:
    """Yields the roots of the full tiles of a level, from number `first` on, at most 256 of them."""
    kept: dict[int, object] = dict(fetch(ROOTS, {"level": level, "first": first, "end": first + WIDTH}))
    for number in range(first, first + WIDTH):
        if number in kept:
            yield _hashes(kept[number], level, number)
        elif len(below := tile(fetch, level, number)) == WIDTH * HASH_BYTES:
            yield full_root(hashes_in(below))
        else:
            break


def _hashes(value: object, level: int, number: int) -> bytes:
    if not isinstance(value, bytes):
        what = msg("tile {number} of level {level} does not hold hashes", number=number, level=level)
        raise Damaged(msg("the log's tree"), what)
    return value


def filled(fetch: Fetch, head: int, leaves: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Yields the rows (level, number, root) of the tiles that become full when `leaves` are appended to a log of `head`
    entries. Rows of earlier full tiles that are missing are included. Raises Damaged when more tiles are stored than
    the entries fill, or when hashes are missing.
    """
    level, before, hashes = 0, head, list(leaves)
    while (before + len(hashes)) // WIDTH > before // WIDTH:
        [(number,)] = fetch(KEPT, {"level": level})
        lacking = before - number * WIDTH
        if not -len(hashes) <= lacking <= before:
            what = msg("level {level} has tiles that no entries fill", level=level)
            raise Damaged(msg("the log's tree"), what)
        begun = range(number, -(-before // WIDTH))
        there = [one for place in begun for one in hashes_in(tile(fetch, level, place))][: max(lacking, 0)]
        if len(there) < lacking:
            raise Damaged(msg("the log's tree"), msg("level {level} lacks hashes", level=level))
        hashes = there + hashes[max(-lacking, 0) :]
        full = [hashes[at : at + WIDTH] for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        roots = list(map(full_root, full))
        for place, root in enumerate(roots):
            yield level, number + place, root
        level, before, hashes = level + 1, number, roots
