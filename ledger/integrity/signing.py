"""Who signs a ledger's checkpoints, and what is compared first: the ledger's key, and the record of what it signed.

The record makes the promise of one root a size, for ever, hold against whoever writes the ledger: nothing is signed
that does not go on from it. It is written before a note is published. No clock here.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from eventsourcing.persistence import IntegrityError

from ledger.canonical import NOT_AS_WRITTEN, is_as_written, misplaced
from ledger.encoding import decode
from ledger.errors import (
    AheadOfClock,
    CannotSign,
    LogMoved,
    MayNotSign,
    MustOutgrow,
    NotPermitted,
    NotTheSigner,
    Tampered,
    Unusable,
    in_entries,
    not_those,
)
from ledger.events.record import LogRestored, SigningKeyChanged
from ledger.events.shape import tags_of
from ledger.integrity.checkpoints import contradiction, false_tile, last_checkpoint, origin
from ledger.integrity.comparing import another_key, look, not_ours, unsaid
from ledger.integrity.index import read_once, refuse_hidden, restores, told_by_index
from ledger.integrity.keyfile import (
    Record,
    beside,
    first_record,
    give_up,
    has_succession,
    keep_key,
    keep_succession,
    lines_of,
    load_key,
    locked,
    lost_followers,
    read_record,
    settle,
    succession_of,
    sync_record,
    write_record,
)
from ledger.integrity.keys import opened, signing_keys
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_note, parse_note, unbase64
from ledger.proof.succession import format_succession
from ledger.proof.tiles import tiled
from ledger.proof.tree import EMPTY_ROOT, Frontier, check_inclusion, leaf_hash, prove_inclusion, tree_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from eventsourcing.dcb.api import DCBSequencedEvent

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.integrity.index import Indexed
    from ledger.proof.note import Verifier
    from ledger.proof.tree import Subtree
    from ledger.store import Store

TRIES = 10
A_DAY = timedelta(days=1)


class Grown(NamedTuple):
    """The whole log's tree, and when the last entry that was signed before, and its last one, were recorded, by the
    bytes that are under its root; "" for none.
    """

    frontier: Frontier
    before: str
    last: str


def begin_record(store: Store, place: Path) -> bool:
    """Begins the record of a key from before there were records, with the last checkpoint that is kept, once the ledger
    is seen to go on from it. Returns False if the key was made with a record, even if that is missing. Tampered if the
    ledger does not go on, or if the key is not the ledger's.
    """
    with locked(place):
        return _begun(store, place)


def _begun(store: Store, place: Path) -> bool:
    keys, name = signing_keys(store), origin(store.ledger_id)
    known = [key.verifier for key in keys]
    if not os.path.lexists(place) or (found := load_key(place, name)).has_record:
        return False
    if found.signer.verifier not in known[-1:]:
        raise Tampered(another_key(place, found, keys))
    if read_record(place, known, found.signer.verifier) is None:
        if last := last_checkpoint(store):
            _check_kept(store, last[1])
        write_record(place, last[1] if last else first_record(found.signer), known)
    keep_key(place, found.signer)
    return True


def sign(store: Store, place: Path, now: datetime, *also: Signer) -> str:
    """The note of the whole log, signed by the key at `place`, and kept; the last one again if nothing came since.

    The ledger is first compared with the key and its record: Tampered if it does not go on from what was signed before,
    NoSigningKey if there is no key, CannotSign for a size that was signed in a log that is lost, and for entries that
    were recorded far ahead of `now`. `also` sign a new note beside the key.
    """
    with locked(place):
        return sign_locked(store, place, now, *also)


def sign_locked(store: Store, place: Path, now: datetime, *also: Signer) -> str:
    """The same, for who holds the lock."""
    return _signed(store, place, now, *_ready(store, place), *also)


def note_to_prove_with(store: Store, place: Path, now: datetime, position: int | None = None) -> str:
    """A note that covers the entry, or the whole log: the newest that is kept if it covers the entry, else one signed
    now. Who cannot read the key, or may not sign yet, takes the newest that is kept; NotTheSigner or CannotSign if that
    does not cover the entry.
    """
    why: Unusable = _not_the_signer(store, place)
    if _has_key(place):
        try:
            with locked(place):
                signer, record = _ready(store, place)
                last = last_checkpoint(store)
                if last and position and position <= last[0].size:
                    return last[1]
                return _signed(store, place, now, signer, record)
        except (CannotSign, MayNotSign) as error:
            why = error
        except NotPermitted:
            pass  # the key is another user's
    last = last_checkpoint(store)
    if last is None or (position or 1) > last[0].size:
        raise why
    return last[1]


def _has_key(place: Path) -> bool:
    return any(os.path.lexists(path) for path in (place, beside(place, ".new")))


def _not_the_signer(store: Store, place: Path) -> NotTheSigner:
    last = last_checkpoint(store)
    return NotTheSigner(place, store.signer_role, last[0].size if last else 0)


def ready_to_sign(store: Store, place: Path, now: datetime) -> None:
    """Refuses, as `sign` would, where the key at `place` could not sign what comes next."""
    store.refuse_signer()
    if not _has_key(place):
        raise _not_the_signer(store, place)
    with locked(place):
        _, record = _ready(store, place)
    if not os.access(place.absolute().parent, os.W_OK):
        raise NotPermitted(beside(place, ".signed"), "write")
    _refuse_lost_size(store, record, store.head() + 1)
    if (head := store.head()) > record.checkpoint.size:
        [row] = store.read(after=head - 1, limit=1)
        last = decode(row.event.data, row.position).recorded_at
        _refuse_ahead(head, last, _last_moment(store, record.checkpoint), now)


def refuse_unsound(store: Store, record: Record | None, now: datetime) -> None:
    """Refuses a log that no key would sign: with Tampered, one that does not go on soundly from what was signed last,
    or from nothing; with AheadOfClock, one whose last entry is dated far ahead of `now`.
    """
    last = record.checkpoint if record else Checkpoint(origin(store.ledger_id), 0, EMPTY_ROOT)
    told = told_by_index(store)
    grown = _grown(store, last, told)
    refuse_hidden(store, told, last)
    _refuse_ahead(grown.frontier.size, grown.last, grown.before, now)


def _ready(store: Store, place: Path) -> tuple[Signer, Record]:
    """The key and its record, once the ledger agrees with them. Finishes a change of key that was cut short."""
    now = next((key.verifier for key in signing_keys(store)[-1:]), None)
    if now:
        settle(place, now)
    found, seen = load_key(place, origin(store.ledger_id), now), look(store, place)
    if seen.problems:
        raise Tampered(*(f"{problem}; nothing was signed" for problem in seen.problems))
    assert seen.record is not None, "a key whose record is missing, or cannot be read, is a problem"
    return found.signer, seen.record


def _keep_proofs(place: Path, told: Indexed) -> None:
    """Afterwards it lies beside the key that each of the ledger's keys follows the one before it, if that one vouches
    for it, and of no other that followed in a log that was given up with a restore. Of those before the last, what
    lies there already is left as it is.
    """
    keys = [key.verifier for key in told.keys]
    missing = {
        key: note
        for key, note in _proofs(told)
        if not has_succession(place, key, note)
        and (key == keys[-1] or not os.path.lexists(succession_of(place, key.id)))
    }
    for key in lost_followers(place, keys):  # first: whoever is cut short in between has no two that follow one
        give_up(place, key)
    for key, note in missing.items():
        keep_succession(place, key, note)


def _proofs(told: Indexed) -> Iterator[tuple[Verifier, str]]:
    """The keys that the one before them vouches for, each with the note by which it does."""
    proofs = {entry.position: entry.event.proof for entry in told.changes}
    for (_, old, _), (since, new, _) in pairwise(told.keys):
        proof = proofs[since]
        if proof:  # a false one is refused where the keys are read
            yield new, format_succession(proof, old, new.name, since, new)


def _signed(store: Store, place: Path, now: datetime, signer: Signer, record: Record, *also: Signer) -> str:
    for _ in range(TRIES):
        fixed = read_once(store)
        newest = _newest(fixed, record)
        told = _judged(fixed, signer, record)
        grown = _grown(fixed, record.checkpoint, told, newest.checkpoint)
        whole = Checkpoint(signer.name, (size := grown.frontier.size), grown.frontier.root())
        note = _known(fixed, newest, record) if newest.checkpoint.size == size and not also else None
        if note == record.note:
            sync_record(place)  # whoever wrote it may have been cut short before it was on the disk
        else:
            store.refuse_signer()
            store.confirm()  # what lies beside the key is never ahead of a ledger that a power cut makes shorter
            refuse_hidden(fixed, told, whole)  # what was signed before, too: the index may hide anything there
            _keep_proofs(place, told)  # also where nothing can be signed yet
            if note is None:
                _refuse_lost_size(fixed, record, size)
                _refuse_ahead(size, grown.last, grown.before, now)
                note = sign_checkpoint(whole, signer, *also)
            write_record(place, note, [one.verifier for one in (signer, *also)])
            record = Record(parse_checkpoint(parse_note(note).text), note)
        try:
            store.keep_checkpoint(size, note)
        except IntegrityError:
            continue
        return note
    raise LogMoved(TRIES)


def _known(store: Store, newest: Record, record: Record) -> str:
    """The note of the whole log that was signed before; the record may hold a line of the key that is to follow too."""
    keys = [key.verifier for key in signing_keys(store)]
    return format_note(lines_of(newest.note, keys)) if newest is record else newest.note


def _newest(store: Store, record: Record) -> Record:
    """The larger of the record and the last checkpoint kept in the ledger, which this key may have signed elsewhere."""
    last = last_checkpoint(store)
    if last is None or last[0].size < record.checkpoint.size:
        return record
    _check_kept(store, last[1])
    return Record(*last)


def _check_kept(store: Store, note: str) -> None:
    """Refuses a checkpoint that is kept and is not by the ledger's keys, or that the ledger does not go on from."""
    try:
        problem = contradiction(store, opened(note, signing_keys(store)))
    except ValueError as error:
        problem = f"the last checkpoint is false: {error}"
    if problem:
        raise Tampered(f"{problem}; nothing was signed")


def _judged(store: Store, signer: Signer, record: Record) -> Indexed:
    """What the index told of changes of key and of restores when this key was found to sign now. Tampered if it no
    longer does, or if a restore is told otherwise than the record does: what is signed may hold no other, however its
    rows are found or when they came.
    """
    told = told_by_index(store)  # read once: what is counted is what was judged
    problems = list(not_ours(record, told.keys, told.restores))
    problems += [
        f"the record says that {in_entries(lost.size)} had been signed and were lost, and the ledger no longer does"
        for lost in unsaid(store, record, told.restores)
    ]
    problems += [
        f"entry {one.position} says that {in_entries(one.event.lost_size)} had been signed and were lost, and they are"
        " here"
        for one in told.restores
        if one.position > record.checkpoint.size and not contradiction(store, _lost_by(one.event, signer.name))
    ]
    if [key.verifier for key in told.keys[-1:]] != [signer.verifier]:
        problems.append("the key that signs was changed while the ledger was compared")
    if problems:
        raise Tampered(*(f"{problem}; nothing was signed" for problem in problems))
    return told


def _lost_by(event: LogRestored, name: str) -> Checkpoint:
    return Checkpoint(name, event.lost_size, unbase64(event.lost_root))


def _grown(store: Store, last: Checkpoint, told: Indexed, kept: Checkpoint | None = None) -> Grown:
    """The whole log's tree, which goes on from the last checkpoint: what is signed is built on the very hashes that
    were compared with it, and on the bytes of what came since. It passes through the checkpoint that is `kept`, which
    is no smaller. What the index `told` of changes of key and of restores is what the tree holds. RFC 6962 section 2.1.
    """
    head = store.head()
    if problem := contradiction(store, last):
        raise Tampered(f"{problem}; nothing was signed")
    frontier = Frontier(last.size, _kept(store))
    if frontier.root() != last.root:
        raise Tampered("the log was rewritten while it was compared with what was signed last; nothing was signed")
    rows = store.read(after=last.size, limit=head - last.size or None)
    before = ends = _last_moment(store, last)
    through = kept or last
    passed = (last.size, last.root) == (through.size, through.root)
    held = {position for position, leaf in told.leaves.items() if _is_under(store, last, position, leaf)}
    for position, leaf, moment in _sound(rows, told, before):
        held |= {position} if told.leaves.get(position) == leaf else set()
        frontier.add([leaf])
        ends = moment
        passed = passed or (frontier.size == through.size and frontier.root() == through.root)
    for position in sorted(told.leaves.keys() - held):
        what = "the ledger's index tells of a change of key or a restore that the log does not hold"
        raise Tampered(f"entry {position}: {what}; nothing was signed")
    if not passed:
        raise Tampered(f"{not_those(through.size)} that the last checkpoint kept was signed for; nothing was signed")
    if tree_root(frontier.size, _kept(store)) != frontier.root():
        tile = false_tile(store, Checkpoint(last.origin, frontier.size, frontier.root()))
        what = tile or "the tree that is kept is not that of the entries' bytes (liggare verify)"
        raise Tampered(f"{what}; nothing was signed")
    return Grown(frontier, before, ends)


def _kept(store: Store) -> Subtree:
    """The tree that is kept; Tampered where a hash of it is missing."""
    subtree = tiled(store.tile)

    def read(height: int, number: int) -> bytes:
        try:
            return subtree(height, number)
        except ValueError as error:
            raise Tampered(f"the ledger's tree cannot be read: {error}; nothing was signed") from None

    return read


def _last_moment(store: Store, signed: Checkpoint) -> str:
    """When the last entry that was signed was recorded, by the bytes that were; "" if none was."""
    if not signed.size:
        return ""
    [row] = store.read(after=signed.size - 1, limit=1)
    if not _is_under(store, signed, signed.size, leaf_hash(row.event.data)):
        raise Tampered(f"entry {signed.size}: its bytes are not those that were signed; nothing was signed")
    return decode(row.event.data, row.position).recorded_at


def _is_under(store: Store, signed: Checkpoint, position: int, leaf: bytes) -> bool:
    """Whether an entry with this leaf's hash is the one at its position in the log that was signed."""
    at, size = position - 1, signed.size
    return at < size and check_inclusion(leaf, at, size, prove_inclusion(at, size, _kept(store)), signed.root)


def _sound(rows: Iterable[DCBSequencedEvent], told: Indexed, before: str) -> Iterator[tuple[int, bytes, str]]:
    """The positions, leaf hashes and moments of entries that are written as a ledger writes, each after the one before
    it, and kept as what their bytes say. What is written otherwise no export could hold; what is found as something
    else would be signed unseen: a change of the signing key, for one.
    """
    for row in rows:
        entry = decode(row.event.data, row.position)
        leaf = leaf_hash(row.event.data)
        if problem := _unsound(row, entry, told.leaves.get(row.position) == leaf, before):
            raise Tampered(f"entry {row.position}: {problem}; nothing was signed")
        before = entry.recorded_at
        yield row.position, leaf, before


def _unsound(row: DCBSequencedEvent, entry: Entry[Event], told: bool, before: str) -> str | None:
    event, expected = entry.event, tags_of(entry.event)
    if not is_as_written(row.event.data):
        return NOT_AS_WRITTEN
    if problem := misplaced(entry.recorded_at, before):
        return problem
    if row.event.type != event.event_name or row.event.tags[: len(expected)] != expected:
        kept = f"it is kept as {row.event.type}, by tags {', '.join(row.event.tags)}"
        return f"{kept}, and its bytes say {event.event_name}"
    if isinstance(event, SigningKeyChanged | LogRestored) and not told:
        return (
            f"it is {event.event_name}, and was not found as such when the key was compared: the ledger's index hides"
            " it, or it came in between"
        )
    return None


def can_sign(store: Store, record: Record) -> bool:
    """Whether the log is longer than any that was signed and lost."""
    try:
        _refuse_lost_size(store, record, store.head())
    except CannotSign:
        return False
    return True


def _refuse_ahead(position: int, last: str, before: str, now: datetime) -> None:
    """Refuses to sign an entry, the last, that was recorded more than a day ahead of the clock, and of what was signed
    `before`: no later entry could be recorded before it, and once it is signed, no copy of before it would do.
    """
    known = [now, datetime.fromisoformat(before)] if before else [now]
    if last and datetime.fromisoformat(last) > max(known) + A_DAY:
        raise AheadOfClock(position, last, now)


def _refuse_lost_size(store: Store, record: Record, size: int) -> None:
    sizes = [entry.event.lost_size for entry in restores(store)] + [one.size for one in record.lost]
    if size <= (highest := max(sizes, default=0)):
        raise MustOutgrow(size, highest)
