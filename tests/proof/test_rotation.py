"""Tests how a new signing key takes over: each step and refusal by itself, over logs in memory and keys in a folder."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ledger.book import Ledger
from ledger.errors import AheadOfClock, MayNotSign, MustOutgrow, NoSigningKey, Tampered
from ledger.integrity import rotation
from ledger.integrity.comparing import look
from ledger.integrity.keyfile import (
    beside,
    followers,
    hand_over,
    keep_key,
    keep_record,
    load_key,
    read_record,
    record_text,
    signed_too,
    write_record,
)
from ledger.integrity.keys import signing_keys
from ledger.integrity.rotation import Rotated, could_vouch, rotate
from ledger.integrity.signing import sign
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import format_skey, parse_note
from tests.export.making import FORGER, ORIGIN, REAL, SECOND, THIRD, changed, covered, held, note, restored
from tests.proof.logs import LATE, NOW, SIX, Log, follow, keyed, lost, raising, read, recorded, refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.proof.note import Signer

LATER = NOW.replace(year=2032)
OLD = f".{REAL.verifier.id.hex()}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Returns the path of a key that signed six entries."""
    return keyed(tmp_path / "k.key", REAL, *SIX)


def rotated(
    store: Log,
    place: Path,
    *,
    is_lost: bool = False,
    reason: str | None = None,
    key: str = "again",
    now: object = LATER,
) -> Rotated:
    ledger = Ledger(store, lambda: now)  # type: ignore[arg-type,return-value]
    return rotate(ledger, place, lost=is_lost, reason=reason, on=date(2032, 1, 1), by="tester", key=key)


def restored_to_before_the_change(place: Path) -> None:
    """Puts the key SECOND in place and puts away the ledger's own key REAL, as after a restore to before a change of
    key in which no signed entry was lost.
    """
    keyed(place, SECOND)
    write_record(place, note(SIX, REAL, SECOND), [REAL.verifier, SECOND.verifier])
    keep_key(beside(place, OLD), REAL)
    follow(place, REAL, SECOND)


def at(path: Path) -> Signer:
    return load_key(path, ORIGIN).signer


def chain(store: Log) -> list[tuple[int, bool]]:
    """Returns, for each signing key of a ledger, (position from which it signs, whether the preceding key vouches for
    it).
    """
    return [(key.since, key.covered) for key in signing_keys(store)]


def test_another_key_signs_and_the_old_one_vouches_for_it(place: Path) -> None:
    store = Log(SIX)
    found = rotated(store, place, reason="It was time.")

    [entry] = found.recorded.entries
    assert (entry.position, entry.event.reason, entry.event.lost) == (7, "It was time.", None)  # type: ignore[attr-defined]
    assert (found.recorded.again, found.not_signed) == (False, None)
    assert chain(store) == [(0, True), (7, True)]
    assert at(place).verifier == signing_keys(store)[-1].verifier
    assert at(beside(place, OLD)) == REAL
    assert not beside(place, ".new").exists()
    assert [line.id for line in parse_note(recorded(place)).signatures] == [at(place).verifier.id, REAL.verifier.id]
    assert store.checkpoints() == [recorded(place)]


def test_a_key_that_is_lost_vouches_for_nothing(place: Path) -> None:
    place.unlink()
    store = Log(SIX)
    found = rotated(store, place, is_lost=True)

    [entry] = found.recorded.entries
    assert (entry.event.lost, entry.event.proof, entry.event.reason) == (True, None, None)  # type: ignore[attr-defined]
    assert chain(store) == [(0, True), (7, False)]
    assert [line.id for line in parse_note(recorded(place)).signatures] == [at(place).verifier.id]
    beside(place, ".signed").unlink()
    place.unlink()
    rotated(store, place, is_lost=True, key="more")
    assert chain(store) == [(0, True), (7, False), (8, False)]
    assert at(place).verifier == signing_keys(store)[-1].verifier


def test_a_ledger_that_names_no_key_gets_one(place: Path) -> None:
    store = Log(SIX, key=None)
    refused(Tampered, "the ledger names no signing key.*; nothing was changed", lambda: rotated(store, place))
    place.unlink()
    beside(place, ".signed").unlink()
    rotated(store, place)
    assert chain(store) == [(7, True)]


def test_the_same_command_again_changes_nothing(place: Path) -> None:
    store = Log(SIX)
    first = rotated(store, place)
    new, signed = at(place), recorded(place)
    again = rotated(store, place)

    assert (again.recorded.entries, again.recorded.again) == (first.recorded.entries, True)
    assert (at(place), recorded(place), store.head()) == (new, signed, 7)
    rotated(store, place, key="more")
    assert (chain(store), at(place) == new) == ([(0, True), (7, True), (8, True)], False)
    assert at(beside(place, f".{new.verifier.id.hex()}")) == new
    # A retry under the first idempotency key does not change the signing key again.
    assert rotated(store, place).recorded.entries == first.recorded.entries
    assert store.head() == 8


def cut_short(place: Path, store: Log, step: str) -> None:
    """Starts a change of key that is killed at the step `step`."""
    with patch(f"ledger.integrity.rotation.{step}", raising(KeyError("killed"))):
        refused(KeyError, "killed", lambda: rotated(store, place))


@pytest.mark.parametrize("step", ["settle", "sign_locked"])
def test_a_change_that_was_cut_short_is_finished(place: Path, step: str) -> None:
    store = Log(SIX)
    with patch("ledger.integrity.rotation._begun", return_value=None):
        cut_short(place, store, step)
    assert chain(store) == [(0, True), (7, True)]
    found = rotated(store, place, key="another")

    assert (found.recorded.again, [one.position for one in found.recorded.entries], store.head()) == (True, [7], 7)
    assert (at(place).verifier, at(beside(place, OLD))) == (signing_keys(store)[-1].verifier, REAL)
    assert [line.id for line in parse_note(recorded(place)).signatures] == [at(place).verifier.id]
    rotated(store, place, key="more")
    assert len(chain(store)) == 3


def test_what_is_refused_leaves_no_key_behind(place: Path) -> None:
    store, before = Log(SIX), sorted(place.parent.iterdir())

    with patch.object(Ledger, "record", raising(KeyError("refused"))):
        refused(KeyError, "refused", lambda: rotated(store, place))
    assert sorted(place.parent.iterdir()) == before
    calls: list[bool] = []
    real = Ledger.record

    def record(self: Ledger, acts: object, *, dry_run: bool = False, **more: object) -> object:
        calls.append(beside(place, ".new").exists())
        return real(self, acts, dry_run=dry_run, **more)  # type: ignore[arg-type]

    with patch.object(Ledger, "record", record):
        rotated(store, place)
    assert calls == [False, True]
    assert store.head() == 7


def test_a_waiting_key_that_was_not_recorded_is_put_away_and_never_used(place: Path) -> None:
    """An attacker with write access to the folder could put his own key at `.new`, or rename a key that was put away to
    that name.
    """
    entries = [*SIX, covered(7, REAL, SECOND)]
    keyed(place, SECOND, *entries)
    store = Log(entries)
    for number, waiting in enumerate((REAL, THIRD)):
        keep_key(beside(place, ".new"), waiting)
        rotated(store, place, key=f"key-{number}")
        assert at(place) not in {REAL, SECOND, THIRD}
        assert at(beside(place, f".{waiting.verifier.id.hex()}")) == waiting
    assert [covered for _, covered in chain(store)] == [True] * 4


def test_a_key_that_is_not_there_or_is_another_changes_nothing(place: Path) -> None:
    store = Log(SIX)
    place.rename(beside(place, ".away"))
    refused(NoSigningKey, "the signing key .* is not there", lambda: rotated(store, place))
    keep_key(place, FORGER)
    for is_lost in (False, True):
        refused(Tampered, "is the key .*, and the ledger names .*; nothing was changed",
                partial(rotated, store, place, is_lost=is_lost))  # fmt: skip
    place.write_text("x", "utf-8")
    for is_lost in (False, True):
        refused(NoSigningKey, "holds no signing key", partial(rotated, store, place, is_lost=is_lost))
    place.write_text("", "utf-8")
    refused(NoSigningKey, "holds no signing key", lambda: rotated(store, place))
    assert store.head() == 6
    rotated(store, place, is_lost=True)  # the file of the new key is empty: no part of the key reached the disk
    assert chain(store) == [(0, True), (7, False)]


def test_the_old_key_vouches_even_when_put_away(place: Path) -> None:
    """The ledger was restored to before a change of key, and no signed entry was lost."""
    restored_to_before_the_change(place)
    store = Log(SIX)
    rotated(store, place)

    assert chain(store) == [(0, True), (7, True)]
    assert at(beside(place, f".{SECOND.verifier.id.hex()}")) == SECOND


def test_a_log_that_does_not_go_on_gets_no_other_key(place: Path) -> None:
    short = Log(SIX[:5])
    place_of_old = beside(place, OLD)
    for lies in (place, place_of_old):
        for is_lost in (False, True):
            refused(Tampered, "the checkpoint is of 6 entries.*; nothing was changed",
                    partial(rotated, short, place, is_lost=is_lost))  # fmt: skip
        if lies == place:
            place.rename(place_of_old)
    place_of_old.rename(place)
    refused(AheadOfClock, "entry 7", lambda: rotated(Log([*SIX, LATE]), place, now=NOW))
    beside(place, ".signed").unlink()
    store = Log(SIX)
    refused(Tampered, "the record of what the key signed last, is missing.*; nothing was changed",
            lambda: rotated(store, place))  # fmt: skip
    rotated(store, place, is_lost=True)
    assert chain(store) == [(0, True), (7, False)]


def test_after_a_restore_the_key_changes_though_it_cannot_sign_yet(place: Path) -> None:
    store = Log([*SIX, restored(7, 6, 12)])
    lost(place, note(SIX, REAL), Lost(12, 6, bytes(32)))
    found = rotated(store, place)

    assert isinstance(found.not_signed, MustOutgrow)
    assert [one.position for one in found.recorded.entries] == [8]
    assert at(place).verifier == signing_keys(store)[-1].verifier
    assert read_note(place) == signed_too(note(SIX, REAL), at(place)), "handed over"
    # The new key has signed nothing and cannot sign yet, so the signing key may be changed again.
    again = rotated(store, place, key="more")
    assert ([one.position for one in again.recorded.entries], again.recorded.again) == ([9], False)


def read_note(place: Path) -> str:
    return read(place).note


def test_who_has_the_key_and_its_record_could_vouch(place: Path) -> None:
    def could(entries: Sequence[bytes] = SIX, key: Signer | None = REAL) -> bool:
        return could_vouch(Log(entries, key=key), place)

    assert could() is True
    assert (
        could(SIX[:5]) is could(key=SECOND) is could(key=None) is could([*SIX, changed(7, SECOND, lost=True)]) is False
    )
    beside(place, ".signed").unlink()
    assert could() is False
    place.unlink()
    assert could() is could(key=None) is False


def test_a_change_of_key_is_finished_once_the_new_key_has_signed(place: Path) -> None:
    """A change of key is finished once the new key has signed, even if nothing has been signed since then."""
    entries = [*SIX, covered(7, REAL, SECOND), held(8)]
    keyed(place, SECOND, *entries[:7])
    store = Log(entries)
    found = rotated(store, place)
    assert (found.recorded.again, chain(store)) == (False, [(0, True), (7, True), (9, True)])
    place_of_next = keyed(place.with_name("next.key"), SECOND, *entries[:6])
    store = Log(entries)
    found = rotated(store, place_of_next)
    assert (found.recorded.again, store.head()) == (True, 8)


def test_a_change_is_finished_where_its_key_and_record_lie_and_by_its_own_command(place: Path) -> None:
    entries = [*SIX, covered(7, REAL, SECOND), covered(8, SECOND, THIRD)]
    refused(Tampered, "is the key .*; nothing was changed", lambda: rotated(Log(entries[:7]), place))
    store = Log(entries)
    keep_key(place, THIRD)
    write_record(place, note(entries[:7], SECOND, THIRD), [SECOND.verifier, THIRD.verifier])
    found = rotated(store, place, key="key-7")
    assert ([one.position for one in found.recorded.entries], store.head()) == ([7], 8)

    keep_key(place, THIRD)
    beside(place, ".signed").unlink()
    refused(Tampered, "is missing.*; nothing was changed", lambda: rotated(store, place))
    place.unlink()
    write_record(place, note(SIX, REAL, THIRD), [REAL.verifier, THIRD.verifier])
    rotated(store, place, is_lost=True)
    assert chain(store)[2:] == [(8, True), (9, False)]


def test_a_change_cut_short_before_it_was_recorded_leaves_nothing_of_the_next_key_in_a_checkpoint(place: Path) -> None:
    store, next_one = Log(SIX), SECOND
    hand_over(place, read(place), [REAL.verifier], next_one)
    assert sign(store, place, NOW) == note(SIX, REAL)
    assert store.checkpoints() == [note(SIX, REAL)]


def test_without_a_signers_record_no_key_vouches(place: Path) -> None:
    """Without a signer's record, nothing says which log the old key signed last, even if the old key was only put
    away.
    """
    beside(place, ".signed").unlink()
    place.write_text(format_skey(REAL), "utf-8")
    refused(Tampered, "run liggare upgrade once; nothing was changed", lambda: rotated(Log(SIX), place))
    place.rename(beside(place, OLD))
    refused(Tampered, "signed last, is missing.*nothing was changed", lambda: rotated(Log(SIX), place))


def test_where_the_key_was_put_away_it_vouches_once_all_that_is_said_to_be_lost_is_borne_out(place: Path) -> None:
    place.rename(beside(place, OLD))
    says = Lost(12, 6, bytes(32))
    gone = "tells of a restore that was recorded with a key that is no longer here: move .*nothing was changed"
    refused(Tampered, gone, lambda: rotated(Log([*SIX, restored(7, 6, 12)]), place))
    lost(place, note(SIX, REAL), says, by=SECOND)
    refused(Tampered, gone, lambda: rotated(Log(SIX), place))
    refused(Tampered, "the checkpoint is of 6 entries", lambda: rotated(Log(SIX[:5]), place))

    lost(place, note(SIX, REAL), says)
    store = Log([*SIX, restored(7, 6, 12)])
    rotated(store, place)
    assert chain(store) == [(0, True), (8, True)]


def test_a_key_that_is_moved_away_lets_no_key_before_it_speak(place: Path) -> None:
    entries = [*SIX, covered(7, REAL, SECOND)]
    keep_key(beside(place, f".{SECOND.verifier.id.hex()}"), SECOND)
    place.rename(beside(place, OLD))
    write_record(place, note(entries, REAL), [REAL.verifier])
    refused(Tampered, "not signed by the key .*nothing was changed", lambda: rotated(Log(entries), place))
    seen = look(Log(entries), place)
    assert seen.record is None

    keep_record(
        place, record_text(place, note(entries, SECOND), [SECOND.verifier], [sign_loss(REAL, Lost(99, 7, bytes(32)))])
    )
    assert look(Log(entries), place).record is not None
    assert read_record(place, [REAL.verifier, SECOND.verifier], SECOND.verifier).lost == ()  # type: ignore[union-attr]


def test_a_strange_key_in_its_place_makes_no_record_that_the_true_one_vouches_for(place: Path) -> None:
    place.rename(beside(place, OLD))
    keyed(place, FORGER, *SIX)
    for is_lost in (False, True):
        refused(Tampered, "nothing here shows that it is the last key that follows that key: .*nothing was changed",
                partial(rotated, Log(SIX), place, is_lost=is_lost))  # fmt: skip


def test_the_proof_lies_beside_the_key_before_anything_is_signed_with_the_new_one(place: Path) -> None:
    store = Log(SIX)
    with patch.object(rotation, "sign_locked", raising(OSError("cut short"))):
        refused(OSError, "cut short", lambda: rotated(store, place))

    assert [one.id for one in followers(place, REAL.verifier)] == [at(place).verifier.id]


def test_no_second_key_is_seen_to_follow_until_the_first_is_given_up(place: Path) -> None:
    restored_to_before_the_change(place)
    store = Log(SIX)
    with patch.object(rotation, "sign_locked", raising(OSError("cut short"))):
        refused(OSError, "cut short", lambda: rotated(store, place))
    assert followers(place, REAL.verifier) == [SECOND.verifier]

    sign(store, place, LATER)
    assert followers(place, REAL.verifier) == [at(place).verifier]


def test_who_may_not_sign_changes_no_key(place: Path) -> None:
    store, before = Log(SIX), sorted(place.parent.iterdir())
    with patch.object(Log, "refuse_signer", raising(MayNotSign("here", "the role x does"))):
        refused(MayNotSign, "the role x does", lambda: rotated(store, place))
    assert (store.head(), sorted(place.parent.iterdir())) == (6, before)


def test_a_change_that_the_index_hides_below_what_was_signed_lets_no_key_change(place: Path) -> None:
    entries = [*SIX[:3], covered(4, REAL, SECOND), held(5), held(6)]
    store = Log(entries[:3])
    store.grow(entries[3], type="activity-held", tags=[])
    store.grow(*entries[4:])
    keyed(place, REAL, *entries)

    refused(Tampered, "entry 4: its bytes are not what the ledger's index says", lambda: rotated(store, place))
    assert store.head() == 6
