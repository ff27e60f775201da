"""How signing goes on after the ledger was restored from a copy: what was signed and is lost is recorded, for ever."""

from __future__ import annotations

from functools import partial
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import BadInput, NoSigningKey, Tampered, Unusable, counted, in_entries
from ledger.events.parse import parse_event
from ledger.events.record import LogRestored
from ledger.integrity.checkpoints import contradiction, origin
from ledger.integrity.comparing import is_known, is_unsaid, key_at_hand, look
from ledger.integrity.index import read_once, refuse_hidden, restores, told_by_index
from ledger.integrity.keyfile import (
    beside,
    given_up,
    keep_given_up,
    keep_record,
    key_at,
    key_beside,
    lines_of,
    load_key,
    locked,
    read_given_up,
    record_text,
    signed_too,
)
from ledger.integrity.shown import against, unproven
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import base64_of, format_note, unbase64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from ledger.book import Ledger, Recorded
    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.integrity.keyfile import Record
    from ledger.integrity.shown import Shown
    from ledger.proof.note import Signer, Verifier
    from ledger.proof.succession import SigningKey
    from ledger.store import Store

    Evidence = Callable[[Lost], Record | None]


class Restored(NamedTuple):
    """What a restore came to: the checkpoint shown, how many signed entries are lost, and what was recorded now."""

    shown: Shown
    lost: int
    recorded: Recorded | None


def after_restore(
    ledger: Ledger, place: Path, note: str, *, yes_lost: int | None, vkey: Verifier | None, on: date, by: str, key: str
) -> Restored:
    """Lets the key at `place` sign on, from a checkpoint that another party holds.

    Nothing is recorded where the ledger goes on from the key's own record too. Else signed entries are lost: they are
    recorded as `log-restored` once `yes_lost` says how many, the record is kept as `.signed.<size>`, and that size and
    those below it are never signed again. Tampered if the ledger does not go on from the checkpoint shown, or the
    checkpoint is by a key that is known from the ledger alone.
    """
    store = read_once(ledger.store)
    store.refuse_signer()
    with locked(place):
        told = told_by_index(store)
        here = key_at_hand(store, place, told.keys)
        shown = against(store, note, *([here.signer.verifier] if here else []))
        refuse_hidden(store, told, shown.checkpoint)
        keys, known = told.keys, [one.verifier for one in told.keys]
        _refuse_unproven(store, place, keys, shown.key, vkey)
        seen, record, gone = _signed_and_gone(store, place, known)
        if not gone and not record.unproven:
            return Restored(shown, 0, None)
        _refuse_strange_key(keys, place, shown, vkey)
        lost = _confirmed(store, place, gone, shown, yes_lost) if gone else 0
        signer = _signer(store, place, keys, seen)
        now = {one: Lost(one.size, shown.checkpoint.size, one.root) for one in gone}
        borne_out = partial(_evidence, place, record, known, signer.verifier)
        lost_ones = [*_said_before(store, place, gone, shown, borne_out), *now.values()]
        is_gone = record.checkpoint in gone  # else the record stays as high as it is
        goes_on, of = (note, [shown.key]) if is_gone else (record.note, known)
        goes_on = format_note(lines_of(goes_on, of))  # others may have added theirs, more than a note may have
        losses = [sign_loss(signer, one) for one in lost_ones]
        text = record_text(place, signed_too(goes_on, signer), [*of, signer.verifier], losses)
        for one, kept_note in gone.items():
            if kept_note:
                keep_given_up(place, kept_note, signer, now[one])
        unsaid = [one for one in gone if is_unsaid(store, one, told.restores)]  # what is said was recorded before
        recorded = None
        if unsaid:
            recorded = ledger.record([_restored(shown, one, on) for one in unsaid], by=by, key=key)
        keep_record(place, text)
    return Restored(shown, lost, recorded)


def _refuse_unproven(
    store: Store, place: Path, keys: Sequence[SigningKey], shown: Verifier, vkey: Verifier | None
) -> None:
    """Refuses a ledger whose last key does not follow the one given or, if none is, the one that signed what is shown.
    A key that is given need not lead to the last if that lies here itself.
    """
    known = {key.verifier for key in keys}
    if (vkey not in known or not key_at(place, keys[-1].verifier)) and (problems := unproven(store, vkey or shown, 0)):
        raise Tampered(*problems)


def _refuse_strange_key(keys: Sequence[SigningKey], place: Path, shown: Shown, vkey: Verifier | None) -> None:
    """Refuses a checkpoint by a key that the signer does not know beside the ledger, which names whatever keys whoever
    writes it likes: neither the one at `place`, nor one that was put away there, nor the one given or one that follows
    it, each covered by the one before.
    """
    from_it_on = [*dropwhile(lambda key: key.verifier != vkey, keys)]
    led_to = takewhile(lambda key: key.covered, from_it_on[1:])
    trusted = [key.verifier for key in (*from_it_on[:1], *led_to)]
    if key_beside(place, shown.key) or shown.key in trusted:
        return
    raise Tampered(
        f"the checkpoint shown is signed by the key {shown.key.id.hex()}, which is neither {place} nor put away beside"
        " it: whoever writes the ledger can name such a key. If you hold that key from elsewhere, give it with --vkey"
    )


def _signer(store: Store, place: Path, keys: Sequence[SigningKey], seen: Verifier | None) -> Signer:
    """The key that signs what was lost: the one at hand, if it still is the one that was `seen`; where none is, the
    ledger's own, put away.
    """
    if found := key_at_hand(store, place, keys):
        if found.signer.verifier == seen:
            return found.signer
        raise NoSigningKey(f"{found.path} is not the key any more that it was when compared; nothing was recorded")
    try:
        return key_beside(place, keys[-1].verifier) or load_key(place, origin(store.ledger_id)).signer
    except Unusable as error:
        raise NoSigningKey(
            f"no key lies here that can sign what was lost, and nothing was recorded: {error}. If it is lost for good,"
            f" move {beside(place, '.signed')} away, keep it as evidence, and then: liggare rotate-key --lost, with"
            " --reason to say in the log what is lost"
        ) from None


def _signed_and_gone(
    store: Store, place: Path, keys: Sequence[Verifier]
) -> tuple[Verifier | None, Record, dict[Checkpoint, str]]:
    """The key at hand, its record, and what was signed and the ledger does not go on from, each with its note, or ""
    where there is none: by the record, by what it says was lost before, and by the evidence of that, of which the
    ledger no longer tells.
    """
    seen = look(store, place)
    if seen.record is None:
        missing = f"{beside(place, '.signed')}, the record of what the key signed last, is not there"
        lost = f"{missing}: if key and record are lost, begin with liggare rotate-key --lost"
        raise Tampered(*(seen.problems or (lost,)))
    signed = seen.record.checkpoint
    if seen.key and not is_known(place, seen.key, keys[-1]):
        raise Tampered(*seen.about_key)
    if seen.record.is_evidence:
        raise Tampered(*seen.about_record)
    before = {Checkpoint(signed.origin, one.size, one.root): "" for one in seen.record.lost}
    by = seen.key or keys[-1]  # and no other of the ledger's: a key that was put away may be in other hands
    kept = (read_given_up(path, keys, by) for _, path in given_up(place))
    before |= {one.checkpoint: one.note for one in kept if one and one.is_evidence}  # any other it published once
    gone = {signed: seen.record.note} if contradiction(store, signed) else {}
    told = restores(store)
    gone |= {one: note for one, note in before.items() if one not in gone and is_unsaid(store, one, told)}
    return seen.key, seen.record, gone


def _confirmed(store: Store, place: Path, gone: Iterable[Checkpoint], shown: Shown, yes_lost: int | None) -> int:
    """How many signed entries are lost, as whoever restored the ledger says too."""
    most = max(gone, key=lambda one: one.size)
    lost = most.size - shown.checkpoint.size
    if lost <= 0:
        signed = f"the key's own record {beside(place, '.signed')} of {most.size}"
        for entry in restores(store):  # a copy of a log that went on from a restore, put back after another copy was
            if (entry.event.lost_size, unbase64(entry.event.lost_root)) == (most.size, most.root):
                raise Tampered(
                    f"the checkpoint shown is of {in_entries(shown.checkpoint.size)}, {signed}, and entry"
                    f" {entry.position} says that those were lost but for the first {entry.event.restored_from}: show a"
                    " checkpoint of at most so many entries"
                )
        raise Tampered(
            f"the checkpoint shown is of {in_entries(shown.checkpoint.size)}, {signed}, and they contradict each other:"
            " the key signed two logs; keep both as evidence"
        )
    _confirm(lost, shown, yes_lost)
    return lost


def _confirm(lost: int, shown: Shown, yes_lost: int | None) -> None:
    gone = counted(lost, "signed entry is", "signed entries are")
    told = (
        f"the key signed {in_entries(lost + shown.checkpoint.size)}, and the checkpoint shows only those up"
        f" to entry {shown.checkpoint.size} to be here: {gone} lost or replaced"
    )
    if yes_lost is None:
        raise Tampered(f"{told}. Find a newer copy; if there is none, say so with --yes-lost {lost}")
    if yes_lost != lost:
        raise BadInput([(None, f"--yes-lost {yes_lost}: {told}")])


def _evidence(place: Path, record: Record, keys: Sequence[Verifier], by: Verifier, said: Lost) -> Record | None:
    """What the key that signs now, and no other, signed of a loss: in the record, or in what it kept of it."""
    return record if said in record.lost else read_given_up(beside(place, f".signed.{said.size}"), keys, by)


def _said_before(store: Store, place: Path, gone: Iterable[Checkpoint], shown: Shown, evidence: Evidence) -> list[Lost]:
    """What entries that the checkpoint shown does not count say was lost in restores before this one. Tampered for one
    that nothing beside the key bears out, and for one that tells of this loss and of another checkpoint.
    """
    now, found, seen = {(one.size, one.root) for one in gone}, [], set[tuple[int, bytes]]()
    for entry in restores(store):
        size, kept, root = entry.event.lost_size, entry.event.restored_from, unbase64(entry.event.lost_root)
        if (size, root) in seen:
            raise Tampered(
                f"entry {entry.position} says once more that {in_entries(size)} had been signed and were lost: it was"
                " not recorded by liggare checkpoint --after-restore; ask who changed the ledger"
            )
        seen.add((size, root))
        if (size, root) in now and kept != shown.checkpoint.size:
            raise Tampered(
                f"entry {entry.position} says that the ledger was restored with the first {kept} of its entries, and"
                f" the checkpoint shown is of {shown.checkpoint.size}. If this command was cut short: give it the"
                f" checkpoint of {in_entries(kept)} again; else ask who changed the ledger"
            )
        if (size, root) not in now and entry.position > shown.checkpoint.size:
            found.append(_borne_out(store, place, entry, shown, evidence))
    return found


def _borne_out(store: Store, place: Path, entry: Entry[LogRestored], shown: Shown, evidence: Evidence) -> Lost:
    """What an entry says was lost, as the evidence beside the key says, too: the note that was signed and, by the key's
    hand, how much of it was kept. An earlier liggare kept the note alone; the checkpoint shown then says the rest.
    """
    size, kept, root = entry.event.lost_size, entry.event.restored_from, unbase64(entry.event.lost_root)
    said, path = Lost(size, kept, root), beside(place, f".signed.{size}")
    found = evidence(said) if kept < size else None
    if found and (said in found.lost or _is_of(found, said, store, shown)):
        return said
    raise Tampered(
        f"entry {entry.position} tells of a restore before this one, which the checkpoint shown does not count, with"
        f" the first {kept} of {in_entries(size)} kept, and {path}, which would bear it out, is not there or does not"
        f" say so by the key that signs now: show a checkpoint of at least {in_entries(entry.position)}, or put that"
        f" file back. If nobody holds such a checkpoint: move {beside(place, '.signed')} away, keep it as evidence, and"
        " then: liggare rotate-key --lost, with --reason to say in the log what is lost. If you know of no such"
        " restore, ask who changed the ledger"
    )


def _is_of(found: Record, said: Lost, store: Store, shown: Shown) -> bool:
    """Whether a note that an earlier liggare kept alone is what was lost, from the checkpoint that is shown again."""
    of_it = (found.checkpoint.size, found.checkpoint.root, shown.checkpoint.size) == (said.size, said.root, said.kept)
    return not found.lost and of_it and contradiction(store, found.checkpoint) is not None


def _restored(shown: Shown, lost: Checkpoint, on: date) -> Event:
    given = {
        "event": LogRestored.event_name,
        "valid_on": on.isoformat(),
        "source": {"organ": "secretariat"},
        "restored_from": shown.checkpoint.size,
        "lost_size": lost.size,
        "lost_root": base64_of(lost.root),
    }
    return parse_event(given, command=LogRestored.only_by)
