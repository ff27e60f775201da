"""Which keys sign for a ledger, each vouched for by the one before it or not, and which one signs for what size."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

from orjson import loads

from ledger.encoding import decode
from ledger.errors import Damaged, Tampered, in_entries
from ledger.events import Event
from ledger.events.record import SigningKeyChanged
from ledger.integrity.checkpoints import contradiction, origin
from ledger.proof.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.proof.note import format_vkey, parse_note, parse_vkey, signed_by
from ledger.proof.succession import SigningKey, check_succession
from ledger.proof.tiles import tiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ledger.encoding import Entry
    from ledger.proof.note import Verifier
    from ledger.store import Store

    Notes = defaultdict[tuple[str, bytes], list[str]]

E = TypeVar("E", bound=Event)


def signing_keys(store: Store) -> tuple[SigningKey, ...]:
    """The keys that sign for the ledger, the last one now: that of its making, and those its entries name. Tampered for
    a chain that no ledger writes: a false proof, a key of another log, a key that signed before.
    """
    return chain_of(store, stored(store, SigningKeyChanged))


def chain_of(store: Store, stored: Iterable[tuple[Entry[SigningKeyChanged], bytes]]) -> tuple[SigningKey, ...]:
    name = origin(store.ledger_id)
    keys = [SigningKey(0, _key("the ledger", store.public_key, name))] if store.public_key else []
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
        keys.append(SigningKey(entry.position, new, covered))
    return tuple(keys)


def _is_covered(
    store: Store, entry: Entry[SigningKeyChanged], old: Verifier, new: Verifier, notes: Callable[[], Notes] | None
) -> bool:
    """Whether the old key vouches for the new one: by its proof in the entry or, in an entry of before there were any,
    by one of the `notes`. An entry of shape 1 holds none; after one of shape 2, no ledger writes it.
    """
    change, position = entry.event, entry.position
    if change.proof is None:
        return notes is not None and not change.lost and _signed_since(store, notes()[old.name, old.id], old, position)
    if not check_succession(change.proof, old, origin(store.ledger_id), position, new):
        raise Tampered(f"entry {position} changes the signing key, and the old key's proof in it is false")
    return True


def stored(store: Store, event: type[E]) -> list[tuple[Entry[E], bytes]]:
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


def none_of(keys: Sequence[SigningKey], given: Verifier) -> str:
    """That a key from elsewhere is none of those that sign for what is here, which are named."""
    signs = ", ".join(f"{key.verifier.id.hex()} since entry {max(key.since, 1)}" for key in keys)
    return (
        f"the key given, {format_vkey(given)}, signs for nothing that is here; the keys that do are: {signs}. If yours"
        " came later, ask for a newer copy"
    )


def key_for(keys: Sequence[SigningKey], size: int) -> Verifier | None:
    """The key that signs a checkpoint of `size` entries; None if the ledger had none yet."""
    return next((key.verifier for key in reversed(keys) if key.since <= size), None)


def opened(note: str, keys: Sequence[SigningKey]) -> Checkpoint:
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


def _out_of_turn(signer: Verifier, size: int, keys: Sequence[SigningKey]) -> str:
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
