"""Another key signs from now on: the change is recorded, the old key vouching for it, and the files change places."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from ledger.book import Recorded
from ledger.checkpoints import origin, signing_keys
from ledger.errors import CannotSign, Tampered, Unusable
from ledger.events.parse import parse_event
from ledger.events.record import SigningKeyChanged
from ledger.keyfile import beside, first_record, keep_key, load_key, locked, next_key, read_record, settle, write_record
from ledger.proof.note import format_vkey
from ledger.proof.succession import prove_succession
from ledger.signing import look, sign_locked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from ledger.book import Ledger
    from ledger.events import Event
    from ledger.proof.note import Signer, Verifier
    from ledger.timeline import Timeline


def rotate(ledger: Ledger, place: Path, *, lost: bool, reason: str | None, on: date, by: str, key: str) -> Recorded:
    """Records that another key signs, which then lies at `place`, and signs with it and the old one. The old key stays
    beside it under its id. Cut short anywhere and called again, it finishes the change that was begun.

    `lost`: the old key is lost, and does not vouch for the new one. Tampered if the ledger does not go on from what was
    signed, NoSigningKey if the old key is not there and was not said to be lost.
    """
    store, name = ledger.store, origin(ledger.store.ledger_id)
    with locked(place):
        keys = signing_keys(store)
        old: Signer | None = None
        recorded = _begun(ledger, place, key)
        if recorded is None:
            old = _old_key(ledger, place, keys[-1].verifier if keys else None, lost=lost)
            new = next_key(place, name)
            keep_key(beside(place, ".new"), new)
            recorded = ledger.record(_change(old, new, name, reason, on), by=by, key=key)
        change = recorded.entries[0].event
        assert isinstance(change, SigningKeyChanged), "that is what was recorded"
        current = [one.verifier for one in signing_keys(store)]
        settle(place, current[-1])
        if change.proof is None and read_record(place, current) is None:
            write_record(place, first_record(load_key(place, name).signer))
        with suppress(CannotSign):
            sign_locked(store, place, *([old] if old else []))
    return recorded


def _begun(ledger: Ledger, place: Path, key: str) -> Recorded | None:
    """The change that was recorded before: under this key, or to the key that lies in `.new`."""
    timeline = ledger.timeline()
    changes = sorted(timeline.of(SigningKeyChanged), key=lambda entry: entry.position)
    if not changes:
        return None
    last, new = changes[-1], beside(place, ".new")
    known = next((entry for entry in changes if entry.key == key), None)
    if known is None and os.path.lexists(new):
        with suppress(Unusable):
            waiting = load_key(new, origin(ledger.store.ledger_id)).signer.verifier
            known = last if format_vkey(waiting) == last.event.public_key else None
    return None if known is None else Recorded((known,), (), timeline, again=True)


def _old_key(ledger: Ledger, place: Path, now: Verifier | None, *, lost: bool) -> Signer | None:
    """The key that signs until now, to vouch for the next; None if there is none, or it is lost. It lies at `place` or,
    in a ledger that was restored to before it was changed, beside it under its id.
    """
    name, seen = origin(ledger.store.ledger_id), look(ledger.store, place)
    kept = None if now is None else _kept(place, now)
    if kept is None and now is not None and not lost:
        load_key(place, name)  # says what is wrong with it, if it cannot be read
    problems = seen.about_record if lost or kept else seen.problems
    if problems:
        raise Tampered(*(f"{problem}; nothing was changed" for problem in problems))
    return None if lost or now is None else kept or load_key(place, name).signer


def _kept(place: Path, now: Verifier) -> Signer | None:
    """The key that signs now, where it was put away when another followed it."""
    with suppress(Unusable):
        if (signer := load_key(beside(place, f".{now.id.hex()}"), now.name).signer).verifier == now:
            return signer
    return None


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
