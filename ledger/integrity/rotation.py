"""Another key signs from now on: the change is recorded, the old key vouching for it, and the files change places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.book import Recorded
from ledger.errors import CannotSign, NoSigningKey, Tampered
from ledger.events.parse import parse_event
from ledger.events.record import SigningKeyChanged
from ledger.integrity.checkpoints import origin
from ledger.integrity.comparing import bears_out, is_known, look, no_record
from ledger.integrity.index import read_once
from ledger.integrity.keyfile import (
    beside,
    first_record,
    followers,
    hand_over,
    keep_key,
    keep_succession,
    key_at,
    lies_at,
    load_key,
    locked,
    new_key,
    put_away,
    settle,
    write_record,
)
from ledger.integrity.keys import signing_keys
from ledger.integrity.signing import can_sign, refuse_unsound, sign_locked
from ledger.proof.note import format_vkey
from ledger.proof.succession import format_succession, prove_succession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from ledger.book import Ledger
    from ledger.events import Event
    from ledger.integrity.comparing import Seen
    from ledger.proof.note import Signer, Verifier
    from ledger.store import Store
    from ledger.timeline import Timeline


class Rotated(NamedTuple):
    """The change as it was recorded, and why nothing is signed by the new key yet; None if it is."""

    recorded: Recorded
    not_signed: CannotSign | None


def rotate(ledger: Ledger, place: Path, *, lost: bool, reason: str | None, on: date, by: str, key: str) -> Rotated:
    """Records that another key signs, which then lies at `place`, and signs with it and the old one. The old key stays
    beside it under its id. Cut short anywhere and called again, it finishes the change that was begun.

    `lost`: the old key is lost, and does not vouch for the new one. Tampered if the ledger does not go on from what was
    signed, AheadOfClock if its last entry is dated far ahead of the clock, NoSigningKey if the old key is not there and
    was not said to be lost: nothing is changed then.
    """
    store = ledger.store
    with locked(place):
        old: Signer | None = None
        recorded = _begun(ledger, place, key)
        if recorded is None:
            old, recorded = _changed(ledger, place, lost=lost, reason=reason, on=on, by=by, key=key)
        settle(place, signing_keys(store)[-1].verifier)
        not_signed = None
        try:
            sign_locked(store, place, ledger.clock(), *([old] if old else []))
        except CannotSign as error:  # after a restore the log must first be longer than any that was signed
            not_signed = error
    return Rotated(recorded, not_signed)


def could_vouch(store: Store, place: Path) -> bool:
    """Whether the key that signs until now lies at `place`, with its record, and could vouch for the next."""
    keys, seen = signing_keys(store), look(store, place)
    return bool(keys) and seen.key == keys[-1].verifier and not seen.problems


def _begun(ledger: Ledger, place: Path, key: str) -> Recorded | None:
    """The change that was recorded before, and is to be finished: under this idempotency key, or to a key that has
    signed nothing yet.
    """
    store, timeline = ledger.store, ledger.timeline()
    changes = sorted(timeline.of(SigningKeyChanged), key=lambda entry: entry.position)
    known = next((entry for entry in changes if entry.key == key), None)
    keys = signing_keys(store)
    if keys:
        settle(place, keys[-1].verifier)  # a key that is only in the wrong place is put right
    if known is None and changes and key_at(place, keys[-1].verifier):
        record = look(store, place).record
        if record and record.checkpoint.size < keys[-1].since and can_sign(store, record):
            known = changes[-1]
    return None if known is None else Recorded((known,), (), timeline, again=True)


def _changed(
    ledger: Ledger, place: Path, *, lost: bool, reason: str | None, on: date, by: str, key: str
) -> tuple[Signer | None, Recorded]:
    """Records the change to a key that then lies in `.new`, and the old key, if it vouches for it."""
    store = read_once(ledger.store)
    keys, name = [one.verifier for one in signing_keys(store)], origin(store.ledger_id)
    store.refuse_signer()
    old, seen = _old_key(store, ledger.clock(), place, keys[-1] if keys else None, lost=lost)
    new, place_of_new = new_key(name), beside(place, ".new")
    changed = _change(old, new, name, reason, on)
    ledger.record(changed, by=by, key=key, dry_run=True)  # what is refused leaves no key behind
    put_away(place, name, ".new")  # of a change that was cut short before it was recorded, or put there by anybody
    keep_key(place_of_new, new)
    if old is None:
        write_record(place_of_new, first_record(new), [new.verifier])  # it becomes the record, where there is none
    if seen.record:
        hand_over(place, seen.record, [*keys, *([seen.key] if seen.key else [])], new)
    recorded = ledger.record(changed, by=by, key=key)
    if old and not followers(place, old.verifier):  # else one is given up first, once the whole log is read
        _keep_proof(place, old, new, recorded)
    return old, recorded


def _keep_proof(place: Path, old: Signer, new: Signer, recorded: Recorded) -> None:
    """Afterwards the proof in the change lies beside the key, before the new key takes its place."""
    [entry] = recorded.entries
    assert isinstance(entry.event, SigningKeyChanged)
    assert entry.event.proof is not None
    note = format_succession(entry.event.proof, old.verifier, old.name, entry.position, new.verifier)
    keep_succession(place, new.verifier, note)


def _old_key(
    store: Store, clock: datetime, place: Path, now: Verifier | None, *, lost: bool
) -> tuple[Signer | None, Seen]:
    """The key that signs until now, to vouch for the next; None if there is none, or it is lost. It lies at `place` or,
    in a ledger that was restored to before it was changed, beside it under its id. And what lies there with it.
    """
    name, seen = origin(store.ledger_id), look(store, place)
    kept = None if now is None else key_at(beside(place, f".{now.id.hex()}"), now)
    if lies_at(place) if lost else kept is None and now is not None:
        load_key(place, name)  # says what is wrong with it: what is no key is not replaced by one
    only_missing = lost and seen.key in {None, now}  # a key is given up for lost, and not for another that lies there
    problems = seen.about_record if kept or only_missing else seen.problems
    if seen.key and now and not is_known(place, seen.key, now):
        problems = seen.about_key  # it tells of no log that the ledger's own key vouches for
    if not lost and now and not problems and seen.record is None:
        problems = (no_record(place, None),)
    if not problems and seen.record and not bears_out(store, seen.record):
        signed = beside(place, ".signed")
        what = f"{signed} or the ledger tells of a restore that a key recorded which no longer lies here"
        then = "liggare rotate-key --lost, with --reason to say in the log what is lost"
        or_else = "If you know of no restore, ask who changed the ledger"
        problems = (f"{what}: move {signed} away, keep it as evidence, and then: {then}. {or_else}",)
    if problems:
        raise Tampered(*(f"{problem}; nothing was changed" for problem in problems))
    refuse_unsound(store, seen.record, clock)
    old = None if lost or now is None else kept or key_at(place, now)
    if not lost and now and not old:
        raise NoSigningKey(f"{place} is not the key any more that it was when it was compared; nothing was changed")
    return old, seen


def _change(
    old: Signer | None, new: Signer, name: str, reason: str | None, on: date
) -> Callable[[Timeline], Sequence[Event]]:
    """The event, made anew for each place that it may get in the log, since the old key signs that too."""

    def acts(before: Timeline) -> Sequence[Event]:
        proof = prove_succession(old, name, before.head + 1, new.verifier) if old else None
        fields = {"proof": proof, "lost": None if old else True, "reason": reason}
        given = {
            "event": SigningKeyChanged.event_name,
            "valid_on": on.isoformat(),
            "source": {"organ": "secretariat"},
            "public_key": format_vkey(new.verifier),
            **{field: value for field, value in fields.items() if value},
        }
        return [parse_event(given, command="rotate-key")]

    return acts
