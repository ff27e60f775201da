"""Tests `liggare export`, `audit`, `import --log` and `dispose` as people use these commands."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn
from unittest.mock import patch

import pytest

from ledger.integrity.export import folder
from tests.export.given import NAME, exported, record_a_past
from tests.hostile.rows import Change, put
from tests.proof.forger import forging

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

PERSON = ("record", "person-registered", "--name", NAME, "--on", "2025-01-01", "--organ", "chair", "--person")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def key_of(desk: Desk) -> Path:
    return next(path for path in desk.folder.glob("*.key") if "before" not in path.name)


def test_an_export_signs_what_came_since_the_last_checkpoint(desk: Desk) -> None:
    record_a_past(desk)

    told = desk.does("export", "export").out.splitlines()

    assert told[0].startswith("export holds 21 entries, root ")
    assert [path.name for path in sorted((desk.folder / "export" / "checkpoints").iterdir())] == ["1", "19", "20", "21"]
    assert desk.does("export", "again", "--json").json["entries"] == 21
    assert contents(desk.folder / "export") == contents(desk.folder / "again")


def test_an_export_of_more_than_a_tile_holds_by_both_programs(desk: Desk) -> None:
    desk.does("init")
    for part in range(3):
        lines = [
            {"event": "activity-held", "valid_on": "2024-01-01", "source": {"organ": "official"}, "kind": "seminar",
             "title": f"Nr {part} {number}", "place": "Sala", "organisers": ["sala"]} for number in range(180)
        ]  # fmt: skip
        desk.does("import", desk.writes(f"{part}.jsonl", lines))
        desk.does("checkpoint")
    export = exported(desk)

    done = subprocess.run(
        [sys.executable, "-I", export / "verify_ledger.py"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout[:11]) == (0, "541 entries")
    assert desk.does("audit", export, "--json").json["checkpoints"] == 3
    tiles = {path for path in contents(export) if path.startswith("tile/")}
    assert tiles == {
        "tile/entries/000", "tile/entries/001", "tile/entries/002.p/29", "tile/0/000", "tile/0/001", "tile/0/002.p/29",
        "tile/1/000.p/2", "tile/0/000.p/181", "tile/0/001.p/105", "tile/1/000.p/1",
    }  # fmt: skip


@pytest.mark.on_file
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")  # noqa: PTH110
def test_an_answer_that_cannot_be_written_keeps_the_exit_code_of_the_check(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    full = "[Errno 28] No space left on device\n"
    for holds in (True, False):
        for into, err, code in (
            ("> /dev/full", full, 6), ("> /dev/full 2>&1", "", 6), (">&-", "", 0), ("<&- >&- 2>&-", "", 0),
            ("| true", "", 0),
        ):  # fmt: skip
            line = f'("$@"; echo $? > code) {into}'
            run = ["bash", "-c", line, "bash", sys.executable, "-I", str(export / "verify_ledger.py")]
            done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=desk.folder)
            ended = int((desk.folder / "code").read_text())
            assert (done.stderr, ended) == (err, code if holds else 4), into
        (export / "names.jsonl").write_bytes(b"")


def test_a_public_export_tells_no_name(desk: Desk) -> None:
    record_a_past(desk)

    export = exported(desk, "public", "--public")

    assert "names.jsonl" not in contents(export)
    assert b"disclosure" not in b"".join(contents(export)[path] for path in contents(export) if path.startswith("tile"))
    answer = desk.does("audit", export, "--json").json
    assert (answer["ok"], answer["names"], answer["answers"]) == (True, None, "the same as the exporter's")


def test_nothing_is_overwritten_and_nothing_half_written_is_left(desk: Desk) -> None:
    desk.does("init")
    (desk.folder / "taken").mkdir()
    (desk.folder / "taken" / "file").write_text("x")
    (desk.folder / "empty").mkdir()

    assert desk("export", "taken").code == 6
    assert desk("export", "nowhere/export").errors == [f"there is no directory {desk.folder}/nowhere"]
    desk.does("record", "person-registered", "--person", "p1", "--name", "N", "--on", "2025-01-01", "--organ", "chair")
    key_of(desk).unlink()
    assert desk("export", "keyless").code == 6
    assert [path.name for path in desk.folder.iterdir() if path.name.startswith(".") or path.name == "keyless"] == []


def test_an_empty_folder_may_be_filled(desk: Desk) -> None:
    desk.does("init")
    (desk.folder / "empty").mkdir()

    exported(desk, "empty")

    assert desk.does("audit", "empty")


def test_an_audit_needs_an_export(desk: Desk) -> None:
    assert desk("audit", "nowhere").code == 6
    (desk.folder / "folder").mkdir()
    assert desk("audit", "folder").code == 6
    assert desk("audit", "folder", "--vkey", "x").errors == ["--vkey: a public key is NAME+ID+KEY, of Ed25519"]
    assert desk("audit", "folder", "--since", "none").errors == [
        "--since none cannot be read: No such file or directory"
    ]
    assert desk("audit", "folder", "--since", desk.writes("x", ["x"])).code == 2


def test_a_ledger_rebuilt_from_an_export_is_the_same_byte_for_byte(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)

    told = desk.does("import", "--log", export, "--ledger", "anew.db").out

    assert told.startswith("anew.db holds 21 entries, root ")
    for question in (("history",), ("council", "--on", "2024-06-01"), ("findings", "--all", "--on", "2024-06-01")):
        assert desk(*question, "--json", "--ledger", "anew.db").out == desk(*question, "--json").out
    again = exported(desk, "again", "--ledger", "anew.db", "--key-file", key_of(desk))
    assert contents(again) == contents(export)
    assert desk.does("verify", "--ledger", "anew.db")
    desk.does("record", "person-registered", "--person", "p9", "--name", "N", "--on", "2025-01-01", "--organ", "chair",
              "--ledger", "anew.db")  # fmt: skip


def test_a_ledger_is_rebuilt_only_from_a_complete_export_and_in_a_new_place(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)

    assert desk("import", "--log", export).code == 6
    assert desk("import", "--log", "nowhere", "--ledger", "anew.db").code == 6
    (export / "agreement.txt").write_text("Another.")
    refused = desk("import", "--log", export, "--ledger", "anew.db")
    assert (refused.code, refused.errors) == (4, ["agreement.txt: it is not what the export lists"])
    assert not (desk.folder / "anew.db").exists()


def test_a_ledger_rebuilt_from_a_public_export_has_no_names(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk, "public", "--public")

    told = desk.does("import", "--log", export, "--ledger", "anew.db").out

    assert "names are missing, since a public export leaves them out" in told
    assert NAME not in desk.does("history", "--ledger", "anew.db").out
    verified = desk("verify", "--ledger", "anew.db")
    [line] = verified.errors
    # The public export withholds seven of the eight registered names; the eighth name was disposed of.
    assert line.startswith("7 names of 8 registered are not here (entries 2, 3, 5, 6, 7, 8, 9)")
    assert "a ledger rebuilt from a public export has none" in line
    # To `verify`, a ledger made from a public export looks like a ledger whose names were removed.
    assert verified.code == 4


def test_a_disposed_name_is_in_no_file_and_what_was_proved_stays_proved(desk: Desk) -> None:
    record_a_past(desk)
    before = exported(desk, "before")
    desk.does("prove", "2", "--receipt", "receipt")

    done = desk.does("dispose", "p1", "--decision", "Gallringsbeslut 2031-04", "--dnr", "RS 2031/77")

    assert done.out.startswith("entry 22: personal-data-disposed on 2026-01-15: person: p1")
    assert "still hold " in done.out
    assert f"{NAME} 1" not in desk.does("history").out
    desk.does("verify")
    after = exported(desk, "after")
    vkey = json.loads((after / "export.json").read_bytes())["vkeys"][0]
    told = desk.does("audit", after, "--since", before / "checkpoint", "--vkey", vkey).out
    assert "Names: 6, each as registered." in told
    assert desk.does("audit", "receipt", "--since", before / "checkpoint")
    assert {p for p in contents(after) if f"{NAME} 1".encode() in contents(after)[p]} == set()
    assert desk.asks("history", "--entry", 2)["entries"][0]["fields"]["name"] is None


def test_only_a_person_whose_name_is_held_can_be_disposed_of(desk: Desk) -> None:
    record_a_past(desk)

    assert desk("dispose", "nobody", "--decision", "x").errors == ["reference: person nobody is not in the ledger"]
    assert desk("dispose", "p3", "--decision", "x").errors == [
        "reference: p3 was disposed of already, by entry 10, and nothing was registered since"
    ]
    desk.does(
        "record", "person-registered", "--person", "p3", "--name", "N", "--on", "2026-01-15", "--organ", "official"
    )
    desk.does("dispose", "p3", "--decision", "x")


def test_a_disposal_asked_for_twice_under_one_key_is_one(desk: Desk) -> None:
    record_a_past(desk)
    order = ("dispose", "p1", "--decision", "x", "--key", "k1")

    desk.does(*order)

    assert desk.does(*order, "--json").json["again"] is True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_disk_leaves_nothing(desk: Desk) -> None:
    record_a_past(desk)
    mount = desk.folder / "small"
    mount.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", mount], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        full = desk("export", mount / "export")
        assert (full.code, list(mount.iterdir())) == (6, [])
        assert full.errors[0].startswith("the disk that holds ")
    finally:
        subprocess.run(["umount", mount], check=True)


@pytest.mark.on_file
@pytest.mark.parametrize(
    "forged",
    ["'garbage'", "replace(note, '— ', '— x')", "replace(note, substr(note, -20), 'AAAA' || substr(note, -16))"],
)
def test_no_export_is_made_with_a_checkpoint_that_no_verifier_passes(desk: Desk, forged: str) -> None:
    desk.does("init")
    desk.does("checkpoint")
    desk.does("import", "--shipped", "vastmanland-population.jsonl")
    desk.does("checkpoint")
    with forging(desk.folder / "liggare.db") as file:
        file.execute(f"UPDATE checkpoints SET note = {forged} WHERE number = 1")

    told = desk("export", "out")
    assert told.code == 4
    assert told.errors[0].startswith("checkpoint 1: ")
    assert not (desk.folder / "out").exists()


# The key is away in each case, so that the last checkpoint is exported as it is stored.
@pytest.mark.on_file
@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE checkpoints SET note = replace(note, substr(note, -20), 'AAAA' || substr(note, -16))",
         "the last checkpoint is not by this ledger's key: "),
        ("UPDATE entries SET data = CAST('{}' AS BLOB) WHERE position = 2",
         "entry 2: it is not written as a ledger writes; `liggare verify` names every one that is damaged"),
        ("UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), 'p1', 'p9') AS BLOB) WHERE position = 2",
         "the first 2 entries are not those that the last checkpoint was signed for"),
        ("UPDATE names SET disclosure = (SELECT 'x' || disclosure)",
         "entry 2: the name is not the one that was registered"),
        ("UPDATE names SET disclosure = CAST(disclosure AS BLOB)",
         "entry 2: the name is not the one that was registered"),
        ("DELETE FROM names", "entry 2: the name of p1 is missing, and was not disposed of"),
        ("DELETE FROM documents", "the agreement's own text, which entry 1 names, is not kept: "),
    ],
)  # fmt: skip
def test_no_export_is_made_of_a_ledger_that_is_not_as_it_was_signed(desk: Desk, sql: str, told: str) -> None:
    desk.does("init")
    desk.does(*PERSON, "p1")
    desk.does("checkpoint")
    key_of(desk).unlink()
    put(desk.folder / "liggare.db", Change("", sql))

    refused = desk("export", "out", "--no-replay")

    assert refused.code == 4
    assert [line for line in refused.errors if line.startswith(told)] == refused.errors
    assert not (desk.folder / "out").exists()


@pytest.mark.on_file
def test_without_the_key_no_export_is_made_that_lacks_a_name_disposed_of_since(desk: Desk) -> None:
    desk.does("init")
    for person in ("p1", "p2"):
        desk.does(*PERSON, person)
    desk.does("checkpoint")
    key_of(desk).unlink()
    desk.does("dispose", "p1", "--decision", "Gallring 1")

    refused = desk("export", "out")

    [line] = refused.errors
    assert refused.code == 6
    assert line == (
        "entry 2: the name of p1 is missing, and was not disposed of. If it was disposed of after entry 3, the last"
        " that is signed: liggare checkpoint, and export again"
    )
    assert not (desk.folder / "out").exists()
    desk.does("export", "public", "--public")
    put(desk.folder / "liggare.db", Change("", "UPDATE names SET disclosure = 'x'"))
    assert desk("export", "out").code == 4


@pytest.mark.parametrize("command", [("audit", "export"), ("import", "--log", "export", "--ledger", "made.db")])
def test_a_disk_that_fails_is_not_reported_as_an_export_that_was_tampered_with(
    desk: Desk, command: tuple[str, ...]
) -> None:
    desk.does("init")
    desk.does("export", "export")

    def failing(*_: object) -> NoReturn:
        raise OSError(errno.EIO, "Input/output error")

    with patch.object(folder, "read_regular", failing):
        told = desk(*command)
    assert told.code == 6
    assert re.search(r"the disk that holds .*export failed: checkpoint\S*: Input/output error", told.err)
    assert not (desk.folder / "made.db").exists()


def test_of_very_many_problems_a_hundred_are_told_and_the_rest_counted(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    for number in range(103):
        (export / f"x{number}").write_text("")

    told = desk("audit", export).errors
    assert (len(told), told[-1]) == (101, "and 3 more problems")
