"""Changes the signing key: records the change, signed by the old key, and moves the key files.

The proof of a key change is made in `ledger.proof.succession`.
"""

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
    new_key,
    put_away,
    settle,
    write_record,
)
from ledger.integrity.keys import signing_keys
from ledger.integrity.locking import locked
from ledger.integrity.signing import can_sign, refuse_unsound, sign_locked
from ledger.messages import msg
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
    """A recorded key change, and the reason why the new key has not signed yet, or None if it has signed."""

    recorded: Recorded
    not_signed: CannotSign | None


def rotate(ledger: Ledger, place: Path, *, lost: bool, reason: str | None, on: date, by: str, key: str) -> Rotated:
    """Records a change to a new signing key, puts the new key at `place`, and signs with both keys.

    The old key is kept beside the new key, in a file named by the old key's id. If the call is cut short anywhere, a
    second call finishes the change. If `lost` is true, the old key is lost and does not vouch for the new key.

    Raises Tampered if the ledger does not extend what was signed, AheadOfClock if the last entry is dated far ahead of
    the clock, and NoSigningKey if the old key is missing and `lost` is false. After these errors, nothing has changed.
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
        except CannotSign as error:  # after a restore, the log must first outgrow the largest size that was signed
            not_signed = error
    return Rotated(recorded, not_signed)


def could_vouch(store: Store, place: Path) -> bool:
    """Whether the current signing key is at `place` with its record, without problems, and could sign a key change."""
    keys, seen = signing_keys(store), look(store, place)
    return bool(keys) and seen.key == keys[-1].verifier and not seen.problems


def _begun(ledger: Ledger, place: Path, key: str) -> Recorded | None:
    """Returns the recorded key change that still has to be finished, or None.

    A recorded key change is unfinished if it has the idempotency key of this call, or if its new key has signed
    nothing.
    """
    store, timeline = ledger.store, ledger.timeline()
    changes = sorted(timeline.of(SigningKeyChanged), key=lambda entry: entry.position)
    known = next((entry for entry in changes if entry.key == key), None)
    keys = signing_keys(store)
    if keys:
        settle(place, keys[-1].verifier)  # moves the current key to `place` if an interrupted change left it in `.new`
    if known is None and changes and key_at(place, keys[-1].verifier):
        record = look(store, place).record
        if record and record.checkpoint.size < keys[-1].since and can_sign(store, record):
            known = changes[-1]
    return None if known is None else Recorded((known,), (), timeline, again=True)


def _changed(
    ledger: Ledger, place: Path, *, lost: bool, reason: str | None, on: date, by: str, key: str
) -> tuple[Signer | None, Recorded]:
    """Records the change to a new key, which is left in `.new`.

    Returns the old key, or None if the old key does not vouch for the new key, and what was recorded.
    """
    store = read_once(ledger.store)
    keys, name = [one.verifier for one in signing_keys(store)], origin(store.ledger_id)
    store.refuse_signer()
    old, seen = _old_key(store, ledger.clock(), place, keys[-1] if keys else None, lost=lost)
    new, place_of_new = new_key(name), beside(place, ".new")
    changed = _change(old, new, name, reason, on)
    ledger.record(changed, by=by, key=key, dry_run=True)  # a refused change must leave no key behind
    put_away(place, name, ".new")  # `.new` may hold a key from a change that was cut short, or of unknown origin
    keep_key(place_of_new, new)
    if old is None:
        write_record(place_of_new, first_record(new), [new.verifier])  # becomes the record of `place` if none is there
    if seen.record:
        hand_over(place, seen.record, [*keys, *([seen.key] if seen.key else [])], new)
    recorded = ledger.record(changed, by=by, key=key)
    if old and not followers(place, old.verifier):  # otherwise the next signing gives up the other follower first
        _keep_proof(place, old, new, recorded)
    return old, recorded


def _keep_proof(place: Path, old: Signer, new: Signer, recorded: Recorded) -> None:
    """Stores the proof in the recorded key change as a succession note, before the new key replaces the old key."""
    [entry] = recorded.entries
    assert isinstance(entry.event, SigningKeyChanged)
    assert entry.event.proof is not None
    note = format_succession(entry.event.proof, old.verifier, old.name, entry.position, new.verifier)
    keep_succession(place, new.verifier, note)


def _old_key(
    store: Store, clock: datetime, place: Path, now: Verifier | None, *, lost: bool
) -> tuple[Signer | None, Seen]:
    """Returns the current signing key, which vouches for the next key, and the result of `look`.

    The key is None if the ledger has no key or the key is lost. The key is at `place` or, if the ledger was restored to
    before a key change, put away under its id. Raises Tampered for any problem, AheadOfClock if the last entry is dated
    far ahead of `clock`, and NoSigningKey if the key cannot be loaded.
    """
    name, seen = origin(store.ledger_id), look(store, place)
    kept = None if now is None else key_at(beside(place, f".{now.id.hex()}"), now)
    if lies_at(place) if lost else kept is None and now is not None:
        load_key(place, name)  # raises if the file holds no key, as a new key must not replace such a file
    only_missing = lost and seen.key in {None, now}  # `lost` gives up no key but the ledger's own
    problems = seen.about_record if kept or only_missing else seen.problems
    if seen.key and now and not is_known(place, seen.key, now):
        problems = seen.about_key  # the ledger's key does not vouch for the key here, so the record proves nothing
    if not lost and now and not problems and seen.record is None:
        problems = (no_record(place, None),)
    if not problems and seen.record and not bears_out(store, seen.record):
        problems = (_not_borne_out(beside(place, ".signed")),)
    if problems:
        raise Tampered(*(msg("{problem}; nothing was changed", problem=problem) for problem in problems))
    refuse_unsound(store, seen.record, clock)
    old = None if lost or now is None else kept or key_at(place, now)
    if not lost and now and not old:
        raise NoSigningKey(msg("{path} is no longer the key that was compared; nothing was changed", path=place))
    return old, seen


def _not_borne_out(signed: Path) -> str:
    return msg(
        "{path} or the ledger tells of a restore that was recorded with a key that is no longer here: move {path} away,"
        " keep it as evidence, and then: liggare rotate-key --lost, with --reason to say in the log what is lost. If"
        " you know of no restore, ask who changed the ledger",
        path=signed,
    )


def _change(
    old: Signer | None, new: Signer, name: str, reason: str | None, on: date
) -> Callable[[Timeline], Sequence[Event]]:
    """Returns a function that builds the key change event.

    The event is built again for each position that is tried, because the old key also signs the event's position.
    """

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
