"""Checkpoints of a ledger: which keys sign them, and what one that is shown says of the ledger. Signs nothing."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from orjson import loads

from ledger.encoding import decode
from ledger.errors import Damaged, Tampered, in_entries, not_those
from ledger.events import Event
from ledger.events.record import LogRestored, SigningKeyChanged
from ledger.proof.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, parse_root
from ledger.proof.note import base64_of, format_vkey, parse_note, parse_vkey, signed_by
from ledger.proof.succession import Key, check_succession, lost
from ledger.proof.tiles import WIDTH, levels_over, tile_in, tiled
from ledger.proof.tree import Frontier, leaf_hash, tree_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ledger.encoding import Entry
    from ledger.proof.note import Verifier
    from ledger.proof.tree import Subtree
    from ledger.store import Store

    Notes = defaultdict[tuple[str, bytes], list[str]]

E = TypeVar("E", bound=Event)

# How the stored bytes begin of what only the signer may record: sorted keys, so the event's name comes first.
BY_SIGNER = tuple(f'{{"event":"{event.event_name}",'.encode() for event in (LogRestored, SigningKeyChanged))

# What follows of a checkpoint that is of more entries than there are.
NEWER = (
    ". Restore a newer copy. If there is none: liggare checkpoint --after-restore FILE, with a checkpoint that this"
    " copy goes on from. If nobody holds one, or the key is lost too: move KEY.signed away as evidence, then liggare"
    " rotate-key --lost, with --reason to say in the log what is lost"
)


def origin(ledger_id: str) -> str:
    """The name that a ledger signs under, its alone. C2SP tlog-checkpoint, "Note text"."""
    return f"liggare/{ledger_id}"


def root_text(store: Store) -> str:
    """The root of the whole log as it is kept, in base64 as in a checkpoint; Damaged if hashes are missing."""
    try:
        return base64_of(tree_root(store.head(), tiled(store.tile)))
    except ValueError as error:
        raise Damaged("the log's tree", str(error)) from None


def restores(store: Store) -> list[Entry[LogRestored]]:
    """The entries that say that the ledger was restored and signed entries were lost, by position. Tampered for a root
    that is none.
    """
    return _restores(_stored(store, LogRestored))


def signing_keys(store: Store) -> tuple[Key, ...]:
    """The keys that sign for the ledger, the last one now: that of its making, and those its entries name. Tampered for
    a chain that no ledger writes: a false proof, a key of another log, a key that signed before.
    """
    return _chain(store, _stored(store, SigningKeyChanged))


class ReadOnce:
    """A store of which what is looked up by kind is read once: what is acted on is what was compared, whatever is
    written to the file meanwhile.
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
    """The store, of which changes of key and restores are read once."""
    return cast("Store", ReadOnce(store))


class Indexed(NamedTuple):
    """What the ledger's index tells of changes of key and of restores, read once; `leaves`: the hash of the very bytes
    that it was read from, by position.
    """

    keys: tuple[Key, ...]
    changes: list[Entry[SigningKeyChanged]]
    restores: list[Entry[LogRestored]]
    leaves: dict[int, bytes]


def told_by_index(store: Store) -> Indexed:
    """Every change of key and every restore, with the keys that they lead to; Tampered as those are."""
    changes, restored = _stored(store, SigningKeyChanged), _stored(store, LogRestored)
    leaves = {entry.position: leaf_hash(data) for entry, data in (*changes, *restored)}
    return Indexed(_chain(store, changes), [entry for entry, _ in changes], _restores(restored), leaves)


def refuse_hidden(store: Store, told: Indexed, signed: Checkpoint) -> None:
    """Tampered where the log's bytes hold other changes of key or other restores than its index told, or are not those
    that were signed, as far as that checkpoint goes, or not those of the tree that is kept. Streams the whole log: what
    was signed before is read again.
    """
    frontier, found = Frontier(), 0
    for position, data in store.data(0, store.head()):
        leaf, found = leaf_hash(data), found + 1
        if position != found:
            raise Tampered(f"entry {found} is missing")
        if told.leaves.get(position, leaf) != leaf or (position not in told.leaves and data.startswith(BY_SIGNER)):
            raise Tampered(f"entry {position}: its bytes are not what the ledger's index tells of it")
        frontier.add([leaf])
        if position == signed.size and frontier.root() != signed.root:
            raise Tampered(f"{not_those(signed.size)} that were signed: the log was rewritten")
    if found < max(signed.size, *told.leaves, 0):
        raise Tampered(f"the log ends with entry {found}, and its index tells of more")
    try:
        is_kept = tree_root(found, tiled(store.tile)) == frontier.root()
    except ValueError:
        is_kept = False
    if not is_kept:
        raise Tampered("the tree that is kept is not that of the entries' bytes (liggare verify); restore a copy")


def _restores(stored: Iterable[tuple[Entry[LogRestored], bytes]]) -> list[Entry[LogRestored]]:
    found = [entry for entry, _ in stored]
    for entry in found:
        try:
            parse_root(entry.event.lost_root)
        except ValueError as error:
            raise Tampered(
                f"entry {entry.position} says that entries were lost, and their root is none: {error}"
            ) from None
    return found


def _chain(store: Store, stored: Iterable[tuple[Entry[SigningKeyChanged], bytes]]) -> tuple[Key, ...]:
    name = origin(store.ledger_id)
    keys = [Key(0, _key("the ledger", store.public_key, name))] if store.public_key else []
    known, of_before = {key.verifier for key in keys}, True
    notes = cache(partial(_by_signer, store))
    for entry, data in stored:
        of_before = of_before and loads(data)["v"] == 1
        new = _key(f"entry {entry.position}", entry.event.public_key, name)
        if new in known:
            raise Tampered(f"entry {entry.position} names a signing key that signed before; a key never comes back")
        known.add(new)
        old = keys[-1].verifier if keys else None
        if old is None and entry.event.proof:
            raise Tampered(f"entry {entry.position} holds the proof of a signing key before it, and there is none")
        covered = old is None or _is_covered(store, entry, old, new, notes if of_before else None)
        keys.append(Key(entry.position, new, covered))
    return tuple(keys)


def _is_covered(
    store: Store, entry: Entry[SigningKeyChanged], old: Verifier, new: Verifier, notes: Callable[[], Notes] | None
) -> bool:
    """Whether the old key vouches for the new one: by its proof in the entry or, in an entry of before there were any,
    by one of the `notes`. An entry of shape 1 holds none; after one of shape 2, no ledger writes it.
    """
    change, position = entry.event, entry.position
    if change.proof is None:
        return notes is not None and _signed_since(store, notes()[old.name, old.id], old, position)
    if not check_succession(change.proof, old, origin(store.ledger_id), position, new):
        raise Tampered(f"entry {position} changes the signing key, and the old key's proof in it is false")
    return True


def _stored(store: Store, event: type[E]) -> list[tuple[Entry[E], bytes]]:
    """Those of a class, by position, each with its bytes."""
    found: list[tuple[Entry[E], bytes]] = []
    for position, data in store.data(0, store.head(), kind=event.event_name):
        entry = decode(data, position)
        if type(entry.event) is not event:
            raise Damaged(f"entry {position}", f"it is kept as {event.event_name}, and its bytes say otherwise")
        found.append((entry, data))  # type: ignore[arg-type]
    return found


def _key(where: str, text: str, name: str) -> Verifier:
    try:
        found = parse_vkey(text)
    except ValueError as error:
        raise Damaged(where, f"a key that signs for it cannot be read: {error}") from None
    if found.name != name:
        raise Tampered(f"{where} names a signing key of another log, {found.name}; this one is {name}")
    return found


def _by_signer(store: Store) -> Notes:
    """The checkpoints that are kept, by the name and id of each key that one bears a line of."""
    found: Notes = defaultdict(list)
    for note in store.checkpoints():
        with suppress(ValueError):
            for signer in {(line.name, line.id) for line in parse_note(note).signatures}:
                found[signer].append(note)
    return found


def _signed_since(store: Store, notes: Iterable[str], key: Verifier, size: int) -> bool:
    """Whether the key signed one of the notes, of at least so many of the ledger's entries: as a change of key was
    covered before its entry held a proof.
    """
    for note in notes:
        try:
            checkpoint = open_checkpoint(note, key)
        except ValueError:
            continue
        if checkpoint.size >= size and contradiction(store, checkpoint, tiled(store.tile)) is None:
            return True
    return False


def none_of(keys: Sequence[Key], given: Verifier) -> str:
    """That a key from elsewhere is none of those that sign for what is here, which are named."""
    signs = ", ".join(f"{key.verifier.id.hex()} since entry {max(key.since, 1)}" for key in keys)
    return (
        f"the key given, {format_vkey(given)}, signs for nothing that is here; the keys that do are: {signs}. If yours"
        " came later, ask for a newer copy"
    )


def key_for(keys: Sequence[Key], size: int) -> Verifier | None:
    """The key that signs a checkpoint of `size` entries; None if the ledger had none yet."""
    return next((key.verifier for key in reversed(keys) if key.since <= size), None)


def opened(note: str, keys: Sequence[Key]) -> Checkpoint:
    """The checkpoint in a note, signed by the key for its size; ValueError if it is not, or if a line that names
    another of the keys is false. C2SP signed-note, "Signatures".
    """
    parsed = parse_note(note)
    checkpoint = parse_checkpoint(parsed.text)
    signers = signed_by(parsed, (key.verifier for key in keys))
    key = key_for(keys, checkpoint.size)
    if signers and key not in signers:
        raise ValueError(_out_of_turn(signers[-1], checkpoint.size, keys))
    return open_checkpoint(note, *([key] if key else []))


def _out_of_turn(signer: Verifier, size: int, keys: Sequence[Key]) -> str:
    """Why a checkpoint that one of the ledger's keys signed is none: the key was not the one for its size."""
    place = [key.verifier for key in keys].index(signer)
    what = f"the checkpoint of {in_entries(size)} is signed by the key {signer.id.hex()}"
    if size < keys[place].since:
        return f"{what}, which signs here from entry {keys[place].since} on"
    later = keys[place + 1]
    if later.covered:
        return f"{what}, and entry {later.since} gave its place to another"
    return (
        f"{what}, which entry {later.since} says was lost: it signed a log that went on otherwise, of which what came"
        f" after entry {later.since - 1} is not here. Keep the checkpoint as evidence of that"
    )


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


class Shown(NamedTuple):
    """A checkpoint that somebody else has kept, and the key of the ledger's that signs for its size."""

    checkpoint: Checkpoint
    key: Verifier


def against(store: Store, note: str) -> Shown:
    """What is shown, once the ledger is seen to go on from it; Tampered with every reason if it does not, ValueError
    for a text that is no checkpoint. Says nothing of keys and restores after it: see `unproven`.
    """
    keys, checkpoint = signing_keys(store), parse_checkpoint(parse_note(note).text)
    problems = [contradiction(store, checkpoint)]
    try:
        opened(note, keys)
    except ValueError as error:
        problems.append(str(error))
    else:
        if checkpoint.size > store.head() and problems[0]:
            problems[0] += NEWER
    if found := [problem for problem in problems if problem]:
        raise Tampered(*found)
    key = key_for(keys, checkpoint.size)
    assert key is not None, "a note that was opened is signed by the key for its size"
    return Shown(checkpoint, key)


def unproven(store: Store, trusted: Verifier | None, vouched: int | None) -> list[str]:
    """Why a reader cannot rely on the log up to its end, a sentence each: a key given that is none of its keys, each
    key that `trusted` does not lead to, each restore that lost signed entries, unless a checkpoint of `vouched` entries
    from before it shows what it kept (0: the signer's own record does).
    """
    keys = signing_keys(store)
    found = []
    if trusted is not None and trusted not in [key.verifier for key in keys]:
        found.append(none_of(keys, trusted))
    found += [
        f"entry {key.since} changes the signing key to {format_vkey(key.verifier)}: no key that is trusted leads to it."
        " If you were handed it, or a later one, in person: --vkey"
        for key in lost(keys, trusted)
    ]
    found += [
        f"entry {entry.position} says that the ledger was restored and signed entries were lost; hold a checkpoint of"
        f" at most {in_entries(entry.event.restored_from)} against it"
        for entry in restores(store)
        if vouched is None or vouched > entry.event.restored_from
    ]
    return found
