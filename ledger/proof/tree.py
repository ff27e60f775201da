"""The Merkle tree of RFC 6962: hashes, roots, and functions that make and check proofs. No entries and no files here.

A proof does not authenticate the size of its tree. Take the size only from a signed checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256().digest()

Subtree = Callable[
    [int, int], bytes
]  # (height, number) → the root over leaves number << height up to, not including, (number + 1) << height


def leaf_hash(data: bytes) -> bytes:
    """Returns the leaf hash of an entry's stored bytes (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Returns the hash of an inner node from the hashes of its two children (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def full_root(hashes: Sequence[bytes]) -> bytes:
    """Returns the root over `hashes`, whose number must be a power of two (RFC 6962 section 2.1)."""
    while len(hashes) > 1:
        # As `node_hash`, without a call for each node: a check of a whole log computes as many nodes as it has entries.
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]


def subtrees(leaves: Sequence[bytes]) -> Subtree:
    """Returns a lookup of full subtrees, computed from the leaf hashes of the whole tree."""
    return lambda height, number: full_root(leaves[number << height : (number + 1) << height])


def tree_root(size: int, subtree: Subtree) -> bytes:
    """Returns the root hash of the first `size` leaves (RFC 6962 section 2.1)."""
    return _head(0, size, subtree) if size else EMPTY_ROOT


def _head(start: int, end: int, subtree: Subtree) -> bytes:
    """Returns MTH(D[start:end]) of RFC 6962 section 2.1, where `start` must be the first leaf of a subtree."""
    height = (end - start - 1).bit_length()
    if end - start == 1 << height:
        return subtree(height, start >> height)
    middle = start + (1 << height - 1)
    return node_hash(_head(start, middle, subtree), _head(middle, end, subtree))


def prove_inclusion(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Returns PATH(index, D[size]): the sibling hashes from the leaf at `index` (from 0) up to the root.

    See RFC 6962 section 2.1.1.
    """
    assert 0 <= index < size, "a proof is of a leaf in the tree"
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            path.append(_head(middle, end, subtree))
            end = middle
        else:
            path.append(_head(start, middle, subtree))
            start = middle
    return tuple(reversed(path))


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf hash at `index` (from 0) to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != len(EMPTY_ROOT):
        return False
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def prove_consistency(first: int, second: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Returns PROOF(first, D[second]), which proves that the first tree is a prefix of the second.

    See RFC 6962 section 2.1.2.
    """
    assert 1 <= first <= second, "a proof is between a tree that is not empty and one that is no smaller"
    start, end, path = 0, second, []
    while first != end:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if first <= middle:
            path.append(_head(middle, end, subtree))
            end = middle
        else:
            path.append(_head(start, middle, subtree))
            start = middle
    if start:
        path.append(_head(start, end, subtree))
    return tuple(reversed(path))


def check_consistency(first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether the path proves that the first tree is a prefix of the second (RFC 9162 section 2.1.4.2)."""
    if not 1 <= first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    # The path omits the root of the first tree if the size of the first tree is a power of two.
    hashes = list(path) if first & (first - 1) else [first_root, *path]
    if not hashes:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class Frontier:
    """A tree that grows leaf by leaf, and stores only the roots of the full subtrees along its right edge."""

    def __init__(self, size: int = 0, subtree: Subtree | None = None) -> None:
        """Starts with the first `size` leaves of an existing tree, whose full subtrees `subtree` looks up."""
        self.size = size
        self._edge: list[bytes] = []  # roots of full subtrees, highest first, one for each bit set in `size`
        for height in reversed(range(size.bit_length())):
            if size >> height & 1:
                assert subtree is not None, "a tree that is not empty has subtrees"
                self._edge.append(subtree(height, (size >> height) - 1))

    def add(self, leaves: Iterable[bytes]) -> None:
        """Appends leaves, given as leaf hashes."""
        for leaf in leaves:
            grown, merging = leaf, self.size
            while merging & 1:
                grown, merging = node_hash(self._edge.pop(), grown), merging >> 1
            self._edge.append(grown)
            self.size += 1

    def root(self) -> bytes:
        """Returns the root hash over all leaves so far (RFC 6962 section 2.1)."""
        if not self._edge:
            return EMPTY_ROOT
        *rest, found = self._edge
        for left in reversed(rest):
            found = node_hash(left, found)
        return found
