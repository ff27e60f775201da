"""Tests C2SP tlog-tiles: paths, widths and bundles as specified, and a tree that is read from its tiles."""

from __future__ import annotations

from collections import Counter
from functools import partial
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.tiles import (
    Tile,
    bundles_of,
    format_bundle,
    hashes_in,
    levels_over,
    parse_bundle,
    parse_tile_path,
    tile_in,
    tile_path,
    tiled,
    tiles_of,
)
from ledger.proof.tree import leaf_hash, prove_consistency, prove_inclusion, subtrees, tree_root
from tests.proof.vectors import VECTORS

SPEC, LOG = VECTORS["tlog_tiles"], VECTORS["tessera_testlog"]
tiles = st.builds(Tile, st.none() | st.integers(0, 63), st.integers(0, 2**63), st.integers(1, 256))


@pytest.mark.parametrize(("number", "path"), SPEC["index_path"].items())
def test_a_tile_lies_where_the_specification_says(number: str, path: str) -> None:
    assert tile_path(Tile(0, int(number))) == f"tile/0/{path}"
    assert tile_path(Tile(None, int(number), 7)) == f"tile/entries/{path}.p/7"
    assert parse_tile_path(f"tile/entries/{path}.p/7") == Tile(None, int(number), 7)


@given(tiles)
def test_a_path_names_one_tile(tile: Tile) -> None:
    assert parse_tile_path(tile_path(tile)) == tile


@pytest.mark.parametrize(
    "path",
    ["tile/0/1", "tile/0/x000/001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/64/000", "tile/00/000", "tile/0/000/",
     "tile/entries/x001", "tile/0/000.p/01", "tile/0/x001000", "/tile/0/000"],
)  # fmt: skip
def test_another_spelling_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not the path of a tile"):
        parse_tile_path(path)


def test_a_tree_has_the_tiles_that_the_specification_counts() -> None:
    found = list(tiles_of(70_000))
    full = Counter(tile.level for tile in found if tile.width == 256)
    partial = {tile.level: tile.width for tile in found if tile.width < 256}

    assert full == {0: SPEC["size_70000"]["level0_full"], 1: SPEC["size_70000"]["level1_full"]}
    assert partial == {level: SPEC["size_70000"][f"level{level}_partial"] for level in range(3)}
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == list(bundles_of(0)) == []
    assert list(bundles_of(600)) == [Tile(None, 0), Tile(None, 1), Tile(None, 2, 88)]


def test_bundle_and_tile_of_a_real_log_are_its_own() -> None:
    entries = [entry.encode() for entry in LOG["entries"]]
    bundle = bytes.fromhex(LOG["entries_tile_p15_hex"])
    tile = b"".join(map(leaf_hash, entries))

    assert format_bundle(entries) == bundle
    assert parse_bundle(bundle) == entries
    assert sha256(tile).hexdigest() == LOG["tile0_p15_sha256"]


@given(st.lists(st.binary(max_size=40)))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert parse_bundle(format_bundle(entries)) == entries


@given(st.lists(st.binary(min_size=1, max_size=9), min_size=1), st.data())
def test_a_bundle_that_is_cut_off_is_refused_or_holds_fewer(entries: list[bytes], data: st.DataObject) -> None:
    bundle = format_bundle(entries)
    cut = data.draw(st.integers(0, len(bundle) - 1))

    try:
        found = parse_bundle(bundle[:cut])
    except ValueError:
        return
    assert found == entries[: len(found)]
    assert len(found) < len(entries)


def test_proofs_from_tiles_are_those_from_leaves() -> None:
    leaves = [leaf_hash(b"%d" % at) for at in range(2_000)]
    plain = subtrees(leaves)
    for size in (1, 255, 256, 257, 511, 512, 1_999, 2_000):
        levels = levels_over(leaves[:size])
        subtree = tiled(partial(tile_in, levels))
        assert [len(hashes) for hashes in levels] == [size] + ([size >> 8] if size >> 8 else [])
        assert b"".join(tile_in(levels, 0, number) for number in range(8)) == b"".join(leaves[:size])
        assert tile_in(levels, 2, 0) == tile_in(levels, 0, 8) == b""
        assert tree_root(size, subtree) == tree_root(size, plain)
        for index in {0, size // 2, size - 1}:
            assert prove_inclusion(index, size, subtree) == prove_inclusion(index, size, plain)
            assert prove_consistency(index + 1, size, subtree) == prove_consistency(index + 1, size, plain)


def test_a_tile_that_lacks_hashes_is_noticed() -> None:
    with pytest.raises(ValueError, match="tile 0 of level 0 lacks hashes"):
        tree_root(3, tiled(lambda _level, _number: bytes(64)))


def test_a_tile_is_its_hashes() -> None:
    assert hashes_in(bytes(32) + b"1" * 32) == [bytes(32), b"1" * 32]


def test_a_bundle_holds_no_more_than_its_width() -> None:
    assert len(parse_bundle(format_bundle([b"a"] * 256))) == 256
    with pytest.raises(ValueError, match="the bundle holds more than it should"):
        parse_bundle(format_bundle([b"a"] * 257))
