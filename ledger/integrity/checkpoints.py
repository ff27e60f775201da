"""What a checkpoint and the ledger's hashes say against each other. Signs nothing, and asks nobody's key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ledger.errors import Damaged, Tampered, in_entries, not_those
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.note import base64_of, parse_note
from ledger.proof.tiles import WIDTH, levels_over, tile_in, tiled
from ledger.proof.tree import leaf_hash, tree_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.proof.tree import Subtree
    from ledger.store import Store


def origin(ledger_id: str) -> str:
    """The name that a ledger signs under, its alone. C2SP tlog-checkpoint, "Note text"."""
    return f"liggare/{ledger_id}"


def root_text(store: Store) -> str:
    """The root of the whole log as it is kept, in base64 as in a checkpoint; Damaged if hashes are missing."""
    try:
        return base64_of(tree_root(store.head(), tiled(store.tile)))
    except ValueError as error:
        raise Damaged("the log's tree", str(error)) from None


def last_checkpoint(store: Store) -> tuple[Checkpoint, str] | None:
    """The last that was kept, its signature not looked at, and its note; Tampered for a note that is none."""
    notes = store.checkpoints()
    if not notes:
        return None
    try:
        return parse_checkpoint(parse_note(notes[-1]).text), notes[-1]
    except ValueError as error:
        raise Tampered(f"checkpoint {len(notes)} cannot be read: {error}") from None


def contradiction(store: Store, checkpoint: Checkpoint, subtree: Subtree | None = None) -> str | None:
    """What the ledger's hashes and a checkpoint of it say against each other. Those of a `subtree` that is at hand are
    taken for the entries'; those that are kept are then compared with the entries' bytes.
    """
    head, size = store.head(), checkpoint.size
    if checkpoint.origin != origin(store.ledger_id):
        return f"the checkpoint is of another log, {checkpoint.origin}, and this ledger is {origin(store.ledger_id)}"
    if size > head:
        return f"the checkpoint is of {in_entries(size)}, and the ledger has {head}: it is an older copy, or was cut"
    try:
        found = tree_root(size, subtree or tiled(store.tile))
    except ValueError as error:
        return f"the ledger's tree cannot be read: {error}"
    if found != checkpoint.root:
        if subtree is None and (tile := false_tile(store, checkpoint)):
            return f"{tile}, which are those that the checkpoint was signed for"
        return f"{not_those(size)} that the checkpoint was signed for: the log was rewritten"
    return None


def hashes_of(store: Store, size: int) -> list[Sequence[bytes]]:
    """The hashes over the first `size` entries by their bytes, level by level; of fewer where one is missing."""
    leaves: list[bytes] = []
    for position, data in store.data(0, size):
        if position != len(leaves) + 1 or not isinstance(data, bytes):
            break
        leaves.append(leaf_hash(data))
    return levels_over(leaves)


def false_tile(store: Store, checkpoint: Checkpoint) -> str | None:
    """Which tile that is kept has other hashes than the entries' bytes, where those are what the checkpoint is of; None
    if they are not. Reads all of its entries.
    """
    levels = hashes_of(store, checkpoint.size)
    by_bytes = partial(tile_in, levels)
    if len(levels[0]) != checkpoint.size or tree_root(checkpoint.size, tiled(by_bytes)) != checkpoint.root:
        return None
    for level, hashes in enumerate(levels):
        for number in range(-(-len(hashes) // WIDTH)):
            if not store.tile(level, number).startswith(by_bytes(level, number)):
                return f"tile {number} of level {level} is not that of the entries' bytes"
    return None
