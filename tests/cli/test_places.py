"""Tests faults of the place where the ledger lies: each fault gives one clear line on stderr and its exit code, and no
data is lost.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import ledger.store.sqlite.database
from tests.cli.processes import PROGRAM, environment, liggare
from tests.desk import Done, event

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

pytestmark = pytest.mark.on_file

ADOPT = ("record", "agreement-adopted", "--version", "1", "--assembly", "sala", "--on", "2022", "--organ", "assembly")


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk with a ledger of one entry in the subfolder `place`."""
    (desk.folder / "place").mkdir()
    desk.does("init", "--ledger", "place/liggare.db")
    return desk


@pytest.fixture
def place(begun: Desk) -> Path:
    return begun.folder / "place" / "liggare.db"


def one_line(desk: Desk, *args: object) -> tuple[int, str]:
    """Runs a command that must fail without an answer, and returns (exit code, the only line on stderr)."""
    failed = desk(*args)
    assert failed.out == ""
    (line,) = failed.errors
    return failed.code, line


def test_the_place_is_an_option_a_variable_or_here(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert begun.does("agreement", "--ledger", "place/liggare.db").code == 0
    assert begun.does("agreement", "--ledger", f"sqlite:///{begun.folder}/place/liggare.db").code == 0
    monkeypatch.setenv("LIGGARE_LEDGER", "place/liggare.db")
    assert begun.does("agreement").code == 0
    monkeypatch.delenv("LIGGARE_LEDGER")
    assert begun("agreement").code == 6
    monkeypatch.chdir(begun.folder / "place")
    assert begun.does("agreement").code == 0


@pytest.mark.parametrize(
    "args",
    [("agreement",), ("council",), ("findings",), ("history",), ADOPT, ("import", "e.jsonl"), ("backup", "copy.db"),
     ("annul", "1", "--cause", "recording-error", "--reason", "x")],
    ids=lambda args: args[0],
)  # fmt: skip
def test_no_command_creates_a_missing_ledger(desk: Desk, args: tuple[str, ...]) -> None:
    desk.writes("e.jsonl", [event("person-registered", "2023", "secretariat", person="p1", name="x")])

    assert one_line(desk, *args) == (6, "there is no ledger at liggare.db; `liggare init` makes one")
    assert [path.name for path in desk.folder.iterdir()] == ["e.jsonl"]


def test_init_never_overwrites(desk: Desk) -> None:
    desk.does("init")
    before = (desk.folder / "liggare.db").read_bytes()

    assert one_line(desk, "init") == (6, "liggare.db is already there; nothing was overwritten")
    assert (desk.folder / "liggare.db").read_bytes() == before


def test_init_where_there_is_no_folder_says_so(desk: Desk) -> None:
    assert one_line(desk, "init", "--ledger", "no/such/liggare.db") == (6, "there is no directory no/such")


def test_a_refused_init_leaves_nothing(desk: Desk) -> None:
    terms = desk.writes("terms.json", ["{}"])

    assert desk("init", "--terms", terms).code == 2
    assert desk("init", "--on", "yesterday").code == 2
    assert desk("init", "--text", "nowhere").code == 2
    assert [path.name for path in desk.folder.iterdir()] == ["terms.json"]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"not a ledger, but a text" * 100, b"SQLite format 3\x00" + bytes(2000)]
)
def test_a_file_that_is_no_ledger_is_left_alone(desk: Desk, content: bytes) -> None:
    (desk.folder / "liggare.db").write_bytes(content)

    for args in (("agreement",), ADOPT):
        code, line = one_line(desk, *args)
        assert code in {4, 6}
        assert line.startswith("liggare.db is ")
    assert (desk.folder / "liggare.db").read_bytes() == content


def test_another_programs_database_is_no_ledger(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.folder / "liggare.db")) as other:
        other.execute("CREATE TABLE notes (text)")
        other.commit()

    assert one_line(desk, "agreement") == (6, "liggare.db is not a ledger")
    assert one_line(desk, *ADOPT) == (6, "liggare.db is not a ledger")


def test_a_directory_is_no_ledger(desk: Desk) -> None:
    assert one_line(desk, "agreement", "--ledger", ".") == (6, ". is not a ledger")


def test_a_ledger_that_is_cut_off_is_damaged(begun: Desk, place: Path) -> None:
    os.truncate(place, place.stat().st_size - 4096)

    for args in (("agreement", "--ledger", place), (*ADOPT, "--ledger", place)):
        code, line = one_line(begun, *args)
        assert code == 4
        assert line.startswith(f"{place} is damaged: it is ")
        assert "cut off" in line
        assert line.endswith("restore a backup, and keep this file as evidence")


def test_an_entry_that_was_tampered_with_is_damaged(begun: Desk, place: Path) -> None:
    with closing(sqlite3.connect(place)) as other:
        for (trigger,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f'DROP TRIGGER "{trigger}"')
        other.execute("UPDATE entries SET data = X'7B7D'")
        other.commit()

    assert one_line(begun, "agreement", "--ledger", place)[0] == 4


def test_a_ledger_of_a_newer_program_is_left_to_it(begun: Desk, place: Path) -> None:
    with closing(sqlite3.connect(place)) as other:
        other.execute("PRAGMA user_version = 99")

    code, line = one_line(begun, "agreement", "--ledger", place)

    assert code == 6
    assert line == f"{place} was written by a newer liggare (schema 99); upgrade this program"


# File permissions. Permissions do not bind root, so these tests run the program without root's privilege.


def test_a_read_only_ledger_answers_and_refuses_to_record(begun: Desk, place: Path) -> None:
    place.with_name("liggare.db-journal").unlink(missing_ok=True)
    place.chmod(0o444)

    assert liggare("agreement", "--ledger", place, privileged=False).code == 0
    failed = liggare(*ADOPT, "--ledger", place, privileged=False)

    assert (failed.code, failed.out) == (6, "")
    assert failed.errors == [f"no permission to write to {place}"]
    assert begun.asks("history", "--ledger", place)["known_at"] == "@1"


def test_a_folder_that_may_not_be_written_says_so(begun: Desk, place: Path) -> None:
    place.with_name("liggare.db-journal").unlink(missing_ok=True)
    place.parent.chmod(0o555)

    recorded = liggare(*ADOPT, "--ledger", place, privileged=False)
    made = liggare("init", "--ledger", place.with_name("new.db"), privileged=False)
    place.parent.chmod(0o755)

    assert (recorded.code, recorded.errors) == (6, [f"no permission to make files beside {place}"])
    assert (made.code, made.errors) == (6, [f"no permission to create {place.with_name('new.db')}"])
    assert begun.asks("history", "--ledger", place)["known_at"] == "@1"


def test_a_ledger_that_may_not_be_read_says_so(place: Path) -> None:
    place.chmod(0)

    failed = liggare("agreement", "--ledger", place, privileged=False)

    assert (failed.code, failed.errors) == (6, [f"no permission to read {place}"])


LONG = ("record", "agreement-adopted", "--version", "1", "--assembly", "sala", "--on", "2022", "--organ", "assembly",
        "--reservation", "x" * 9_000)  # fmt: skip


def test_a_full_disk_is_reported_and_nothing_is_lost(begun: Desk, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that reaches its page limit gives the same SQLite error as a full disk."""
    pages = place.stat().st_size // 4096
    with monkeypatch.context() as patched:
        patched.setattr(
            ledger.store.sqlite.database,
            "SETTINGS",
            (*ledger.store.sqlite.database.SETTINGS, f"max_page_count = {pages}"),
        )
        code, line = one_line(begun, *LONG, "--ledger", place)

    assert (code, line) == (6, f"the disk that holds {place} is full; nothing was recorded")
    assert begun.asks("history", "--ledger", place)["known_at"] == "@1"
    assert begun.does(*LONG, "--ledger", place).code == 0


def test_a_disk_that_fails_leaves_the_outcome_unknown_and_says_how_to_find_out(begun: Desk, place: Path) -> None:
    largest = f'ulimit -f {place.stat().st_size // 1024}; trap "" XFSZ; "$@"'
    command = ["bash", "-c", largest, "bash", *PROGRAM, *LONG, "--ledger", str(place)]
    env = environment(COVERAGE_PROCESS_CONFIG="")  # whose file could not be written either
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    failed = Done(ended.returncode, ended.stdout, ended.stderr)

    assert (failed.code, failed.out) == (5, "")
    told, again = failed.errors
    assert told.startswith("cannot tell whether this was recorded (")
    key = again.rpartition(" --key ")[2]
    assert begun.asks(*LONG, "--ledger", place, "--key", key)["again"] is False
    assert begun.asks("history", "--ledger", place)["known_at"] == "@2"
