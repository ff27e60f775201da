"""Tests `checkpoint`, `prove`, `record --receipt` and `rotate-key`, and the key that signs."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from ledger.proof.checkpoint import Checkpoint, open_checkpoint
from ledger.proof.note import parse_note, parse_skey, parse_vkey, signed_by
from ledger.proof.receipt import check_receipt, parse_receipt
from tests.desk import at_a_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk

SEMINAR = (
    "record", "activity-held", "--on", "2024-05-02", "--organ", "official", "--kind", "seminar", "--title", "Ett",
    "--place", "Sala", "--organisers", "sala",
)  # fmt: skip

PUBLIC_KEY = "liggare/0123456789abcdef0123456789abcdef+f49d54f6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Yields a desk with a ledger in a file, and the ledger's signing key beside that file."""
    with at_a_desk(tmp_path) as desk:
        desk.does("init")
        yield desk


def key(desk: Desk) -> Path:
    return desk.folder / "liggare.db.key"


def test_the_key_is_made_with_the_ledger_for_its_owner_alone(desk: Desk) -> None:
    assert stat.S_IMODE(key(desk).stat().st_mode) == 0o600
    origin = desk.asks("checkpoint")["origin"]
    assert parse_skey(key(desk).read_text("utf-8").strip()).name == origin
    assert origin.startswith("liggare/")


def test_two_ledgers_sign_under_names_of_their_own(desk: Desk) -> None:
    desk.does("init", "--ledger", "other.db")

    assert desk.asks("checkpoint")["origin"] != desk.asks("checkpoint", "--ledger", "other.db")["origin"]


def test_a_checkpoint_is_printed_as_it_is_kept_and_opens_with_the_ledgers_key(desk: Desk) -> None:
    note = desk.does("checkpoint").out
    told = desk.asks("checkpoint")

    assert note == told["checkpoint"]
    opened = open_checkpoint(note, parse_skey(key(desk).read_text("utf-8").strip()).verifier)
    assert opened == Checkpoint(told["origin"], 1, opened.root)
    assert {"origin", "size", "root", "checkpoint", "against"} <= told.keys()


def test_nothing_is_signed_twice_and_what_came_since_is(desk: Desk) -> None:
    first = desk.does("checkpoint").out
    assert desk.does("checkpoint").out == first
    desk.does(*SEMINAR)

    assert desk.asks("checkpoint", "--against", desk.writes("kept", [first[:-1]]))["against"] == {
        "size": 1,
        "consistent": True,
    }
    assert desk.asks("verify")["checkpoints"] == 2


def test_without_its_key_nothing_new_is_signed(desk: Desk) -> None:
    desk.does("checkpoint")
    key(desk).rename(desk.folder / "elsewhere")
    (desk.folder / "liggare.db.key.signed").rename(desk.folder / "elsewhere.signed")

    for _ in range(2):
        told = desk("checkpoint")
        assert told.code == 6
        assert "is not there; a backup does not hold it" in told.errors[0]
        desk.does(*SEMINAR)
    desk.does("checkpoint", "--key-file", "elsewhere")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_may_read_does_not_sign(desk: Desk, mode: int) -> None:
    key(desk).chmod(mode)

    told = desk("checkpoint")
    assert told.code == 6
    assert f"(mode {mode:04o}); chmod 600" in told.errors[0]


@pytest.mark.parametrize("text", ["", "a text", "PRIVATE+KEY+a+00000000+AAAA"])
def test_what_is_no_key_does_not_sign(desk: Desk, text: str) -> None:
    key(desk).write_text(text)

    told = desk("checkpoint")
    assert told.code == 6
    assert "holds no signing key" in told.errors[0]
    assert text not in told.err or not text


def test_another_ledgers_key_does_not_sign(desk: Desk) -> None:
    desk.does("init", "--ledger", "other.db")

    for told in (desk("checkpoint", "--key-file", "other.db.key"), desk("verify", "--key-file", "other.db.key")):
        assert told.code == 4
        assert "and the ledger names liggare/" in told.errors[0]


@pytest.mark.parametrize(("text", "why"), [("", "a note has"), ("x\n\n— a AAAAAAAA\n", "three lines")])
def test_a_file_that_is_no_checkpoint_is_bad_input(desk: Desk, text: str, why: str) -> None:
    (desk.folder / "kept").write_text(text, "utf-8")

    told = desk("checkpoint", "--against", "kept")
    assert told.code == 2
    assert told.errors[0].startswith("--against kept is not a checkpoint: ")
    assert why in told.errors[0]


def test_a_file_that_is_not_there_is_bad_input(desk: Desk) -> None:
    assert desk("checkpoint", "--against", "none").code == 2


def test_another_ledgers_checkpoint_is_not_of_this_one(desk: Desk) -> None:
    desk.does("init", "--ledger", "other.db")
    (desk.folder / "kept").write_text(desk.does("checkpoint", "--ledger", "other.db").out, "utf-8")

    told = desk("checkpoint", "--against", "kept")
    assert (told.code, told.out) == (4, "")
    assert told.errors[0].startswith("the checkpoint is of another log, liggare/")


def test_a_receipt_is_written_with_the_act_and_checks_by_itself(desk: Desk) -> None:
    desk.does(*SEMINAR, "--receipt", "two")
    receipt = parse_receipt((desk.folder / "two").read_text("utf-8"))
    verifier = parse_skey(key(desk).read_text("utf-8").strip()).verifier

    assert check_receipt(receipt, receipt.extra, verifier).size == 2
    assert b'"title":"Ett"' in receipt.extra
    assert desk.does("prove", 2).out == (desk.folder / "two").read_text("utf-8")
    assert desk.asks("prove", 1)["entry"] == 1
    desk.does("checkpoint", "--against", "two")


def test_a_receipt_overwrites_nothing_and_is_refused_before_anything_is_recorded(desk: Desk) -> None:
    (desk.folder / "two").write_text("precious", "utf-8")
    for file in ("two", "no/such/folder"):
        assert desk(*SEMINAR, "--receipt", file).code == 2
        assert desk("prove", 1, "--receipt", file).code == 2
    key(desk).unlink()
    assert desk(*SEMINAR, "--receipt", "three").code == 6

    assert (desk.folder / "two").read_text("utf-8") == "precious"
    assert len(desk.asks("history")["entries"]) == 1


def test_a_dry_run_gives_no_receipt(desk: Desk) -> None:
    desk.does(*SEMINAR, "--dry-run", "--receipt", "two")

    assert not (desk.folder / "two").exists()


def test_there_is_no_receipt_of_an_entry_that_is_not_there(desk: Desk) -> None:
    told = desk("prove", 2)
    assert (told.code, told.errors) == (2, ["there is no entry 2 yet; the last is 1"])


def test_a_backup_holds_the_checkpoints_and_not_the_key(desk: Desk) -> None:
    desk.does("checkpoint")
    desk.does("backup", "copy.db")

    assert desk.asks("verify", "--ledger", "copy.db")["checkpoints"] == 1
    assert not (desk.folder / "copy.db.key").exists()
    assert b"PRIVATE+KEY" not in (desk.folder / "copy.db").read_bytes()


def test_another_key_signs_after_it_was_changed_and_the_old_one_says_so(desk: Desk) -> None:
    before = desk.does("checkpoint").out
    old = parse_skey(key(desk).read_text("utf-8").strip()).verifier

    recorded = desk.asks("rotate-key", "--reason", "prov")["entries"]
    desk.does(*SEMINAR)

    assert [entry["event"] for entry in recorded] == ["signing-key-changed"]
    new = parse_vkey(recorded[0]["fields"]["public_key"])
    assert parse_skey(key(desk).read_text("utf-8").strip()).verifier == new
    with_both = parse_note((desk.asks("checkpoint", "--against", desk.writes("kept", [before[:-1]])))["checkpoint"])
    assert signed_by(with_both, [new]) == (new,)
    assert desk.asks("verify")["problems"] == []
    kept = desk.folder / f"liggare.db.key.{old.id.hex()}"
    assert parse_skey(kept.read_text("utf-8").strip()).verifier == old
    assert desk("checkpoint", "--key-file", kept).code == 4
    desk.does(*SEMINAR[:-1], "arboga")
    assert desk("checkpoint", "--key-file", kept).code == 4


def test_the_checkpoint_at_the_change_bears_both_signatures(desk: Desk) -> None:
    old = parse_skey(key(desk).read_text("utf-8").strip()).verifier
    [entry] = desk.asks("rotate-key")["entries"]

    note = parse_note(desk.does("checkpoint").out)
    new = parse_vkey(entry["fields"]["public_key"])
    assert signed_by(note, [old, new]) == (old, new)


@pytest.mark.parametrize("args", [("--reason", "\ufeffx"), ("--reason", "x" * 20_000), ("--key", "taken")])
@pytest.mark.parametrize("lost", [(), ("--lost",)])
def test_a_change_of_key_that_is_refused_leaves_no_key_behind(
    desk: Desk, args: tuple[str, str], lost: tuple[str, ...]
) -> None:
    desk.does(*SEMINAR, "--key", "taken")
    before = sorted(path.name for path in desk.folder.iterdir())

    assert desk("rotate-key", *args, *lost).code == 2
    assert sorted(path.name for path in desk.folder.iterdir()) == before


def test_a_lost_key_is_replaced_without_it(desk: Desk) -> None:
    key(desk).unlink()

    assert desk("rotate-key").code == 6
    desk.does("rotate-key", "--lost")
    desk.does("checkpoint")
    assert desk.asks("verify")["problems"] == []


def test_a_key_that_was_recorded_when_the_power_went_is_taken_up_again(desk: Desk) -> None:
    desk.does("rotate-key")
    new_place, place = desk.folder / "liggare.db.key.new", key(desk)
    place.rename(new_place)

    desk.does("rotate-key", "--lost")

    assert desk.asks("verify")["problems"] == []
    assert not new_place.exists()


def test_a_change_of_key_cannot_be_annulled(desk: Desk) -> None:
    desk.does("rotate-key")

    told = desk("annul", 2, "--cause", "recording-error", "--reason", "prov")
    assert told.code == 1
    assert "entry 2 changed the signing key; change it again instead" in told.errors[0]


@pytest.mark.parametrize(
    ("event", "fields", "command"),
    [
        ("signing-key-changed", {"public_key": PUBLIC_KEY}, "rotate-key"),
        (
            "log-restored",
            {"restored_from": 1, "lost_size": 2, "lost_root": "A" * 43 + "="},
            "checkpoint --after-restore",
        ),
    ],
)
def test_what_signing_rests_on_is_recorded_by_its_own_command_alone(
    desk: Desk, event: str, fields: dict[str, object], command: str
) -> None:
    options = [word for name, value in fields.items() for word in (f"--{name.replace('_', '-')}", value)]
    act = {"event": event, "valid_on": "2026-01-01", "source": {"organ": "secretariat"}, **fields}
    before = desk.asks("history")
    for told in (
        desk("record", event, "--on", "2026-01-01", "--organ", "secretariat", *options),
        desk("import", desk.writes("acts.jsonl", [act])),
        desk("annul", 1, "--cause", "recording-error", "--reason", "prov", "--with", desk.writes("new.jsonl", [act])),
    ):
        assert told.code == 2
        assert f"{event} is recorded by `liggare {command}` alone" in told.errors[0]
    assert desk.asks("history") == before
