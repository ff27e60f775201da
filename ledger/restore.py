"""How signing goes on after the ledger was restored from a copy: what was signed and is lost is recorded, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.checkpoints import against, contradiction, restores, signing_keys, unproven
from ledger.errors import BadInput, Tampered, counted, in_entries
from ledger.events.parse import parse_event
from ledger.events.record import LogRestored
from ledger.keyfile import beside, given_up, keep_given_up, locked, read_small, write_record
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import base64_of, parse_note
from ledger.signing import is_unsaid, look

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ledger.book import Ledger, Recorded
    from ledger.checkpoints import Shown
    from ledger.events import Event
    from ledger.keyfile import Record
    from ledger.proof.checkpoint import Checkpoint
    from ledger.proof.note import Verifier
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
    those below it are never signed again. Tampered if the ledger does not go on from the checkpoint shown.
    """
    store = ledger.store
    with locked(place):
        shown = against(store, note)
        if problems := unproven(store, vkey or shown.key, 0):
            raise Tampered(*problems)
        record, gone = _signed_and_gone(store, place)
        if not gone:
            return Restored(shown, 0, None)
        lost = max(one.size for one in gone) - shown.checkpoint.size
        if lost <= 0:
            raise Tampered(
                f"the checkpoint shown is of {in_entries(shown.checkpoint.size)}, the key's own record"
                f" {beside(place, '.signed')} of {record.checkpoint.size}, and they contradict each other: the key"
                " signed two logs; keep both as evidence"
            )
        _confirm(lost, shown, yes_lost)
        _refuse_said_otherwise(store, gone, shown)
        if contradiction(store, record.checkpoint):
            keep_given_up(place, record)
        unsaid = [one for one in gone if is_unsaid(store, one)]  # what is said was recorded before this was cut short
        recorded = None
        if unsaid:
            recorded = ledger.record([_restored(shown, one, on) for one in unsaid], by=by, key=key)
        write_record(place, note, [one.verifier for one in signing_keys(store)])
    return Restored(shown, lost, recorded)


def _signed_and_gone(store: Store, place: Path) -> tuple[Record, list[Checkpoint]]:
    """The key's record, and what was signed and the ledger does not go on from: by the record, and by those that were
    kept when it was restored before and of which it no longer tells.
    """
    seen = look(store, place)
    if seen.record is None:
        missing = f"{beside(place, '.signed')}, the record of what the key signed last, is not there"
        lost = f"{missing}: if key and record are lost, begin with liggare rotate-key --lost"
        raise Tampered(*(seen.problems or (lost,)))
    gone = [seen.record.checkpoint] if contradiction(store, seen.record.checkpoint) else []
    for _, path in given_up(place):
        kept = parse_checkpoint(parse_note(read_small(path)).text)
        if kept not in gone and is_unsaid(store, kept):
            gone.append(kept)
    return seen.record, gone


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


def _refuse_said_otherwise(store: Store, gone: list[Checkpoint], shown: Shown) -> None:
    """Refuses an entry that tells of the same loss, and of another checkpoint than the one shown."""
    lost = {(one.size, base64_of(one.root)) for one in gone}
    for entry in restores(store):
        kept = entry.event.restored_from
        if (entry.event.lost_size, entry.event.lost_root) in lost and kept != shown.checkpoint.size:
            raise Tampered(
                f"entry {entry.position} says that the ledger was restored with {kept} of its entries, and the"
                f" checkpoint shown is of {shown.checkpoint.size}. If this command was cut short: give it the"
                f" checkpoint of {kept} entries again; else ask who changed the ledger"
            )


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
