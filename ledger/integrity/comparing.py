"""Compares a ledger with the signing key beside it, and with that key's record of what was signed. Changes nothing.

The *key at hand* is the key that `key_at_hand` loads.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import NotPermitted, Tampered, Unusable
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
from ledger.messages import msg
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
        back = _put_back(place, found, now)
        about_record += [msg("{problem}; {advice}", problem=what, advice=back) for what in error.whats]
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


def _put_back(place: Path, found: KeyFile | None, now: Verifier | None) -> str:
    """Returns advice for a record that is not what was written, or is not signed by the key at hand (`found`)."""
    if found is None:
        return _or_lost(msg("if its key was moved away, put it back at {path} first", path=place))
    swapped = now and _changed_places(place, signers_of_record(place), found, now)
    return _or_lost(swapped or msg("put the record back"))


def _or_lost(advice: str) -> str:
    """Returns advice to put a record back, with what to do if the record is lost."""
    return msg(
        "{advice}. If that is lost for good: first check that the ledger goes on from a checkpoint that others hold"
        " (liggare verify --against FILE finds no other problem), move this file away as evidence, and then: liggare"
        " rotate-key --lost",
        advice=advice,
    )


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
        yield msg(
            "{path} is the evidence of an earlier restore, and not the record of what was signed last: {advice}",
            path=signed,
            advice=_or_lost(msg("put the record back")),
        )
    elif what:
        yield msg(
            "{path}, the record of what was signed last: {problem}. If the ledger was restored from a copy: liggare"
            " checkpoint --after-restore FILE, with a checkpoint that another party holds",
            path=signed,
            problem=what,
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
        return msg(
            "the ledger names no signing key, and {path} holds one: ask who changed the ledger",
            path=found.path,
        )
    now, known = keys[-1].verifier, [key.verifier for key in keys]
    if found.signer.verifier in known:
        return _signed_before(place, found, keys[known.index(found.signer.verifier) + 1])
    return msg(
        "{path} is the key {key}, and the ledger names {vkey}. Give the right key with --key-file, or ask who changed"
        " the ledger. If it was restored to before the key changed: {advice}",
        path=found.path,
        key=found.signer.verifier.id.hex(),
        vkey=format_vkey(now),
        advice=_if_restored(place, found, known, gone=gone),
    )


def _if_restored(place: Path, found: KeyFile, known: Sequence[Verifier], *, gone: bool) -> str:
    """Returns advice for a ledger that was restored to before the change to the key at hand, `found`.

    `known` are the ledger's keys; the last signs now. `gone` is true if the ledger contradicts the record.
    """
    now, here = known[-1], found.signer.verifier
    away = beside(place, f".{here.id.hex()}")
    if not is_known(place, here, now):
        return _unseen(place, here, known, away)
    *_, put_away = places_of(place, now.id)
    if key_beside(place, now):
        if gone:
            return msg("liggare checkpoint --after-restore FILE, and then: liggare rotate-key")
        return msg("liggare rotate-key")
    if gone:
        return msg(
            "put that key back at {put_away}; if it is lost: liggare checkpoint --after-restore FILE --vkey THAT_KEY",
            put_away=put_away,
        )
    return msg(
        "put that key back at {put_away}; if it is lost, move {path} to {away}: liggare rotate-key --lost",
        put_away=put_away,
        path=found.path,
        away=away,
    )


def _signed_before(place: Path, found: KeyFile, later: SigningKey) -> str:
    """Returns a sentence saying that the key at hand, `found`, signed for the ledger until `later` replaced it."""
    return msg(
        "{path} is the key {key}, which signed until entry {entry} gave its place to {later}. Put the newest key back"
        " at {place}, and its record at {record}, or ask who changed the ledger. If that key is lost for good, and this"
        " is the newest copy of the ledger: move {place} to {away}, and {record} away as evidence, and then: liggare"
        " rotate-key --lost",
        path=found.path,
        key=found.signer.verifier.id.hex(),
        entry=later.since,
        later=later.verifier.id.hex(),
        place=place,
        record=beside(place, ".signed"),
        away=beside(place, f".{found.signer.verifier.id.hex()}"),
    )


def _unseen(place: Path, key: Verifier, keys: Sequence[Verifier], away: Path) -> str:
    """Returns advice on `key`, the key at hand, for when no succession notes show that it follows the last of `keys`.

    `away` is the path to which the advice may say to move the key.
    """
    record = beside(place, ".signed")
    if parted := next((before for before in keys[:-1] if follows(place, key, before)), None):
        return msg(
            "the key {key} signed that the key at {place} follows it, and this ledger goes on with another key: it is a"
            " copy of a log that was given up when the key was changed again. Restore a copy from before that change,"
            " or from after it. To use this copy all the same, move {place} to {away}, and {record} away as evidence,"
            " and then: liggare rotate-key --lost",
            key=parted.id.hex(),
            place=place,
            away=away,
            record=record,
        )
    last, note = last_follower(place, keys[-1]) or keys[-1], succession_of(place, key.id)
    if key_at(kept := beside(place, f".{last.id.hex()}"), last):
        return msg(
            "nothing here shows that it is the last key that follows that key: {note}, or the file of a key between"
            " them, is missing or does not say so, or another key follows it. Put the file back, or the right key,"
            " which is put away at {kept}. If no key vouched for it, as after rotate-key --lost, move {place} to"
            " {away}, and {record} away as evidence, and then: liggare rotate-key --lost",
            note=note,
            kept=kept,
            place=place,
            away=away,
            record=record,
        )
    return msg(
        "nothing here shows that it is the last key that follows that key: {note}, or the file of a key between them,"
        " is missing or does not say so, or another key follows it. Put the file back, or the right key. If no key"
        " vouched for it, as after rotate-key --lost, move {place} to {away}, and {record} away as evidence, and then:"
        " liggare rotate-key --lost",
        note=note,
        place=place,
        away=away,
        record=record,
    )


def _followed(place: Path, found: KeyFile, known: Sequence[Verifier]) -> Iterator[str]:
    """Yields a problem for each key that the key at hand signed as its successor and that is not among `known`."""
    key = found.signer.verifier
    for later in (one for one in followers(place, key) if one not in known):
        yield msg(
            "{path} is the key {key}, which signed that the key {later} follows it, and the ledger does not say so: it"
            " was restored to before the key changed, or cut. Move {place} to {away}, put the key {later} at {place} if"
            " it is not lost, and then: liggare checkpoint --after-restore FILE, and liggare rotate-key",
            path=found.path,
            key=key.id.hex(),
            later=later.id.hex(),
            place=place,
            away=beside(place, f".{key.id.hex()}"),
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
    return msg(
        "it is by the key at {path}, which follows the one at {place}: put that key at {place}, and this one at {away}."
        " Then, as after a restore to before the key changed: liggare checkpoint --after-restore FILE, and liggare"
        " rotate-key",
        path=last.path,
        place=place,
        away=beside(place, f".{found.signer.verifier.id.hex()}"),
    )


def no_record(place: Path, found: KeyFile | None) -> str:
    """Returns a sentence saying that the record is missing; the advice depends on whether the key ever had a record."""
    path = beside(place, ".signed")
    if found and not found.has_record:
        return msg(
            "{path}, the record of what the key signed last, was never written: run liggare upgrade once",
            path=path,
        )
    return msg(
        "{path}, the record of what the key signed last, is missing. It belongs beside the key; without it nothing is"
        " signed. If it is lost for good: see first that the ledger goes on from what others hold (liggare verify"
        " --against FILE), then: liggare rotate-key --lost",
        path=path,
    )


def _unsaid(store: Store, place: Path, record: Record) -> Iterator[str]:
    """Yields a problem for each loss of entries that the record states and the ledger no longer records."""
    for lost in unsaid(store, record, restores(store)):
        yield msg(
            "{path} says that {size:entry|entries} had been signed and were lost, and the ledger no longer says so. If"
            " it was restored again: liggare checkpoint --after-restore FILE, with a checkpoint that another party"
            " holds",
            path=beside(place, ".signed"),
            size=lost.size,
        )


def _unproven(place: Path, record: Record, found: KeyFile, now: Verifier | None) -> Iterator[str]:
    """Yields a problem for each loss of entries that the record states without a signature by the key at hand."""
    for line in record.unproven:
        swapped = now and _changed_places(place, [line.id], found, now)
        yield msg(
            "{path} says that {size} entries had been signed and were lost, and the key that lies here did not sign"
            " that: {advice}",
            path=beside(place, ".signed"),
            size=int(line.name.split("/")[1]),
            advice=swapped or _by_another(line.id),
        )


def _by_another(key_id: bytes) -> str:
    return msg(
        "{key} is another key. An earlier liggare wrote the line, or somebody else did: liggare checkpoint"
        " --after-restore FILE, with the checkpoint that was shown then, or your newest, signs what is true, and leaves"
        " out the rest",
        key=key_id.hex(),
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
            yield _not_by_signer(position, event, again=again)
        before.add(lost)


def _not_by_signer(position: int, event: LogRestored, *, again: bool) -> str:
    if again:
        return msg(
            "entry {entry} says that of {size:entry|entries} that had been signed the first {kept} were kept, and an"
            " entry before it tells of them: it was not recorded by liggare checkpoint --after-restore; ask who changed"
            " the ledger",
            entry=position,
            size=event.lost_size,
            kept=event.restored_from,
        )
    return msg(
        "entry {entry} says that of {size:entry|entries} that had been signed the first {kept} were kept, and the"
        " record of what was signed does not say so: it was not recorded by liggare checkpoint --after-restore; ask who"
        " changed the ledger",
        entry=position,
        size=event.lost_size,
        kept=event.restored_from,
    )


def bears_out(store: Store, record: Record) -> bool:
    """Whether the key signed every loss in its record, and every loss that the ledger recorded after the record."""
    return not record.unproven and not any(not_ours(record, signing_keys(store), restores(store)))
