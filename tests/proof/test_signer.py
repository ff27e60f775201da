"""Tests which logs are signed and which are refused: each function by itself, over logs in memory and a key in a
folder.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError

from ledger.canonical import NOT_AS_WRITTEN
from ledger.errors import (
    AheadOfClock,
    LogMoved,
    MayNotSign,
    MustOutgrow,
    NoSigningKey,
    NotPermitted,
    NotTheSigner,
    Tampered,
)
from ledger.integrity import signing
from ledger.integrity.comparing import Seen, is_unsaid, look
from ledger.integrity.index import restores
from ledger.integrity.keyfile import (
    Record,
    beside,
    keep_key,
    signed_too,
    write_record,
)
from ledger.integrity.signing import TRIES, can_sign, note_to_prove_with, ready_to_sign, refuse_unsound, sign
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.loss import Lost
from ledger.proof.note import base64_of, parse_note, signed_by
from tests.export.making import (
    FORGER,
    ORIGIN,
    REAL,
    SECOND,
    THIRD,
    changed,
    covered,
    entry,
    held,
    note,
    restored,
    root_of,
)
from tests.proof.logs import LATE, NOW, OTHER, SIX, Log, keyed, lost, raising, read, recorded, refused


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Returns the path of a signing key whose record says that the key has signed no entries."""
    return keyed(tmp_path / "k.key", REAL)


def test_a_note_is_of_the_whole_log_and_is_recorded_and_kept(place: Path) -> None:
    store = Log(SIX)
    made = sign(store, place, NOW)

    assert made == recorded(place) == note(SIX, REAL)
    assert (store.checkpoints(), store.synced) == ([made], 1)
    assert (sign(store, place, NOW), store.checkpoints(), store.synced) == (made, [made], 1)
    store.grow(held(7))
    assert sign(store, place, NOW) == note([*SIX, held(7)], REAL) == recorded(place)
    assert sign(Log([]), keyed(place, REAL), NOW) == note([], REAL)


def test_a_note_by_another_beside_the_key_is_recorded_with_both_lines(place: Path) -> None:
    store = Log([*SIX, covered(7, REAL, SECOND)])
    keyed(place, SECOND, *SIX)
    sign(store, place, NOW)
    both = sign(store, place, NOW, REAL)

    assert signed_by(parse_note(both), [REAL.verifier, SECOND.verifier]) == (REAL.verifier, SECOND.verifier)
    assert recorded(place) == both


def test_what_only_the_key_before_signed_is_no_record_and_what_it_handed_over_is(place: Path) -> None:
    entries = [*SIX, covered(7, REAL, SECOND)]
    keep_key(place, SECOND)
    for whole in (SIX, entries):
        write_record(place, note(whole, REAL), [REAL.verifier])
        refused(Tampered, "it is not signed by the key ", lambda: sign(Log(entries), place, NOW))

    write_record(place, signed_too(note(SIX, REAL), SECOND), [REAL.verifier, SECOND.verifier])
    assert sign(Log(entries), place, NOW) == note(entries, SECOND)
    store = Log(entries, both := note(entries, SECOND, REAL))
    write_record(place, signed_too(note(SIX, REAL), SECOND), [REAL.verifier, SECOND.verifier])
    assert (sign(store, place, NOW), store.checkpoints()) == (both, [both])


def test_signing_continues_from_a_larger_checkpoint_stored_elsewhere(place: Path) -> None:
    keyed(place, REAL, *SIX[:3])
    store = Log(SIX, note(SIX[:3], REAL), note(SIX[:5], REAL))
    assert sign(store, place, NOW) == note(SIX, REAL)
    assert sign(Log(SIX, note(SIX, REAL)), keyed(place, REAL, *SIX[:3]), NOW) == note(SIX, REAL) == recorded(place)

    both = note(SIX, REAL, FORGER)
    assert sign(Log(SIX, both), keyed(place, REAL, *SIX[:3]), NOW) == both

    for false in (note(SIX[:5], FORGER), note(OTHER, REAL), note(SIX[:5], REAL).replace("\n5\n", "\n4\n")):
        keyed(place, REAL, *SIX[:3])
        refused(Tampered, "nothing was signed", lambda false=false: sign(Log(SIX, false), place, NOW))  # type: ignore[misc]
        assert recorded(place) == note(SIX[:3], REAL)


def test_signing_continues_from_a_note_in_the_record_that_was_not_stored(place: Path) -> None:
    keyed(place, REAL, *SIX)
    store = Log(SIX, note(SIX[:3], REAL))
    assert sign(store, place, NOW) == note(SIX, REAL)
    assert store.checkpoints()[-1] == note(SIX, REAL)


def test_a_note_that_others_kept_before_is_tried_again(place: Path) -> None:
    class Contended(Log):
        left = 3

        def keep_checkpoint(self, size: int, note: str) -> None:
            self.left -= 1
            if self.left >= 0:
                raise IntegrityError("overtaken")
            super().keep_checkpoint(size, note)

    store = Contended(SIX)
    assert sign(store, place, NOW) == note(SIX, REAL)
    store.left = TRIES
    refused(LogMoved, f"others recorded in between {TRIES} times", lambda: sign(store, place, NOW))
    store.left = TRIES - 1
    assert sign(store, place, NOW) == note(SIX, REAL)


def test_a_record_that_was_written_before_is_on_the_disk_before_it_is_kept(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("ledger.integrity.signing.sync_record", synced.append)
    keyed(place, REAL, *SIX)
    store = Log(SIX)

    assert (sign(store, place, NOW), store.checkpoints(), synced) == (note(SIX, REAL), [note(SIX, REAL)], [place])


# Refusals to sign.
@pytest.mark.parametrize(
    ("entries", "why"),
    [
        (SIX[:4], "the checkpoint is of 5 entries, and the ledger has 4"),
        ([*OTHER, held(10)], "the first 5 entries are not those that the checkpoint was signed for"),
    ],
)
def test_a_log_that_does_not_go_on_is_not_signed(place: Path, entries: list[bytes], why: str) -> None:
    keyed(place, REAL, *SIX[:5])
    store = Log(entries)

    [what] = look(store, place).about_record
    assert f"{beside(place, '.signed')}, the record of what was signed last: {why}" in what
    refused(Tampered, f"{why}.*; nothing was signed", lambda: sign(store, place, NOW))
    refused(Tampered, f"{why}.*; nothing was signed", lambda: refuse_unsound(store, read(place), NOW))
    assert (recorded(place), store.checkpoints()) == (note(SIX[:5], REAL), [])


@pytest.mark.parametrize(
    ("data", "as_kept", "why"),
    [
        (held(7).replace(b":{", b": {", 1), {}, NOT_AS_WRITTEN),
        (held(6), {}, "it was recorded at .*, and the one before it at "),
        (
            held(7),
            {"type": "group-met"},
            "it is kept as group-met, by tags party:sala, and its bytes say activity-held",
        ),
        (held(7), {"tags": ["party:koping", "x"]}, "it is kept as activity-held, by tags party:koping, x, and its"),
        (restored(7, 3, 9), {"type": "group-met"}, "it is kept as group-met"),
    ],
)
def test_an_entry_that_is_not_kept_as_it_is_written_is_not_signed(
    place: Path, data: bytes, as_kept: dict[str, Any], why: str
) -> None:
    store = Log(SIX)
    store.grow(data, **as_kept)

    refused(Tampered, f"entry 7: {why}.*; nothing was signed", lambda: sign(store, place, NOW))
    refused(Tampered, f"entry 7: {why}", lambda: refuse_unsound(store, None, NOW))
    keyed(place, REAL, *SIX)
    refused(Tampered, f"entry 7: {why}", lambda: sign(store, place, NOW))


@pytest.mark.parametrize("data", [restored(7, 6, 9), changed(7, SECOND, lost=True)])
def test_what_came_or_was_hidden_while_the_key_was_compared_is_not_signed(
    place: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hiding(Log):
        def data(self, after: int, until: int, *, kind: str | None = None, tag: str | None = None) -> Any:
            found = super().data(after, until, kind=kind, tag=tag)
            return (one for one in found if kind is None or one[0] < 7)

    refused(
        Tampered,
        "entry 7: it is .*, and the ledger's index did not list it",
        lambda: sign(Hiding([*SIX, data]), place, NOW),
    )

    def looked(store: Log, place: Path) -> Seen:
        found = look(store, place)
        store.grow(data)
        return found

    monkeypatch.setattr("ledger.integrity.signing.look", looked)
    refused(Tampered, "does not say so|was changed while the ledger was compared", lambda: sign(Log(SIX), place, NOW))
    assert recorded(place) == note([], REAL)


def test_a_tree_that_is_kept_and_is_not_that_of_the_entries_is_not_signed_over(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Falsely(Log):
        def tile(self, level: int, number: int) -> bytes:
            return super().tile(level, number)[:-32] + bytes(32)

    why = "is not that of the entries' bytes"
    refused(Tampered, f"^tile 0 of level 0 {why}; nothing", lambda: sign(Falsely(SIX), place, NOW))
    # With this patch, the false tile seems to have been repaired before it is looked for.
    monkeypatch.setattr("ledger.integrity.signing.false_tile", lambda *_: None)
    refused(Tampered, rf"^the tree that is kept {why} \(liggare verify\); n", lambda: sign(Falsely(SIX), place, NOW))


def test_a_tree_that_lacks_hashes_is_not_signed_over(place: Path) -> None:
    class Bare(Log):
        def tile(self, *_: int) -> bytes:
            return b""

    refused(Tampered, "^the ledger's tree cannot be read: .*; nothing was signed", lambda: sign(Bare(SIX), place, NOW))


class Turning(Log):
    """A log whose first `right` reads of a tile are right; later reads give the tiles of another log."""

    right, other = 0, Log([*OTHER, held(10)])

    def tile(self, level: int, number: int) -> bytes:
        self.right -= 1
        return super().tile(level, number) if self.right >= 0 else self.other.tile(level, number)


@pytest.mark.parametrize(
    ("right", "entries", "signed", "kept", "why"),
    [
        (2, SIX, SIX[:5], [], "the log was rewritten while it was compared with what was signed last"),
        (0, SIX, SIX[:3], [note(OTHER, REAL)], "the first 5 entries are not those that the last checkpoint kept was"),
        (0, [*SIX[:5], held(8)], [*OTHER, held(10)], [], "entry 6: its bytes are not those that were signed"),
    ],
)
def test_a_log_that_is_changed_while_it_is_read_is_not_signed(
    place: Path, *, right: int, entries: list[bytes], signed: list[bytes], kept: list[str], why: str
) -> None:
    store = Turning(entries, *kept)
    store.right = right
    keyed(place, REAL, *signed)
    refused(Tampered, f"^{why}.*; nothing was signed", lambda: sign(store, place, NOW))


def test_an_entry_may_carry_its_key_as_a_tag_too(place: Path) -> None:
    store = Log(SIX)
    store.grow(held(7), tags=["party:sala", "key:key-7"])

    assert sign(store, place, NOW) == note([*SIX, held(7)], REAL)


def test_a_log_dated_more_than_a_day_ahead_of_the_clock_is_not_signed(place: Path) -> None:
    last = datetime(2031, 1, 3, 0, 0, 7, tzinfo=UTC)
    enough, before = last - timedelta(days=1), last - timedelta(days=1, microseconds=1)
    store = Log([*SIX, LATE])
    for signed in ([], SIX):
        keyed(place, REAL, *signed)
        refused(AheadOfClock, "entry 7 was recorded at 2031-01-03", lambda: sign(store, place, before))
        refused(AheadOfClock, "entry 7", lambda: refuse_unsound(store, read(place), before))
        refuse_unsound(store, read(place), enough)
    refused(AheadOfClock, "entry 7", lambda: ready_to_sign(store, place, NOW))
    ready_to_sign(store, place, enough)
    assert sign(store, place, enough) == note([*SIX, LATE], REAL)
    # A checkpoint that already exists is returned, even if the clock is more than a day behind the last entry.
    assert sign(store, place, NOW) == note([*SIX, LATE], REAL)
    ready_to_sign(store, place, NOW)
    after = held(8).replace(b"2031-01-01", b"2031-01-04")
    store.grow(after.replace(b"00:00:08", b"00:00:07"))
    assert sign(store, place, NOW)  # entry 8 is at most a day later than the last signed entry
    assert sign(Log([]), keyed(place, REAL), NOW)
    refuse_unsound(Log([]), None, NOW)


def test_no_size_that_was_lost_is_signed_again(place: Path) -> None:
    entries = [*SIX, restored(7, 6, 9)]
    lost(place, note(SIX, REAL), Lost(9, 6, bytes(32)))
    store = Log(entries)
    told = "had been signed up to entry 9, and this one has 7 entries; it can be signed from entry 10 on"
    refused(MustOutgrow, told, lambda: sign(store, place, NOW))
    refused(MustOutgrow, "this one has 8 entries", lambda: ready_to_sign(store, place, NOW))
    assert can_sign(store, read(place)) is False

    store.grow(held(8), held(9))
    refused(MustOutgrow, "this one has 9 entries", lambda: sign(store, place, NOW))
    ready_to_sign(store, place, NOW)
    assert can_sign(store, read(place)) is False
    store.grow(held(10))
    assert can_sign(store, read(place)) is True
    assert sign(store, place, NOW) == note([*entries, held(8), held(9), held(10)], REAL) == recorded(place)
    # Only the ledger tells of the loss; the signer's record is older than the loss.
    only_said = Log([*SIX, restored(7, 6, 7)])
    assert can_sign(only_said, Record(Checkpoint(ORIGIN, 6, root_of(SIX)), "")) is False


@pytest.mark.parametrize(
    ("entries", "losses", "why"),
    [
        ([restored(7, 6, 9)], [], "the record of what was signed does not say so"),
        ([restored(7, 5, 9)], [Lost(9, 6, bytes(32))], "the record of what was signed does not say so"),
        ([restored(7, 6, 8)], [Lost(9, 6, bytes(32)), Lost(8, 5, bytes(32))], "does not say so"),
        ([restored(7, 6, 9), restored(8, 6, 9)], [Lost(9, 6, bytes(32))], "an entry before it tells of them"),
    ],
)
def test_a_restore_that_the_key_knows_nothing_of_is_not_signed(
    place: Path, entries: list[bytes], losses: list[Lost], why: str
) -> None:
    lost(place, note(SIX, REAL), *losses)
    store = Log([*SIX, *entries, held(9), held(10)])

    refused(Tampered, rf"entry [78] says that of .* were kept, and .*{why}: .*; nothing was signed",
            lambda: sign(store, place, NOW))  # fmt: skip


def test_a_restore_that_was_signed_or_is_of_before_a_lost_key_was_seen_then(place: Path) -> None:
    entries = [*SIX, restored(7, 6, 9), restored(8, 6, 9), *map(held, range(9, 12))]
    keyed(place, REAL, *entries)
    assert look(Log(entries), place).problems == ()
    keyed(place, REAL, *entries[:7])
    assert look(Log(entries[:7]), place).problems == ()
    anew = [*SIX, restored(7, 6, 9), changed(8, SECOND, lost=True), *map(held, range(9, 12))]
    keyed(place, SECOND)
    assert sign(Log(anew), place, NOW) == note(anew, SECOND)
    keyed(place, SECOND)
    assert look(Log([*anew, restored(12, 6, 10)]), place).problems != ()
    keyed(place, REAL)
    assert look(Log([restored(1, 0, 9), held(2)]), place).problems != ()
    late = [*SIX, covered(7, REAL, SECOND), restored(8, 6, 9)]
    keyed(place, SECOND)
    assert look(Log(late), place).problems != ()


def test_what_the_ledger_no_longer_says_was_lost_is_reported(place: Path) -> None:
    lost(place, note(SIX, REAL), Lost(9, 6, bytes(32)))

    [what] = look(Log(SIX), place).about_record
    assert what.startswith(
        f"{beside(place, '.signed')} says that 9 entries had been signed and were lost, and the ledger"
    )
    for log, size, root, said in (
        (Log(SIX), 9, bytes(32), False),
        (Log([*SIX, restored(7, 6, 9)]), 9, bytes(32), True),
        (Log([*SIX, restored(7, 6, 9)]), 8, bytes(32), False),
        (Log(SIX), 5, root_of(SIX[:5]), True),
    ):
        assert is_unsaid(log, Checkpoint(ORIGIN, size, root), restores(log)) is not said
    lost(place, note(SIX, REAL), Lost(9, 6, bytes(32)), by=THIRD)
    [what] = look(Log(SIX), place).about_record
    another = "says that 9 entries had been signed and were lost, and the key that lies here did not sign that:"
    assert f"{another} {THIRD.verifier.id.hex()} is another key" in what
    place.unlink()
    assert look(Log(SIX), place).about_record == ()


# Proofs.
def test_the_newest_note_that_is_kept_proves_what_it_covers(place: Path) -> None:
    kept = note(SIX[:4], REAL)
    keyed(place, REAL, *SIX[:4])

    def fresh() -> Log:
        return Log(SIX, kept)

    assert note_to_prove_with(fresh(), place, NOW, 4) == note_to_prove_with(fresh(), place, NOW, 1) == kept
    assert recorded(place) == kept
    assert note_to_prove_with(fresh(), place, NOW, 5) == note(SIX, REAL)
    keyed(place, REAL, *SIX[:4])
    assert note_to_prove_with(fresh(), place, NOW) == note(SIX, REAL)
    assert note_to_prove_with(Log(SIX), keyed(place, REAL), NOW, 1) == note(SIX, REAL)


def test_who_cannot_sign_proves_with_the_newest_that_is_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = note(SIX[:4], REAL)
    ahead = Log([*SIX, LATE], kept)
    keyed(place, REAL, *SIX[:4])
    assert note_to_prove_with(ahead, place, NOW) == note_to_prove_with(ahead, place, NOW, 4) == kept
    refused(AheadOfClock, "entry 7", lambda: note_to_prove_with(ahead, place, NOW, 5))

    for error, told in (
        (NotPermitted(place, "read"), NotTheSigner),
        (MayNotSign("x", "y"), MayNotSign),
    ):
        with monkeypatch.context() as patched:
            patched.setattr("ledger.integrity.signing.load_key", raising(error))
            assert note_to_prove_with(Log(SIX, kept), place, NOW, 4) == kept
            refused(told, None, lambda: note_to_prove_with(Log(SIX, kept), place, NOW, 5))
            refused(told, None, lambda: note_to_prove_with(Log(SIX), place, NOW))
    place.unlink()
    refused(NotTheSigner, "is of 4 entries", lambda: note_to_prove_with(Log(SIX, kept), place, NOW, 5))
    assert note_to_prove_with(Log(SIX, one := note(SIX[:1], REAL)), place, NOW) == one
    refused(NotTheSigner, None, lambda: note_to_prove_with(Log(SIX, note([], REAL)), place, NOW))
    refused(NotTheSigner, "is of 0 entries", lambda: ready_to_sign(Log(SIX), place, NOW))
    refused(NoSigningKey, "is not there", lambda: sign(Log(SIX), place, NOW))


def test_what_cannot_be_signed_later_is_refused_before_it_is_recorded(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Elsewhere(Log):
        def refuse_signer(self) -> None:
            raise MayNotSign("x", "y")

    store = Log(SIX)
    ready_to_sign(store, place, NOW)
    ready_to_sign(Log([]), place, NOW)
    assert (recorded(place), store.checkpoints()) == (note([], REAL), [])
    refused(MayNotSign, None, lambda: ready_to_sign(Elsewhere(SIX), place, NOW))
    refused(MayNotSign, None, lambda: sign(Elsewhere(SIX), place, NOW))
    assert recorded(place) == note([], REAL)
    monkeypatch.setattr(os, "access", lambda path, how: (Path(path), how) != (place.parent, os.W_OK))
    refused(NotPermitted, "to write", lambda: ready_to_sign(store, place, NOW))


def test_what_the_record_says_was_lost_is_asked_of_the_log_that_is_signed(place: Path) -> None:
    lost(place, note(SIX, REAL), Lost(9, 6, bytes(32)))
    refused(Tampered, "the record says that 9 entries had been signed and were lost, and the ledger no longer says so",
            lambda: signing._judged(Log([*SIX, held(7)]), REAL, read(place)))  # fmt: skip


def test_what_is_said_to_be_lost_and_is_here_is_not_signed_but_what_was_signed_is(place: Path) -> None:
    here = Lost(5, 4, root_of(SIX[:5]))
    fields = {"restored_from": 4, "lost_size": 5, "lost_root": base64_of(here.root)}
    entries = [*SIX, entry(7, "log-restored", fields)]
    lost(place, note(SIX, REAL), here)
    refused(Tampered, "entry 7 says that 5 entries had been signed and were lost, and they are here",
            lambda: sign(Log(entries), place, NOW))  # fmt: skip

    keyed(place, REAL, *entries)
    assert sign(Log([*entries, held(8)]), place, NOW) == note([*entries, held(8)], REAL)
