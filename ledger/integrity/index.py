"""Key changes and restores as the ledger's index lists them, and a check that the log holds exactly the listed ones.

Nothing is signed or changed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ledger.errors import Tampered
from ledger.events.record import LogRestored, SigningKeyChanged
from ledger.integrity.keys import chain_of, stored
from ledger.messages import msg
from ledger.proof.checkpoint import Checkpoint, parse_root
from ledger.proof.tiles import tiled
from ledger.proof.tree import Frontier, leaf_hash, tree_root

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.encoding import Entry
    from ledger.proof.succession import SigningKey
    from ledger.store import Store


# The first bytes of entries that only the signer may record. JSON keys are sorted, so the event name comes first.
BY_SIGNER = tuple(f'{{"event":"{event.event_name}",'.encode() for event in (LogRestored, SigningKeyChanged))


def restores(store: Store) -> list[Entry[LogRestored]]:
    """Returns, in order of position, the `log-restored` entries, which record that a restore lost signed entries.

    Raises Tampered if an entry holds an invalid root, or claims to keep more entries than come before it.
    """
    return _restores(stored(store, LogRestored))


class ReadOnce:
    """A store that reads all entries of a kind on the first lookup and caches them.

    Because of this cache, the entries that were compared are also the entries that are acted on, even if another
    process writes to the database file meanwhile.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[str, list[tuple[int, bytes]]] = {}

    def data(
        self, after: int, until: int, *, kind: str | None = None, tag: str | None = None
    ) -> Iterable[tuple[int, bytes]]:
        if kind is None:
            return self._store.data(after, until, tag=tag)
        if kind not in self._found:
            self._found[kind] = list(self._store.data(0, self._store.head(), kind=kind))
        return [row for row in self._found[kind] if after < row[0] <= until]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def read_once(store: Store) -> Store:
    """Wraps the store so that the key changes and the restores are read only once."""
    return cast("Store", ReadOnce(store))


class Indexed(NamedTuple):
    """The key changes and restores that the ledger's index lists, read once, and the chain of signing keys.

    `leaves` maps the position of each key change and restore to the leaf hash of the bytes that were read.
    """

    keys: tuple[SigningKey, ...]
    changes: list[Entry[SigningKeyChanged]]
    restores: list[Entry[LogRestored]]
    leaves: dict[int, bytes]


def told_by_index(store: Store) -> Indexed:
    """Returns every key change and restore in the index, and the keys that sign for the ledger.

    Raises Tampered under the same conditions as `signing_keys` and `restores`.
    """
    changes, restored = stored(store, SigningKeyChanged), stored(store, LogRestored)
    leaves = {entry.position: leaf_hash(data) for entry, data in (*changes, *restored)}
    return Indexed(chain_of(store, changes), [entry for entry, _ in changes], _restores(restored), leaves)


def refuse_hidden(store: Store, told: Indexed, signed: Checkpoint) -> None:
    """Raises Tampered if the log's bytes disagree with the index, with a signed checkpoint or with the stored tree.

    The bytes must hold exactly the key changes and restores that the index listed (`told`). The whole log is streamed,
    including entries that were signed before.
    """
    frontier, found = Frontier(), 0
    for position, data in store.data(0, store.head()):
        leaf, found = leaf_hash(data), found + 1
        if position != found:
            raise Tampered(msg("entry {entry} is missing", entry=found))
        if told.leaves.get(position, leaf) != leaf or (position not in told.leaves and data.startswith(BY_SIGNER)):
            raise Tampered(msg("entry {entry}: its bytes are not what the ledger's index says", entry=position))
        frontier.add([leaf])
        if position == signed.size and frontier.root() != signed.root:
            raise Tampered(_rewritten(signed.size))
    if found < max(signed.size, *told.leaves, 0):
        raise Tampered(msg("the log ends with entry {entry}, and its index tells of more", entry=found))
    try:
        is_kept = tree_root(found, tiled(store.tile)) == frontier.root()
    except ValueError:
        is_kept = False
    if not is_kept:
        raise Tampered(msg("the tree that is kept is not that of the entries' bytes (liggare verify); restore a copy"))


def _rewritten(size: int) -> str:
    return msg(
        "the first {size:?entry is not the one|{size} entries are not those} that were signed: the log was rewritten",
        size=size,
    )


def _restores(stored: Iterable[tuple[Entry[LogRestored], bytes]]) -> list[Entry[LogRestored]]:
    found = [entry for entry, _ in stored]
    for entry in found:
        try:
            parse_root(entry.event.lost_root)
        except ValueError as error:
            what = msg(
                "entry {entry} says that entries were lost, and their root is not valid: {problem}",
                entry=entry.position,
                problem=error,
            )
            raise Tampered(what) from None
        if entry.event.restored_from >= entry.position:
            what = msg(
                "entry {entry} says that {kept:entry|entries} were kept, and fewer come before it",
                entry=entry.position,
                kept=entry.event.restored_from,
            )
            raise Tampered(what)
    return found
