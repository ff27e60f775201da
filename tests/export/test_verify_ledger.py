"""Tests verify_ledger.py by itself: like `liggare audit`, it accepts the golden export and refuses every damaged
copy.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ledger.integrity.export.check import check_export
from tests.export.both import compare, in_swedish
from tests.export.given import PROGRAM, program, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERIFY = program()


def run(*args: object, at: Path = PROGRAM) -> subprocess.CompletedProcess[str]:
    """Runs verify_ledger.py in Python's isolated mode, in which our modules cannot be imported."""
    return subprocess.run([sys.executable, "-I", at, *map(str, args)], capture_output=True, text=True, check=False)


def wrong(export: Path) -> list[str]:
    """Returns the faults that verify_ledger.py finds in an export, the same in both languages."""
    faults = _faults(export)
    with in_swedish(VERIFY):
        compare(faults, _faults(export))
    return faults


def _faults(export: Path) -> list[str]:
    found = VERIFY.Export(str(export))
    found.check(None, "")
    faults: list[str] = found.faults
    return faults


def files(export: Path) -> list[Path]:
    return sorted(path for path in export.rglob("*") if path.is_file())


@pytest.fixture
def copy(golden: Path, tmp_path: Path) -> Path:
    return shutil.copytree(golden, tmp_path / "copy")


def test_the_golden_export_holds_by_the_program_in_it_and_by_todays(golden: Path) -> None:
    for done in (
        run(at=golden / "verify_ledger.py"),
        run(golden),
        run(golden, "--since", golden / "checkpoints" / "1"),
    ):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("21 entries of liggare/")
        assert "Not proved: that what was recorded is true" in done.stdout


def test_an_export_of_today_holds_by_the_program_in_it_and_by_those_to_come(golden_2: Path) -> None:
    first, last = VERIFY.json.loads((golden_2 / "export.json").read_bytes())["vkeys"]

    for known in ((), ("--vkey", first), ("--vkey", last), ("--since", golden_2 / "checkpoints" / "10")):
        for done in (run(*known, at=golden_2 / "verify_ledger.py"), run(golden_2, *known)):
            assert (done.returncode, done.stderr) == (0, "")
    assert check_export(golden_2).problems == ()
    assert [key.covered for key in check_export(golden_2).keys] == [True, True]
    assert (golden_2 / "tile" / "entries" / "000.p" / "10").exists()


def test_it_says_what_it_was_not_given(golden: Path) -> None:
    key = VERIFY.json.loads((golden / "export.json").read_bytes())["vkeys"][0]

    assert run(golden).stdout.splitlines()[-2:] == [
        "No checkpoint given (--since): the log may have been made anew.",
        "No key given (--vkey): anyone may have made this one and signed.",
    ]
    assert run(golden, "--since", golden / "checkpoint", "--vkey", key).stdout.splitlines()[-2:] == [
        "It goes on from the checkpoint given.",
        "The key given signs for it.",
    ]


def test_it_needs_no_more_than_python_39_and_is_short() -> None:
    text = PROGRAM.read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    needed = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in ([one.name for one in node.names] if isinstance(node, ast.Import) else [])
        + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }

    assert needed <= {*sys.stdlib_module_names}
    assert len(text.splitlines()) <= 876


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("nowhere",), "No such file or directory"),
        (("--since", "nowhere"), "No such file or directory"),
        (("--vkey", "x"), "not an Ed25519 key"),
        (("--colour",), "unrecognized arguments"),
    ],
)
def test_a_wrong_call_exits_2(golden: Path, args: tuple[str, ...], told: str) -> None:
    done = run(*args, at=golden / "verify_ledger.py")

    assert done.returncode == 2
    assert told in done.stderr


def spread(size: int, most: int = 10) -> list[int]:
    """Returns the offsets of the first and the last byte of a file, and up to `most` - 1 offsets between these two."""
    return sorted({place * (size - 1) // most for place in range(most + 1)})


def damaged(path: Path) -> Iterator[str]:
    """Damages the file in one way after another, yields a description of each damage, and restores the file at the
    end.
    """
    whole = path.read_bytes()
    for place in spread(len(whole)):
        bit = 1 << place % 8
        path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
        yield f"bit flipped in byte {place}"
    for data, what in ((whole[:-1], "cut"), (whole + b"\n", "longer"), (b"", "empty")):
        path.write_bytes(data)
        yield what
    path.unlink()
    yield "gone"
    path.write_bytes(whole)


def test_every_file_damaged_in_any_way_is_noticed(copy: Path) -> None:
    unseen = [
        f"{path.relative_to(copy)} {what}: not by {by}"
        for path in files(copy)
        for what in damaged(path)
        for by, found in (("verify_ledger.py", wrong(copy)), ("audit", check_export(copy).problems))
        if not found
    ]

    assert unseen == []
    assert (wrong(copy), check_export(copy).problems) == ([], ())


def test_files_that_change_places_are_noticed(copy: Path) -> None:
    first, second = copy / "checkpoints" / "1", copy / "checkpoint"
    whole = first.read_bytes(), second.read_bytes()
    second.write_bytes(whole[0])
    assert wrong(copy)
    assert check_export(copy).problems
    second.write_bytes(whole[1])
    assert not wrong(copy)


@pytest.mark.parametrize("path", ["stray.txt", "tile/0/001", "tile/entries/000", "documents/" + "0" * 64, "tile/x/000"])
def test_a_file_that_does_not_belong_there_is_noticed(copy: Path, path: str) -> None:
    put(copy / path, b"x")

    assert [fault for fault in wrong(copy) if path in fault]
    assert [one for one in check_export(copy).problems if one.path == path]


def test_it_ends_with_4_and_names_what_is_damaged(copy: Path) -> None:
    put(copy / "agreement.txt", b"Another agreement.")

    done = run(copy)

    assert (done.returncode, done.stderr) == (4, "")
    assert done.stdout == "WRONG  agreement.txt: missing, not what export.json lists, or not what an entry names\n"


@pytest.mark.parametrize(
    "text", [b"[]", b"{}", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"vkeys": [7], "files": 1, "sha256": 1}']
)
def test_what_is_no_export_json_at_all_is_refused_in_words(copy: Path, text: bytes) -> None:
    put(copy / "export.json", text)

    assert wrong(copy)
    assert check_export(copy).problems
