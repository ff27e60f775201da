"""A tree that grows by its leaves, and gives up each tile as it fills. RFC 6962 section 2.1; C2SP tlog-tiles."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ledger.proof.tiles import WIDTH, Tile
from ledger.proof.tree import EMPTY_ROOT, node_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Growing:
    """Of each level the hashes of the tile that is not full yet, and the number of those that are."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]
        self._full = [0]

    def add(self, hashes: Sequence[bytes], level: int = 0) -> Iterator[tuple[Tile, bytes]]:
        """Puts leaf hashes after the last, no more than fill a tile; the tiles that are full then, with their data."""
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
        """The tiles that are not full: those that a tree of this size ends with."""
        for level, held in enumerate(self._levels):
            if held:
                yield Tile(level, self._full[level], len(held)), b"".join(held)

    def root(self, more: Sequence[bytes] = ()) -> bytes:
        """The root, were these leaves added, no more than fill a tile."""
        found = list(more)
        for held in self._levels:
            found = [_over(held + found)] if held or found else []
        return found[0] if found else EMPTY_ROOT


class Earlier:
    """The partial tiles and bundles of a log at the sizes of its checkpoints. C2SP tlog-tiles, "Partial Tiles"."""

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
        """Those that begin as a tile, or bundle, does, and are not it; by their widths."""
        widths = sorted(self._widths.get(tile[:2], ()))
        return [tile._replace(width=width) for width in widths if 0 < width < tile.width]


def _over(hashes: list[bytes]) -> bytes:
    """The hash over leaves, or over roots of full subtrees of one size and, last, perhaps a smaller one."""
    while len(hashes) > 1:
        paired = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
        hashes = paired + hashes[2 * len(paired) :]
    return hashes[0]
