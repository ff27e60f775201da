"""Resumes signing after the ledger was restored from a copy, and records which signed entries were lost.

The copy itself is restored elsewhere. A recorded loss is never removed. The *key at hand* is the key that `key_at_hand`
loads.
"""

from __future__ import annotations

from functools import partial
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import BadInput, NoSigningKey, Tampered, Unusable
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
    read_given_up,
    record_text,
    signed_too,
)
from ledger.integrity.locking import locked
from ledger.integrity.shown import against, unproven
from ledger.messages import msg
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
    """The outcome of `after_restore`: the checkpoint shown, how many signed entries are lost, and what was recorded."""

    shown: Shown
    lost: int
    recorded: Recorded | None


def after_restore(
    ledger: Ledger, place: Path, note: str, *, yes_lost: int | None, vkey: Verifier | None, on: date, by: str, key: str
) -> Restored:
    """Lets the key at `place` sign again after a restore, from a checkpoint (`note`) that another party holds.

    Nothing is recorded if the ledger also extends the key's own record. If the ledger does not extend the record,
    signed entries are lost, and `yes_lost` must give the number of lost entries. The loss is recorded as
    `log-restored`, the old record is stored as `.signed.<size>`, and no checkpoint of `<size>` entries or fewer is ever
    signed again.

    Raises Tampered if the ledger does not extend the checkpoint in `note`, if a key that only the ledger names signed
    that checkpoint, or if `yes_lost` is missing. Raises BadInput if `yes_lost` is wrong.
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
        is_gone = record.checkpoint in gone  # otherwise the record keeps its checkpoint
        goes_on, of = (note, [shown.key]) if is_gone else (record.note, known)
        goes_on = format_note(lines_of(goes_on, of))  # with lines of other parties, the note could exceed its limit
        losses = [sign_loss(signer, one) for one in lost_ones]
        text = record_text(place, signed_too(goes_on, signer), [*of, signer.verifier], losses)
        for one, kept_note in gone.items():
            if kept_note:
                keep_given_up(place, kept_note, signer, now[one])
        unsaid = [one for one in gone if is_unsaid(store, one, told.restores)]  # skips losses already recorded
        recorded = None
        if unsaid:
            recorded = ledger.record([_restored(shown, one, on) for one in unsaid], by=by, key=key)
        keep_record(place, text)
    return Restored(shown, lost, recorded)


def _refuse_unproven(
    store: Store, place: Path, keys: Sequence[SigningKey], shown: Verifier, vkey: Verifier | None
) -> None:
    """Raises Tampered if trust in `vkey` or, if `vkey` is None, in `shown` does not extend to the ledger's last key.

    `shown` is the key that signed the checkpoint of the other party. If `vkey` is one of the ledger's keys, and the
    last key itself is at `place`, trust in `vkey` need not extend to the last key.
    """
    known = {key.verifier for key in keys}
    if (vkey not in known or not key_at(place, keys[-1].verifier)) and (problems := unproven(store, vkey or shown, 0)):
        raise Tampered(*problems)


def _refuse_strange_key(keys: Sequence[SigningKey], place: Path, shown: Shown, vkey: Verifier | None) -> None:
    """Raises Tampered if the checkpoint shown is signed by a key that only the ledger names.

    Anyone who can write to the ledger can make the ledger name any key. A key is accepted if it is at `place` or put
    away beside it, is the given `vkey`, or follows `vkey` with each key change signed by the old key.
    """
    from_it_on = [*dropwhile(lambda key: key.verifier != vkey, keys)]
    led_to = takewhile(lambda key: key.covered, from_it_on[1:])
    trusted = [key.verifier for key in (*from_it_on[:1], *led_to)]
    if key_beside(place, shown.key) or shown.key in trusted:
        return
    what = msg(
        "the checkpoint shown is signed by the key {key}, which is neither {path} nor put away beside it: whoever"
        " writes the ledger can name such a key. If you hold that key from elsewhere, give it with --vkey",
        key=shown.key.id.hex(),
        path=place,
    )
    raise Tampered(what)


def _signer(store: Store, place: Path, keys: Sequence[SigningKey], seen: Verifier | None) -> Signer:
    """Returns the key that signs the loss: the key at hand or, if there is none, the ledger's own key, from the file
    beside `place` where it was put away under its id.

    Raises NoSigningKey if neither can be loaded, or if the key at hand is no longer the key `seen` earlier.
    """
    if found := key_at_hand(store, place, keys):
        if found.signer.verifier == seen:
            return found.signer
        raise NoSigningKey(msg("{path} is no longer the key that was compared; nothing was recorded", path=found.path))
    try:
        return key_beside(place, keys[-1].verifier) or load_key(place, origin(store.ledger_id)).signer
    except Unusable as error:
        what = msg(
            "no key lies here that can sign what was lost, and nothing was recorded: {problem}. If it is lost for good,"
            " move {record} away, keep it as evidence, and then: liggare rotate-key --lost, with --reason to say in the"
            " log what is lost",
            problem=error,
            record=beside(place, ".signed"),
        )
        raise NoSigningKey(what) from None


def _signed_and_gone(
    store: Store, place: Path, keys: Sequence[Verifier]
) -> tuple[Verifier | None, Record, dict[Checkpoint, str]]:
    """Returns the key at hand, the record, and the signed checkpoints that are lost, each with its note or "".

    A checkpoint is lost if the ledger contradicts it. Candidates are the record's checkpoint, the earlier losses that
    the record states, and the evidence files of earlier losses. An earlier loss is returned only if the ledger no
    longer records that loss. Raises Tampered if the record is missing or cannot be used.
    """
    seen = look(store, place)
    if seen.record is None:
        lost = msg(
            "{path}, the record of what the key signed last, is not there: if key and record are lost, begin with"
            " liggare rotate-key --lost",
            path=beside(place, ".signed"),
        )
        raise Tampered(*(seen.problems or (lost,)))
    signed = seen.record.checkpoint
    if seen.key and not is_known(place, seen.key, keys[-1]):
        raise Tampered(*seen.about_key)
    if seen.record.is_evidence:
        raise Tampered(*seen.about_record)
    before = {Checkpoint(signed.origin, one.size, one.root): "" for one in seen.record.lost}
    by = seen.key or keys[-1]  # signatures by older keys are not accepted: a put-away key may be in other hands
    kept = (read_given_up(path, keys, by) for _, path in given_up(place))
    # Files that do not state the loss of their own note are ignored: they may be copies of a published checkpoint.
    before |= {one.checkpoint: one.note for one in kept if one and one.is_evidence}
    gone = {signed: seen.record.note} if contradiction(store, signed) else {}
    told = restores(store)
    gone |= {one: note for one, note in before.items() if one not in gone and is_unsaid(store, one, told)}
    return seen.key, seen.record, gone


def _confirmed(store: Store, place: Path, gone: Iterable[Checkpoint], shown: Shown, yes_lost: int | None) -> int:
    """Returns the number of lost signed entries, if `yes_lost` confirms it.

    Raises Tampered if `yes_lost` is missing, or if the checkpoint shown is no smaller than the largest lost checkpoint.
    Raises BadInput if `yes_lost` is wrong.
    """
    most = max(gone, key=lambda one: one.size)
    lost = most.size - shown.checkpoint.size
    if lost <= 0:
        for entry in restores(store):  # a copy from after an earlier restore already records this loss
            if (entry.event.lost_size, unbase64(entry.event.lost_root)) == (most.size, most.root):
                raise Tampered(_lost_already(place, most, shown, entry))
        what = msg(
            "the checkpoint shown is of {size:entry|entries}, the key's own record {record} of {signed}, and they"
            " contradict each other: the key signed two logs; keep both as evidence",
            size=shown.checkpoint.size,
            record=beside(place, ".signed"),
            signed=most.size,
        )
        raise Tampered(what)
    _confirm(lost, shown, yes_lost)
    return lost


def _lost_already(place: Path, signed: Checkpoint, shown: Shown, entry: Entry[LogRestored]) -> str:
    return msg(
        "the checkpoint shown is of {size:entry|entries}, the key's own record {record} of {signed}, and entry {entry}"
        " says that all of those but the first {kept} were lost: show a checkpoint of at most {kept:entry|entries}",
        size=shown.checkpoint.size,
        record=beside(place, ".signed"),
        signed=signed.size,
        entry=entry.position,
        kept=entry.event.restored_from,
    )


def _confirm(lost: int, shown: Shown, yes_lost: int | None) -> None:
    told = msg(
        "the key signed {size:entry|entries}, and the checkpoint shows only those up to entry {kept} to be here:"
        " {lost:signed entry is|signed entries are} lost or replaced",
        size=lost + shown.checkpoint.size,
        kept=shown.checkpoint.size,
        lost=lost,
    )
    if yes_lost is None:
        what = msg(
            "{problem}. Find a newer copy; if there is none, say so with --yes-lost {lost}",
            problem=told,
            lost=lost,
        )
        raise Tampered(what)
    if yes_lost != lost:
        raise BadInput([(None, msg("--yes-lost {given}: {problem}", given=yes_lost, problem=told))])


def _evidence(place: Path, record: Record, keys: Sequence[Verifier], by: Verifier, said: Lost) -> Record | None:
    """Returns the record in which the key `by` signed the loss `said`: the current record, or the evidence file."""
    return record if said in record.lost else read_given_up(beside(place, f".signed.{said.size}"), keys, by)


def _said_before(store: Store, place: Path, gone: Iterable[Checkpoint], shown: Shown, evidence: Evidence) -> list[Lost]:
    """Returns the losses that earlier restores recorded in entries after the checkpoint shown.

    Raises Tampered if nothing beside the key confirms such a loss, if a loss is recorded twice, or if the present loss
    is recorded with another checkpoint than the one shown.
    """
    now, found, seen = {(one.size, one.root) for one in gone}, [], set[tuple[int, bytes]]()
    for entry in restores(store):
        size, kept, root = entry.event.lost_size, entry.event.restored_from, unbase64(entry.event.lost_root)
        if (size, root) in seen:
            what = msg(
                "entry {entry} says once more that {size:entry|entries} had been signed and were lost: it was not"
                " recorded by liggare checkpoint --after-restore; ask who changed the ledger",
                entry=entry.position,
                size=size,
            )
            raise Tampered(what)
        seen.add((size, root))
        if (size, root) in now and kept != shown.checkpoint.size:
            what = msg(
                "entry {entry} says that the ledger was restored with the first {kept} of its entries, and the"
                " checkpoint shown is of {size}. If this command was cut short: give it the checkpoint of"
                " {kept:entry|entries} again; else ask who changed the ledger",
                entry=entry.position,
                kept=kept,
                size=shown.checkpoint.size,
            )
            raise Tampered(what)
        if (size, root) not in now and entry.position > shown.checkpoint.size:
            found.append(_borne_out(store, place, entry, shown, evidence))
    return found


def _borne_out(store: Store, place: Path, entry: Entry[LogRestored], shown: Shown, evidence: Evidence) -> Lost:
    """Returns the loss that a restore entry states. Raises Tampered if the evidence does not confirm this loss.

    The evidence is the signed note of the lost log, with a line in which the key signed how many entries were kept. An
    earlier version of liggare stored the note without such a line; in that case, the checkpoint shown must have exactly
    the number of entries that were kept.
    """
    size, kept, root = entry.event.lost_size, entry.event.restored_from, unbase64(entry.event.lost_root)
    said, path = Lost(size, kept, root), beside(place, f".signed.{size}")
    found = evidence(said) if kept < size else None
    if found and (said in found.lost or _is_of(found, said, store, shown)):
        return said
    what = msg(
        "entry {entry} tells of an earlier restore, which kept the first {kept} of {size:entry|entries}. The checkpoint"
        " shown does not cover that entry, and {path}, which would confirm it, is missing or is not signed by the key"
        " that signs now: show a checkpoint of at least {entry:entry|entries}, or put that file back. If nobody holds"
        " such a checkpoint: move {record} away, keep it as evidence, and then: liggare rotate-key --lost, with"
        " --reason to say in the log what is lost. If you know of no such restore, ask who changed the ledger",
        entry=entry.position,
        kept=kept,
        size=size,
        path=path,
        record=beside(place, ".signed"),
    )
    raise Tampered(what)


def _is_of(found: Record, said: Lost, store: Store, shown: Shown) -> bool:
    """Whether evidence without a loss line is the lost log's note, and `shown` has as many entries as were kept."""
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
