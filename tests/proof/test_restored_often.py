"""Tests a user who restores more than once, and loses or moves files: in each situation the user can still reach a new
signature.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ledger.errors import AheadOfClock
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import Signature, Signer, base64_of, format_vkey, parse_note, parse_skey, unbase64
from ledger.proof.succession import prove_succession
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from tests.proof.forger import entries_of, forging, regrown, rewritten
from tests.proof.scene import SEMINAR, gone_on_after
from tests.proof.test_restored import gone_on, held, record, restored, signed

if TYPE_CHECKING:
    from tests.desk import Desk


def signs(desk: Desk, size: int) -> None:
    """Records until the log has `size` entries, and signs all of these entries."""
    while len(desk.asks("history")["entries"]) < size:
        held(desk, "Mer")
    assert parse_checkpoint(parse_note(desk.does("checkpoint").out).text).size == size
    assert desk.asks("verify")["problems"] == []


def test_a_second_restore_may_show_an_older_checkpoint_than_the_first(desk: Desk, place: Path) -> None:
    """The copy restored second contains the entry of the first restore, which the older checkpoint does not cover."""
    desk.does("record", "activity-held", "--title", "Sju", "--kind", "seminar", "--place", "Sala", "--organisers",
              "sala", "--on", "2024-05-01", "--organ", "official")  # fmt: skip
    (desk.folder / "seven").write_text(desk.does("checkpoint").out, "utf-8")
    desk.does("backup", "copy.db")
    for number in range(3):
        held(desk, f"Förlorad {number}")
    desk.does("checkpoint")
    shutil.copy("copy.db", place)
    gone_on_after(desk, "seven", 3)
    desk.does("backup", "again.db")
    signs(desk, 12)
    shutil.copy("again.db", place)

    gone_on_after(desk, "kept", 6)
    signs(desk, 13)


def said_otherwise(place: Path, *, kept: int) -> None:
    """Rewrites entry 7, the entry of a restore, with another number of entries kept. Someone with write access to the
    ledger could do the same.
    """
    entries = entries_of(place)
    entries[6] = rewritten(entries[6], restored_from=kept)
    with forging(place) as file:
        regrown(file, entries)


def test_what_was_kept_once_is_what_the_evidence_says_and_not_the_ledger(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    desk.does("backup", "again.db")
    signs(desk, 12)
    shutil.copy("again.db", place)
    said_otherwise(place, kept=2)

    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 6)
    assert told.code == 4
    assert "entry 7 tells of an earlier restore" in told.errors[0]
    assert "which kept the first 2 of 9 entries" in told.errors[0]
    shutil.copy("again.db", place)
    gone_on_after(desk, "kept", 6)


def test_who_writes_the_keys_folder_has_no_loss_of_his_own_signed(desk: Desk, place: Path) -> None:
    """An attacker adds a line about a loss to the signer's record, either in the form of an earlier version of the
    program or signed by his own key. The attacker also adds the matching entry to the ledger.
    """
    name, root = (desk.folder / "kept").read_text("utf-8").splitlines()[::2][:2]
    his, lost = Signer(name, bytes(range(32))), Lost(9, 2, unbase64(root))
    entries, before = entries_of(place), record(desk).read_text("utf-8")
    false = {"restored_from": 2, "lost_size": 9, "lost_root": root}
    entries.append(
        rewritten(entries[-1], event="log-restored", fields=false, recorded_at="2026-01-15T23:00:00.000000Z")
    )
    with forging(place) as file:
        regrown(file, entries)

    ids = his.verifier.id.hex()
    for line in (Signature("lost/9/2", bytes(4), lost.root), sign_loss(his, lost)):
        record(desk).write_text(f"{before}— {line.name} {base64_of(line.id + line.data)}\n", "utf-8")
        for command in (("checkpoint",), ("verify",), ("rotate-key",), ("export", "out")):
            told = desk(*command)
            assert told.code == 4, command
            assert (
                "says that 9 entries had been signed and were lost, and the key that lies here did not sign that"
                in told.err
            )
            assert f"{line.id.hex()} is another key" in told.err
        assert desk("checkpoint", "--after-restore", "kept").code == 4
    assert ids in told.err
    assert len(entries_of(place)) == 7


@pytest.mark.parametrize("again", [False, True])
def test_what_the_key_signed_of_an_earlier_restore_is_not_said_again(desk: Desk, place: Path, again: bool) -> None:
    """The key's signature of the earlier loss still lies beside the key. With `again`, an older copy with fewer entries
    has been restored since then.
    """
    copy = place.read_bytes()
    held(desk, "Sju")
    (desk.folder / "seven").write_text(desk.does("checkpoint").out, "utf-8")
    whole = place.read_bytes()
    for number in range(2):
        held(desk, f"Förlorad {number}")
    desk.does("checkpoint")
    place.write_bytes(whole)
    gone_on_after(desk, "seven", 2)
    kept = (desk.folder / "liggare.db.key.signed.9").read_text("utf-8")
    [line] = [line for line in kept.splitlines(True) if line.startswith("— lost/9/7")]
    if again:
        place.write_bytes(copy)
        gone_on_after(desk, "kept", 3)
    signs(desk, 10)
    entries = entries_of(place)
    [said] = [entry for entry in entries if b'"lost_size":9' in entry]
    with forging(place) as file:
        regrown(file, [*entries, rewritten(said, restored_from=7, recorded_at="2026-01-15T23:00:00.000000Z")])

    record(desk).write_text(record(desk).read_text("utf-8") + line + line.replace("/9/7", "/09/7"), "utf-8")
    for command in (("checkpoint",), ("verify",), ("export", "out")):
        told = desk(*command)
        assert told.code == 4, command
        assert "entry 11 says" in told.err


def test_a_record_of_an_earlier_program_is_signed_by_showing_the_checkpoint_again(desk: Desk, place: Path) -> None:
    last = gone_on(desk, place)
    lost = parse_checkpoint(parse_note(last).text)
    older = f"— lost/9/6 {base64_of(bytes(4) + lost.root)}\n"
    (desk.folder / "liggare.db.key.signed.9").write_text(last, "utf-8")
    record(desk).write_text(signed(record(desk)) + older, "utf-8")

    told = desk("checkpoint")
    assert told.code == 4
    assert (
        "An earlier liggare wrote the line, or somebody else did: liggare checkpoint --after-restore FILE"
        in told.errors[0]
    )
    desk.does("checkpoint", "--after-restore", "kept")
    assert older not in record(desk).read_text("utf-8")
    signs(desk, 10)


def test_a_line_that_is_not_so_is_left_out_when_the_checkpoint_is_shown(desk: Desk, place: Path) -> None:
    before = record(desk).read_text("utf-8")
    record(desk).write_text(f"{before}— lost/9/6 {base64_of(bytes(36))}\n", "utf-8")

    assert desk("checkpoint").code == 4
    assert desk.does("checkpoint", "--after-restore", "kept").out == before
    assert record(desk).read_text("utf-8") == before
    assert place.exists()


def test_where_no_key_lies_that_could_sign_what_was_lost_nothing_is_recorded(desk: Desk, place: Path) -> None:
    vkey = desk.asks("verify")["vkey"]
    restored(desk, place, lost=2)
    (desk.folder / "liggare.db.key").unlink()

    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2, "--vkey", vkey)
    assert told.code == 6
    assert "move liggare.db.key.signed away, keep it as evidence, and then: liggare rotate-key --lost" in told.errors[0]
    assert len(entries_of(place)) == 6
    record(desk).rename(desk.folder / "evidence")
    desk.does("rotate-key", "--lost", "--reason", "entries 7 and 8 are lost")


def test_what_nothing_bears_out_is_refused_before_anything_is_recorded(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    desk.does("backup", "again.db")
    signs(desk, 12)
    shutil.copy("again.db", place)
    (desk.folder / "liggare.db.key.signed.9").unlink()

    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 6)
    assert told.code == 4
    assert "show a checkpoint of at least 7 entries, or put that file back" in told.errors[0]
    assert len(desk.asks("history")["entries"]) == 7


def test_key_and_record_may_be_moved_between_a_restore_and_the_next_signature(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    elsewhere = desk.folder / "safe"
    elsewhere.mkdir(mode=0o700)
    for name in ("liggare.db.key", "liggare.db.key.signed"):
        shutil.move(desk.folder / name, elsewhere / name)
    for number in range(4):
        held(desk, f"Nr {number}")

    desk.does("checkpoint", "--key-file", elsewhere / "liggare.db.key")
    desk.does("verify", "--key-file", elsewhere / "liggare.db.key")


def test_a_key_whose_record_is_lost_is_given_up_also_after_a_restore(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    signs(desk, 10)
    record(desk).unlink()
    (desk.folder / "liggare.db.key.signed.9").unlink()

    told = desk("checkpoint")
    assert told.code == 4
    assert "verify --against FILE" in told.errors[0]
    assert "rotate-key --lost" in told.errors[0]
    desk.does("rotate-key", "--lost")
    signs(desk, 12)


def test_while_nothing_can_be_signed_the_key_can_be_changed_again(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    [line] = desk.does("rotate-key").errors
    assert line.startswith("the key was changed; nothing was signed: the log that was lost had")
    first = desk.asks("verify")["vkey"]

    assert "it can be signed from entry 10 on" in desk.asks("rotate-key", "--reason", "Stulen")["not_signed"]
    assert desk.asks("verify")["vkey"] != first
    changes = [one for one in desk.asks("history")["entries"] if one["event"] == "signing-key-changed"]
    assert [one["fields"].get("reason") for one in changes] == [None, "Stulen"]


def test_the_record_alone_remembers_a_loss(desk: Desk, place: Path) -> None:
    """An attacker gains nothing by deleting the evidence beside the key, because the signer's record still prevents the
    key from signing two logs of one size.
    """
    gone_on(desk, place)
    (desk.folder / "liggare.db.key.signed.9").unlink()
    shutil.copy("copy.db", place)
    for number in range(3):
        held(desk, f"Annan {number}")

    for command in (("checkpoint",), ("verify",), ("rotate-key",), ("prove", 9)):
        told = desk(*command)
        assert told.code == 4, command
        assert "says that 9 entries had been signed and were lost, and the ledger no longer says so" in told.errors[0]

    shutil.copy("copy.db", place)
    gone_on_after(desk, "kept", 3)
    assert not (desk.folder / "liggare.db.key.signed.9").exists()
    assert [(one["restored_from"], one["lost_size"]) for one in desk.asks("verify")["restored"]] == [(6, 9)]
    signs(desk, 10)


@pytest.mark.parametrize("given", [False, True])
def test_a_checkpoint_by_a_key_that_only_the_ledger_names_is_not_gone_on_from(
    desk: Desk, place: Path, given: bool
) -> None:
    """In a rewritten ledger an attacker can name his own key before the true key. The true key need not agree to follow
    the attacker's key.
    """
    true = parse_skey((desk.folder / "liggare.db.key").read_text("utf-8").strip())
    forger = Signer(true.name, bytes(range(32)))
    entries = entries_of(place)[:3]
    proof = prove_succession(forger, true.name, 4, true.verifier)
    changed = {"event": "signing-key-changed", "fields": {"public_key": format_vkey(true.verifier), "proof": proof}}
    entries.append(rewritten(entries[-1], **changed, v=2, recorded_at="2026-01-15T23:00:00.000000Z"))
    with forging(place) as file:
        regrown(file, entries)
        file.execute("DELETE FROM checkpoints")
        file.execute("UPDATE ledger SET public_key = ?", (format_vkey(forger.verifier),))
    root = tree_root(3, subtrees([leaf_hash(data) for data in entries[:3]]))
    (desk.folder / "shown").write_text(sign_checkpoint(Checkpoint(true.name, 3, root), forger), "utf-8")

    before = record(desk).read_bytes()
    vkey = ("--vkey", format_vkey(true.verifier)) if given else ()
    told = desk("checkpoint", "--after-restore", "shown", "--yes-lost", 3, *vkey)
    assert told.code == 4
    assert "whoever writes the ledger can name such a key" in told.errors[0]
    assert record(desk).read_bytes() == before
    assert len(desk.asks("history")["entries"]) == 4


def test_what_says_twice_what_was_lost_is_not_borne_out(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    signs(desk, 12)
    entries = entries_of(place)[:7]
    entries.append(rewritten(entries[6], recorded_at="2026-01-15T23:00:00.000000Z"))
    with forging(place) as file:
        regrown(file, entries)
        file.execute("DELETE FROM checkpoints")

    before = record(desk).read_bytes()
    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 6)
    assert told.code == 4
    assert "entry 8 says once more that 9 entries had been signed and were lost" in told.errors[0]
    assert record(desk).read_bytes() == before


def test_evidence_that_the_key_did_not_sign_does_not_count(desk: Desk, place: Path) -> None:
    restored(desk, place, lost=2)
    for number, text in ((50, "x"), (51, "")):
        (desk.folder / f"liggare.db.key.signed.{number}").write_text(text, "utf-8")
    name = (desk.folder / "kept").read_text("utf-8").splitlines()[0]
    forged = sign_checkpoint(Checkpoint(name, 52, bytes(32)), Signer(name, bytes(range(32))))
    (desk.folder / "liggare.db.key.signed.52").write_text(forged, "utf-8")

    gone_on_after(desk, "kept", 2)
    assert [one["lost_size"] for one in desk.asks("verify")["restored"]] == [8]


def test_a_ledger_of_before_a_change_of_key_whose_old_key_is_destroyed_is_led_on_step_by_step(
    desk: Desk, place: Path
) -> None:
    old = desk.asks("verify")["vkey"]
    desk.does("backup", "copy.db")
    desk.does("rotate-key")
    new, retired = desk.asks("verify")["vkey"].split("+")[1], f"liggare.db.key.{old.split('+')[1]}"
    signs(desk, 8)
    shutil.copy("copy.db", place)
    Path(retired).unlink()

    for command in (("checkpoint",), ("rotate-key",), ("rotate-key", "--lost"), ("verify",)):
        told = desk(*command)
        assert told.code == 4
        assert f"{retired}; if it is lost: liggare checkpoint --after-restore FILE --vkey THAT_KEY" in told.errors[0]
    assert "give it with --vkey" in desk("checkpoint", "--after-restore", "kept").errors[0]
    shown = ("--after-restore", "kept", "--vkey", old)
    assert "say so with --yes-lost 2" in desk("checkpoint", *shown).errors[0]
    told = desk("checkpoint", *shown, "--yes-lost", 2)
    assert told.code == 4
    assert told.errors[0].startswith("recorded as entry 7 under key ")
    then = f"if it is lost, move liggare.db.key to liggare.db.key.{new}: liggare rotate-key --lost; nothing was "
    for line in (*told.errors, *(desk("rotate-key", *lost).errors[0] for lost in ((), ("--lost",)))):
        assert then in line
    Path("liggare.db.key").rename(f"liggare.db.key.{new}")
    desk.does("rotate-key", "--lost")
    signs(desk, 9)


def test_a_key_that_is_moved_away_too_early_is_asked_for(desk: Desk, place: Path) -> None:
    desk.does("backup", "copy.db")
    desk.does("rotate-key")
    signs(desk, 8)
    shutil.copy("copy.db", place)
    Path("liggare.db.key").rename("away")

    told = desk("rotate-key", "--lost")
    assert told.code == 4
    assert "if its key was moved away, put it back at liggare.db.key first. If that is lost" in told.errors[0]


def test_what_a_restore_came_to_is_reported_also_where_nothing_can_be_signed(desk: Desk, place: Path) -> None:
    restored(desk, place, lost=2)

    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2, "--key", "once", "--json")
    assert told.code == 0
    assert (told.json["checkpoint"], told.json["after_restore"]["entry"]) == (None, 7)
    assert told.json["after_restore"]["not_signed"].startswith("nothing was signed: ")
    again = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2, "--key", "once")
    assert (again.code, again.errors[0][:19]) == (0, "nothing was signed:")


def test_after_a_restore_a_log_that_is_dated_ahead_is_not_reported_as_one_that_only_has_to_grow(
    desk: Desk, place: Path
) -> None:
    restored(desk, place, lost=2)
    ahead = AheadOfClock(7, "2199-12-31T00:00:00.000000Z", desk.now)

    with patch("ledger.integrity.signing.sign", side_effect=ahead):
        told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2, "--key", "once")

    assert told.code == 6
    assert told.errors[0].startswith("recorded as entry 7 under key once, but entry 7 was recorded at 2199-12-31")


def test_where_nobody_holds_a_checkpoint_that_the_copy_goes_on_from_a_new_key_begins(desk: Desk, place: Path) -> None:
    desk.does("init", "--ledger", "new.db")
    desk.does("backup", "copy.db", "--ledger", "new.db")
    desk.does("record", "activity-held", "--title", "Två", *SEMINAR, "--ledger", "new.db")
    (desk.folder / "first").write_text(desk.does("checkpoint", "--ledger", "new.db").out, "utf-8")
    (desk.folder / "new.db").unlink()
    shutil.move("copy.db", "new.db")

    [told] = desk("checkpoint", "--after-restore", "first", "--ledger", "new.db").errors
    assert "If nobody holds one, or the key is lost too: move KEY.signed away" in told
    (desk.folder / "new.db.key.signed").rename(desk.folder / "evidence")
    desk.does("rotate-key", "--lost", "--reason", "entry 2 is lost", "--ledger", "new.db")
    assert desk.asks("verify", "--ledger", "new.db")["problems"] == []
    assert place.exists()


@pytest.mark.parametrize("root", ["zz!", "åå", "AAAA"])
def test_an_invalid_root_proves_no_loss(desk: Desk, place: Path, root: str) -> None:
    gone_on(desk, place)
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, [*entries[:-1], rewritten(entries[-1], lost_root=root)])

    for command in (("checkpoint", "--after-restore", "kept", "--yes-lost", "3"), ("checkpoint",), ("verify",)):
        told = desk(*command)
        assert told.code == 4, command
        assert any("their root is not valid" in line for line in told.errors), told.errors


def test_the_evidence_of_a_restore_is_not_the_record(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    shutil.copy("liggare.db.key.signed.9", "liggare.db.key.signed")

    for command in (("verify",), ("checkpoint",), ("checkpoint", "--after-restore", "kept", "--yes-lost", "3")):
        told = desk(*command)
        assert told.code == 4
        assert "is the evidence of an earlier restore, and not the record" in told.err
