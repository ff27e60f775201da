"""A tree that grows leaf by leaf and returns each tile as soon as the tile is full (C2SP tlog-tiles). No files here."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ledger.proof.tiles import WIDTH, Tile
from ledger.proof.tree import EMPTY_ROOT, node_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Growing:
    """A growing tree. For each level, the tree holds the hashes of the partial tile and the number of full tiles."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]
        self._full = [0]

    def add(self, hashes: Sequence[bytes], level: int = 0) -> Iterator[tuple[Tile, bytes]]:
        """Appends leaf hashes, and yields each tile that becomes full, with its data.

        The hashes must fit into the current partial tile. The caller must exhaust the iterator.
        """
        if level == len(self._levels):
            self._levels.append([])
            self._full.append(0)
        held = self._levels[level]
        held += hashes
        assert len(held) <= WIDTH, "hashes come a tile at a time"
        if len(held) == WIDTH:
            yield Tile(level, self._full[level]), b"".join(held)
            self._levels[level] = []
            self._full[level] += 1
            yield from self.add([_over(held)], level + 1)

    def rest(self) -> Iterator[tuple[Tile, bytes]]:
        """Yields the partial tiles at the end of the tree, level by level, with their data."""
        for level, held in enumerate(self._levels):
            if held:
                yield Tile(level, self._full[level], len(held)), b"".join(held)

    def root(self, more: Sequence[bytes] = ()) -> bytes:
        """Returns the root that the tree would have after adding `more` leaves, at most as many as fill a tile.

        See RFC 6962 section 2.1.
        """
        found = list(more)
        for held in self._levels:
            found = [_over(held + found)] if held or found else []
        return found[0] if found else EMPTY_ROOT


class Earlier:
    """The partial tiles and bundles that a log had at given checkpoint sizes (C2SP tlog-tiles, "Partial Tiles")."""

    def __init__(self, sizes: Iterable[int]) -> None:
        self._widths: dict[tuple[int | None, int], set[int]] = defaultdict(set)
        for size in sizes:
            level, rest = 0, size
            while rest:
                rest, width = divmod(rest, WIDTH)
                self._widths[level, rest].add(width)
                level += 1
            self._widths[None, size // WIDTH].add(size % WIDTH)

    def of(self, tile: Tile) -> list[Tile]:
        """Returns the partial tiles, or bundles, with the same level and number but a smaller width, by width."""
        widths = sorted(self._widths.get(tile[:2], ()))
        return [tile._replace(width=width) for width in widths if 0 < width < tile.width]


def _over(hashes: list[bytes]) -> bytes:
    """Returns the hash over leaves, or over roots of full subtrees of equal size; the last subtree may be smaller."""
    while len(hashes) > 1:
        paired = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
        hashes = paired + hashes[2 * len(paired) :]
    return hashes[0]
