"""C2SP tlog-tiles: a tree's hashes in tiles of 256, its entries in bundles, and the paths of both. No files here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import msg
from ledger.proof.tree import full_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.proof.tree import Subtree

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_BYTES = 32

_PATH = re.compile(r"tile/(entries|0|[1-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(NamedTuple):
    """A tile of a tree, or a bundle of entries if `level` is None. `width` is the number of hashes or entries in it."""

    level: int | None
    number: int
    width: int = WIDTH


def tile_path(tile: Tile) -> str:
    """Returns the path of a tile or bundle, relative to the log's prefix.

    See C2SP tlog-tiles, "Merkle Tree" and "Log entries".
    """
    *above, last = re.findall(r"[0-9]{3}", f"{tile.number:0{-(-len(str(tile.number)) // 3) * 3}d}")
    number = "".join(f"x{part}/" for part in above) + last
    part = "" if tile.width == WIDTH else f".p/{tile.width}"
    return f"tile/{'entries' if tile.level is None else tile.level}/{number}{part}"


def parse_tile_path(path: str) -> Tile:
    """Returns the tile or bundle at a path. Raises ValueError for a path that `tile_path` would not return."""
    if found := _PATH.fullmatch(path):
        level, number, width = found.groups()
        digits = number.replace("x", "").replace("/", "")
        tile = Tile(None if level == "entries" else int(level), int(digits), int(width or WIDTH))
        if tile_path(tile) == path:
            return tile
    raise ValueError(msg("not the path of a tile: {path}", path=path))


def tiles_of(size: int) -> Iterator[Tile]:
    """Iterates over all tiles of a tree of `size` leaves, level by level. A partial tile comes last on its level.

    See C2SP tlog-tiles, "Partial Tiles".
    """
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        yield from (Tile(level, number) for number in range(full))
        if rest:
            yield Tile(level, full, rest)
        level, size = level + 1, full


def bundles_of(size: int) -> Iterator[Tile]:
    """Iterates over all bundles of a log of `size` entries, a partial bundle last (C2SP tlog-tiles, "Log entries")."""
    full, rest = divmod(size, WIDTH)
    yield from (Tile(None, number) for number in range(full))
    if rest:
        yield Tile(None, full, rest)


def format_bundle(entries: Iterable[bytes]) -> bytes:
    """Returns a bundle: each entry preceded by its length as a 16-bit number (C2SP tlog-tiles, "Log entries")."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(data: bytes) -> list[bytes]:
    """Returns the entries in a bundle. Raises ValueError if the bundle is truncated or holds more than 256 entries."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        if len(entries) == WIDTH:
            raise ValueError(msg("the bundle holds more than it should"))
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if at > len(data):
            raise ValueError(msg("the bundle is cut off"))
        entries.append(data[start:at])
    return entries


def hashes_in(data: bytes) -> list[bytes]:
    """Returns the 32-byte hashes in a tile's data, in order."""
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def levels_over(hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Returns the levels of a tree, lowest first: `hashes`, then on each level the roots of the full tiles below."""
    levels = [hashes]
    while len(below := levels[-1]) >= WIDTH:
        levels.append([full_root(below[at : at + WIDTH]) for at in range(0, len(below) - WIDTH + 1, WIDTH)])
    return levels


def tile_in(levels: Sequence[Sequence[bytes]], level: int, number: int) -> bytes:
    """Returns a tile's data, full or partial, or b"" if the tile does not exist. `levels` comes from `levels_over`."""
    return b"".join(levels[level][number * WIDTH : (number + 1) * WIDTH]) if level < len(levels) else b""


def tiled(read: Callable[[int, int], bytes]) -> Subtree:
    """Returns a lookup of full subtrees of a tree that is stored in tiles. Each tile is read at most once.

    `read` takes a level and a number, and returns the data of that tile, full or partial. The lookup raises ValueError
    if a tile lacks hashes.
    """
    kept: dict[tuple[int, int], list[bytes]] = {}

    def subtree(height: int, number: int) -> bytes:
        level, within = divmod(height, HEIGHT)
        first = number << within
        place = level, first >> HEIGHT
        if place not in kept:
            kept[place] = hashes_in(read(*place))
        start = first & (WIDTH - 1)
        found = kept[place][start : start + (1 << within)]
        if len(found) != 1 << within:
            raise ValueError(msg("tile {number} of level {level} lacks hashes", number=place[1], level=level))
        return full_root(found)

    return subtree
