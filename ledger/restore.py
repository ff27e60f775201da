"""How signing goes on after the ledger was restored from a copy: what was signed and is lost is recorded, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.checkpoints import against, contradiction, restores, unproven
from ledger.errors import BadInput, Tampered
from ledger.events.parse import parse_event
from ledger.events.record import LogRestored
from ledger.keyfile import beside, keep_given_up, locked, write_record
from ledger.proof.note import base64_of
from ledger.signing import look

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ledger.book import Ledger, Recorded
    from ledger.checkpoints import Shown
    from ledger.events import Event
    from ledger.keyfile import Record
    from ledger.proof.note import Verifier


class Restored(NamedTuple):
    """What a restore came to: the checkpoint shown, and the entry that was recorded; None if nothing was lost."""

    shown: Shown
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
        seen = look(store, place)
        if seen.record is None:
            raise Tampered(*(seen.problems or (f"{beside(place, '.signed')} is not there: the key signs elsewhere",)))
        record = seen.record
        if contradiction(store, record.checkpoint) is None:
            return Restored(shown, None)
        lost = record.checkpoint.size - shown.checkpoint.size
        if lost <= 0:
            raise Tampered(
                f"the checkpoint shown is of {shown.checkpoint.size} entries, the key's own record"
                f" {beside(place, '.signed')} of {record.checkpoint.size}, and they contradict each other: the key"
                " signed two logs; keep both as evidence"
            )
        _confirm(lost, shown, yes_lost)
        keep_given_up(place, record)
        said = [(entry.event.lost_size, entry.event.lost_root) for entry in restores(store)]
        recorded = None  # it is, where this was cut short right after
        if (record.checkpoint.size, base64_of(record.checkpoint.root)) not in said:
            recorded = ledger.record([_restored(shown, record, on)], by=by, key=key)
        write_record(place, note)
    return Restored(shown, recorded)


def _confirm(lost: int, shown: Shown, yes_lost: int | None) -> None:
    told = (
        f"the key signed {lost + shown.checkpoint.size} entries, of which only the first {shown.checkpoint.size} are"
        f" shown to be here: {lost} signed entries are lost, or others stand in their place"
    )
    if yes_lost is None:
        raise Tampered(f"{told}. Find a newer copy; if there is none, say so with --yes-lost {lost}")
    if yes_lost != lost:
        raise BadInput([(None, f"--yes-lost {yes_lost}: {told}")])


def _restored(shown: Shown, record: Record, on: date) -> Event:
    given = {
        "event": LogRestored.event_name,
        "valid_on": on.isoformat(),
        "source": {"organ": "secretariat"},
        "restored_from": shown.checkpoint.size,
        "lost_size": record.checkpoint.size,
        "lost_root": base64_of(record.checkpoint.root),
    }
    return parse_event(given, command=LogRestored.only_by)
