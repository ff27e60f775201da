"""The log's Merkle tree grows as entries are appended. Leaf hashes, full tiles and checkpoints are the same in every
store.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from eventsourcing.persistence import IntegrityError

from ledger.proof.tiles import tiled, tiles_of
from ledger.proof.tree import leaf_hash, prove_inclusion, subtrees, tree_root
from tests.proof.forger import forging

from .given import entry, nothing_after, opened

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store import Store


def grown(store: Store, *sizes: int) -> list[bytes]:
    """Appends batches of the given sizes, and returns the leaf hashes of the log."""
    texts = [f"entry {at}" for at in range(sum(sizes))]
    rest = iter(texts)
    for size in sizes:
        store.append([entry(next(rest)) for _ in range(size)])
    return [leaf_hash(text.encode()) for text in texts]


@pytest.mark.parametrize("sizes", [(1,), (255, 1), (256,), (255, 2), (1, 700, 3), (100, 156, 256, 1)])
def test_every_tile_is_that_of_the_entries(store: Store, sizes: tuple[int, ...]) -> None:
    leaves = grown(store, *sizes)
    size, subtree = len(leaves), subtrees(leaves)

    for level, number, width in tiles_of(size):
        assert level is not None
        hashes = (subtree(level * 8, number * 256 + place) for place in range(width))
        assert store.tile(level, number) == b"".join(hashes)
    assert tree_root(size, tiled(store.tile)) == tree_root(size, subtree)
    assert prove_inclusion(size - 1, size, tiled(store.tile)) == prove_inclusion(size - 1, size, subtree)


def test_a_tile_of_tiles_fills_too(place: Path) -> None:
    with opened(place) as store:
        leaves = grown(store, 65_535, 2)
        subtree = tiled(store.tile)

        assert subtree(16, 0) == tree_root(65_536, subtrees(leaves))
        assert store.tile(2, 0) == subtree(16, 0)
    with closing(sqlite3.connect(place)) as connection:
        kept = connection.execute("SELECT level, count(*), min(length(root)) FROM tiles GROUP BY level").fetchall()
    assert kept == [(0, 256, 32), (1, 1, 32)]


def test_tiles_that_are_missing_are_put_together_and_kept_again(place: Path) -> None:
    with opened(place) as store:
        leaves = grown(store, 65_536)
    root, whole = tree_root(65_536, subtrees(leaves)), place.read_bytes()
    for gone in ("level = 0 AND number = 255", "level = 0", "level < 9"):
        place.write_bytes(whole)
        with forging(place) as file:
            file.execute(f"DELETE FROM tiles WHERE {gone}")
        with opened(place) as store:
            assert tree_root(65_536, tiled(store.tile)) == store.tile(2, 0) == root
            store.append([entry("more")] * 256)
        with closing(sqlite3.connect(place)) as file:
            kept = file.execute("SELECT level, count(*), min(length(root)) FROM tiles GROUP BY level").fetchall()
        assert kept == [(0, 257, 32), (1, 1, 32)]


def test_an_append_that_fails_leaves_no_hash(store: Store) -> None:
    grown(store, 255)
    with pytest.raises(IntegrityError):
        store.append([entry("late")], nothing_after(1))

    assert len(store.tile(0, 0)) == 255 * 32
    assert store.tile(1, 0) == b""


def test_checkpoints_are_kept_in_order_each_once(store: Store) -> None:
    grown(store, 3)
    for size, note in ((2, "of two"), (3, "of three"), (3, "of three"), (3, "of three, cosigned")):
        store.keep_checkpoint(size, note)

    assert store.checkpoints() == ["of two", "of three", "of three, cosigned"]


@pytest.mark.parametrize("size", [1, 4])
def test_a_checkpoint_below_the_last_or_beyond_the_end_is_not_kept(store: Store, size: int) -> None:
    grown(store, 3)
    store.keep_checkpoint(2, "of two")

    with pytest.raises(IntegrityError):
        store.keep_checkpoint(size, "forged")
    assert store.checkpoints() == ["of two"]


def test_a_backup_holds_the_checkpoints(store: Store, tmp_path: Path) -> None:
    grown(store, 300)
    store.keep_checkpoint(300, "of all")
    store.backup(tmp_path / "copy.db")

    with opened(tmp_path / "copy.db") as copy:
        assert copy.checkpoints() == ["of all"]
        assert copy.tile(1, 0) == store.tile(1, 0) != b""
