"""Checkpoints of a ledger: who may sign them, when one is signed, and what one that is shown says of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError

from ledger.encoding import decode
from ledger.errors import Damaged, LogMoved, NoSigningKey, Tampered
from ledger.events.record import SigningKeyChanged
from ledger.proof.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from ledger.proof.note import base64_of, format_vkey, parse_note, parse_vkey, signed_by
from ledger.proof.tiles import tiled
from ledger.proof.tree import Frontier, leaf_hash, tree_root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.proof.note import Signer, Verifier
    from ledger.proof.tree import Subtree
    from ledger.store import Store

TRIES = 10


class Key(NamedTuple):
    """A key that signs checkpoints of at least `since` entries, until the next one does."""

    since: int
    verifier: Verifier


def origin(ledger_id: str) -> str:
    """The name that a ledger signs under, its alone. C2SP tlog-checkpoint, "Note text"."""
    return f"liggare/{ledger_id}"


def root_text(store: Store) -> str:
    """The root of the whole log as it is kept, in base64 as in a checkpoint."""
    return base64_of(tree_root(store.head(), tiled(store.tile)))


def signing_keys(store: Store) -> tuple[Key, ...]:
    """The keys that sign for the ledger, the last one now: that of its making, and those its entries name."""
    found = [(0, store.public_key)] if store.public_key else []
    for row in store.read(DCBQuery([DCBQueryItem(types=[SigningKeyChanged.event_name])])):
        event = decode(row.event.data, row.position).event
        assert isinstance(event, SigningKeyChanged), "the type is that of the event"
        found.append((row.position, event.public_key))
    try:
        return tuple(Key(since, parse_vkey(text)) for since, text in found)
    except ValueError as error:
        raise Damaged("the ledger", f"a key that signs for it cannot be read: {error}") from None


def key_for(keys: Sequence[Key], size: int) -> Verifier | None:
    """The key that signs a checkpoint of `size` entries; None if the ledger had none yet."""
    return next((key.verifier for key in reversed(keys) if key.since <= size), None)


def opened(note: str, keys: Sequence[Key]) -> Checkpoint:
    """The checkpoint in a note, signed by the key for its size; ValueError if it is not, or if a line that names
    another of the keys is false. C2SP signed-note, "Signatures".
    """
    parsed = parse_note(note)
    checkpoint = parse_checkpoint(parsed.text)
    signed_by(parsed, (key.verifier for key in keys))
    key = key_for(keys, checkpoint.size)
    return open_checkpoint(note, *([key] if key else []))


def last_checkpoint(store: Store) -> tuple[Checkpoint, str] | None:
    """The last that was kept, its signature not looked at, and its note; Tampered for a note that is none."""
    notes = store.checkpoints()
    if not notes:
        return None
    try:
        return parse_checkpoint(parse_note(notes[-1]).text), notes[-1]
    except ValueError as error:
        raise Tampered(f"checkpoint {len(notes)} cannot be read: {error}") from None


def sign(store: Store, signer: Callable[[], Signer], *also: Signer) -> str:
    """The signed note of the whole log, kept; the last one again if nothing came since, unless others sign `also`.

    The signer first computes the root at the size last signed, and refuses if the log is below or beside it (Tampered);
    what came since is hashed anew from its bytes. NoSigningKey if the signer's key is not the one that signs now.
    """
    for _ in range(TRIES):
        last = last_checkpoint(store)
        frontier = _grown(store, last[0] if last else None)
        keys = signing_keys(store)
        key = key_for(keys, frontier.size)
        if last and last[0].size == frontier.size and not also and key in _signers(last[1], keys):
            return last[1]
        by = signer()
        if by.verifier != key:
            raise NoSigningKey(_not_that_key(by, key))
        checkpoint = Checkpoint(origin(store.ledger_id), frontier.size, frontier.root())
        note = sign_checkpoint(checkpoint, by, *also)
        try:
            store.keep_checkpoint(checkpoint.size, note)
        except IntegrityError:
            continue
        return note
    raise LogMoved(TRIES)


def _grown(store: Store, last: Checkpoint | None) -> Frontier:
    """The whole log's tree, once it is seen to go on from the last checkpoint. RFC 6962 section 2.1."""
    head, size = store.head(), last.size if last else 0
    if last and (problem := contradiction(store, last)):
        raise Tampered(f"{problem}; nothing was signed")
    frontier = Frontier(size, tiled(store.tile))
    frontier.add(leaf_hash(found.event.data) for found in store.read(after=size, limit=head - size or None))
    return frontier


def contradiction(store: Store, checkpoint: Checkpoint, subtree: Subtree | None = None) -> str | None:
    """What the ledger's hashes, of the subtrees that may be at hand, and a checkpoint of it say against each other."""
    head, size = store.head(), checkpoint.size
    if checkpoint.origin != origin(store.ledger_id):
        return f"the checkpoint is of another log, {checkpoint.origin}, and this ledger is {origin(store.ledger_id)}"
    if size > head:
        return f"the checkpoint is of {size} entries, and the ledger has {head}: it is an older copy, or was cut"
    try:
        found = tree_root(size, subtree or tiled(store.tile))
    except ValueError as error:
        return f"the ledger's tree cannot be read: {error}"
    if found != checkpoint.root:
        return f"the first {size} entries are not those that the checkpoint was signed for: the log was rewritten"
    return None


def against(store: Store, note: str) -> Checkpoint:
    """A checkpoint that somebody else has kept, once the ledger is seen to go on from it; Tampered with every reason if
    it does not, ValueError for a text that is no checkpoint.
    """
    checkpoint = parse_checkpoint(parse_note(note).text)
    problems = [contradiction(store, checkpoint)]
    try:
        opened(note, signing_keys(store))
    except ValueError as error:
        problems.append(str(error))
    if found := [problem for problem in problems if problem]:
        raise Tampered(*found)
    return checkpoint


def _signers(note: str, keys: Sequence[Key]) -> tuple[Verifier, ...]:
    try:
        return signed_by(parse_note(note), (key.verifier for key in keys))
    except ValueError as error:
        raise Tampered(f"the last checkpoint is false: {error}; nothing was signed") from None


def _not_that_key(by: Signer, key: Verifier | None) -> str:
    if key is None:
        return "no key signs for this ledger yet; `liggare rotate-key` makes one"
    return f"the key given is {by.verifier.id.hex()}, and {format_vkey(key)} signs for this ledger now"
