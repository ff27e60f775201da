"""Tests the proofs beside a signing key that one key follows another. The older key signs the proof that another key
follows it. If a ledger is restored to before a change of key, only the proof tells of the change.
"""

from __future__ import annotations

import os
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ledger.integrity import restore, rotation
from ledger.integrity.keyfile import follows, give_up, lost_followers, succession_of
from ledger.integrity.signing import refuse_unsound
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import (
    Signer,
    format_note,
    format_skey,
    format_vkey,
    sign_note,
)
from ledger.proof.succession import succession_text
from tests.proof.forger import forging
from tests.proof.logs import follow, raising
from tests.proof.scene import away, goes_on, gone_on_after, held, key, lies_here, restored, signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.desk import Desk

NAME, LATER = "liggare/test", "2026-01-15T23:00:00.000000Z"
ONE, TWO, THREE = (Signer(NAME, bytes([number]) * 32) for number in (1, 2, 3))


def test_a_key_follows_another_if_each_before_it_said_so_and_none_follows_it(tmp_path: Path) -> None:
    place = tmp_path / "k"
    assert not follows(place, TWO.verifier, ONE.verifier)
    follow(place, ONE, TWO)
    assert follows(place, TWO.verifier, ONE.verifier)
    follow(place, TWO, THREE)

    assert follows(place, THREE.verifier, TWO.verifier)
    assert follows(place, THREE.verifier, ONE.verifier)
    for later, before in ((ONE, TWO), (TWO, THREE), (ONE, THREE), (ONE, ONE), (TWO, ONE)):
        assert not follows(place, later.verifier, before.verifier)


def test_of_several_keys_that_follow_one_key_none_counts(tmp_path: Path) -> None:
    """Two proofs say that different keys follow the same key, as after a restore to before a change of key. Until the
    proof of the lost change is set aside, neither key is accepted as the follower.
    """
    place = tmp_path / "k"
    follow(place, ONE, TWO, 9)
    follow(place, ONE, THREE, 7)
    for later in (TWO, THREE):
        assert not follows(place, later.verifier, ONE.verifier)
    assert lost_followers(place, [ONE.verifier, THREE.verifier]) == [TWO.verifier]
    assert lost_followers(place, [ONE.verifier]) == []
    for _ in range(2):
        give_up(place, TWO.verifier)
    assert follows(place, THREE.verifier, ONE.verifier)
    assert succession_of(place, TWO.verifier.id).with_suffix(".given-up").exists()


def test_in_a_folder_that_cannot_be_listed_no_key_is_seen_to_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not follows(tmp_path / "nowhere" / "k", TWO.verifier, ONE.verifier)
    follow(tmp_path / "k", ONE, TWO)
    monkeypatch.setattr("pathlib.Path.iterdir", raising(PermissionError(13, "Permission denied")))
    assert not follows(tmp_path / "k", TWO.verifier, ONE.verifier)


def test_a_copy_of_what_lies_there_counts_for_nothing(tmp_path: Path) -> None:
    place = tmp_path / "k"
    says = follow(place, ONE, TWO)
    for copy in (f"k-{TWO.verifier.id.hex()}.copy.follows", f"k-{THREE.verifier.id.hex()}.follows"):
        shutil.copy(says, tmp_path / copy)
    assert follows(place, TWO.verifier, ONE.verifier)
    says.unlink()
    assert not follows(place, TWO.verifier, ONE.verifier)


def test_as_many_keys_are_looked_through_as_change_in_a_hundred_years_and_no_more(tmp_path: Path) -> None:
    place, keys = tmp_path / "k", [Signer(NAME, bytes([number]) * 32) for number in range(103)]
    for before, after in pairwise(keys):
        follow(place, before, after)

    assert follows(place, keys[102].verifier, keys[2].verifier)
    assert not follows(place, keys[102].verifier, keys[1].verifier)


def test_what_no_key_before_it_signed_lets_none_follow(tmp_path: Path) -> None:
    place = tmp_path / "k"
    follow(place, ONE, TWO, by=THREE)
    assert not follows(place, TWO.verifier, ONE.verifier)
    follow(place, THREE, TWO)
    assert not follows(place, TWO.verifier, ONE.verifier)
    follow(place, TWO, THREE)  # the proofs now say that TWO and THREE follow each other
    assert not follows(place, TWO.verifier, ONE.verifier)
    follow(place, ONE, TWO)
    assert follows(place, THREE.verifier, ONE.verifier)
    both = sign_note(succession_text(NAME, 4, THREE.verifier), TWO, ONE)
    succession_of(place, THREE.verifier.id).write_text(format_note(both), "utf-8")
    assert not follows(place, THREE.verifier, ONE.verifier)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"\xff"),
        lambda path: path.write_text("x"),
        lambda path: path.write_text(path.read_text("utf-8").replace("\n4\n", "\n5\n", 1)),
        lambda path: path.write_text(path.read_text("utf-8").replace("liggare-key@v1", "liggare-key@v2")),
        lambda path: path.write_text(sign_checkpoint(Checkpoint(NAME, 4, bytes(32)), ONE)),
        lambda path: path.unlink() or os.mkfifo(path),  # type: ignore[func-returns-value]
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.rename(f"{path}.x"), path.symlink_to(f"{path}.x")),
        lambda path: (path.unlink(), path.with_name(path.name).symlink_to("/dev/zero")),
        lambda path: path.write_text(path.read_text("utf-8").replace("\n4\n", "\n04\n", 1)),
    ],
    ids=["bytes", "text", "another entry", "heading", "a checkpoint", "pipe", "folder", "link", "device", "number"],
)  # fmt: skip
def test_a_proof_that_the_preceding_key_did_not_sign_does_not_count(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    place = tmp_path / "k"
    spoil(follow(place, ONE, TWO))

    assert not follows(place, TWO.verifier, ONE.verifier)
    assert not follows(place, THREE.verifier, ONE.verifier)


def test_the_proof_that_a_key_follows_lies_beside_it_from_the_first_signature_on(desk: Desk, place: Path) -> None:
    first = lies_here(desk)
    assert place.exists()
    desk.does("rotate-key")
    second = lies_here(desk)
    says = succession_of(key(desk), second.verifier.id)
    written = says.read_text("utf-8")
    assert follows(key(desk), second.verifier, first.verifier)
    assert says.stat().st_mode & 0o777 == 0o600

    for lose in (says.unlink, lambda: says.write_text("x", "utf-8")):
        lose()
        held(desk, "Mer")
        desk.does("checkpoint")
        assert says.read_text("utf-8") == written


def test_of_a_key_that_took_the_place_of_a_lost_one_nothing_says_that_it_follows(desk: Desk, place: Path) -> None:
    for lost in ([], ["--lost"]):
        desk.does("rotate-key", *lost)
    assert not succession_of(key(desk), lies_here(desk).verifier.id).exists()
    assert place.exists()


def planted(desk: Desk, name: str, size: int) -> Signer:
    """Replaces the true key by a strange key, and the signer's record by a record which claims that the strange key
    signed `size` entries.
    """
    strange = Signer(name, b"\5" * 32)
    key(desk).write_text(f"{format_skey(strange)}\n\n", "utf-8")
    key(desk).chmod(0o600)
    note = sign_checkpoint(Checkpoint(name, size, b"\7" * 32), strange)
    (desk.folder / "liggare.db.key.signed").write_text(note, "utf-8")
    return strange


def changed_twice_since(desk: Desk, place: Path, *, leaves_proofs: bool = True) -> None:
    """Changes the key twice, signs more, and restores the ledger to before both changes. As the errors advise, the user
    then changes the key again.
    """
    desk.does("backup", "before.db")
    desk.does("rotate-key")
    desk.does("rotate-key")
    for path in () if leaves_proofs else desk.folder.glob("liggare.db.key-*.follows"):
        path.unlink()
    held(desk, "Nio")
    desk.does("checkpoint")
    restored(place, "before.db")

    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 3).code == 4
    desk.does("rotate-key")
    goes_on(desk, "kept")


def test_a_strange_key_that_contradicts_makes_no_other_sign(desk: Desk, place: Path) -> None:
    """An attacker with write access to the folder and the ledger replaces the true key and record by his own. The
    folder then looks as if the ledger had been restored to before a change of key.
    """
    true = lies_here(desk)
    desk.does("backup", "copy.db")
    held(desk, "Sju")
    seventh = signed(desk, "seventh")
    restored(place, "copy.db")
    key(desk).rename(away(desk, true))
    strange = planted(desk, true.name, 7)

    says = succession_of(key(desk), strange.verifier.id).name
    for command in (
        ("checkpoint",),
        ("verify",),
        ("checkpoint", "--after-restore", "kept", "--yes-lost", 1),
        ("checkpoint", "--after-restore", "kept", "--yes-lost", 1, "--vkey", format_vkey(true.verifier)),
        ("rotate-key",),
        ("rotate-key", "--lost"),
    ):
        told = desk(*command)
        assert told.code == 4, command
        assert f"nothing here shows that it is the last key that follows that key: {says}" in told.err
        assert len(desk.asks("history")["entries"]) == 6
    key(desk).rename(away(desk, strange))  # the user follows the advice in the error
    away(desk, true).rename(key(desk))
    told = desk("checkpoint")
    assert told.code == 4
    assert f"signed by none of the keys known here, but by {strange.name} {strange.verifier.id.hex()}" in told.err
    (desk.folder / "liggare.db.key.signed").write_text(seventh, "utf-8")
    gone_on_after(desk, "kept", 1)


def test_between_two_changes_of_key_signing_continues_from_a_checkpoint_by_the_first_key(
    desk: Desk, place: Path
) -> None:
    desk.does("rotate-key")
    desk.does("backup", "between.db")
    desk.does("rotate-key")
    held(desk, "Nio")
    desk.does("checkpoint")
    restored(place, "between.db")

    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 3).code == 4
    assert "liggare rotate-key" in desk("checkpoint").err
    desk.does("rotate-key")
    goes_on(desk, "kept")


def test_before_two_changes_of_key_the_last_is_known_to_follow(desk: Desk, place: Path) -> None:
    changed_twice_since(desk, place)


def kept_before_the_change(desk: Desk, place: Path) -> tuple[Signer, Signer]:
    """Changes the key, signs with the new key, and restores the ledger to before the change. Returns the old and the
    new key.
    """
    first = lies_here(desk)
    desk.does("backup", "before.db")
    desk.does("rotate-key")
    held(desk, "Åtta")
    desk.does("checkpoint")
    restored(place, "before.db")
    return first, lies_here(desk)


@pytest.mark.parametrize("told_first", [False, True])
def test_the_old_key_put_back_in_its_place_is_led_to_change_it_for_the_new_one(
    desk: Desk, place: Path, told_first: bool
) -> None:
    first, second = kept_before_the_change(desk, place)
    if told_first:
        assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2).code == 4
    key(desk).rename(away(desk, second))
    away(desk, first).rename(key(desk))

    for command in (("checkpoint",), ("verify",), ("rotate-key",)):
        told = desk(*command)
        assert told.code == 4, command
        at = away(desk, second).name
        assert f"it is by the key at {at}, which follows the one at liggare.db.key: put that key at" in told.err or (
            told_first and f"did not sign that: it is by the key at {at}" in told.err
        )
    key(desk).rename(away(desk, first))
    away(desk, second).rename(key(desk))
    if not told_first:
        assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2).code == 4
    desk.does("rotate-key")
    goes_on(desk, "kept")


def test_a_key_that_another_key_followed_no_longer_counts(desk: Desk, place: Path) -> None:
    """An attacker with the old key and write access to the folder and the ledger makes a signer's record of a rewritten
    log.
    """
    first, second = kept_before_the_change(desk, place)
    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2).code == 4
    desk.does("rotate-key")
    third = lies_here(desk)
    restored(place, "before.db")
    key(desk).rename(away(desk, third))
    shutil.copy2(away(desk, first), key(desk))
    note = sign_checkpoint(Checkpoint(first.name, 6, bytes(32)), second)
    (desk.folder / "liggare.db.key.signed").write_text(note, "utf-8")
    assert desk("checkpoint").code == desk("verify").code == desk("rotate-key").code == 4

    follow(key(desk), second, third)
    shutil.copy2(away(desk, second), key(desk))
    for command in (
        ("checkpoint",),
        ("checkpoint", "--after-restore", "kept", "--yes-lost", 1),
        ("rotate-key",),
    ):
        told = desk(*command)
        assert (told.code, "or another key follows it" in told.err) == (4, True), command
    assert len(desk.asks("history")["entries"]) == 6


def test_a_strange_key_records_nothing_where_the_true_one_is_gone(desk: Desk, place: Path) -> None:
    true = lies_here(desk)
    assert place.exists()
    key(desk).rename("elsewhere")
    planted(desk, true.name, 12)

    shown = ("checkpoint", "--after-restore", "kept", "--yes-lost", 6, "--vkey", format_vkey(true.verifier))
    assert desk(*shown).code == 4
    assert len(desk.asks("history")["entries"]) == 6


def test_after_a_restore_to_before_an_unvouched_change_a_new_key_begins(desk: Desk, place: Path) -> None:
    """The old key, which was stolen and then given up, still lies in its place."""
    desk.does("backup", "before.db")
    desk.does("rotate-key", "--lost", "--reason", "stolen")
    held(desk, "Åtta")
    desk.does("checkpoint")
    restored(place, "before.db")

    told = desk("checkpoint")
    assert told.code == 4
    assert "as after rotate-key --lost, move liggare.db.key to liggare.db.key." in told.err
    key(desk).rename(away(desk, lies_here(desk)))
    (desk.folder / "liggare.db.key.signed").rename("evidence")
    desk.does("rotate-key", "--lost", "--reason", "stolen")
    desk.does("checkpoint")
    assert desk.asks("verify")["problems"] == []


def test_what_is_signed_already_is_proved_where_nothing_can_be_written(desk: Desk, place: Path) -> None:
    desk.does("rotate-key")
    says = succession_of(key(desk), lies_here(desk).verifier.id)
    says.unlink()  # an earlier version of the program changed the key without writing a proof
    says.mkdir()
    assert place.exists()

    desk.does("prove", 3)
    desk.does("export", "out")
    held(desk, "Åtta")
    told = desk("checkpoint")
    assert (told.code, f"{says.name} cannot be written" in told.err) == (6, True)


def test_a_proof_of_a_key_before_the_first_does_not_count(desk: Desk, place: Path) -> None:
    desk.does("rotate-key")
    with forging(place) as file:
        file.execute("UPDATE ledger SET public_key = ''")

    for command in (("checkpoint",), ("verify",), ("rotate-key",), ("export", "out")):
        told = desk(*command)
        assert told.code == 4, command
        assert "entry 7 holds the proof of a signing key before it, and there is none" in told.err


def test_a_ledger_that_an_earlier_program_kept_gets_the_proof_of_each_change(desk: Desk, place: Path) -> None:
    changed_twice_since(desk, place, leaves_proofs=False)


def test_a_key_that_is_swapped_after_it_was_compared_vouches_for_none(desk: Desk, place: Path) -> None:
    true, compared = lies_here(desk), refuse_unsound

    def swapped(*given: Any) -> None:
        compared(*given)
        key(desk).write_text(f"{format_skey(Signer(true.name, bytes([5]) * 32))}\n\n", "utf-8")

    with patch.object(rotation, "refuse_unsound", swapped):
        told = desk("rotate-key")
    assert (told.code, "is no longer the key that was compared" in told.err) == (6, True)
    assert (len(desk.asks("history")["entries"]), place.exists()) == (6, True)


@pytest.mark.parametrize("given", [False, True])
def test_between_two_changes_with_the_old_key_destroyed_each_message_leads_to_a_solution(
    desk: Desk, place: Path, given: bool
) -> None:
    desk.does("rotate-key")
    second = lies_here(desk)
    desk.does("backup", "between.db")
    desk.does("rotate-key")
    held(desk, "Nio")
    desk.does("checkpoint")
    restored(place, "between.db")
    away(desk, second).unlink()

    vkey = ("--vkey", format_vkey(second.verifier)) if given else ()
    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 3, *vkey)
    then = f"move liggare.db.key to {away(desk, lies_here(desk)).name}: liggare rotate-key --lost"
    assert (told.code, then in told.err) == (4, True)
    key(desk).rename(away(desk, lies_here(desk)))
    desk.does("rotate-key", "--lost")
    for number in range(4):
        held(desk, f"Sedan {number}")
    desk.does("checkpoint")
    found = desk.asks("verify")
    assert (found["problems"], [one["lost_size"] for one in found["restored"]]) == ([], [9])


def test_after_the_ledger_lost_a_change_of_key_the_old_key_signs_nothing(desk: Desk, place: Path) -> None:
    """An attacker with the old key removes the entries from the change of key on, and makes a signer's record by the
    old key.
    """
    first, second = kept_before_the_change(desk, place)
    key(desk).unlink()
    away(desk, first).rename(key(desk))
    shutil.copy("kept", "liggare.db.key.signed")

    for command in (("checkpoint",), ("verify",), ("rotate-key",)):
        told = desk(*command)
        assert told.code == 4, command
        assert f"which signed that the key {second.verifier.id.hex()} follows it, and the ledger does not" in told.err
    # The user follows the advice in the error. The new key, and the signer's record that it signed, are lost.
    key(desk).rename(away(desk, first))
    desk.does("rotate-key")
    goes_on(desk, "kept")


def test_a_key_that_is_swapped_while_a_restore_is_recorded_signs_nothing(desk: Desk, place: Path) -> None:
    true = lies_here(desk)
    desk.does("backup", "copy.db")
    held(desk, "Sju")
    desk.does("checkpoint")
    restored(place, "copy.db")
    before = key(desk).with_name("liggare.db.key.signed").read_bytes()

    def swapped(*_: Any) -> None:
        key(desk).write_text(f"{format_skey(Signer(true.name, bytes([5]) * 32))}\n\n", "utf-8")

    with patch.object(restore, "_confirm", swapped):
        told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 1)
    assert (told.code, "is no longer the key that was compared" in told.err) == (6, True)
    assert key(desk).with_name("liggare.db.key.signed").read_bytes() == before
    assert len(desk.asks("history")["entries"]) == 6


def test_a_checkpoint_by_a_key_that_was_lost_is_shown_with_that_key(desk: Desk, place: Path) -> None:
    first = format_vkey(lies_here(desk).verifier)
    key(desk).unlink()
    desk.does("rotate-key", "--lost")
    desk.does("backup", "copy.db")
    held(desk, "Åtta")
    desk.does("checkpoint")
    restored(place, "copy.db")

    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2)
    assert (told.code, "in person: --vkey" in told.err) == (4, True)
    gone_on_after(desk, "kept", 2, "--vkey", first)


def test_what_says_that_a_key_follows_is_written_once_and_of_an_earlier_key_never_again(
    desk: Desk, place: Path
) -> None:
    assert place.exists()
    desk.does("rotate-key")
    second = succession_of(key(desk), lies_here(desk).verifier.id)
    desk.does("rotate-key")
    third = succession_of(key(desk), lies_here(desk).verifier.id)
    second.write_text("x", "utf-8")
    inode = third.stat().st_ino
    held(desk, "Mer")
    desk.does("checkpoint")

    assert (second.read_text("utf-8"), third.stat().st_ino) == ("x", inode)
