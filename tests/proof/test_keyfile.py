"""Tests the files of a signing key, each function by itself: the content of the files, which users and files are
refused, and what never happens to the files.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.errors import KeyBusy, NoSigningKey, NotPermitted, Tampered, Unusable
from ledger.integrity.keyfile import (
    MOST_BYTES,
    Record,
    beside,
    first_record,
    given_up,
    hand_over,
    keep_given_up,
    keep_key,
    keep_record,
    key_at,
    load_key,
    new_key,
    put_away,
    read_given_up,
    read_record,
    read_small,
    record_text,
    settle,
    sync_record,
    write_record,
)
from ledger.integrity.locking import locked
from ledger.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import (
    MOST_SIGNATURES,
    Note,
    Signature,
    Signer,
    base64_of,
    format_note,
    format_skey,
    parse_note,
    sign_note,
)
from ledger.proof.tree import EMPTY_ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "liggare/test"
# The hash over the seed of MARKED begins with twelve zero bits, the hash over the seed of ALMOST with only eleven.
MARKED, ALMOST = (Signer(NAME, number.to_bytes(32, "big")) for number in (9_292, 1_637))
OLD, NEW = (Signer(NAME, bytes([number]) * 32) for number in (1, 2))
NOTE = sign_checkpoint(Checkpoint(NAME, 5, bytes(32)), OLD)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "k.key"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns a list that gets the name of every file and folder that is synced, in order."""
    found: list[str] = []
    for call in ("fsync", "fdatasync"):
        real = getattr(os, call)

        def told(descriptor: int, real: object = real) -> None:
            found.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
            assert callable(real)
            real(descriptor)

        monkeypatch.setattr(os, call, told)
    return found


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_bytes(text.encode())
    path.chmod(mode)
    return path


# Keys.
def test_a_key_that_is_kept_is_the_owners_and_says_that_it_has_a_record(place: Path) -> None:
    keep_key(place, OLD)

    assert place.read_text("utf-8") == f"{format_skey(OLD)}\n\n"
    assert place.stat().st_mode & 0o777 == 0o600
    assert load_key(place, NAME) == (place, OLD, True, os.geteuid())
    assert load_key(place, "liggare/other").signer == OLD._replace(name="liggare/other")
    assert (key_at(place, OLD.verifier), key_at(place, NEW.verifier)) == (OLD, None)


@pytest.mark.parametrize(
    ("signer", "end", "has_record"),
    [(OLD, "", False), (OLD, "\n", False), (OLD, "\n\n", True), (MARKED, "", True), (ALMOST, "", False)],
)
def test_a_key_says_by_its_seed_or_by_an_empty_line_that_it_has_a_record(
    signer: Signer, end: str, has_record: bool, place: Path
) -> None:
    write(place, format_skey(signer) + end)

    assert load_key(place, NAME).has_record is has_record


@pytest.mark.parametrize("mode", [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o777])
def test_a_key_that_others_may_do_anything_with_is_not_used(mode: int, place: Path) -> None:
    write(place, format_skey(OLD), mode)

    with pytest.raises(NoSigningKey, match=rf"others may read .* \(mode {mode:04o}\); chmod 600"):
        load_key(place, NAME)


def test_a_missing_or_invalid_key_is_reported(place: Path) -> None:
    with pytest.raises(NoSigningKey, match=r"is not there; a backup does not hold it\..*rotate-key --lost"):
        load_key(place, NAME)
    for text in ("", "x", format_skey(OLD)[:-1], "å" * MOST_BYTES):
        with pytest.raises(NoSigningKey, match=r"holds no signing key: (?!None)"):
            load_key(write(place, text), NAME)
    with pytest.raises(NoSigningKey, match="holds no signing key: Not a directory"):
        load_key(place / "under", NAME)


def test_the_ledgers_own_key_that_is_only_put_away_is_reported_as_such(place: Path) -> None:
    keep_key(away := beside(place, f".{OLD.verifier.id.hex()}"), OLD)

    with pytest.raises(NoSigningKey, match=rf"is not there; it is put away at {away}: move it back"):
        load_key(place, NAME, OLD.verifier)
    for now in (NEW.verifier, None):
        with pytest.raises(NoSigningKey, match="is not there; a backup does not hold it"):
            load_key(place, NAME, now)


def test_of_what_others_wrote_no_more_is_read_than_a_key_or_note_has(place: Path) -> None:
    assert read_small(write(place, "x" * MOST_BYTES)) == "x" * 65_536
    with pytest.raises(ValueError, match="65536"):
        read_small(write(place, "x" * 65_537))


def test_a_new_key_is_marked_as_one_that_has_a_record(place: Path) -> None:
    made = new_key(NAME)
    assert (made.name, len(made.seed), made.seed != new_key(NAME).seed) == (NAME, 32, True)
    assert load_key(write(place, format_skey(made)), NAME).has_record


# The record of what was signed last.
def test_a_record_is_what_was_written_with_the_lines_of_its_keys_alone(place: Path) -> None:
    assert read_record(place, [OLD.verifier], OLD.verifier) is None
    both = sign_checkpoint(Checkpoint(NAME, 5, bytes(32)), NEW, OLD)

    write_record(place, both, [OLD.verifier])

    assert read_record(place, [OLD.verifier], OLD.verifier) == Record(Checkpoint(NAME, 5, bytes(32)), NOTE)
    assert beside(place, ".signed").stat().st_mode & 0o777 == 0o600


def test_the_first_record_is_of_no_entries() -> None:
    assert open_checkpoint(first_record(OLD), OLD.verifier) == Checkpoint(NAME, 0, EMPTY_ROOT)


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_record_that_others_may_write_is_refused(mode: int, place: Path) -> None:
    write(beside(place, ".signed"), NOTE, mode)

    with pytest.raises(Tampered, match=rf"is not what was written: others may write it \(mode {mode:04o}\)"):
        read_record(place, [OLD.verifier], OLD.verifier)


def test_a_record_belongs_to_the_keys_owner_and_may_be_read_by_others(place: Path) -> None:
    record = write(beside(place, ".signed"), NOTE, 0o755)
    # No signing key lies here, so the record's owner is not compared with an owner of the key.
    assert read_record(place, [OLD.verifier], OLD.verifier) is not None
    keep_key(place, OLD)
    assert read_record(place, [OLD.verifier], OLD.verifier) is not None

    if os.geteuid() == 0:
        os.chown(record, 12_345, 12_345)
        for signer in (OLD, NEW):  # the record's owner is compared with the owner of whatever key lies there
            keep_key(place, signer)
            with pytest.raises(Tampered, match="it belongs to another user than the key"):
                read_record(place, [OLD.verifier], OLD.verifier)


@pytest.mark.parametrize("text", ["", "x", NOTE[:-1], first_record(NEW)])
def test_what_is_no_note_of_the_key_is_no_record(text: str, place: Path) -> None:
    write(beside(place, ".signed"), text)

    with pytest.raises(Tampered, match="the record of what was signed last, is not what was written: "):
        read_record(place, [OLD.verifier], OLD.verifier)


def test_a_record_that_leads_nowhere_or_may_not_be_read_is_reported(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(place, ".signed").symlink_to("nowhere")
    with pytest.raises(Tampered, match="it is a link; put the file itself there"):
        read_record(place, [OLD.verifier], OLD.verifier)

    def refused(_path: Path, _most: int, *, links: bool) -> tuple[bytes, os.stat_result]:
        assert not links
        raise PermissionError

    monkeypatch.setattr("ledger.integrity.keyfile.read_owned", refused)
    with pytest.raises(NotPermitted, match="no permission to read"):
        read_record(place, [OLD.verifier], OLD.verifier)
    with pytest.raises(NotPermitted, match="no permission to read"):
        load_key(write(place, ""), NAME)


def test_a_record_that_another_wrote_is_on_the_disk_before_anybody_relies_on_it(place: Path, synced: list[str]) -> None:
    with pytest.raises(Unusable, match=r"k\.key\.signed cannot be written: No such file or directory"):
        sync_record(place)
    write(beside(place, ".signed"), NOTE)
    synced.clear()

    sync_record(place)

    assert synced == ["k.key.signed", place.parent.name]


def test_what_cannot_be_written_is_reported_by_its_place(place: Path) -> None:
    nowhere, told = place.parent / "none" / "k.key", r"cannot be written: No such file or directory$"

    with pytest.raises(Unusable, match=rf"none/k\.key {told}"):
        keep_key(nowhere, OLD)
    with pytest.raises(Unusable, match=rf"none/k\.key\.signed {told}"):
        write_record(nowhere, NOTE, [OLD.verifier])


def test_an_error_that_says_nothing_more_is_reported_as_it_is(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise OSError("odd")

    monkeypatch.setattr("ledger.integrity.keyfile.replace", failing)
    with pytest.raises(Unusable, match=r"cannot be written: odd$"):
        keep_key(place, OLD)


# The lock.
def is_free(folder: Path) -> bool:
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(held)
    return True


def test_one_at_a_time_signs_with_the_keys_in_a_folder(place: Path) -> None:
    with locked(place):
        assert not is_free(place.parent)
    assert is_free(place.parent)
    with pytest.raises(KeyError), locked(place):
        raise KeyError
    assert is_free(place.parent)
    with locked(place.parent / "none" / "k.key"), locked(write(place, "") / "under"):
        assert not (place.parent / "none").exists()


def test_whoever_finds_the_keys_folder_locked_waits_for_a_while(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = os.open(place.parent, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    now, waits = [100.0], 2

    def paused() -> None:
        now[0] += 15
        if now[0] > 100 + 15 * waits:
            fcntl.flock(held, fcntl.LOCK_UN)

    monkeypatch.setattr("ledger.integrity.locking.pause", paused)
    monkeypatch.setattr("ledger.integrity.locking.time.monotonic", lambda: now[0])
    with locked(place):
        assert now == [145]
    fcntl.flock(held, fcntl.LOCK_EX)
    now[0], waits = 100, 3
    with pytest.raises(KeyBusy), locked(place):
        pass
    os.close(held)


def test_a_lock_leaves_nothing_open(place: Path) -> None:
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(3):
        with locked(place):
            pass
    assert len([*Path("/proc/self/fd").iterdir()]) == before


# Evidence of a log that was given up.
def test_what_was_given_up_is_kept_under_its_size_once_with_what_was_kept_of_it(place: Path, synced: list[str]) -> None:
    keep_key(place, OLD)
    first, then = Lost(5, 3, bytes(32)), Lost(5, 2, bytes(32))
    keep_given_up(place, NOTE, OLD, first)
    kept = beside(place, ".signed.5")
    whole = kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    synced.clear()

    keep_given_up(place, NOTE, OLD, first)
    assert (kept.read_bytes(), synced) == (whole, ["k.key.signed.5", place.parent.name])
    keep_given_up(place, NOTE, OLD, then)
    told = read_given_up(kept, [OLD.verifier], OLD.verifier)
    assert told is not None
    assert (told.checkpoint, told.note, told.lost) == (Checkpoint(NAME, 5, bytes(32)), NOTE, (first, then))


@pytest.mark.parametrize("there", ["another", "", first_record(OLD), NOTE.replace("\n5\n", "\n6\n")])
def test_what_lies_where_evidence_belongs_is_not_taken_for_it(there: str, place: Path) -> None:
    kept = write(beside(place, ".signed.5"), there)

    with pytest.raises(Unusable, match="is not the record of what is lost now: move it away"):
        keep_given_up(place, NOTE, OLD, Lost(5, 3, bytes(32)))
    assert kept.read_text("utf-8") == there


def test_a_record_says_no_more_than_can_be_read_again(place: Path) -> None:
    losses = [sign_loss(OLD, Lost(size, 3, bytes(32))) for size in range(5, 5 + MOST_SIGNATURES)]
    with pytest.raises(Unusable, match="would have 101 lines, and could not be read again"):
        record_text(place, NOTE, [OLD.verifier], losses)
    with pytest.raises(Unusable, match="would have 2 lines"):
        record_text(place, NOTE, [OLD.verifier], [losses[0]._replace(data=bytes(MOST_BYTES))])

    keep_key(place, OLD)
    keep_record(place, record_text(place, NOTE, [OLD.verifier], losses[1:]))
    found = read_record(place, [OLD.verifier], OLD.verifier)
    assert found is not None
    assert (len(found.lost), found.unproven) == (99, ())


# Losses in a record, and their signatures.
def record_with(place: Path, *lines: Signature, past: Sequence[Signer] = ()) -> Record:
    """Returns the record read from NOTE with these lines added. In the log, the current key signs after the keys in
    `past`.
    """
    note = parse_note(NOTE)
    write(beside(place, ".signed"), format_note(Note(note.text, (*note.signatures, *lines))))
    keys = [*(one.verifier for one in past), OLD.verifier]
    found = read_record(place, keys, OLD.verifier)
    assert found is not None
    return found


def test_a_loss_counts_if_the_key_signed_it_whatever_other_key_lies_here(place: Path) -> None:
    lost = Lost(9, 5, bytes(32))
    line, ours = sign_loss(NEW, lost), sign_loss(OLD, lost)
    for path in (place, beside(place, ".new"), beside(place, f".{NEW.verifier.id.hex()}")):
        keep_key(path, NEW)
        assert record_with(place, line).unproven == (line,), "a key that signed before, or is to, says nothing"
        assert record_with(place, line, past=[NEW]).unproven == (line,)
        path.unlink()
    assert record_with(place, ours) == Record(Checkpoint(NAME, 5, bytes(32)), NOTE, (lost,), (), (ours,))


def test_of_evidence_no_other_key_that_lies_here_tells_how_much_was_kept(place: Path) -> None:
    keep_key(beside(place, f".{NEW.verifier.id.hex()}"), NEW)
    line = sign_loss(NEW, Lost(5, 3, bytes(32)))
    record_with(place, line)
    evidence = read_given_up(beside(place, ".signed"), [OLD.verifier], OLD.verifier)
    for found in (evidence, read_record(place, [OLD.verifier], OLD.verifier)):
        assert found is not None
        assert (found.lost, found.unproven) == ((), (line,))


def test_a_record_is_by_the_key_at_hand_and_not_by_one_that_signed_before_it(place: Path) -> None:
    write_record(place, sign_checkpoint(Checkpoint(NAME, 5, bytes(32)), OLD, NEW), [OLD.verifier, NEW.verifier])
    keys = [OLD.verifier, NEW.verifier]
    assert read_record(place, keys, NEW.verifier) == read_record(place, keys, OLD.verifier)
    write_record(place, NOTE, keys)
    assert read_record(place, keys, OLD.verifier) is not None
    with pytest.raises(Tampered, match=f"it is not signed by the key {NEW.verifier.id.hex()}, which signs now"):
        read_record(place, keys, NEW.verifier)


def test_a_record_is_handed_over_with_what_it_says_was_lost(place: Path) -> None:
    lost = Lost(9, 5, bytes(32))
    keep_key(place, OLD)
    for _ in range(2):  # a handover runs twice if the first run was interrupted
        hand_over(place, record_with(place, sign_loss(OLD, lost)), [OLD.verifier], NEW)
        for by in (OLD.verifier, NEW.verifier):
            found = read_record(place, [OLD.verifier, NEW.verifier], by)
            assert found is not None
            assert (found.lost, found.unproven) == ((lost,), ())


def test_a_loss_that_nobody_signed_or_that_was_changed_does_not_count(place: Path) -> None:
    signer = OLD
    line = sign_loss(signer, Lost(9, 5, bytes(32)))
    note = sign_note(f"{NAME}\n9\n{base64_of(bytes(32))}\n", signer).signatures[0]
    for false in (
        Signature(line.name, bytes(4), bytes(32)),  # an earlier version of the program wrote losses in this form
        line._replace(name="lost/9/4"),
        line._replace(name="lost/8/5"),
        line._replace(name="lost/9/0"),
        line._replace(data=bytes([1]) + line.data[1:]),
        line._replace(data=line.data[:-1]),
        line._replace(data=bytes(32) + note.data),  # the key's signature of a checkpoint does not prove a loss
        sign_loss(Signer("liggare/other", signer.seed), Lost(9, 5, bytes(32))),
        Signature(line.name, line.id, sign_loss(Signer("liggare/other", signer.seed), Lost(9, 5, bytes(32))).data),
    ):
        assert record_with(place, false).unproven == (false,)
        assert record_with(place, line, false).lost == (Lost(9, 5, bytes(32)),)


def test_a_loss_has_one_spelling_and_counts_once(place: Path) -> None:
    keep_key(place, OLD)
    lost = Lost(9, 0, bytes(32))
    line = sign_loss(OLD, lost)
    assert record_with(place, line, line).lost == (lost,)
    for name in ("lost/09/0", "lost/9/00", "lost/9/-0"):
        respelt = record_with(place, line, line._replace(name=name))
        assert (respelt.lost, respelt.unproven) == ((lost,), ()), name


BY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can read a key of another user's, or make one")
ANOTHER = 12_345


@BY_ROOT
def test_a_file_in_the_keys_place_does_not_become_the_owners(place: Path) -> None:
    """An attacker with write access to the folder moves the true key to `.new`, and puts his own key and record in the
    true key's place.
    """
    keep_key(beside(place, ".new"), OLD)
    keep_key(place, NEW)
    os.chown(place, ANOTHER, -1)
    line = sign_loss(NEW, Lost(9, 5, bytes(32)))
    assert record_with(place, line).unproven == (line,)
    os.chown(beside(place, ".signed"), ANOTHER, -1)
    with pytest.raises(Tampered, match="it belongs to another user than the key"):
        read_record(place, [OLD.verifier], OLD.verifier)

    beside(place, ".signed").unlink()
    settle(place, OLD.verifier)
    assert load_key(place, NAME).signer == OLD
    assert beside(place, f".{NEW.verifier.id.hex()}").stat().st_uid == ANOTHER
    assert record_with(place, line).unproven == (line,)


def test_another_users_file_is_not_put_away_as_the_owners(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user's file is refused even if it holds no valid key, because someone with write access to the folder
    could give the file any name.
    """
    keep_key(beside(place, ".new"), OLD)
    write(place, format_skey(NEW), 0o644)
    monkeypatch.setattr(os, "geteuid", lambda: ANOTHER)
    with pytest.raises(NoSigningKey, match=r"k\.key is not the ledger's key, and belongs to another user; take it"):
        put_away(place, NAME)
    assert names(place.parent) == {"k.key", "k.key.new"}


def test_what_was_given_up_is_found_by_its_name(place: Path) -> None:
    for name in ("k.key.signed.5", "k.key.signed.12", "k.key.signed", "k.key.signed.", "k.key.signed.x", "7",
                 "k.key.signed.٣", "k.key.signed.5.5", "other.key.signed.6", "k.key.signed.²"):  # fmt: skip
        write(place.parent / name, NOTE)

    assert [*given_up(place)] == [(12, beside(place, ".signed.12")), (5, beside(place, ".signed.5"))]
    assert [*given_up(place.parent / "none" / "k.key")] == []
    with pytest.raises(NotPermitted, match="no permission to list"):
        [*given_up(place.parent / "7" / "k.key")]


# Keys that change places.
def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_next_key_takes_its_place_and_the_old_one_is_kept_under_its_id(place: Path, synced: list[str]) -> None:
    keep_key(place, OLD)
    write(beside(place, ".signed"), "old")
    keep_key(beside(place, ".new"), NEW)
    write(beside(place, ".new.signed"), "first")
    kept = f"k.key.{OLD.verifier.id.hex()}"

    settle(place, OLD.verifier)  # the key OLD is already in its place
    assert load_key(place, NAME).signer == OLD
    synced.clear()
    settle(place, NEW.verifier)

    assert (load_key(place, NAME).signer, load_key(place.parent / kept, NAME).signer) == (NEW, OLD)
    assert (names(place.parent), beside(place, ".signed").read_text("utf-8")) == (
        {"k.key", "k.key.signed", kept},
        "old",
    )
    # The folder is synced twice: after the old key is kept, and after every file is in its place.
    assert synced[-2:] == [place.parent.name] * 2
    settle(place, NEW.verifier)  # a repeated call finds nothing left to do
    assert load_key(place, NAME).signer == NEW


@pytest.mark.parametrize("with_record", [True, False])
def test_the_first_key_brings_its_record_where_there_is_none(with_record: bool, place: Path) -> None:
    keep_key(beside(place, ".new"), NEW)
    if with_record:
        write(beside(place, ".new.signed"), "first")
    settle(place, OLD.verifier)
    assert not place.exists()

    settle(place, NEW.verifier)

    assert names(place.parent) == {"k.key"} | ({"k.key.signed"} if with_record else set())


def test_a_next_key_that_may_not_be_used_does_not_take_its_place(place: Path) -> None:
    write(beside(place, ".new"), "x")

    with pytest.raises(NoSigningKey):
        settle(place, NEW.verifier)
    assert names(place.parent) == {"k.key.new"}


def test_the_old_key_is_kept_before_any_file_is_renamed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the new key are renamed one by one, after the old key is kept in a file named after its id."""
    keep_key(place, OLD)
    write(beside(place, ".signed"), "old")
    keep_key(beside(place, ".new"), NEW)
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("stopped"))

    with pytest.raises(pytest.fail.Exception):
        settle(place, NEW.verifier)
    assert load_key(place.parent / f"k.key.{OLD.verifier.id.hex()}", NAME).signer == OLD
