"""Tests a ledger that is restored from an older copy: signing continues from a checkpoint that someone else holds, and
the loss is recorded for ever.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ledger.proof.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.proof.note import Signer, parse_note, parse_skey
from tests.proof.forger import entries_of, forging, regrown, rewritten
from tests.proof.scene import SEMINAR, gone_on_after

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk


def held(desk: Desk, title: str) -> None:
    desk.does("record", "activity-held", "--title", title, *SEMINAR)


def record(desk: Desk) -> Path:
    return desk.folder / "liggare.db.key.signed"


def signed(path: Path) -> str:
    """Returns the note in a signer's record without the lines about losses."""
    return "".join(line for line in path.read_text("utf-8").splitlines(True) if "— lost/" not in line)


def restored(desk: Desk, place: Path, *, lost: int) -> str:
    """Records and signs `lost` more entries, then restores the ledger of six entries. Returns the checkpoint signed
    last before the restore.
    """
    desk.does("backup", "copy.db")
    for number in range(lost):
        held(desk, f"Förlorad {number}")
    last = desk.does("checkpoint").out
    place.unlink()
    shutil.copy("copy.db", place)
    return last


def test_a_restored_ledger_is_not_signed_until_someone_says_so(desk: Desk, place: Path) -> None:
    restored(desk, place, lost=2)
    held(desk, "Annan")

    for command in (("checkpoint",), ("prove", "1"), ("export", "out"), ("rotate-key",), ("verify",)):
        told = desk(*command)
        assert told.code == 4, command
        assert "liggare checkpoint --after-restore FILE" in told.errors[0]


def test_where_nothing_that_was_signed_is_lost_nothing_is_recorded(desk: Desk, place: Path) -> None:
    restored(desk, place, lost=0)

    told = desk.does("checkpoint", "--after-restore", "kept")
    assert told.out == (desk.folder / "kept").read_text("utf-8")
    assert "nothing is lost" in told.errors[0]
    assert desk.asks("checkpoint", "--after-restore", "kept")["after_restore"] == {
        "size": 6,
        "entry": None,
        "not_signed": None,
    }
    assert len(desk.asks("history")["entries"]) == 6


def test_lost_entries_are_counted_by_whoever_goes_on(desk: Desk, place: Path) -> None:
    restored(desk, place, lost=3)

    asked = desk("checkpoint", "--after-restore", "kept")
    assert asked.code == 4
    assert "say so with --yes-lost 3" in asked.errors[0]
    for wrong in ("1", "2", "4", "9"):
        assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", wrong).code == 2
    assert desk("checkpoint", "--yes-lost", "3").code == 2
    assert len(desk.asks("history")["entries"]) == 6


def gone_on(desk: Desk, place: Path, *, lost: int = 3) -> str:
    last = restored(desk, place, lost=lost)
    gone_on_after(desk, "kept", lost)
    return last


def test_what_is_lost_is_recorded_and_kept_and_no_size_of_it_is_signed_again(desk: Desk, place: Path) -> None:
    last = gone_on(desk, place)
    lost = parse_checkpoint(parse_note(last).text)

    [*_, entry] = desk.asks("history")["entries"]
    assert (entry["event"], entry["position"]) == ("log-restored", 7)
    assert (entry["fields"]["restored_from"], entry["fields"]["lost_size"]) == (6, 9)
    assert last.splitlines()[2] == entry["fields"]["lost_root"]
    assert signed(desk.folder / f"liggare.db.key.signed.{lost.size}") == last
    assert signed(record(desk)) == (desk.folder / "kept").read_text("utf-8")
    for position in (8, 9):
        told = desk("checkpoint")
        assert told.code == 6
        assert "it can be signed from entry 10 on" in told.errors[0]
        held(desk, f"Nr {position}")
    assert desk("checkpoint").code == 6
    held(desk, "Nr 10")
    assert parse_checkpoint(parse_note(desk.does("checkpoint").out).text).size == 10


def test_until_then_what_was_signed_before_is_proved_and_exported(desk: Desk, place: Path) -> None:
    gone_on(desk, place)

    kept = (desk.folder / "kept").read_text("utf-8")
    assert desk.does("prove", 6).out.endswith(kept)
    assert desk("prove", 7).code == 6
    desk.does("export", "out")
    assert (desk.folder / "out" / "checkpoint").read_text("utf-8") == kept


def test_every_verifier_tells_of_it_and_passes_who_holds_something_of_before(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    for number in range(4):
        held(desk, f"Nr {number}")
    (desk.folder / "after").write_text(desk.does("checkpoint").out, "utf-8")

    told = desk.asks("verify")
    assert told["restored"] == [{"position": 7, "restored_from": 6, "lost_size": 9}]
    assert "of 9 entries that had been signed, those up to entry 6 are known to be here" in desk.does("verify").out
    elsewhere = ("verify", "--key-file", "elsewhere")
    assert desk(*elsewhere).code == 4
    assert desk(*elsewhere, "--against", "after").code == 4
    assert desk(*elsewhere, "--against", "kept").code == 0
    desk.does("checkpoint", "--against", "after")
    shutil.copy("after", "elsewhere.signed")  # whoever hands over the ledger can put a public checkpoint there
    (desk.folder / "elsewhere.signed").chmod(0o600)
    for also in ((), ("--against", "after"), ("--vkey", told["vkey"])):
        laid = desk(*elsewhere, *also, "--json")
        assert (laid.code, laid.json["signers_record"]) == (4, None)


def test_it_can_be_cut_short_and_called_again(desk: Desk, place: Path) -> None:
    last = gone_on(desk, place)
    record(desk).write_text(last, "utf-8")  # the record is as if the program was killed before replacing it

    assert desk("checkpoint").code == 4
    gone_on_after(desk, "kept", 3)
    assert [entry["event"] for entry in desk.asks("history")["entries"]].count("log-restored") == 1
    assert signed(record(desk)) == (desk.folder / "kept").read_text("utf-8")


@pytest.mark.parametrize("kept", [0, 5])
def test_the_number_of_entries_kept_is_that_of_the_checkpoint_shown(desk: Desk, place: Path, kept: int) -> None:
    """Until the entry of a restore is signed, someone with write access to the ledger could change the number of
    entries kept that it states.
    """
    gone_on(desk, place)
    entries = entries_of(place)
    entries[6] = rewritten(entries[6], restored_from=kept)
    with forging(place) as file:
        regrown(file, entries)
    for number in range(4):
        held(desk, f"Nr {number}")

    for command in (("checkpoint",), ("verify",), ("export", "out"), ("rotate-key",)):
        told = desk(*command)
        assert told.code == 4, command
        assert f"entry 7 says that of 9 entries that had been signed the first {kept} were kept" in told.errors[0]
    record(desk).write_text(signed(desk.folder / "liggare.db.key.signed.9"), "utf-8")
    # The signer's record is as after a first run that was interrupted.
    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 3)
    assert told.code == 4
    assert f"restored with the first {kept} of its entries" in told.errors[0]


@pytest.mark.parametrize("also", [(), ("liggare.db.key.signed.9",)])
def test_after_key_and_record_are_lost_too_a_new_key_signs_on(desk: Desk, place: Path, also: tuple[str, ...]) -> None:
    gone_on(desk, place)
    for number in range(4):
        held(desk, f"Nr {number}")
    desk.does("checkpoint")
    for name in ("liggare.db.key", "liggare.db.key.signed", *also):
        (desk.folder / name).unlink()

    assert desk("checkpoint").code == 6
    desk.does("rotate-key", "--lost")
    held(desk, "Sedan")
    assert parse_checkpoint(parse_note(desk.does("checkpoint").out).text).size == 13
    desk.does("verify")
    assert desk("verify", "--key-file", "elsewhere").code == 4


def test_what_is_lost_is_said_once(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, [*entries, rewritten(entries[6], recorded_at="2026-01-15T23:00:00.000000Z")])

    for command in (("checkpoint",), ("verify",), ("export", "out"), ("rotate-key",)):
        told = desk(*command)
        assert told.code == 4, command
        assert told.errors[0].startswith("entry 8 says that of 9 entries that had been signed")


def test_a_second_restore_to_before_the_recorded_loss_is_reported(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    place.unlink()
    shutil.copy("copy.db", place)

    told = desk("checkpoint")
    assert told.code == 4
    assert "liggare.db.key.signed says that 9 entries had been signed and were lost" in told.errors[0]


def test_restored_to_before_the_key_changed_it_is_changed_again(desk: Desk, place: Path) -> None:
    desk.does("backup", "copy.db")
    desk.does("rotate-key")
    place.unlink()
    shutil.copy("copy.db", place)
    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 1).code == 4

    told = desk("checkpoint")
    assert told.code == 4
    assert "If it was restored to before the key changed: liggare rotate-key; nothing was signed" in told.errors[0]
    desk.does("rotate-key")
    held(desk, "Nästa")
    desk.does("checkpoint")
    found = desk.asks("verify", "--against", "kept")
    assert (found["problems"], found["lost_keys"]) == ([], [])


def test_two_logs_signed_by_one_key_are_reported(desk: Desk, place: Path) -> None:
    """The key signed this log, and elsewhere another log. Signing then continues from neither log."""
    desk.does("backup", "copy.db")
    older = record(desk).read_text("utf-8")
    held(desk, "Här")
    here = desk.does("checkpoint").out
    place.unlink()
    shutil.copy("copy.db", place)
    record(desk).write_text(older, "utf-8")
    held(desk, "Där")
    (desk.folder / "there").write_text(desk.does("checkpoint").out, "utf-8")
    record(desk).write_text(here, "utf-8")

    told = desk("checkpoint", "--after-restore", "there")
    assert told.code == 4
    assert "the key signed two logs" in told.errors[0]


@pytest.mark.parametrize("option", ["--after-restore", "--against"])
def test_what_is_shown_must_be_of_this_ledger_and_by_its_key(desk: Desk, place: Path, option: str) -> None:
    desk.does("init", "--ledger", "other.db")
    (desk.folder / "strange").write_text(desk.does("checkpoint", "--ledger", "other.db").out, "utf-8")
    newer = restored(desk, place, lost=2)
    (desk.folder / "newer").write_text(newer, "utf-8")

    assert desk("checkpoint", option, "strange").code == 4
    assert desk("checkpoint", option, "newer").code == 4
    assert desk("checkpoint", option, "none").code == 2


def test_a_ledger_may_be_restored_twice(desk: Desk, place: Path) -> None:
    gone_on(desk, place)
    for number in range(4):
        held(desk, f"Nr {number}")
    desk.does("checkpoint")
    place.unlink()
    shutil.copy("copy.db", place)

    assert desk("checkpoint").code == 4
    gone_on_after(desk, "kept", 5)
    told = [(one["lost_size"], one["restored_from"]) for one in desk.asks("verify")["restored"]]
    assert sorted(told) == [(9, 6), (11, 6)]
    for number in range(4):
        held(desk, f"Nr {number}")
    desk.does("checkpoint")
    assert desk.asks("verify")["problems"] == []


def test_a_checkpoint_that_others_signed_too_leaves_the_record_readable(desk: Desk, place: Path) -> None:
    restored(desk, place, lost=1)
    kept = (desk.folder / "kept").read_text("utf-8")
    (desk.folder / "kept").write_text(kept + "".join(f"— witness{number} {'A' * 1200}\n" for number in range(60)))

    gone_on_after(desk, "kept", 1)
    assert signed(record(desk)) == kept
    assert desk("checkpoint").code == 6


def test_what_says_that_entries_were_lost_cannot_be_annulled(desk: Desk, place: Path) -> None:
    gone_on(desk, place)

    told = desk("annul", 7, "--cause", "recording-error", "--reason", "prov")
    assert told.code == 1
    assert "entry 7 says that signed entries were lost, which cannot be undone" in told.errors[0]


def test_a_backup_alone_goes_on_under_a_new_key_and_each_message_leads_to_the_next(desk: Desk, place: Path) -> None:
    last = restored(desk, place, lost=2)
    (desk.folder / "newer").write_text(last, "utf-8")
    for path in desk.folder.glob("liggare.db.key*"):
        path.unlink()

    assert "liggare verify --against FILE" in desk("checkpoint").errors[0]
    compared = desk("verify", "--against", "newer")
    assert compared.code == 4
    assert "the checkpoint is of 8 entries, and the ledger has 6" in compared.errors[0]
    assert "liggare rotate-key --lost, with --reason to say in the log what is lost" in compared.errors[0]
    assert "liggare rotate-key --lost" in desk("checkpoint", "--after-restore", "kept").errors[0]

    desk.does("rotate-key", "--lost", "--reason", "entries 7 and 8 are lost")
    held(desk, "Annan")
    shown = desk("verify", "--against", "newer")
    assert shown.code == 4
    assert any("which entry 7 says was lost: it signed a log that went on differently" in line for line in shown.errors)
    refused = desk("checkpoint", "--after-restore", "kept")
    assert refused.code == 4
    assert "If you were handed it, or a later one, in person: --vkey" in refused.errors[0]
    gone_on = desk.does("checkpoint", "--after-restore", "kept", "--vkey", desk.asks("verify")["vkey"])
    assert "nothing is lost" not in gone_on.err
    assert "entry 7 says that a key was lost; what that key signed is not known here" in gone_on.errors


def test_a_key_that_could_vouch_and_is_called_lost_is_reported(desk: Desk, place: Path) -> None:
    assert place.exists()
    told = desk.does("rotate-key", "--lost", "--key", "once")
    [line] = told.errors
    assert line.startswith("the old key was at liggare.db.key: without --lost it would have signed for the new one")
    assert desk.does("rotate-key", "--lost", "--key", "once").err == ""
    (desk.folder / "liggare.db.key").unlink()
    assert desk.does("rotate-key", "--lost").err == ""


def test_a_key_that_came_later_is_reported_with_those_that_sign_here(desk: Desk, place: Path) -> None:
    desk.does("backup", "before.db")
    first = desk.asks("verify")["vkey"]
    desk.does("rotate-key")
    later = desk.asks("verify")["vkey"]
    assert place.exists()

    [line] = desk("verify", "--ledger", "before.db", "--vkey", later).errors
    assert (
        f"the keys that do are: {first.split('+')[1]} since entry 1. If yours came later, ask for a newer copy" in line
    )


def test_a_checkpoint_that_a_later_key_signed_is_reported_with_the_entry_that_made_it_sign(
    desk: Desk, place: Path
) -> None:
    desk.does("rotate-key")
    name = desk.asks("verify")["vkey"].split("+")[0]
    key = parse_skey((desk.folder / "liggare.db.key").read_text("utf-8").split("\n")[0])
    of_before = parse_checkpoint(parse_note((desk.folder / "kept").read_text("utf-8")).text)
    (desk.folder / "odd").write_text(sign_checkpoint(of_before, Signer(name, key.seed)), "utf-8")
    assert place.exists()

    told = desk("verify", "--against", "odd")
    assert told.code == 4
    assert f"is signed by the key {key.verifier.id.hex()}, which signs here from entry 7 on" in told.errors[0]
