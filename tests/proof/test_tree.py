"""Tests the Merkle tree of RFC 6962 with the published vectors, and with every proof of every small tree, valid and
corrupted.
"""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from ledger.proof.tree import (
    EMPTY_ROOT,
    Frontier,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    subtrees,
    tree_root,
)
from tests.proof.vectors import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = range(131)
LEAVES = [leaf_hash(bytes([at])) for at in SIZES]
TREE = subtrees(LEAVES)
ROOTS = [tree_root(size, TREE) for size in SIZES]
SMALL = range(1, 34)

CT = VECTORS["ct_inclusion_real_log"]


def lines(made: Iterator[str]) -> str:
    return sha256("".join(f"{line}\n" for line in made).encode()).hexdigest()


def hexes(path: tuple[bytes, ...]) -> str:
    return "".join(f" {one.hex()}" for one in path)


def corrupted(path: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """Yields corrupted copies of the path: a bit of one hash flipped, one hash left out or doubled, two hashes swapped,
    or a hash added.
    """
    for at, one in enumerate(path):
        yield (*path[:at], bytes([one[0] ^ 1]) + one[1:], *path[at + 1 :])
        yield path[:at] + path[at + 1 :]
        yield (*path[:at], one, one, *path[at + 1 :])
    for at, (first, second) in enumerate(pairwise(path)):
        yield (*path[:at], second, first, *path[at + 2 :])
    yield (*path, EMPTY_ROOT)
    yield (EMPTY_ROOT, *path)


def test_hashes_are_those_of_the_vectors() -> None:
    hasher = VECTORS["rfc6962_hasher"]

    assert EMPTY_ROOT.hex() == hasher["empty_root"]
    assert leaf_hash(b"").hex() == hasher["leaf_of_empty"]
    assert leaf_hash(b"L123456").hex() == hasher["leaf_of_ascii_L123456"]
    assert node_hash(b"N123", b"N456").hex() == hasher["node_of_ascii_N123_N456"]


def test_roots_and_nodes_are_those_of_the_vectors() -> None:
    vector = VECTORS["rfc6962_tree"]
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in vector["leaves_hex"]]
    subtree = subtrees(leaves)

    assert [tree_root(size, subtree).hex() for size in range(9)] == vector["roots_by_size"]
    for height, hashes in enumerate(vector["node_hashes_by_level"]):
        assert [subtree(height, number).hex() for number in range(8 >> height)] == hashes


@pytest.mark.parametrize(
    "case", VECTORS["ct_consistency"]["cases"], ids=lambda case: f"{case['size1']}-{case['size2']}"
)
def test_the_consistency_proofs_of_certificate_transparency_hold(case: dict[str, Any]) -> None:
    path = [bytes.fromhex(one) for one in case["proof"]]
    roots = bytes.fromhex(case["root1"]), bytes.fromhex(case["root2"])

    assert check_consistency(case["size1"], case["size2"], path, *roots)


def test_a_leaf_of_a_real_log_is_in_it() -> None:
    leaf = leaf_hash(bytes.fromhex(CT["leaf_data_hex"]))
    path = [bytes.fromhex(one) for one in CT["audit_path"]]
    root = bytes.fromhex(CT["root"])

    assert leaf.hex() == CT["leaf_hash"]
    assert check_inclusion(leaf, CT["leaf_index"], CT["tree_size"], path, root)
    assert not check_inclusion(leaf, CT["leaf_index"] + 1, CT["tree_size"], path, root)


@pytest.mark.parametrize("case", VECTORS["merkle_inclusion_probes"]["cases"], ids=lambda case: case["file"])
def test_an_inclusion_proof_is_accepted_or_refused_as_published(case: dict[str, Any]) -> None:
    path = [b64decode(one) for one in case["proof"] or ()]
    leaf, root = b64decode(case["leafHash"] or ""), b64decode(case["root"] or "")

    assert check_inclusion(leaf, case["leafIdx"], case["treeSize"], path, root) is not case["wantErr"]


@pytest.mark.parametrize("case", VECTORS["merkle_consistency_probes"]["cases"], ids=lambda case: case["file"])
def test_a_consistency_proof_is_accepted_or_refused_as_published(case: dict[str, Any]) -> None:
    path = [b64decode(one) for one in case["proof"] or ()]
    roots = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")

    assert check_consistency(case["size1"], case["size2"], path, *roots) is not case["wantErr"]


def test_every_root_and_proof_of_small_trees_is_the_published_one() -> None:
    vector = VECTORS["accumulated_small_trees"]

    assert lines(f"{size} {ROOTS[size].hex()}" for size in SIZES) == vector["roots"]
    assert vector["inclusion"] == lines(
        f"{index} {size}{hexes(prove_inclusion(index, size, TREE))}" for size in SIZES for index in range(size)
    )
    assert vector["consistency"] == lines(
        f"{first} {second}{hexes(prove_consistency(first, second, TREE))}"
        for second in SIZES
        for first in range(1, second + 1)
    )


def test_every_subtree_is_the_published_one() -> None:
    def made() -> Iterator[str]:
        for end in SIZES:
            for start in range(end + 1):
                wide = end - start
                if wide == 0 or start % (1 << (wide - 1).bit_length()) == 0:
                    head = tree_root(wide, subtrees(LEAVES[start:end]))
                    yield f"[{start}, {end}) {head.hex()}"

    assert lines(made()) == VECTORS["draft_subtree_hash_vector"]["sha256"]


def test_every_inclusion_proof_holds_and_every_corrupted_one_is_refused() -> None:
    for size in SMALL:
        for index in range(size):
            path, root = prove_inclusion(index, size, TREE), ROOTS[size]

            assert check_inclusion(LEAVES[index], index, size, path, root)
            assert not any(check_inclusion(LEAVES[index], index, size, other, root) for other in corrupted(path))
            assert not any(
                check_inclusion(LEAVES[index], at, size, path, root) for at in range(-1, size + 2) if at != index
            )
            assert not check_inclusion(LEAVES[index], index, size, path, ROOTS[size - 1])
            assert not check_inclusion(LEAVES[index + 1], index, size, path, root)


def test_every_consistency_proof_holds_and_every_corrupted_one_is_refused() -> None:
    for second in SMALL:
        for first in range(1, second + 1):
            path, roots = prove_consistency(first, second, TREE), (ROOTS[first], ROOTS[second])

            assert check_consistency(first, second, path, *roots)
            assert not any(check_consistency(first, second, other, *roots) for other in corrupted(path))
            assert not check_consistency(first, second, path, ROOTS[first - 1], ROOTS[second])
            assert not check_consistency(first, second, path, ROOTS[first], ROOTS[second + 1])
            assert not any(
                check_consistency(other, second, path, *roots) for other in range(second + 2) if other != first
            )


def test_a_proof_does_not_bind_the_size_of_its_tree() -> None:
    inclusion, consistency = VECTORS["size_ambiguity"]["inclusion"], VECTORS["size_ambiguity"]["consistency"]
    tree = subtrees([leaf_hash(str(at).encode()) for at in range(139)])
    index, size = inclusion["index"], inclusion["true_size"]
    path, root = prove_inclusion(index, size, tree), tree_root(size, tree)

    assert check_inclusion(leaf_hash(b"14"), index, size, path, root)
    assert check_inclusion(leaf_hash(b"14"), index, inclusion["also_accepted_as"], path, root)

    first, second = consistency["size1"], consistency["true_size2"]
    path, roots = prove_consistency(first, second, tree), (tree_root(first, tree), tree_root(second, tree))
    assert check_consistency(first, second, path, *roots)
    assert check_consistency(first, consistency["also_accepted_as"], path, *roots)


def test_a_tree_grown_leaf_by_leaf_has_the_same_roots_wherever_it_begins() -> None:
    for start in SIZES:
        grown = Frontier(start, TREE)
        for size in range(start, 131):
            assert grown.root() == ROOTS[size]
            grown.add(LEAVES[size : size + 1])


@pytest.mark.parametrize(
    ("leaf", "index", "size", "path"),
    [
        (LEAVES[0], 2, 2, ()),
        (LEAVES[0], -1, 2, ()),
        (b"", 0, 1, ()),
        (LEAVES[0], 0, 1, (LEAVES[1],)),
        (LEAVES[0], 0, 2, ()),
    ],
)
def test_what_is_no_proof_that_a_leaf_is_there_is_answered_with_no(
    leaf: bytes, index: int, size: int, path: tuple[bytes, ...]
) -> None:
    assert check_inclusion(leaf, index, size, path, ROOTS[size]) is False


@pytest.mark.parametrize(
    ("first", "second", "path"),
    [(0, 2, ()), (3, 2, ()), (2, 2, (LEAVES[0],)), (3, 5, ()), (1, 2, LEAVES[1:3]), (2, 4, ())],
)
def test_what_is_no_proof_that_a_tree_went_on_is_answered_with_no(
    first: int, second: int, path: tuple[bytes, ...]
) -> None:
    assert check_consistency(first, second, path, ROOTS[first], ROOTS[second]) is False


def test_no_proof_is_made_of_a_leaf_or_a_tree_that_is_not_there() -> None:
    for index in (-1, 5):
        with pytest.raises(AssertionError, match="of a leaf in the tree"):
            prove_inclusion(index, 5, TREE)
    for first in (0, 6):
        with pytest.raises(AssertionError, match="and one that is no smaller"):
            prove_consistency(first, 5, TREE)


def test_a_full_subtree_is_asked_for_whole() -> None:
    asked = []

    def subtree(height: int, number: int) -> bytes:
        asked.append((height, number))
        return TREE(height, number)

    assert (tree_root(128 + 2, subtree), asked) == (ROOTS[130], [(7, 0), (1, 64)])


def test_a_subtree_that_lacks_leaves_has_no_hash() -> None:
    with pytest.raises(ValueError, match="shorter"):
        subtrees(LEAVES[:3])(2, 0)


def test_a_tree_begins_empty() -> None:
    assert (Frontier().size, Frontier().root()) == (0, EMPTY_ROOT)
    with pytest.raises(AssertionError, match="has subtrees"):
        Frontier(1)
