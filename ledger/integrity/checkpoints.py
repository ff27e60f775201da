"""Comparisons of checkpoints with the hashes of a live ledger. No signing here, and no signature is checked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ledger.errors import Damaged, Tampered
from ledger.messages import msg
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.note import base64_of, parse_note
from ledger.proof.tiles import HASH_BYTES, WIDTH, Tile, hashes_in, levels_over, tile_in, tiled
from ledger.proof.tree import leaf_hash, tree_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.proof.tree import Subtree
    from ledger.store import Store


def origin(ledger_id: str) -> str:
    """Returns the name under which a ledger signs, unique to the ledger (C2SP tlog-checkpoint, "Note text")."""
    return f"liggare/{ledger_id}"


def root_text(store: Store) -> str:
    """Returns the root of the whole log, from the stored tiles, in base64. Raises Damaged if hashes are missing."""
    return root_of(store, store.head())


def root_of(store: Store, size: int) -> str:
    """Returns the root of the first `size` entries, as `root_text` returns that of all."""
    try:
        return base64_of(tree_root(size, tiled(store.tile)))
    except ValueError as error:
        raise Damaged(msg("the log's tree"), str(error)) from None


def last_checkpoint(store: Store, most: int | None = None) -> tuple[Checkpoint, str] | None:
    """Returns the last stored checkpoint, or the last of at most `most` entries, with its note, or None if there is
    none. No signature is checked.

    Raises Tampered if a note cannot be read as a checkpoint.
    """
    notes = store.checkpoints()
    for number in range(len(notes), 0, -1):
        note = notes[number - 1]
        try:
            found = parse_checkpoint(parse_note(note).text)
        except ValueError as error:
            raise Tampered(msg("checkpoint {number} cannot be read: {problem}", number=number, problem=error)) from None
        if most is None or found.size <= most:
            return found, note
    return None


def contradiction(store: Store, checkpoint: Checkpoint, subtree: Subtree | None = None) -> str | None:
    """Returns a sentence that says how the ledger contradicts a checkpoint, or None if the ledger extends it.

    Hashes from `subtree`, if given, are trusted to be the hashes of the entries. Without `subtree`, the hashes come
    from the stored tiles; if the stored tiles contradict the checkpoint, the entries' bytes are read to see whether a
    tile is false.
    """
    head, size = store.head(), checkpoint.size
    if checkpoint.origin != origin(store.ledger_id):
        return msg(
            "the checkpoint is of another log, {log}, and this ledger is {ours}",
            log=checkpoint.origin,
            ours=origin(store.ledger_id),
        )
    if size > head:
        return msg(
            "the checkpoint is of {size:entry|entries}, and the ledger has {head}: it is an older copy, or was cut",
            size=size,
            head=head,
        )
    try:
        found = tree_root(size, subtree or tiled(store.tile))
    except ValueError as error:
        return msg("the ledger's tree cannot be read: {problem}", problem=error)
    if found != checkpoint.root:
        if subtree is None and (tile := false_tile(store, checkpoint)):
            return msg(
                "tile {number} of level {level} is not that of the entries' bytes, which are those that the checkpoint"
                " was signed for",
                number=tile.number,
                level=tile.level,
            )
        return msg(
            "the first {size:?entry is not the one|{size} entries are not those} that the checkpoint was signed for:"
            " the log was rewritten",
            size=size,
        )
    return None


def tile_not_of_bytes(number: int, level: int) -> str:
    """Returns a sentence saying that a stored tile differs from the entries' bytes."""
    return msg("tile {number} of level {level} is not that of the entries' bytes", number=number, level=level)


def hashes_of(store: Store, size: int) -> list[Sequence[bytes]]:
    """Returns the tile levels over the first `size` entries, computed from their bytes, leaf hashes first.

    The leaf hashes stop before the first missing entry.
    """
    leaves: list[bytes] = []
    for position, data in store.data(0, size):
        if position != len(leaves) + 1 or not isinstance(data, bytes):
            break
        leaves.append(leaf_hash(data))
    return levels_over(leaves)


def false_tile(store: Store, checkpoint: Checkpoint) -> Tile | None:
    """Returns a stored tile that differs from the entries' bytes.

    Returns None if no tile differs, or if the entries' bytes do not have the checkpoint's root. Reads all entries of
    the checkpoint.
    """
    levels = hashes_of(store, checkpoint.size)
    by_bytes = partial(tile_in, levels)
    if len(levels[0]) != checkpoint.size or tree_root(checkpoint.size, tiled(by_bytes)) != checkpoint.root:
        return None
    for level, hashes in enumerate(levels):
        for number in range(-(-len(hashes) // WIDTH)):
            kept, right = store.tile(level, number), by_bytes(level, number)
            if not kept.startswith(right):
                # Above level 0, the hash that differs is the root of a tile on the level below.
                return Tile(level - 1, number * WIDTH + _differs(kept, right)) if level else Tile(level, number)
    return None


def _differs(kept: bytes, right: bytes) -> int:
    """Returns the index of the first hash of `right` that differs in `kept`."""
    return next(at for at, one in enumerate(hashes_in(right)) if kept[at * HASH_BYTES : (at + 1) * HASH_BYTES] != one)
