"""How signing goes on after the ledger was restored from a copy: what was signed and is lost is recorded, for ever."""

from __future__ import annotations

from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, NamedTuple

from ledger.checkpoints import against, contradiction, restores, signing_keys, unproven
from ledger.errors import BadInput, Tampered, counted, in_entries
from ledger.events.parse import parse_event
from ledger.events.record import LogRestored
from ledger.keyfile import Lost, beside, given_up, keep_given_up, key_at, locked, places_of, read_small, write_record
from ledger.proof.checkpoint import Checkpoint, open_checkpoint
from ledger.proof.note import base64_of, unbase64
from ledger.signing import is_unsaid, look

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from ledger.book import Ledger, Recorded
    from ledger.checkpoints import Shown
    from ledger.events import Event
    from ledger.keyfile import Record
    from ledger.proof.note import Verifier
    from ledger.proof.succession import Key
    from ledger.store import Store


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
    store = ledger.store
    with locked(place):
        keys, shown = signing_keys(store), against(store, note)
        if problems := unproven(store, vkey or shown.key, 0):
            raise Tampered(*problems)
        record, gone, known = _signed_and_gone(store, place, [one.verifier for one in keys])
        if not gone:
            return Restored(shown, 0, None)
        _refuse_strange_key(keys, place, shown, vkey)
        lost = max(one.size for one in gone) - shown.checkpoint.size
        if lost <= 0:
            raise Tampered(
                f"the checkpoint shown is of {in_entries(shown.checkpoint.size)}, the key's own record"
                f" {beside(place, '.signed')} of {record.checkpoint.size}, and they contradict each other: the key"
                " signed two logs; keep both as evidence"
            )
        _confirm(lost, shown, yes_lost)
        before = _said_before(store, place, gone, shown, known)
        if contradiction(store, record.checkpoint):
            keep_given_up(place, record)
        unsaid = [one for one in gone if is_unsaid(store, one)]  # what is said was recorded before this was cut short
        recorded = None
        if unsaid:
            recorded = ledger.record([_restored(shown, one, on) for one in unsaid], by=by, key=key)
        told = [*before, *(Lost(one.size, shown.checkpoint.size, one.root) for one in gone)]
        write_record(place, note, [shown.key], told)
    return Restored(shown, lost, recorded)


def _refuse_strange_key(keys: Sequence[Key], place: Path, shown: Shown, vkey: Verifier | None) -> None:
    """Refuses a checkpoint by a key that the signer does not know beside the ledger, which names whatever keys whoever
    writes it likes: neither the one at `place`, nor one that was put away there, nor the one given or one that follows
    it, each covered by the one before.
    """
    from_it = list(dropwhile(lambda key: key.verifier != vkey, keys))
    trusted = [*from_it[:1], *takewhile(lambda key: key.covered, from_it[1:])]
    lies_here = any(key_at(path, shown.key) for path in places_of(place, shown.key))
    if lies_here or shown.key in [key.verifier for key in trusted]:
        return
    raise Tampered(
        f"the checkpoint shown is signed by the key {shown.key.id.hex()}, which is neither {place} nor put away beside"
        " it: whoever writes the ledger can name such a key. If you hold that key from elsewhere, give it with --vkey"
    )


def _signed_and_gone(
    store: Store, place: Path, keys: list[Verifier]
) -> tuple[Record, list[Checkpoint], list[Verifier]]:
    """The key's record, and what was signed and the ledger does not go on from: by the record, by what it says was
    lost before, and by the evidence of that, of which the ledger no longer tells. And the keys that may have signed it.
    """
    seen = look(store, place)
    if seen.record is None:
        missing = f"{beside(place, '.signed')}, the record of what the key signed last, is not there"
        lost = f"{missing}: if key and record are lost, begin with liggare rotate-key --lost"
        raise Tampered(*(seen.problems or (lost,)))
    signed = seen.record.checkpoint
    gone = [signed] if contradiction(store, signed) else []
    before = [Checkpoint(signed.origin, one.size, one.root) for one in seen.record.lost]
    known = [*keys, *([seen.key] if seen.key and seen.key not in keys else [])]
    before += [found for _, path in given_up(place) if (found := _evidence(path, known))]
    return seen.record, list(dict.fromkeys([*gone, *(one for one in before if is_unsaid(store, one))])), known


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


def _said_before(store: Store, place: Path, gone: list[Checkpoint], shown: Shown, known: list[Verifier]) -> list[Lost]:
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
            evidence = beside(place, f".signed.{size}")
            borne = _evidence(evidence, known)
            if borne is None or borne.root != root:
                raise Tampered(
                    f"entry {entry.position} tells of a restore before this one, which the checkpoint shown does not"
                    f" count, and {evidence}, which would bear it out, is not there: show a checkpoint of at least"
                    f" {in_entries(entry.position)}, or put that file back"
                )
            found.append(Lost(size, kept, root))
    return found


def _evidence(path: Path, keys: Sequence[Verifier]) -> Checkpoint | None:
    """What was signed and lost, as it was kept; None for what is no checkpoint by one of the keys."""
    try:
        return open_checkpoint(read_small(path), *keys)
    except (OSError, ValueError):
        return None


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
