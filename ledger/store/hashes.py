"""The log's tree as it is kept: a leaf hash beside each entry, and each tile once it is full, with its root. RFC 6962;
C2SP tlog-tiles. What is not full yet is put together from what lies below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, insert, select

from ledger.errors import Damaged
from ledger.proof.tiles import WIDTH, hashes_in
from ledger.proof.tree import full_root

from .bounds import bounded
from .prepared import Prepared
from .schema import entries, tiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .prepared import Rows

TILE = Prepared(
    select(bounded(tiles.c.data)).where(tiles.c.level == bindparam("level"), tiles.c.number == bindparam("number"))
)
LEAVES = Prepared(
    select(bounded(entries.c.leaf))
    .where(entries.c.position > bindparam("after"), entries.c.position <= bindparam("until"))
    .order_by(entries.c.position)
)
ROOTS = Prepared(
    select(bounded(tiles.c.root))
    .where(tiles.c.level == bindparam("level"), tiles.c.number >= bindparam("first"), tiles.c.number < bindparam("end"))
    .order_by(tiles.c.number)
)
ADD_TILES = Prepared(insert(tiles))


class Fetch(Protocol):
    """How rows are had: inside a transaction, or in one of their own."""

    def __call__(self, statement: Prepared, parameters: Mapping[str, object]) -> Rows: ...


def tile(fetch: Fetch, level: int, number: int) -> bytes:
    """The tile's hashes, as many as there are yet."""
    first = number * WIDTH
    if not (rows := fetch(TILE, {"level": level, "number": number})) and level == 0:
        rows = fetch(LEAVES, {"after": first, "until": first + WIDTH})
    elif not rows:
        rows = fetch(ROOTS, {"level": level - 1, "first": first, "end": first + WIDTH})
    if not all(isinstance(hashes, bytes) for (hashes,) in rows):
        raise Damaged("the log's tree", f"tile {number} of level {level} holds what is no hash")
    return b"".join(hashes for (hashes,) in rows)


def filled(fetch: Fetch, head: int, leaves: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    """The rows of the tiles that fill when `leaves` come after the first `head`, which are all there is yet."""
    level, before, hashes = 0, head, list(leaves)
    while (before + len(hashes)) // WIDTH > before // WIDTH:
        number, begun = divmod(before, WIDTH)
        if begun:
            hashes = hashes_in(tile(fetch, level, number)) + hashes
        full = [hashes[at : at + WIDTH] for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        roots = list(map(full_root, full))
        for place, root in enumerate(roots):
            yield {"level": level, "number": number + place, "root": root, "data": b"".join(full[place])}
        level, before, hashes = level + 1, number, roots
