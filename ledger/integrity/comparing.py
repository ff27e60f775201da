"""Compares a ledger with the signing key beside it, and with that key's record of what was signed. Changes nothing.

The *key at hand* is the key that `key_at_hand` loads.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import NotPermitted, Tampered, Unusable, in_entries
from ledger.integrity.checkpoints import contradiction, origin
from ledger.integrity.index import restores
from ledger.integrity.keyfile import (
    KeyFile,
    Record,
    beside,
    followers,
    follows,
    key_at,
    key_beside,
    last_follower,
    load_key,
    places_of,
    read_record,
    signers_of_record,
    succession_of,
)
from ledger.integrity.keys import signing_keys
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.note import Verifier, base64_of, format_vkey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ledger.encoding import Entry
    from ledger.events.record import LogRestored
    from ledger.proof.loss import Lost
    from ledger.proof.succession import SigningKey
    from ledger.store import Store

IF_LOST = (
    ". If that is lost for good: first check that the ledger goes on from a checkpoint that others hold (liggare verify"
    " --against FILE finds no other problem), move this file away as evidence, and then: liggare rotate-key --lost"
)


class Seen(NamedTuple):
    """The key at hand and its record, each None if it cannot be read, and the problems of both, as sentences."""

    key: Verifier | None
    record: Record | None
    about_key: tuple[str, ...]  # problems with the key: for example, the key is not the ledger's, or has no record
    about_record: tuple[str, ...]  # problems with the record: for example, the ledger contradicts the record

    @property
    def problems(self) -> tuple[str, ...]:
        return (*self.about_key, *self.about_record)


def look(store: Store, place: Path) -> Seen:
    """Compares the ledger with the key at `place` and with the key's record. Changes nothing.

    A key that cannot be loaded is not reported as a problem. A record that this user may not read is a problem only if
    the key was loaded.
    """
    keys = signing_keys(store)
    found, now = key_at_hand(store, place, keys), keys[-1].verifier if keys else None
    is_another = found is not None and found.signer.verifier != now
    about_key: list[str] = []
    about_record: list[str] = []
    record = None
    try:
        record = _record(place, keys, found)
    except Tampered as error:
        back = "put the record back" if found else f"if its key was moved away, put it back at {place} first"
        back = (_changed_places(place, signers_of_record(place), found, now) or back) if found and now else back
        about_record += [f"{what}; {back}{IF_LOST}" for what in error.whats]
    except NotPermitted as error:
        about_key += [] if found is None else [str(error)]
    else:
        if record is None and found is not None and not is_another:
            about_key.append(no_record(place, found))
    if found is not None and not is_another:
        about_key += _followed(place, found, [key.verifier for key in keys])
    what = None if record is None else contradiction(store, record.checkpoint)
    if found is not None and is_another:
        about_key.append(another_key(place, found, keys, gone=bool(what)))
    if record is not None:
        about_record += _about_record(store, place, record, what)
        if found is not None:
            about_record += _unproven(place, record, found, now)
            about_record += () if what else not_ours(record, keys, restores(store))
    return Seen(found and found.signer.verifier, record, tuple(about_key), tuple(about_record))


def _record(place: Path, keys: Sequence[SigningKey], found: KeyFile | None) -> Record | None:
    """Returns the record, checked against the key at hand (`found`), or None if there is no record.

    If `found` is None, the record is checked against the put-away key that is the last to follow the ledger's own key
    or, if there is no such key, against the ledger's own key. A put-away key signed last if the ledger was restored to
    before the change to that key.
    """
    known, by = [key.verifier for key in keys], found
    if by is None and known:
        by = _last_put_away(place, signers_of_record(place), known[-1])
    return read_record(place, known, by.signer.verifier if by else known[-1] if known else None)


def _about_record(store: Store, place: Path, record: Record, what: str | None) -> Iterator[str]:
    """Yields the problems of a record. `what` says how the ledger contradicts the record's checkpoint, or is None."""
    signed = beside(place, ".signed")
    if record.is_evidence:
        yield (
            f"{signed} is the evidence of an earlier restore, and not the record of what was signed last: put the"
            f" record back{IF_LOST}"
        )
    elif what:
        yield (
            f"{signed}, the record of what was signed last: {what}. If the ledger was restored from a copy: liggare"
            " checkpoint --after-restore FILE, with a checkpoint that another party holds"
        )
    yield from _unsaid(store, place, record)


def key_at_hand(store: Store, place: Path, keys: Sequence[SigningKey]) -> KeyFile | None:
    """Returns the ledger's own key, from `place` or from `.new` beside it.

    If neither `place` nor `.new` holds the ledger's own key, returns the key at `place`, or None if no key can be
    loaded from `place`.
    """
    name = origin(store.ledger_id)
    here: KeyFile | None = None
    for path in (place, beside(place, ".new")):
        with suppress(Unusable):
            found = load_key(path, name)
            if keys and found.signer.verifier == keys[-1].verifier:
                return found
            here = here or (found if path == place else None)
    return here


def another_key(place: Path, found: KeyFile, keys: Sequence[SigningKey], *, gone: bool = False) -> str:
    """Returns a sentence saying that the key at hand, `found`, is not the key that now signs, the last of `keys`.

    The sentence also gives advice for a ledger that was restored to before a key change. `gone` is true if the ledger
    contradicts the record, so that such a restore lost signed entries.
    """
    if not keys:
        return f"the ledger names no signing key, and {found.path} holds one: ask who changed the ledger"
    now, known = keys[-1].verifier, [key.verifier for key in keys]
    *_, put_away = places_of(place, now.id)
    away = beside(place, f".{found.signer.verifier.id.hex()}")
    if found.signer.verifier in known:
        return _signed_before(place, found, keys[known.index(found.signer.verifier) + 1])
    if not is_known(place, found.signer.verifier, now):
        then = _unseen(place, found.signer.verifier, known, away)
    elif key_beside(place, now):
        then = "liggare checkpoint --after-restore FILE, and then: liggare rotate-key" if gone else "liggare rotate-key"
    elif gone:
        then = (
            f"put that key back at {put_away}; if it is lost: liggare checkpoint --after-restore FILE --vkey THAT_KEY"
        )
    else:
        then = f"put that key back at {put_away}; if it is lost, move {found.path} to {away}: liggare rotate-key --lost"
    return (
        f"{found.path} is the key {found.signer.verifier.id.hex()}, and the ledger names {format_vkey(now)}. Give the"
        " right key with --key-file, or ask who changed the ledger. If it was restored to before the key changed:"
        f" {then}"
    )


def _signed_before(place: Path, found: KeyFile, later: SigningKey) -> str:
    """Returns a sentence saying that the key at hand, `found`, signed for the ledger until `later` replaced it."""
    lost = f"move {place} to {beside(place, f'.{found.signer.verifier.id.hex()}')}"
    return (
        f"{found.path} is the key {found.signer.verifier.id.hex()}, which signed until entry {later.since} gave its"
        f" place to {later.verifier.id.hex()}. Put the newest key back at {place}, and its record at"
        f" {beside(place, '.signed')}, or ask who changed the ledger. If that key is lost for good, and this is the"
        f" newest copy of the ledger: {lost}, and {beside(place, '.signed')} away as evidence, and then: liggare"
        " rotate-key --lost"
    )


def _unseen(place: Path, key: Verifier, keys: Sequence[Verifier], away: Path) -> str:
    """Returns advice on `key`, the key at hand, for when no succession notes show that it follows the last of `keys`.

    `away` is the path to which the advice may say to move the key.
    """
    lost = (
        f"move {place} to {away}, and {beside(place, '.signed')} away as evidence, and then: liggare rotate-key --lost"
    )
    if parted := next((before for before in keys[:-1] if follows(place, key, before)), None):
        return (
            f"the key {parted.id.hex()} signed that the key at {place} follows it, and this ledger goes on with another"
            " key: it is a copy of a log that was given up when the key was changed again. Restore a copy from before"
            f" that change, or from after it. To use this copy all the same, {lost}"
        )
    right, last = "the right key", last_follower(place, keys[-1]) or keys[-1]
    if key_at(kept := beside(place, f".{last.id.hex()}"), last):
        right = f"{right}, which is put away at {kept}"
    return (
        f"nothing here shows that it is the last key that follows that key: {succession_of(place, key.id)}, or the file"
        " of a key between them, is missing or does not say so, or another key follows it. Put the file back, or"
        f" {right}."
        f" If no key vouched for it, as after rotate-key --lost, {lost}"
    )


def _followed(place: Path, found: KeyFile, known: Sequence[Verifier]) -> Iterator[str]:
    """Yields a problem for each key that the key at hand signed as its successor and that is not among `known`."""
    key = found.signer.verifier
    for later in (one for one in followers(place, key) if one not in known):
        yield (
            f"{found.path} is the key {key.id.hex()}, which signed that the key {later.id.hex()} follows it, and the"
            f" ledger does not say so: it was restored to before the key changed, or cut. Move {place} to"
            f" {beside(place, f'.{key.id.hex()}')}, put the key {later.id.hex()} at {place} if it is not lost, and"
            " then: liggare checkpoint --after-restore FILE, and liggare rotate-key"
        )


def is_known(place: Path, key: Verifier, now: Verifier) -> bool:
    """Whether `key` is `now`, the key that the ledger names, or is the last to follow `now` by the succession notes."""
    return key == now or follows(place, key, now)


def _last_put_away(place: Path, signers: Iterable[bytes], now: Verifier) -> KeyFile | None:
    """Returns the put-away key that is the last to follow the key `now`, or None if its id is not among `signers`."""
    for path in (beside(place, f".{key_id.hex()}") for key_id in signers):
        with suppress(Unusable):
            if follows(place, (found := load_key(path, now.name)).signer.verifier, now):
                return found
    return None


def _changed_places(place: Path, signers: Iterable[bytes], found: KeyFile, now: Verifier) -> str | None:
    """Returns advice for moving key files if a put-away key among `signers` follows the ledger's key `now`.

    `signers` are the ids of the keys that signed the record. Returns None if none of them is a put-away key that
    follows `now`.
    """
    if (last := _last_put_away(place, signers, now)) is None:
        return None
    return (
        f"it is by the key at {last.path}, which follows the one at {place}: put that key at {place}, and this one at"
        f" {beside(place, f'.{found.signer.verifier.id.hex()}')}. Then, as after a restore to before the key changed:"
        " liggare checkpoint --after-restore FILE, and liggare rotate-key"
    )


def no_record(place: Path, found: KeyFile | None) -> str:
    """Returns a sentence saying that the record is missing; the advice depends on whether the key ever had a record."""
    path = beside(place, ".signed")
    if found and not found.has_record:
        return f"{path}, the record of what the key signed last, was never written: run liggare upgrade once"
    return (
        f"{path}, the record of what the key signed last, is missing. It belongs beside the key; without it nothing is"
        " signed. If it is lost for good: see first that the ledger"
        " goes on from what others hold (liggare verify --against FILE), then: liggare rotate-key --lost"
    )


def _unsaid(store: Store, place: Path, record: Record) -> Iterator[str]:
    """Yields a problem for each loss of entries that the record states and the ledger no longer records."""
    for lost in unsaid(store, record, restores(store)):
        yield (
            f"{beside(place, '.signed')} says that {in_entries(lost.size)} had been signed and were lost, and the"
            " ledger no longer says so. If it was restored again: liggare checkpoint --after-restore FILE, with a"
            " checkpoint that another party holds"
        )


def _unproven(place: Path, record: Record, found: KeyFile, now: Verifier | None) -> Iterator[str]:
    """Yields a problem for each loss of entries that the record states without a signature by the key at hand."""
    for line in record.unproven:
        swapped = now and _changed_places(place, [line.id], found, now)
        yield (
            f"{beside(place, '.signed')} says that {line.name.split('/')[1]} entries had been signed and were lost, and"
            f" the key that lies here did not sign that: "
            + (
                swapped
                or f"{line.id.hex()} is another key. An earlier liggare wrote the line, or somebody else did: liggare"
                " checkpoint --after-restore FILE, with the checkpoint that was shown then, or your newest, signs what"
                " is true, and leaves out the rest"
            )
        )


def unsaid(store: Store, record: Record, restored: Sequence[Entry[LogRestored]]) -> list[Lost]:
    """Returns the losses that the record states, the ledger contradicts, and no entry of `restored` records."""
    name = record.checkpoint.origin
    return [one for one in record.lost if is_unsaid(store, Checkpoint(name, one.size, one.root), restored)]


def is_unsaid(store: Store, lost: Checkpoint, restored: Sequence[Entry[LogRestored]]) -> bool:
    """Whether the ledger contradicts the signed checkpoint `lost`, and no entry of `restored` records this loss."""
    said = {(entry.event.lost_size, entry.event.lost_root) for entry in restored}
    return (lost.size, base64_of(lost.root)) not in said and contradiction(store, lost) is not None


def not_ours(record: Record, keys: Sequence[SigningKey], restored: Sequence[Entry[LogRestored]]) -> Iterator[str]:
    """Yields a problem for each restore entry that the holder of the signing key did not record.

    Until a restore entry is covered by a checkpoint, the record of the signing key must state the same loss. For each
    loss there may be only one restore entry, even if the key signed several lines about the loss. Restore entries that
    a checkpoint covers were checked when that checkpoint was signed. Restore entries before a key change that the old
    key did not sign rest on the word of the ledger's keeper, and every verifier reports them. The caller must know that
    the ledger extends the record's checkpoint.
    """
    signed = record.checkpoint.size
    seen_until = signed or max((key.since for key in keys if not key.covered), default=0)
    ours = {(one.size, one.kept, base64_of(one.root)) for one in record.lost}
    before = set[tuple[int, str]]()
    for position, event in ((entry.position, entry.event) for entry in restored):
        lost = event.lost_size, event.lost_root
        again = lost in before
        if position > seen_until and (again or (event.lost_size, event.restored_from, event.lost_root) not in ours):
            why = "an entry before it tells of them" if again else "the record of what was signed does not say so"
            yield (
                f"entry {position} says that of {in_entries(event.lost_size)} that had been signed the first"
                f" {event.restored_from} were kept, and {why}: it was not recorded by liggare checkpoint"
                " --after-restore; ask who changed the ledger"
            )
        before.add(lost)


def bears_out(store: Store, record: Record) -> bool:
    """Whether the key signed every loss in its record, and every loss that the ledger recorded after the record."""
    return not record.unproven and not any(not_ours(record, signing_keys(store), restores(store)))
