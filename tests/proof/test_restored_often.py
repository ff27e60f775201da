"""What a keeper meets who restores more than once, and loses or moves files: each way leads on to a signature."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_vkey, parse_note, parse_skey
from ledger.proof.succession import prove_succession
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from tests.proof.forger import entries_of, forging, regrown, rewritten
from tests.proof.test_restored import gone_on, held, record, restored

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk


def signs(desk: Desk, size: int) -> None:
    """Recording goes on until so many entries can be signed, and they are."""
    while len(desk.asks("history")["entries"]) < size:
        held(desk, "Mer")
    assert parse_checkpoint(parse_note(desk.does("checkpoint").out).text).size == size
    assert desk.asks("verify")["problems"] == []


def test_a_second_restore_may_show_an_older_checkpoint_than_the_first(desk: Desk, place: Path) -> None:
    """The copy holds what the first restore recorded, which that checkpoint does not count."""
    desk.does("record", "activity-held", "--title", "Sju", "--kind", "seminar", "--place", "Sala", "--organisers",
              "sala", "--on", "2024-05-01", "--organ", "official")  # fmt: skip
    (desk.folder / "seven").write_text(desk.does("checkpoint").out, "utf-8")
    desk.does("backup", "copy.db")
    for number in range(3):
        held(desk, f"Förlorad {number}")
    desk.does("checkpoint")
    shutil.copy("copy.db", place)
    desk.does("checkpoint", "--after-restore", "seven", "--yes-lost", 3)
    desk.does("backup", "again.db")
    signs(desk, 12)
    shutil.copy("again.db", place)

    desk.does("checkpoint", "--after-restore", "kept", "--yes-lost", 6)
    signs(desk, 13)


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
    desk.does("rotate-key")
    first = desk.asks("verify")["vkey"]

    desk.does("rotate-key", "--reason", "Stulen")
    assert desk.asks("verify")["vkey"] != first
    changes = [one for one in desk.asks("history")["entries"] if one["event"] == "signing-key-changed"]
    assert [one["fields"].get("reason") for one in changes] == [None, "Stulen"]


def test_what_was_lost_is_told_by_the_record_alone(desk: Desk, place: Path) -> None:
    """Whoever makes the evidence beside the key vanish gains nothing: no size is signed twice."""
    gone_on(desk, place)
    (desk.folder / "liggare.db.key.signed.9").unlink()
    shutil.copy("copy.db", place)
    for number in range(3):
        held(desk, f"Annan {number}")

    for command in (("checkpoint",), ("verify",), ("rotate-key",), ("prove", 9)):
        told = desk(*command)
        assert told.code == 4, command
        assert "says that 9 entries had been signed and were lost, and the ledger no longer does" in told.errors[0]


@pytest.mark.parametrize("given", [False, True])
def test_a_checkpoint_by_a_key_that_only_the_ledger_names_is_not_gone_on_from(
    desk: Desk, place: Path, given: bool
) -> None:
    """Whoever writes the ledger can put a key of his own before the true one, which needs not consent to follow it."""
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


def test_evidence_that_the_key_did_not_sign_is_none(desk: Desk, place: Path) -> None:
    restored(desk, place, lost=2)
    for number, text in ((50, "x"), (51, "")):
        (desk.folder / f"liggare.db.key.signed.{number}").write_text(text, "utf-8")
    name = (desk.folder / "kept").read_text("utf-8").splitlines()[0]
    forged = sign_checkpoint(Checkpoint(name, 52, bytes(32)), Signer(name, bytes(range(32))))
    (desk.folder / "liggare.db.key.signed.52").write_text(forged, "utf-8")

    desk.does("checkpoint", "--after-restore", "kept", "--yes-lost", 2)
    assert [one["lost_size"] for one in desk.asks("verify")["restored"]] == [8]
