"""The chain of keys that sign for a ledger, and which of them signs a checkpoint of a given size. No key files here."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

from orjson import loads

from ledger.encoding import decode
from ledger.errors import Damaged, Tampered
from ledger.events import Event
from ledger.events.record import SigningKeyChanged
from ledger.integrity.checkpoints import contradiction, origin
from ledger.messages import msg
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
    """Returns the keys that sign for the ledger, in order; the last key signs now.

    The first key is the key given when the ledger was created, if any; each key change entry adds a key. Raises
    Tampered for a chain that no ledger writes: with a false proof, a key of another log, or the same key twice. Raises
    Damaged for a key that cannot be read.
    """
    return chain_of(store, stored(store, SigningKeyChanged))


def chain_of(store: Store, stored: Iterable[tuple[Entry[SigningKeyChanged], bytes]]) -> tuple[SigningKey, ...]:
    """Returns the keys that `signing_keys` returns, from key change entries that were already read with their bytes."""
    name = origin(store.ledger_id)
    keys = [SigningKey(0, _key(0, store.public_key, name))] if store.public_key else []
    known, of_before = {key.verifier for key in keys}, True
    notes = cache(partial(_by_signer, store))
    for entry, data in stored:
        at, of_before = entry.position, of_before and loads(data)["v"] == 1
        new = _key(at, entry.event.public_key, name)
        if new in known:
            raise Tampered(
                msg("entry {entry} names a signing key that signed before; a key never comes back", entry=at)
            )
        known.add(new)
        old = keys[-1].verifier if keys else None
        if old is None and entry.event.proof:
            raise Tampered(msg("entry {entry} holds the proof of a signing key before it, and there is none", entry=at))
        covered = old is None or _is_covered(store, entry, old, new, notes if of_before else None)
        keys.append(SigningKey(at, new, covered))
    return tuple(keys)


def _is_covered(
    store: Store, entry: Entry[SigningKeyChanged], old: Verifier, new: Verifier, notes: Callable[[], Notes] | None
) -> bool:
    """Whether the old key vouches for the new key. Raises Tampered if the proof in the entry is false.

    A key change of shape 1 holds no proof; for such a change, the old key vouches by signing a later checkpoint among
    `notes`. From the first key change of shape 2 on, `notes` is None, because no ledger writes shape 1 after shape 2.
    """
    change, position = entry.event, entry.position
    if change.proof is None:
        return notes is not None and not change.lost and _signed_since(store, notes()[old.name, old.id], old, position)
    if not check_succession(change.proof, old, origin(store.ledger_id), position, new):
        raise Tampered(
            msg("entry {entry} changes the signing key, and the old key's proof in it is false", entry=position)
        )
    return True


def stored(store: Store, event: type[E]) -> list[tuple[Entry[E], bytes]]:
    """Returns the entries of a class that the index lists, in order of position, each with its stored bytes.

    Raises Damaged if the bytes hold another event than the index says.
    """
    found: list[tuple[Entry[E], bytes]] = []
    for position, data in store.data(0, store.head(), kind=event.event_name):
        entry = decode(data, position)
        if type(entry.event) is not event:
            what = msg("it is kept as {event}, and its bytes say otherwise", event=event.event_name)
            raise Damaged(msg("entry {entry}", entry=position), what)
        found.append((entry, data))  # type: ignore[arg-type]
    return found


def _key(position: int, text: str, name: str) -> Verifier:
    """Returns the public key in a text, from the entry at `position`, or from the ledger itself if `position` is 0."""
    try:
        found = parse_vkey(text)
    except ValueError as error:
        where = msg("entry {entry}", entry=position) if position else msg("the ledger")
        raise Damaged(where, msg("a key that signs for it cannot be read: {problem}", problem=error)) from None
    if found.name == name:
        return found
    if position:
        raise Tampered(
            msg(
                "entry {entry} names a signing key of another log, {log}; this one is {ours}",
                entry=position,
                log=found.name,
                ours=name,
            )
        )
    raise Tampered(
        msg("the ledger names a signing key of another log, {log}; this one is {ours}", log=found.name, ours=name)
    )


def _by_signer(store: Store) -> Notes:
    """Maps the name and id of each key to the stored notes that carry a signature line of that key."""
    found: Notes = defaultdict(list)
    for note in store.checkpoints():
        with suppress(ValueError):
            for signer in {(line.name, line.id) for line in parse_note(note).signatures}:
                found[signer].append(note)
    return found


def _signed_since(store: Store, notes: Iterable[str], key: Verifier, size: int) -> bool:
    """Whether `key` signed one of `notes` for a checkpoint of this ledger with at least `size` entries.

    The signature on such a checkpoint stands in for the proof that a key change of shape 1 lacks.
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
    """Returns a sentence saying that the key `given` is none of the ledger's `keys`, and naming the keys that are."""
    signs = (msg("{key} since entry {entry}", key=key.verifier.id.hex(), entry=max(key.since, 1)) for key in keys)
    return msg(
        "the key given, {vkey}, signs for nothing that is here; the keys that do are: {keys}. If yours came later, ask"
        " for a newer copy",
        vkey=format_vkey(given),
        keys=tuple(signs),
    )


def key_for(keys: Sequence[SigningKey], size: int) -> Verifier | None:
    """Returns the key that signs a checkpoint of `size` entries, or None if the ledger had no key at that size."""
    return next((key.verifier for key in reversed(keys) if key.since <= size), None)


def opened(note: str, keys: Sequence[SigningKey]) -> Checkpoint:
    """Returns the checkpoint in a note that is signed by the key for the checkpoint's size.

    Raises ValueError if the key for that size did not sign the note, or if a signature in the name of any of `keys` is
    false. See C2SP signed-note, "Signatures".
    """
    parsed = parse_note(note)
    checkpoint = parse_checkpoint(parsed.text)
    signers = signed_by(parsed, (key.verifier for key in keys))
    key = key_for(keys, checkpoint.size)
    if signers and key not in signers:
        raise ValueError(_out_of_turn(signers[-1], checkpoint.size, keys))
    return open_checkpoint(note, *([key] if key else []))


def _out_of_turn(signer: Verifier, size: int, keys: Sequence[SigningKey]) -> str:
    """Returns a sentence saying why a checkpoint signed by the key `signer` is refused: another key signs its size."""
    place = [key.verifier for key in keys].index(signer)
    if size < keys[place].since:
        return msg(
            "the checkpoint of {size:entry|entries} is signed by the key {key}, which signs here from entry {entry} on",
            size=size,
            key=signer.id.hex(),
            entry=keys[place].since,
        )
    later = keys[place + 1]
    if later.covered:
        return msg(
            "the checkpoint of {size:entry|entries} is signed by the key {key}, and entry {entry} gave its place to"
            " another",
            size=size,
            key=signer.id.hex(),
            entry=later.since,
        )
    return msg(
        "the checkpoint of {size:entry|entries} is signed by the key {key}, which entry {entry} says was lost: it"
        " signed a log that went on differently after entry {last}, and that part is not here. Keep the checkpoint as"
        " evidence of that",
        size=size,
        key=signer.id.hex(),
        entry=later.since,
        last=later.since - 1,
    )
