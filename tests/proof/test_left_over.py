"""Tests files left over by earlier versions of the program, signatures by others, and lost keys: all verifiers agree,
and in each situation the user can go on to sign.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ledger.integrity.keyfile import read_small
from ledger.proof.note import Signer, base64_of, sign_note
from tests.proof.forger import entries_of, forging, regrown, rewritten
from tests.proof.scene import gone_on_after
from tests.proof.test_restored import held, record, restored
from tests.proof.test_restored_often import signs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk


def test_every_verifier_ignores_unknown_signatures_on_a_checkpoint(desk: Desk, place: Path) -> None:
    """The signed-note format allows signatures by unknown keys, for example by a witness."""
    kept = (desk.folder / "kept").read_text("utf-8")
    text = kept.partition("\n\n")[0] + "\n"
    witnesses = (Signer(name, bytes(range(32))) for name in ("witness/1", "witness/2"))
    others = (sign_note(text, signer).signatures[0] for signer in witnesses)
    more = "".join(f"— {name} {base64_of(key_id + data)}\n" for name, key_id, data in others)
    with forging(place) as file:
        file.execute("UPDATE checkpoints SET note = ?", (kept + more,))

    assert desk.asks("verify")["problems"] == []
    desk.does("export", "out")
    assert (desk.folder / "out" / "checkpoint").read_text("utf-8") == kept + more
    desk.does("audit", "out", "--since", "kept")
    alone = subprocess.run([sys.executable, "-I", "out/verify_ledger.py"], capture_output=True, text=True, check=False)
    assert (alone.returncode, alone.stderr) == (0, "")


@pytest.mark.parametrize("suffix", ["", ".signed"])
def test_a_link_is_neither_a_key_nor_a_record(desk: Desk, place: Path, suffix: str) -> None:
    path = desk.folder / f"liggare.db.key{suffix}"
    for moved in ("elsewhere", "liggare.db.key.elsewhere"):
        path.rename(moved)
        path.symlink_to(moved)
        for command in (("checkpoint",), ("prove", "1"), ("rotate-key",), ("rotate-key", "--lost")):
            told = desk(*command)
            assert told.code == (4 if suffix else 6), command
            assert "it is a link; put the file itself there" in told.errors[0], command
        (desk.folder / moved).replace(path)
    desk.does("checkpoint")
    assert len(entries_of(place)) == 6


def test_a_link_is_neither_the_next_key_nor_one_that_was_put_away_nor_evidence(desk: Desk, place: Path) -> None:
    copy = place.read_bytes()
    desk.does("rotate-key")
    desk.does("checkpoint")
    place.write_bytes(copy)
    [put_away] = (path for path in desk.folder.glob("liggare.db.key.*") if path.name != "liggare.db.key.signed")
    put_away.rename("elsewhere")
    put_away.symlink_to("elsewhere")
    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", "1")
    assert told.code == 4
    assert "neither liggare.db.key nor put away beside it" in told.errors[0]
    (desk.folder / "elsewhere").replace(put_away)

    desk("checkpoint", "--after-restore", "kept", "--yes-lost", "1")
    evidence, again = desk.folder / "liggare.db.key.signed.7", desk.folder / "liggare.db.key.new"
    evidence.rename("kept evidence")
    evidence.symlink_to("kept evidence")
    with pytest.raises(ValueError, match="it is a link"):
        read_small(evidence)
    again.symlink_to("liggare.db.key")
    told = desk("rotate-key")
    assert told.code == 6
    assert "liggare.db.key.new holds no signing key: it is a link" in told.errors[0]


def leads_on(desk: Desk, size: int, *rotate: str) -> None:
    """Changes the key, records until the log has `size` entries, and signs. After the new key has signed, every command
    must succeed.
    """
    desk.does("rotate-key", *rotate)
    signs(desk, size)
    desk.does("rotate-key")
    desk.does("export", "out")
    assert desk.asks("verify")["problems"] == []


@pytest.mark.parametrize("was_restored", [False, True])
def test_a_change_of_key_left_unfinished_by_an_earlier_program_can_be_resolved(
    desk: Desk, place: Path, was_restored: bool
) -> None:
    """An earlier version of the program recorded the change of key before the next key signed the signer's record. That
    program was then killed, or could not sign yet.
    """
    if was_restored:
        restored(desk, place, lost=2)
        gone_on_after(desk, "kept", 2)
    by_the_key_before = record(desk).read_text("utf-8")
    desk.does("rotate-key")
    with forging(place) as file:
        file.execute("DELETE FROM checkpoints WHERE size > 6")
    record(desk).write_text(by_the_key_before, "utf-8")

    for command in (("checkpoint",), ("rotate-key",), ("rotate-key", "--lost"), ("verify", "--against", "kept")):
        told = desk(*command)
        [line] = told.errors
        assert told.code == 4, command
        assert "an earlier liggare left it so after a change of key" in line, command
        assert "move this file away as evidence, and then: liggare rotate-key --lost" in line, command
    record(desk).rename("evidence")
    leads_on(desk, 9 + was_restored, "--lost")


def test_a_record_by_the_old_key_alone_does_not_count(desk: Desk, place: Path) -> None:
    """An attacker with the old key and write access to the ledger can make exactly such a record, although the current
    key has signed a longer log.
    """
    by_the_key_before = record(desk).read_text("utf-8")
    desk.does("rotate-key")
    held(desk, "Sedan")
    (desk.folder / "newest").write_text(desk.does("checkpoint").out, "utf-8")
    entries = entries_of(place)
    with forging(place) as file:
        file.execute("DELETE FROM checkpoints WHERE size > 6")
        regrown(file, [*entries[:7], rewritten(entries[7], title="Annan")])
    record(desk).write_text(by_the_key_before, "utf-8")

    assert desk("checkpoint").code == desk("rotate-key").code == 4
    told = desk("verify", "--against", "newest")
    assert told.code == 4
    assert any("the log was rewritten" in line for line in told.errors), "more than the record is told"


def test_a_key_that_is_destroyed_after_a_restore_and_before_it_signed_leads_on(desk: Desk, place: Path) -> None:
    restored(desk, place, lost=2)
    gone_on_after(desk, "kept", 2)
    (desk.folder / "liggare.db.key").unlink()

    for command in (("checkpoint",), ("rotate-key",)):
        told = desk(*command)
        assert (told.code, "liggare rotate-key --lost" in told.errors[0]) == (6, True), command
    desk.does("verify", "--against", "kept")
    leads_on(desk, 9, "--lost")
    assert [one["lost_size"] for one in desk.asks("verify")["restored"]] == [8]


@pytest.mark.parametrize("signed_since", [False, True])
def test_a_restore_to_before_a_change_of_key_whose_new_key_is_destroyed_can_be_resolved(
    desk: Desk, place: Path, signed_since: bool
) -> None:
    """After a change of key, until the new key signs alone, the record is also signed by the old key, which was put
    away.
    """
    copy = place.read_bytes()
    desk.does("rotate-key")
    if signed_since:
        held(desk, "Förlorad")
        desk.does("checkpoint")
    place.write_bytes(copy)
    (desk.folder / "liggare.db.key").unlink()

    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 1)
    if signed_since:
        assert told.code == 4
        assert "move this file away as evidence, and then: liggare rotate-key --lost" in told.errors[0]
        record(desk).rename("evidence")
        desk.does("verify", "--against", "kept")
        leads_on(desk, 8, "--lost")
    else:
        [line] = told.errors
        assert (told.code, line.startswith("recorded as entry 7 under key")) == (6, True)
        assert line.endswith("restored to before the key changed, change it again: liggare rotate-key")
        leads_on(desk, 9)
    assert [len(desk.asks("verify")[what]) for what in ("lost_keys", "restored")] == [signed_since, not signed_since]


def test_however_much_others_wrote_into_a_record_what_to_do_is_reported(desk: Desk, place: Path) -> None:
    text = (desk.folder / "kept").read_text("utf-8").partition("— ")[0]
    record(desk).write_text(text + "".join(f"— witness{number} {'A' * 120}\n" for number in range(90)), "utf-8")

    for command in (("checkpoint",), ("verify",)):
        told = desk(*command)
        assert (told.code, place.exists()) == (4, True)
        assert "and then: liggare rotate-key --lost" in told.errors[0], command


def test_a_key_that_was_only_put_away_is_not_called_lost(desk: Desk, place: Path) -> None:
    key = desk.folder / "liggare.db.key"
    away = key.with_name(f"{key.name}.{desk.asks('verify')['vkey'].split('+')[1]}")
    key.rename(away)

    told = desk("checkpoint")
    assert told.code == 6
    assert told.errors[0].startswith(f"the signing key {key.name} is not there; it is put away at {away.name}: move")
    desk.does("rotate-key")
    assert (desk.asks("verify")["lost_keys"], len(entries_of(place))) == ([], 7)


@pytest.mark.parametrize("rotate", [(), ("--lost",)])
def test_without_the_key_that_recorded_a_restore_nothing_is_recorded_and_advice_is_given(
    desk: Desk, place: Path, rotate: tuple[str, ...]
) -> None:
    """The ledger is restored to before a change of key, the restore is recorded with the new key, and the new key is
    then destroyed.
    """
    copy = place.read_bytes()
    desk.does("rotate-key")
    desk.does("checkpoint")
    place.write_bytes(copy)
    desk("checkpoint", "--after-restore", "kept", "--yes-lost", "1")
    (desk.folder / "liggare.db.key").unlink()
    before = entries_of(place)

    told = desk("rotate-key", *rotate)
    [line] = told.errors
    assert told.code == 4
    assert "move liggare.db.key.signed away, keep it as evidence, and then: liggare rotate-key --lost" in line
    assert entries_of(place) == before

    record(desk).rename("evidence")
    leads_on(desk, len(before) + 1, "--lost", "--reason", "the key that signed it")


def test_a_folder_in_the_place_of_a_record_is_reported_as_one(desk: Desk, place: Path) -> None:
    record(desk).rename("elsewhere")
    record(desk).mkdir()
    for command in ("checkpoint", "verify", "rotate-key"):
        told = desk(command)
        assert told.code == 4, command
        assert "Errno" not in told.errors[0], command
    assert place.exists()


def test_two_copies_that_the_key_signed_in_turn_are_not_reported_as_forged(desk: Desk, place: Path) -> None:
    """The key signed both copies, each after the other was lost. Neither copy may be reported as a forgery."""
    first = place.read_bytes()
    held(desk, "Ett")
    held(desk, "Två")
    (desk.folder / "eight").write_text(desk.does("checkpoint").out, "utf-8")
    eight = place.read_bytes()
    place.write_bytes(first)
    gone_on_after(desk, "kept", 2)
    signs(desk, 9)
    (desk.folder / "nine").write_text(desk.does("checkpoint").out, "utf-8")
    nine = place.read_bytes()
    place.write_bytes(eight)
    gone_on_after(desk, "eight", 1)
    place.write_bytes(nine)

    told = desk("checkpoint", "--after-restore", "nine")
    [line] = told.errors
    assert told.code == 4
    assert line.endswith("all of those but the first 6 were lost: show a checkpoint of at most 6 entries")
    signed = desk.does("checkpoint", "--after-restore", "kept", "--yes-lost", "2").out
    assert signed == (desk.folder / "nine").read_text("utf-8")
    signs(desk, 10)
