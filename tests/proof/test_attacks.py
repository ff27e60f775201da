"""What someone with full write access to the file can do, which check fires, and what the user reads."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_vkey
from ledger.proof.receipt import check_receipt, parse_receipt
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from tests.desk import event
from tests.proof.forger import entries_of, forging, regrown, rewritten

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

SEMINAR = ("--kind", "seminar", "--place", "Sala", "--organisers", "sala", "--on", "2024-05-01", "--organ", "official")
REWRITTEN = "the first 6 entries are not those that the checkpoint was signed for: the log was rewritten"


@pytest.fixture
def place(desk: Desk) -> Path:
    """Six entries, 2 and 3 of persons, signed in a checkpoint that another party has kept."""
    desk.does("init")
    desk.does("import", desk.writes("e.jsonl", [
        event("person-registered", "2023", "secretariat", person="p1", name="Testa"),
        event("person-registered", "2024", "secretariat", person="p2", name="Testb"),
    ]))  # fmt: skip
    for title in ("Ett", "Två", "Tre"):
        desk.does("record", "activity-held", "--title", title, *SEMINAR)
    (desk.folder / "kept").write_text(desk.does("checkpoint").out, "utf-8")
    return desk.folder / "liggare.db"


def problems(desk: Desk) -> list[tuple[int | None, str]]:
    """What `verify` finds, by entry; it tells the same to people and programs."""
    told = desk("verify", "--json")
    found = [(problem["position"], problem["what"]) for problem in told.json["problems"]]
    assert told.json["ok"] is (not found)
    assert told.code == (4 if found else 0)
    lines = [f"entry {position}: {what}" if position else what for position, what in found]
    assert told.errors[: len(lines)] == lines
    return found


def test_nothing_is_wrong_with_what_was_recorded(desk: Desk, place: Path) -> None:
    assert problems(desk) == []
    told = desk.does("verify").out
    assert f"{place} is what was recorded: 6 entries" in told or "6 entries, root" in told
    assert "signed until entry 6" in told
    assert "goes on from kept, signed at entry 6" in desk.does("checkpoint", "--against", "kept").err


def test_an_edited_entry_has_another_hash(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("UPDATE entries SET data = ? WHERE position = 5", (rewritten(entries_of(place)[4], title="Fem"),))

    assert problems(desk) == [(5, "its bytes are not those that were recorded: they have another hash")]
    assert "entry 5 is the first that is wrong; keep this ledger as evidence" in desk("verify").errors


def test_an_edited_entry_with_its_hash_is_not_what_the_checkpoint_signed(desk: Desk, place: Path) -> None:
    data = rewritten(entries_of(place)[4], title="Fem")
    with forging(place) as file:
        file.execute("UPDATE entries SET data = ?, leaf = ? WHERE position = 5", (data, leaf_hash(data)))

    assert problems(desk) == [(None, f"checkpoint 1: {REWRITTEN}")]
    assert desk("checkpoint").errors == [f"{REWRITTEN}; nothing was signed"]
    assert desk("checkpoint").code == 4


def test_an_edited_time_is_out_of_its_order_or_beside_its_hash(desk: Desk, place: Path) -> None:
    data = rewritten(entries_of(place)[4], recorded_at="2026-01-01T00:00:00.000000Z")
    with forging(place) as file:
        file.execute("UPDATE entries SET data = ?, leaf = ? WHERE position = 5", (data, leaf_hash(data)))

    (entry, what), *others = problems(desk)
    assert entry == 5
    assert what.startswith("it was recorded at 2026-01-01T00:00:00.000000Z, and the one before it at 2026-01-15T")
    assert others == [(None, f"checkpoint 1: {REWRITTEN}")]


def test_an_edited_name_is_not_the_one_registered(desk: Desk, place: Path) -> None:
    from ledger.names import disclose

    with forging(place) as file:
        file.execute("UPDATE names SET disclosure = ? WHERE position = 3", (disclose("Annan"),))

    assert problems(desk) == [(3, "the name kept for it is not the one that it registers")]


def test_a_name_that_was_taken_away_without_a_disposal_is_missed(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("DELETE FROM names WHERE position = 2")

    assert problems(desk) == [(2, "the name that it registers is not kept, and no disposal was recorded")]


def test_a_name_disposed_of_is_not_missed(desk: Desk, place: Path) -> None:
    assert place.exists()
    disposal = ("--person", "p1", "--decision", "Gallring", "--on", "2026-01-20", "--organ", "official")
    desk.does("record", "personal-data-disposed", *disposal)

    assert problems(desk) == []


def test_a_deleted_entry_is_missed(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("DELETE FROM entries WHERE position = 4")

    assert problems(desk)[0] == (4, "it is missing")
    assert desk("council").code == 4


def test_a_deleted_entry_whose_place_the_next_took_is_missed_by_the_checkpoint(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, entries[:3] + entries[4:])

    assert problems(desk) == [
        (None, "checkpoint 1: the checkpoint is of 6 entries, and the ledger has 5: it is an older copy, or was cut")
    ]


def test_an_inserted_entry_moves_those_that_were_signed(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    between = rewritten(entries[3], title="Emellan", recorded_at=entries_time(entries[3], 1), key="k")
    with forging(place) as file:
        regrown(file, [*entries[:4], between, *entries[4:]])

    assert problems(desk) == [(None, f"checkpoint 1: {REWRITTEN}")]


def entries_time(data: bytes, microseconds: int) -> str:
    """So many microseconds after an entry was recorded."""
    import orjson

    at = orjson.loads(data)["recorded_at"]
    return f"{at[:-7]}{int(at[-7:-1]) + microseconds:06}Z"


def test_swapped_entries_are_out_of_order(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, [*entries[:3], entries[4], entries[3], entries[5]])

    found = problems(desk)
    assert found[0][0] == 5
    assert found[0][1].startswith("it was recorded at ")
    assert found[-1] == (None, f"checkpoint 1: {REWRITTEN}")


def test_swapped_entries_with_their_times_swapped_back_are_not_what_was_signed(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    fourth = rewritten(entries[4], recorded_at=entries_time(entries[3], 0))
    fifth = rewritten(entries[3], recorded_at=entries_time(entries[4], 0))
    with forging(place) as file:
        regrown(file, [*entries[:3], fourth, fifth, entries[5]])

    assert problems(desk) == [(None, f"checkpoint 1: {REWRITTEN}")]


def test_a_tail_that_was_cut_is_missed_by_the_checkpoint(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        regrown(file, entries_of(place)[:4])

    cut = "the checkpoint is of 6 entries, and the ledger has 4: it is an older copy, or was cut"
    assert problems(desk) == [(None, f"checkpoint 1: {cut}")]
    assert desk("checkpoint").errors == [f"{cut}; nothing was signed"]


def test_a_tail_that_was_cut_and_regrown_and_signed_anew_is_caught_by_whoever_kept_a_checkpoint(
    desk: Desk, place: Path
) -> None:
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, entries[:4])
        file.execute("DELETE FROM checkpoints")
    for title in ("Fem", "Sex"):
        desk.does("record", "activity-held", "--title", title, *SEMINAR)
    desk.does("checkpoint")

    assert problems(desk) == []
    shown = desk("checkpoint", "--against", "kept")
    assert (shown.code, shown.out) == (4, "")
    assert shown.errors == [REWRITTEN]


def test_a_log_written_anew_and_signed_by_a_new_key_is_caught_by_whoever_kept_a_checkpoint(
    desk: Desk, place: Path
) -> None:
    entries = entries_of(place)
    entries[4] = rewritten(entries[4], title="Fem")
    origin = (desk.folder / "kept").read_text("utf-8").splitlines()[0]
    forger = Signer(origin, bytes(range(32)))
    root = tree_root(6, subtrees(list(map(leaf_hash, entries))))
    with forging(place) as file:
        regrown(file, entries)
        file.execute("UPDATE ledger SET public_key = ?", (format_vkey(forger.verifier),))
        file.execute("UPDATE checkpoints SET note = ?", (sign_checkpoint(Checkpoint(origin, 6, root), forger),))

    assert problems(desk) == []
    shown = desk("checkpoint", "--against", "kept")
    assert shown.code == 4
    assert shown.errors[0] == REWRITTEN
    assert shown.errors[1].startswith("the checkpoint is signed by none of the keys known here, but by liggare/")


def test_a_checkpoint_by_another_key_is_false(desk: Desk, place: Path) -> None:
    origin = (desk.folder / "kept").read_text("utf-8").splitlines()[0]
    root = tree_root(6, subtrees(list(map(leaf_hash, entries_of(place)))))
    note = sign_checkpoint(Checkpoint(origin, 6, root), Signer(origin, bytes(32)))
    with forging(place) as file:
        file.execute("UPDATE checkpoints SET note = ?", (note,))

    [(position, what)] = problems(desk)
    assert position is None
    assert what.startswith("checkpoint 1: the checkpoint is signed by none of the keys known here")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("CREATE INDEX more ON entries (data)", "index more is none of a ledger's"),
        ("CREATE TRIGGER more AFTER INSERT ON entries BEGIN SELECT 1; END", "trigger more is none of a ledger's"),
        ("ALTER TABLE entries ADD COLUMN more TEXT", "table entries is not what a ledger is made with"),
        ("CREATE VIEW more AS SELECT * FROM names", "view more is none of a ledger's"),
    ],
)
def test_a_changed_schema_is_told(desk: Desk, place: Path, change: str, what: str) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute(change)

    assert (None, what) in problems(desk)


def test_a_dropped_trigger_is_told_when_the_ledger_is_opened(desk: Desk, place: Path) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute("DROP TRIGGER entries_keep_update")

    for command in ("verify", "council", "checkpoint"):
        told = desk(command)
        assert told.code == 4
        assert "it lacks entries_keep_update" in told.errors[0]
    assert desk("verify", "--json").json["ok"] is False


def test_a_trigger_that_lets_all_pass_is_told(desk: Desk, place: Path) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute("DROP TRIGGER entries_keep_update")
        file.execute("CREATE TRIGGER entries_keep_update BEFORE UPDATE ON entries BEGIN SELECT 1; END")

    assert problems(desk) == [(None, "trigger entries_keep_update is not what a ledger is made with")]


@pytest.mark.parametrize("more", [0, 1, 4])
def test_a_stale_backup_that_goes_on_is_caught_when_a_newer_checkpoint_is_shown(
    desk: Desk, place: Path, more: int
) -> None:
    desk.does("backup", "stale.db")
    for title in ("Sju", "Åtta"):
        desk.does("record", "activity-held", "--title", title, *SEMINAR)
    (desk.folder / "newer").write_text(desk.does("checkpoint").out, "utf-8")
    shutil.move("stale.db", place)
    for number in range(more):
        desk.does("record", "activity-held", "--title", f"Annan {number}", *SEMINAR)

    assert problems(desk) == []
    shown = desk("checkpoint", "--against", "newer")
    assert (shown.code, shown.out) == (4, "")
    if more < 2:
        older = f"the checkpoint is of 8 entries, and the ledger has {6 + more}: it is an older copy, or was cut"
        assert shown.errors == [older]
    else:
        assert shown.errors == [REWRITTEN.replace("6", "8")]


def test_a_forged_receipt_is_refused(desk: Desk, place: Path) -> None:
    assert place.exists()
    desk.does("prove", 5, "--receipt", "five")
    receipt = parse_receipt((desk.folder / "five").read_text("utf-8"))
    with closing(sqlite3.connect(place)) as file:
        [(public_key,)] = file.execute("SELECT public_key FROM ledger")

    from ledger.proof.note import parse_vkey

    key = parse_vkey(public_key)
    assert check_receipt(receipt, entries_of(place)[4], key).size == 6
    with pytest.raises(ValueError, match="the entry is not number 5 of the 6"):
        check_receipt(receipt, rewritten(entries_of(place)[4], title="Fem"), key)
    with pytest.raises(ValueError, match="signed by none of the keys"):
        check_receipt(receipt, entries_of(place)[4], Signer(key.name, bytes(32)).verifier)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE entries SET type = 'group-met' WHERE position = 5",
         (5, "it is kept as group-met, and its bytes say activity-held")),
        ("UPDATE entries SET tags = 'party:koping' WHERE position = 5",
         (5, "its tags are not those that its fields give")),
        ("DELETE FROM tags WHERE tag = 'party:sala' AND position = 5", (5, "it is not found by its tag party:sala")),
        ("INSERT INTO tags VALUES ('party:koping', 5)",
         (5, "it is found by the tag party:koping, which it does not carry")),
        ("INSERT INTO tags VALUES ('party:koping', 9)", (9, "it is not there, and is found by the tag party:koping")),
        ("UPDATE documents SET data = x'00'", None),
        ("INSERT INTO names VALUES (5, 'x')", (5, "a name is kept for it, and it registers nobody")),
        ("UPDATE checkpoints SET size = 5",
         (None, "checkpoint 1 is kept as one of 5 entries, and is of 6")),
        ("INSERT INTO tiles VALUES (0, 0, x'00', x'00')", (None, "level 0 has 1 tiles, and its entries fill 0")),
        ("UPDATE entries SET leaf = zeroblob(32) WHERE position = 5",
         (5, "its bytes are not those that were recorded: they have another hash")),
        ("UPDATE entries SET data = x'00' WHERE position = 5", (5, "its bytes are no event that this program knows")),
    ],
)  # fmt: skip
def test_whatever_is_kept_beside_the_entries_agrees_with_them(
    desk: Desk, place: Path, change: str, problem: tuple[int | None, str] | None
) -> None:
    with forging(place) as file:
        file.execute(change)

    found = problems(desk)
    if problem:
        assert problem in found
    else:
        assert found[0][1].startswith("document ")


def test_every_damaged_entry_is_named_the_first_first(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("UPDATE entries SET data = CAST(data || ' ' AS BLOB) WHERE position IN (2, 6)")

    assert [position for position, _ in problems(desk) if position] == [2, 6]
    assert "entry 2 is the first that is wrong; keep this ledger as evidence" in desk("verify").errors
