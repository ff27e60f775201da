"""Tests attacks on data beside the log by someone with full write access to the file: which check detects each attack,
and what the user reads.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from ledger.profile import load_profile
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import Signer, parse_vkey
from ledger.proof.receipt import check_receipt, parse_receipt
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from tests.proof.forger import entries_of, forging, rewritten
from tests.proof.scene import REWRITTEN, SEMINAR, problems

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

SALA, PERSON = (f"(SELECT id FROM words WHERE word = '{word}')" for word in ("party:sala", "person:p1"))
GONE = (
    f"the agreement's own text, which it names, is not kept: document "
    f"{sha256(load_profile('vastmanland').text or b'').hexdigest()}; a ledger made anew from a public export may lack "
    "it, and from any other it was taken"
)


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
        ("CREATE INDEX more ON entries (data)", "index more does not belong to a ledger"),
        ("CREATE TRIGGER more AFTER INSERT ON entries BEGIN SELECT 1; END", "trigger more does not belong to a ledger"),
        ("ALTER TABLE entries ADD COLUMN more TEXT", "table entries is not what a ledger is made with"),
        ("CREATE VIEW more AS SELECT * FROM names", "view more does not belong to a ledger"),
    ],
)
def test_a_changed_schema_is_reported(desk: Desk, place: Path, change: str, what: str) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute(change)

    assert any(what in told for _, told in problems(desk))


def test_a_schema_whose_text_differs_by_a_blank_is_reported(desk: Desk, place: Path) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute("PRAGMA writable_schema = ON")
        file.execute("UPDATE sqlite_master SET sql = rtrim(sql, char(10)) WHERE name = 'entries'")
        file.commit()

    [(_, told)] = problems(desk)
    assert "table entries is not what a ledger is made with" in told


@pytest.mark.parametrize("change", ["UPDATE ledger SET schema_version = 'x'", "UPDATE ledger SET ledger_id = x'00'"])
def test_a_ledger_that_does_not_say_which_it_is_is_damaged(desk: Desk, place: Path, change: str) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute("PRAGMA writable_schema = ON")
        file.execute("UPDATE sqlite_master SET sql = replace(sql, char(10) || ' STRICT', '') WHERE name = 'ledger'")
        file.commit()
    with closing(sqlite3.connect(place)) as file:
        file.execute("DROP TRIGGER ledger_keep_update")
        file.execute(change)
        file.execute("CREATE TRIGGER ledger_keep_update BEFORE UPDATE ON ledger BEGIN SELECT 1; END")
        file.commit()

    told = desk("verify")
    assert told.code == 4
    assert "its table `ledger` holds no valid ledger id" in told.errors[0]


def test_a_dropped_trigger_is_reported_when_the_ledger_is_opened(desk: Desk, place: Path) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute("DROP TRIGGER entries_keep_update")

    for command in ("verify", "council", "checkpoint"):
        told = desk(command)
        assert told.code == 4
        assert "it lacks entries_keep_update" in told.errors[0]
    assert desk("verify", "--json").json["ok"] is False


def test_a_trigger_that_lets_all_pass_is_reported(desk: Desk, place: Path) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute("DROP TRIGGER entries_keep_update")
        file.execute("CREATE TRIGGER entries_keep_update BEFORE UPDATE ON entries BEGIN SELECT 1; END")

    assert problems(desk) == [
        (None, "trigger entries_keep_update is not what a ledger is made with; `liggare upgrade` renews it")
    ]
    desk.does("upgrade")
    assert problems(desk) == []


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
        [line] = shown.errors
        assert line.startswith(
            f"{older}. Restore a newer copy. If there is none: liggare checkpoint --after-restore FILE"
        )
    else:
        assert shown.errors == [REWRITTEN.replace("6", "8")]


def test_a_forged_receipt_is_refused(desk: Desk, place: Path) -> None:
    assert place.exists()
    desk.does("prove", 5, "--receipt", "five")
    receipt = parse_receipt((desk.folder / "five").read_text("utf-8"))
    with closing(sqlite3.connect(place)) as file:
        [(public_key,)] = file.execute("SELECT public_key FROM ledger")

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
        ("UPDATE entries SET words = x'' WHERE position = 5",
         (5, "its tags are not those that its fields give")),
        (f"DELETE FROM postings WHERE word = {SALA} AND first = 5", (5, "it is not found by its tag party:sala")),
        (f"INSERT INTO postings VALUES ({PERSON}, 5, x'')",
         (5, "it is found by the tag person:p1, which it does not carry")),
        ("UPDATE words SET word = 'party:forged' WHERE word = 'party:sala'",
         (5, "its tags are not those that its fields give")),
        ("UPDATE words SET word = 'group-met' WHERE word = 'activity-held'",
         (5, "it is not found by its type activity-held")),
        ("DELETE FROM words WHERE word = 'party:sala'",
         (5, "its row holds values of other types than a ledger writes")),
        ("INSERT INTO words SELECT max(id) + 1, 'tag', 'party:forged' FROM words",
         (None, "the index has the word party:forged, which no entry has")),
        (f"UPDATE postings SET rest = x'0000' WHERE word = {SALA} AND first = 5",
         (None, "the index of party:sala: entry 5 appears again after entry 5")),
        (f"UPDATE postings SET rest = x'0700' WHERE word = {SALA} AND first = 5",
         (12, "it is missing, and the index lists it under the tag party:sala")),
        (f"INSERT INTO postings VALUES ({PERSON}, 9, x'')",
         (9, "it is missing, and the index lists it under the tag person:p1")),
        ("UPDATE documents SET data = x'00'", None),
        ("UPDATE documents SET digest = replace(digest, '0', '1')", (1, GONE)),
        ("DELETE FROM documents", (1, GONE)),
        (f"INSERT INTO documents VALUES ('{sha256(b'x').hexdigest()}', CAST('x' AS BLOB))",
         (None, f"document {sha256(b'x').hexdigest()} is kept, and no entry names it")),
        ("INSERT INTO names VALUES (5, 'x')", (5, "a name is stored for it, and it registers nobody")),
        ("INSERT INTO accounts VALUES (5, 'x')",
         (5, "an account is stored for it, and it authorises nobody with one")),
        ("INSERT INTO cosignatures VALUES (1, zeroblob(32), 'w', 'x', 'now')",
         (None, "table cosignatures has rows, and this program writes none there")),
        ("UPDATE checkpoints SET size = 5",
         (None, "checkpoint 1 is kept under size 5, and is of 6 entries")),
        ("INSERT INTO tiles VALUES (0, 0, x'00')", (None, "level 0 has 1 tile, and its entries fill 0")),
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
