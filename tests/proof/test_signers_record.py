"""Tests the signer's record, which holds the checkpoint that a key signed last, against attackers who can write the
ledger or its folder, or who have a copy of the key.
"""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Tampered
from ledger.integrity.keyfile import signed_too
from ledger.proof.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_skey, format_vkey, parse_note, parse_skey
from ledger.proof.tree import EMPTY_ROOT
from tests.desk import START
from tests.proof.forger import entries_of, forging, keep_as, regrown, rewritten
from tests.proof.scene import REWRITTEN, SEMINAR, problems

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

CUT = "the checkpoint is of 6 entries, and the ledger has 4: it is an older copy, or was cut"
SIGNING = (
    ("checkpoint",),
    ("prove", "1"),
    ("export", "out"),
    ("rotate-key",),
    ("rotate-key", "--lost"),
    ("record", "activity-held", "--title", "Fyra", *SEMINAR, "--receipt", "receipt"),
)


def key(desk: Desk) -> Path:
    return desk.folder / "liggare.db.key"


def record(desk: Desk) -> Path:
    return desk.folder / "liggare.db.key.signed"


def cut(place: Path) -> None:
    """An attack with write access to the ledger alone: cuts off the last entries and deletes all checkpoints."""
    entries = entries_of(place)[:4]
    with forging(place) as file:
        regrown(file, entries)
        file.execute("DELETE FROM checkpoints")


def edited(place: Path) -> None:
    """An attack with write access to the ledger alone: changes an entry, recomputes all hashes and deletes all
    checkpoints.
    """
    entries = entries_of(place)
    entries[4] = rewritten(entries[4], title="Fem")
    with forging(place) as file:
        regrown(file, entries)
        file.execute("DELETE FROM checkpoints")


def renamed_key(place: Path) -> None:
    """An attack with write access to the ledger alone: replaces the ledger's key by the attacker's and deletes all
    checkpoints.
    """
    with forging(place) as file:
        [(public_key,)] = file.execute("SELECT public_key FROM ledger")
        forger = Signer(public_key.partition("+")[0], bytes(range(32))).verifier
        file.execute("UPDATE ledger SET public_key = ?", (format_vkey(forger),))
        file.execute("DELETE FROM checkpoints")


def test_a_key_that_signed_nothing_has_a_record_of_nothing(desk: Desk) -> None:
    desk.does("init")
    verifier = parse_skey(key(desk).read_text("utf-8").strip()).verifier

    assert open_checkpoint(record(desk).read_text("utf-8"), verifier) == Checkpoint(verifier.name, 0, EMPTY_ROOT)
    assert stat.S_IMODE(record(desk).stat().st_mode) == 0o600


def test_the_record_is_the_whole_of_the_last_note(desk: Desk, place: Path) -> None:
    assert record(desk).read_text("utf-8") == (desk.folder / "kept").read_text("utf-8")
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    note = desk.does("checkpoint").out

    assert record(desk).read_text("utf-8") == note
    assert stat.S_IMODE(record(desk).stat().st_mode) == 0o600
    assert "it extends the signer's record, of 7 entries" in desk.does("verify").out
    assert desk.asks("verify")["signers_record"] == 7
    assert place.exists()


@pytest.mark.parametrize(("change", "why"), [(cut, CUT), (edited, REWRITTEN)])
def test_a_log_that_its_writer_changed_is_neither_verified_nor_signed(
    desk: Desk, place: Path, change: object, why: str
) -> None:
    assert callable(change)
    change(place)

    before = record(desk).read_text("utf-8"), entries_of(place)
    for command in (*SIGNING, ("verify",)):
        told = desk(*command)
        assert told.code == 4, command
        assert f"the record of what was signed last: {why}" in told.errors[0], command
    assert (record(desk).read_text("utf-8"), entries_of(place)) == before
    assert not (desk.folder / "receipt").exists()
    assert not (desk.folder / "out").exists()


def test_another_public_key_than_that_in_the_file_is_reported(desk: Desk, place: Path) -> None:
    renamed_key(place)

    for command in (*SIGNING, ("verify",)):
        if command != ("rotate-key", "--lost"):
            told = desk(*command)
            assert told.code == 4, command
            assert "and the ledger names liggare/" in told.errors[0], command


def test_without_its_record_a_key_signs_nothing_also_a_copied_one(desk: Desk, place: Path) -> None:
    shutil.copy(key(desk), desk.folder / "copied")
    for command in (("checkpoint",), ("prove", "1"), ("export", "out"), ("rotate-key",), ("verify",)):
        told = desk(*command, "--key-file", "copied")
        assert told.code == 4, command
        assert "copied.signed, the record of what the key signed last, is missing" in told.errors[0]
    record(desk).unlink()

    assert desk("checkpoint").code == 4
    assert desk("upgrade").code == 0  # `upgrade` writes no signer's record for a key that once had a record
    assert desk("checkpoint").code == 4
    assert not record(desk).exists()
    assert place.exists()


def test_an_invalid_record_or_a_record_by_another_key_is_reported(desk: Desk, place: Path) -> None:
    note = record(desk).read_text("utf-8")
    for text in ("", "x", note[:-2], note.replace("\n6\n", "\n7\n"), note.replace("— ", "— x")):
        record(desk).write_text(text, "utf-8")
        told = desk("checkpoint")
        assert told.code == 4, text
        assert "is not what was written" in told.errors[0]
    assert place.exists()


def test_an_older_record_lets_no_size_be_signed_twice(desk: Desk, place: Path) -> None:
    older = record(desk).read_text("utf-8")
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    newer = desk.does("checkpoint").out
    record(desk).write_text(older, "utf-8")

    assert desk.does("checkpoint").out == newer
    assert record(desk).read_text("utf-8") == newer
    assert place.exists()


def test_what_was_signed_and_not_published_is_published_by_the_next_command(desk: Desk, place: Path) -> None:
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    note = desk.does("checkpoint").out
    with forging(place) as file:
        # Without this checkpoint, the ledger is as if the program was killed right after it wrote the signer's record.
        file.execute("DELETE FROM checkpoints WHERE size = 7")

    assert desk.asks("verify")["problems"] == []
    assert desk.does("checkpoint").out == note
    assert desk.asks("verify")["signed"] == 7


def test_a_reader_without_key_and_record_is_told_that_neither_was_compared(desk: Desk, place: Path) -> None:
    told = desk.does("verify", "--key-file", "elsewhere")

    assert "not compared with the signer's record" in told.out
    assert desk.asks("verify", "--key-file", "elsewhere")["signers_record"] is None
    assert place.exists()


def test_who_cannot_read_the_key_proves_with_the_newest_checkpoint_that_is_kept(desk: Desk, place: Path) -> None:
    kept = (desk.folder / "kept").read_text("utf-8")
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)

    assert desk.does("prove", 6, "--key-file", "elsewhere").out.endswith(kept)
    told = desk("prove", 7, "--key-file", "elsewhere")
    assert told.code == 6
    assert "the newest checkpoint is of 6 entries" in told.errors[0].replace("The", "the")
    desk.does("export", "out", "--key-file", "elsewhere")
    assert (desk.folder / "out" / "checkpoint").read_text("utf-8") == kept
    assert place.exists()


def test_no_receipt_is_made_of_a_checkpoint_that_the_key_did_not_sign(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("UPDATE checkpoints SET note = replace(note, substr(note, -20), 'AAAA' || substr(note, -16))")

    told = desk("prove", 6, "--key-file", "elsewhere")

    [line] = told.errors
    assert (told.code, told.out) == (4, "")
    assert line.startswith("no receipt of entry 6: ")
    assert line.endswith("; `liggare verify` says what is damaged")


def of_before(desk: Desk, place: Path) -> str:
    """Turns the ledger and its key into those of an early version of the program, which wrote no signer's records.
    Returns the last checkpoint.
    """
    note = (desk.folder / "kept").read_text("utf-8")
    signer = Signer(note.splitlines()[0], bytes(range(32)))
    note = sign_checkpoint(parse_checkpoint(parse_note(note).text), signer)
    with forging(place) as file:
        file.execute("UPDATE ledger SET public_key = ?", (format_vkey(signer.verifier),))
        file.execute("UPDATE checkpoints SET note = ?", (note,))
    key(desk).write_text(f"{format_skey(signer)}\n", "utf-8")
    record(desk).unlink()
    return note


def test_a_key_of_before_records_gets_one_from_upgrade(desk: Desk, place: Path) -> None:
    note = of_before(desk, place)

    for command in (("checkpoint",), ("verify",)):
        told = desk(*command)
        assert told.code == 4
        assert "run liggare upgrade" in told.errors[0]
    assert desk.asks("upgrade")["record"].endswith("liggare.db.key.signed")

    assert record(desk).read_text("utf-8") == note
    assert desk.asks("verify")["problems"] == []
    desk.does("checkpoint")
    assert desk.asks("upgrade")["record"] is None
    record(desk).unlink()
    assert desk.asks("upgrade")["record"] is None
    assert desk("checkpoint").code == 4


def test_upgrade_begins_no_record_over_a_log_that_contradicts_its_checkpoints(desk: Desk, place: Path) -> None:
    of_before(desk, place)
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, entries[:4])

    assert desk("upgrade").code == 4
    assert not record(desk).exists()


def test_a_key_says_itself_that_it_has_a_record_however_its_file_was_copied(desk: Desk, place: Path) -> None:
    text = key(desk).read_text("utf-8")
    for pasted in (text.strip(), f"{text.strip()}\n", f"\n {text.strip()} \r\n"):
        key(desk).write_text(pasted, "utf-8")
        desk.does("checkpoint")
    record(desk).unlink()

    assert desk.asks("upgrade")["record"] is None
    assert desk("checkpoint").code == 4
    assert place.exists()


@pytest.mark.parametrize("spoil", ["loop", "folder", "fifo", "others", "none"])
def test_a_record_that_cannot_be_read_is_never_passed_over(desk: Desk, place: Path, spoil: str) -> None:
    whole = record(desk).read_bytes()
    record(desk).unlink()
    match spoil:
        case "loop":
            record(desk).symlink_to(record(desk))
        case "folder":
            record(desk).mkdir()
        case "fifo":
            os.mkfifo(record(desk))
        case "none":
            record(desk).symlink_to("nowhere")
        case _:
            record(desk).write_bytes(whole)
            record(desk).chmod(0o622)

    for command in (*SIGNING, ("verify",)):
        assert desk(*command).code == 4, command
    assert len(entries_of(place)) == 6


def test_an_entry_stored_under_another_type_is_not_signed(desk: Desk, place: Path) -> None:
    """If a change of key is stored under another type, the ledger's index does not list it. Signing the log would then
    vouch for the new key unnoticed.
    """
    forger = Signer((desk.folder / "kept").read_text("utf-8").splitlines()[0], bytes(range(32)))
    entries = entries_of(place)
    for v in (1, 2):
        hidden = {"event": "signing-key-changed", "fields": {"public_key": format_vkey(forger.verifier)}, "v": v}
        entries.append(rewritten(entries[-1], **hidden, recorded_at=f"2026-01-15T23:00:0{v}.000000Z"))
        with forging(place) as file:
            regrown(file, entries)
            for position in range(7, 6 + v + 1):
                keep_as(file, "activity-held", position)

        for command in (("checkpoint",), ("rotate-key",), ("export", "out"), ("prove", "7")):
            told = desk(*command)
            assert told.code == 4, command
            assert "entry 7: it is kept as activity-held" in told.errors[0]


def test_an_entry_stored_as_a_disposal_disposes_of_no_name(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        keep_as(file, "personal-data-disposed", 4)
        file.execute("DELETE FROM names WHERE position = 2")

    assert problems(desk) == [
        (2, "the name that it registers is not kept, and no disposal was recorded"),
        (4, "it is kept as personal-data-disposed, and its bytes say activity-held"),
    ]


def test_what_says_that_entries_were_lost_is_signed_only_by_who_recorded_it(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    forged = {"restored_from": 0, "lost_size": 2**53 - 1, "lost_root": f"{'A' * 43}="}
    made_up = {"event": "log-restored", "fields": forged, "recorded_at": "2026-01-15T23:00:00.000000Z"}
    with forging(place) as file:
        regrown(file, [*entries, rewritten(entries[-1], **made_up)])

    for command in (*SIGNING, ("verify",)):
        told = desk(*command)
        assert told.code == 4, command
        assert (
            "entry 7 says that of 9007199254740991 entries that had been signed the first 0 were kept" in told.errors[0]
        )


def test_a_leaf_that_is_not_of_its_entry_is_not_signed_over(desk: Desk, place: Path) -> None:
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    with forging(place) as file:
        file.execute("UPDATE entries SET leaf = zeroblob(32) WHERE position = 7")

    told = desk("checkpoint")
    assert told.code == 4
    assert "nothing was signed" in told.errors[0]


def test_a_ledger_that_names_no_key_gets_none_while_one_lies_beside_it(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("UPDATE ledger SET public_key = ''")

    for command in (*SIGNING, ("verify",)):
        assert desk(*command).code == 4, command
    assert len(entries_of(place)) == 6


def test_a_ledger_that_names_no_key_has_none_to_tell(desk: Desk, place: Path) -> None:
    told = desk.does("verify").out
    with forging(place) as file:
        file.execute("UPDATE ledger SET public_key = ''")
        file.execute("DELETE FROM checkpoints")

    unnamed = desk.does("verify", "--key-file", "elsewhere").out

    assert "the public key that signs for it: liggare/" in told
    assert "the public key" not in unnamed
    assert "no checkpoint is signed yet" in unnamed


def test_a_key_never_comes_back(desk: Desk, place: Path) -> None:
    old = key(desk).read_bytes()
    desk.does("rotate-key")
    (desk.folder / "liggare.db.key.new").write_bytes(old)
    (desk.folder / "liggare.db.key.new").chmod(0o600)

    desk.does("rotate-key")
    assert key(desk).read_bytes() != old
    assert not (desk.folder / "liggare.db.key.new").exists()
    assert desk.asks("verify")["problems"] == []
    assert place.exists()


def test_a_key_that_only_lies_in_the_wrong_place_is_put_right(desk: Desk, place: Path) -> None:
    key(desk).rename(desk.folder / "liggare.db.key.new")

    desk.does("rotate-key", "--lost")
    assert desk.asks("verify")["problems"] == []
    assert place.exists()


def test_a_record_that_was_taken_away_after_a_lost_key_is_not_begun_anew(desk: Desk, place: Path) -> None:
    desk.does("rotate-key", "--lost", "--key", "once")
    record(desk).unlink()

    for command in (("rotate-key", "--lost", "--key", "once"), ("checkpoint",)):
        assert desk(*command).code == 4, command
    key(desk).rename(desk.folder / "liggare.db.key.new")
    assert desk("rotate-key").code == 4
    assert not record(desk).exists()
    assert place.exists()


def test_a_change_of_key_that_was_cut_short_after_the_files_changed_places_is_finished(desk: Desk, place: Path) -> None:
    before = record(desk).read_text("utf-8")
    [entry] = desk.asks("rotate-key")["entries"]
    new = parse_skey(key(desk).read_text("utf-8").splitlines()[0])
    # The record is as if the program was killed before the new key signed anything else.
    record(desk).write_text(signed_too(before, new), "utf-8")
    with forging(place) as file:
        file.execute("DELETE FROM checkpoints WHERE size > 6")

    again = desk.asks("rotate-key")
    assert again["entries"] == [entry]
    assert desk.asks("verify")["problems"] == []


def test_one_key_file_does_not_serve_two_ledgers(desk: Desk, place: Path) -> None:
    desk.does("init", "--ledger", "other.db")
    before = key(desk).read_bytes()

    for command in (("rotate-key", "--lost"), ("rotate-key",), ("checkpoint",)):
        assert desk(*command, "--ledger", "other.db", "--key-file", key(desk)).code == 4, command
    assert key(desk).read_bytes() == before
    assert len(entries_of(desk.folder / "other.db")) == 1
    assert place.exists()


def test_a_key_that_nothing_was_signed_with_vouches_for_nothing(desk: Desk) -> None:
    desk.does("init")
    told = desk("verify", "--vkey", format_vkey(parse_skey(key(desk).read_text("utf-8").strip()).verifier))

    assert told.code == 4
    assert "vouches for nothing" in told.errors[0]


def test_who_is_killed_or_interrupted_while_a_ledger_is_made_leaves_its_key(desk: Desk) -> None:
    from ledger.store import files

    genuine = files._name

    def interrupted(place: Path, path: Path) -> None:
        genuine(place, path)
        if path.name == "liggare.db":
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(files, "_name", interrupted)
        assert desk("init").code == 130

    desk.does("checkpoint")
    assert desk.asks("verify")["problems"] == []


def test_init_takes_no_key_that_lies_there(desk: Desk) -> None:
    desk.does("init")
    taken = key(desk).read_bytes()

    told = desk("init", "--ledger", "other.db", "--key-file", key(desk))
    assert told.code == 6
    assert "a signing key or its record is already at" in told.errors[0]
    assert not (desk.folder / "other.db").exists()
    assert key(desk).read_bytes() == taken


def test_what_a_killed_init_left_is_taken_up_by_the_next(desk: Desk) -> None:
    desk.does("init", "--ledger", "gone.db")
    (desk.folder / "gone.db").unlink()
    (desk.folder / "gone.db.key").rename(desk.folder / "gone.db.key.new")

    desk.does("init", "--ledger", "gone.db")
    assert not (desk.folder / "gone.db.key.new").exists()
    assert desk.asks("verify", "--ledger", "gone.db")["signers_record"] == 0
    desk.does("checkpoint", "--ledger", "gone.db")


def test_an_empty_key_file_blocks_nothing(desk: Desk) -> None:
    key(desk).touch()
    (desk.folder / "liggare.db.key.new").touch()
    desk.does("init")
    (desk.folder / "liggare.db.key.new").touch()
    desk.does("rotate-key")

    assert desk.asks("verify")["problems"] == []


def test_a_key_whose_ledger_was_named_when_the_power_went_signs(desk: Desk) -> None:
    desk.does("init")
    key(desk).rename(desk.folder / "liggare.db.key.new")

    assert desk.asks("verify")["problems"] == []
    note = desk.does("checkpoint").out
    assert parse_checkpoint(parse_note(note).text).size == 1
    assert key(desk).exists()


def test_a_log_that_is_rewritten_while_it_is_compared_is_not_signed(desk: Desk, place: Path) -> None:
    """The hashes that are signed are the same as those compared with the signer's record. If the tree changes in
    between, the change is detected.
    """
    from ledger.integrity.signing import sign
    from ledger.proof.tiles import HASH_BYTES
    from ledger.store import SqlStore, open_store

    with open_store(str(place)) as store:
        left, genuine = 0, SqlStore.tile

        def changing(self: SqlStore, level: int, number: int) -> bytes:
            nonlocal left
            left -= 1
            return genuine(self, level, number) if left >= 0 else bytes(6 * HASH_BYTES)

        for genuine_reads in range(3):
            left = genuine_reads
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(SqlStore, "tile", changing)
                with pytest.raises(Tampered):
                    sign(store, key(desk), START)
    assert record(desk).read_text("utf-8") == (desk.folder / "kept").read_text("utf-8")


@pytest.mark.parametrize("wrong", ["liggare.db", "a text", "a folder"])
def test_what_is_no_key_is_not_replaced_by_one(desk: Desk, place: Path, wrong: str) -> None:
    (desk.folder / "a text").write_text("precious", "utf-8")
    (desk.folder / "a text").chmod(0o600)
    (desk.folder / "a folder").mkdir()
    whole = place.read_bytes()

    told = desk("rotate-key", "--lost", "--key-file", wrong)
    assert told.code == 6
    assert place.read_bytes() == whole
    assert (desk.folder / "a text").read_text("utf-8") == "precious"
    assert not (desk.folder / f"{wrong}.new").exists()


def test_an_export_says_what_is_not_in_it_yet(desk: Desk, place: Path) -> None:
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)

    told = desk.does("export", "out", "--key-file", "elsewhere")
    assert "not signed yet, and so not in the export: 1 entry" in told.err
    assert desk.asks("export", "more", "--key-file", "elsewhere")["not_signed"] == 1
    assert desk.asks("export", "all")["not_signed"] == 0
    assert place.exists()


def test_the_public_key_is_reported_whole_when_it_changes_and_by_verify(desk: Desk, place: Path) -> None:
    told = desk.does("rotate-key").out
    public_key = format_vkey(parse_skey(key(desk).read_text("utf-8").strip()).verifier)

    assert told.endswith(f"\n{public_key}\n")
    assert public_key in desk.does("verify").out
    assert desk.asks("verify")["vkey"] == public_key
    assert place.exists()


@pytest.mark.parametrize("v", [1, 2])
def test_a_change_of_key_that_the_index_hides_is_not_signed(desk: Desk, place: Path, v: int) -> None:
    """An attacker with write access to the file can remove the entry of the change from the index."""
    forger = Signer((desk.folder / "kept").read_text("utf-8").splitlines()[0], bytes(range(32)))
    entries = entries_of(place)
    hidden = {"event": "signing-key-changed", "fields": {"public_key": format_vkey(forger.verifier)}, "v": v}
    with forging(place) as file:
        regrown(file, [*entries, rewritten(entries[-1], **hidden, recorded_at="2026-01-15T23:00:00.000000Z")])
        file.execute("DELETE FROM postings WHERE word = (SELECT id FROM words WHERE word = 'signing-key-changed')")

    before = record(desk).read_bytes()
    for command in (("checkpoint",), ("prove", "7"), ("rotate-key",), ("export", "out")):
        assert desk(*command).code == 4, command
    assert record(desk).read_bytes() == before
