"""Signs checkpoints of a ledger, after comparing the ledger with its key and with the record of what the key signed.

The key never signs two different roots for one size, even if someone else changes the ledger: a checkpoint is signed
only if the ledger extends the record. The record is written before a note is published. No clock here.
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
)
from ledger.events.record import LogRestored, SigningKeyChanged
from ledger.events.shape import tags_of
from ledger.integrity.checkpoints import contradiction, false_tile, last_checkpoint, origin, tile_not_of_bytes
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
    lost_followers,
    read_record,
    settle,
    succession_of,
    sync_record,
    write_record,
)
from ledger.integrity.keys import opened, signing_keys
from ledger.integrity.locking import locked
from ledger.messages import filled, msg
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
    """The tree of the whole log, and the times at which two of its entries were recorded.

    `before` is the recording time of the last entry that was already signed, or "" if no entry was signed. `last` is
    the recording time of the last entry, or "" if the log is empty. The tree's root covers the bytes that hold both
    times.
    """

    frontier: Frontier
    before: str
    last: str


def begin_record(store: Store, place: Path) -> bool:
    """Begins the record of a key that was made before records existed, with the last stored checkpoint.

    Returns False if there is no key, or if the key was made with a record, even if that record is missing. Raises
    Tampered if the ledger does not extend the last stored checkpoint, or if the key is not the ledger's own key.
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
    """Signs the whole log with the key at `place`, stores the note and returns it.

    If nothing was recorded since the last note and `also` is empty, the last note is returned again. The signers in
    `also` sign the new note too.

    Raises Tampered if the ledger contradicts the key or its record, and NoSigningKey if there is no key. Raises
    CannotSign if the key signed this size or a larger one in a log that is lost, or if the last entry is dated far
    ahead of `now`.
    """
    with locked(place):
        return sign_locked(store, place, now, *also)


def sign_locked(store: Store, place: Path, now: datetime, *also: Signer) -> str:
    """Signs the whole log as `sign` does. The caller must hold the signer's lock."""
    return _signed(store, place, now, *_ready(store, place), *also)


def note_to_prove_with(store: Store, place: Path, now: datetime, position: int | None = None) -> str:
    """Returns a note that covers the entry at `position`, or the whole log if no position is given.

    The newest stored note is returned if it covers the entry; otherwise a new note is signed. If there is no key here,
    or if the key or the log does not allow signing, the newest stored note is returned instead of a new note. If even
    the newest stored note does not cover the entry, raises NotTheSigner or the error that prevented signing.
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
            pass  # the key belongs to another user
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
    """Raises the errors that `sign` would raise, if the key at `place` could not sign the log after one more entry."""
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
    """Raises an error if the log is in a state in which no key may sign it.

    Raises Tampered if the log does not soundly extend the checkpoint of `record`, or the empty log if `record` is None.
    Raises AheadOfClock if the last entry is dated far ahead of `now`.
    """
    last = record.checkpoint if record else Checkpoint(origin(store.ledger_id), 0, EMPTY_ROOT)
    told = told_by_index(store)
    grown = _grown(store, last, told)
    refuse_hidden(store, told, last)
    _refuse_ahead(grown.frontier.size, grown.last, grown.before, now)


def _ready(store: Store, place: Path) -> tuple[Signer, Record]:
    """Returns the key and its record, after finishing a key change that was cut short.

    Raises Tampered if the ledger contradicts the key or the record, and NoSigningKey if there is no key.
    """
    now = next((key.verifier for key in signing_keys(store)[-1:]), None)
    if now:
        settle(place, now)
    found, seen = load_key(place, origin(store.ledger_id), now), look(store, place)
    if seen.problems:
        raise Tampered(*map(_unsigned, seen.problems))
    assert seen.record is not None, "a key whose record is missing, or cannot be read, is a problem"
    return found.signer, seen.record


def _unsigned(problem: str) -> str:
    return msg("{problem}; nothing was signed", problem=problem)


def _keep_proofs(place: Path, told: Indexed) -> None:
    """Stores a succession note beside the key for each of the ledger's keys that the previous key vouches for.

    The notes of keys from a log that was given up in a restore are renamed, so that these notes are ignored from then
    on. Existing notes of keys before the last key are left as they are.
    """
    keys = [key.verifier for key in told.keys]
    missing = {
        key: note
        for key, note in _proofs(told)
        if not has_succession(place, key, note)
        and (key == keys[-1] or not os.path.lexists(succession_of(place, key.id)))
    }
    for key in lost_followers(place, keys):  # done first, so that an interruption leaves no two followers of one key
        give_up(place, key)
    for key, note in missing.items():
        keep_succession(place, key, note)


def _proofs(told: Indexed) -> Iterator[tuple[Verifier, str]]:
    """Yields each key that the previous key vouches for by a proof, with the succession note."""
    proofs = {entry.position: entry.event.proof for entry in told.changes}
    for (_, old, _), (since, new, _) in pairwise(told.keys):
        proof = proofs[since]
        if proof:  # false proofs were refused when the keys were read
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
            sync_record(place)  # the process that wrote the record may have been cut short before the sync
        else:
            store.refuse_signer()
            store.confirm()  # a power cut must not leave the record ahead of the ledger
            refuse_hidden(fixed, told, whole)  # reads signed entries too, because the index may hide any entry
            _keep_proofs(place, told)  # proofs are stored even if the log may not be signed yet
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
    """Returns the existing note of the whole log.

    From the note in the record, only the signature lines of the ledger's keys are kept, because the record may also
    hold a line of the next key.
    """
    keys = [key.verifier for key in signing_keys(store)]
    return format_note(lines_of(newest.note, keys)) if newest is record else newest.note


def _newest(store: Store, record: Record) -> Record:
    """Returns the last stored checkpoint as a record or, if the key's own record has more entries, that record.

    The key may have signed the stored checkpoint elsewhere. Raises Tampered if the ledger's keys did not sign the
    stored checkpoint, or if the ledger contradicts it.
    """
    last = last_checkpoint(store)
    if last is None or last[0].size < record.checkpoint.size:
        return record
    _check_kept(store, last[1])
    return Record(*last)


def _check_kept(store: Store, note: str) -> None:
    """Raises Tampered if the ledger's keys did not sign a stored checkpoint, or if the ledger does not extend it."""
    try:
        problem = contradiction(store, opened(note, signing_keys(store)))
    except ValueError as error:
        problem = msg("the last checkpoint is false: {problem}", problem=error)
    if problem:
        raise Tampered(_unsigned(problem))


def _judged(store: Store, signer: Signer, record: Record) -> Indexed:
    """Returns the key changes and restores in the index, after checking them against the signer and the record.

    Raises Tampered if `signer` is no longer the key that signs, or if the index and the record disagree about a
    restore. Before signing, the caller must check that the log holds exactly the returned key changes and restores.
    """
    told = told_by_index(store)  # read once, so that the entries checked are the entries signed
    problems = list(not_ours(record, told.keys, told.restores))
    problems += [
        msg(
            "the record says that {size:entry|entries} had been signed and were lost, and the ledger no longer says so",
            size=lost.size,
        )
        for lost in unsaid(store, record, told.restores)
    ]
    problems += [
        msg(
            "entry {entry} says that {size:entry|entries} had been signed and were lost, and they are here",
            entry=one.position,
            size=one.event.lost_size,
        )
        for one in told.restores
        if one.position > record.checkpoint.size and not contradiction(store, _lost_by(one.event, signer.name))
    ]
    if [key.verifier for key in told.keys[-1:]] != [signer.verifier]:
        problems.append(msg("the key that signs was changed while the ledger was compared"))
    if problems:
        raise Tampered(*map(_unsigned, problems))
    return told


def _lost_by(event: LogRestored, name: str) -> Checkpoint:
    return Checkpoint(name, event.lost_size, unbase64(event.lost_root))


def _grown(store: Store, last: Checkpoint, told: Indexed, kept: Checkpoint | None = None) -> Grown:
    """Returns the tree of the whole log, which extends the checkpoint `last` (RFC 6962 section 2.1).

    The tree is built from the very hashes that were compared with `last`, and from the bytes of later entries. Raises
    Tampered if the log does not extend `last` and the checkpoint `kept`, which is no smaller than `last`, if an entry
    after `last` is unsound, or if the log lacks a key change or restore that the index listed (`told`).
    """
    head = store.head()
    if problem := contradiction(store, last):
        raise Tampered(_unsigned(problem))
    frontier = Frontier(last.size, _kept(store))
    if frontier.root() != last.root:
        raise Tampered(_unsigned(msg("the log was rewritten while it was compared with what was signed last")))
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
        what = msg("the ledger's index tells of a change of key or a restore that the log does not hold")
        raise Tampered(_unsigned_of(position, what))
    if not passed:
        raise Tampered(_unsigned(_not_those(through.size)))
    if tree_root(frontier.size, _kept(store)) != frontier.root():
        tile = false_tile(store, Checkpoint(last.origin, frontier.size, frontier.root()))
        if tile is None:
            raise Tampered(_unsigned(msg("the tree that is kept is not that of the entries' bytes (liggare verify)")))
        raise Tampered(_unsigned(tile_not_of_bytes(tile.number, tile.level or 0)))
    return Grown(frontier, before, ends)


def _not_those(size: int) -> str:
    return msg(
        "the first {size:?entry is not the one|{size} entries are not those} that the last checkpoint kept was signed"
        " for",
        size=size,
    )


def _unsigned_of(position: int, problem: str) -> str:
    return msg("entry {entry}: {problem}; nothing was signed", entry=position, problem=problem)


def _kept(store: Store) -> Subtree:
    """Returns a lookup of full subtrees in the stored tiles. The lookup raises Tampered if a hash is missing."""
    subtree = tiled(store.tile)

    def read(height: int, number: int) -> bytes:
        try:
            return subtree(height, number)
        except ValueError as error:
            raise Tampered(_unsigned(msg("the ledger's tree cannot be read: {problem}", problem=error))) from None

    return read


def _last_moment(store: Store, signed: Checkpoint) -> str:
    """Returns the recording time of the last entry that the checkpoint `signed` covers, or "" if it covers no entry.

    Raises Tampered if the bytes of that entry are not the bytes that were signed.
    """
    if not signed.size:
        return ""
    [row] = store.read(after=signed.size - 1, limit=1)
    if not _is_under(store, signed, signed.size, leaf_hash(row.event.data)):
        raise Tampered(_unsigned_of(signed.size, msg("its bytes are not those that were signed")))
    return decode(row.event.data, row.position).recorded_at


def _is_under(store: Store, signed: Checkpoint, position: int, leaf: bytes) -> bool:
    """Whether the checkpoint `signed` covers an entry at `position`, and that entry's leaf hash is `leaf`."""
    at, size = position - 1, signed.size
    return at < size and check_inclusion(leaf, at, size, prove_inclusion(at, size, _kept(store)), signed.root)


def _sound(rows: Iterable[DCBSequencedEvent], told: Indexed, before: str) -> Iterator[tuple[int, bytes, str]]:
    """Yields the position, leaf hash and recording time of each entry. Raises Tampered for an unsound entry.

    A sound entry is canonical JSON, was recorded after the entry before it, and is indexed as its bytes say. No export
    could hold an entry that is not canonical JSON. Without the index check, an entry that the index lists as another
    event would be signed unnoticed, and a key change could be hidden in this way.
    """
    for row in rows:
        entry = decode(row.event.data, row.position)
        leaf = leaf_hash(row.event.data)
        if problem := _unsound(row, entry, told.leaves.get(row.position) == leaf, before):
            raise Tampered(_unsigned_of(row.position, problem))
        before = entry.recorded_at
        yield row.position, leaf, before


def _unsound(row: DCBSequencedEvent, entry: Entry[Event], told: bool, before: str) -> str | None:
    event, expected = entry.event, tags_of(entry.event)
    if not is_as_written(row.event.data):
        return filled(NOT_AS_WRITTEN, {})
    if problem := misplaced(entry.recorded_at, before):
        return problem
    if row.event.type != event.event_name or row.event.tags[: len(expected)] != expected:
        return msg(
            "it is kept as {kind}, by tags {tags}, and its bytes say {event}",
            kind=row.event.type,
            tags=tuple(row.event.tags),
            event=event.event_name,
        )
    if isinstance(event, SigningKeyChanged | LogRestored) and not told:
        return msg(
            "it is {event}, and the ledger's index did not list it when the key was compared: the index hides it, or it"
            " was recorded in between",
            event=event.event_name,
        )
    return None


def can_sign(store: Store, record: Record) -> bool:
    """Whether the log has more entries than every log that the key signed and a restore lost."""
    try:
        _refuse_lost_size(store, record, store.head())
    except CannotSign:
        return False
    return True


def _refuse_ahead(position: int, last: str, before: str, now: datetime) -> None:
    """Raises AheadOfClock if the last entry is dated more than a day after both the clock and the last signed entry.

    An entry recorded after such an entry cannot have an earlier time. Once such an entry is signed, restoring a copy
    from before it is no longer a remedy.
    """
    known = [now, datetime.fromisoformat(before)] if before else [now]
    if last and datetime.fromisoformat(last) > max(known) + A_DAY:
        raise AheadOfClock(position, last, now)


def _refuse_lost_size(store: Store, record: Record, size: int) -> None:
    sizes = [entry.event.lost_size for entry in restores(store)] + [one.size for one in record.lost]
    if size <= (highest := max(sizes, default=0)):
        raise MustOutgrow(size, highest)
