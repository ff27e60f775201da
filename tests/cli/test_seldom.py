"""What seldom happens at the command line: each is told in a sentence, with an exit code of its own."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from unittest.mock import PropertyMock, patch

import click
import pytest

from cli import program
from cli.session import Session, writing_answer
from cli.suggestions import tags
from ledger.errors import Contended, OutcomeUnknown
from ledger.events import EVENTS
from ledger.store import SqlStore, creating
from recording.event_lines import LONGEST_LINE
from tests.cli.processes import environment

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

MEMBER = ("record", "person-registered", "--person", "p1", "--name", "Testa", "--on", "2024", "--organ", "secretariat")
INTERRUPTED = """
import cli, cli.program

def interrupted():
    raise KeyboardInterrupt

cli.program.program_main = interrupted
cli.main()
"""


# The program itself


def test_an_interruption_at_the_very_end_is_130_and_quiet() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], env=environment(), capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_command_that_is_none_is_none() -> None:
    assert program.program.get_command(click.Context(program.program), "nonsense") is None


def test_a_directory_that_is_gone_is_told(desk: Desk) -> None:
    (desk.folder / "gone").mkdir()
    os.chdir(desk.folder / "gone")
    (desk.folder / "gone").rmdir()
    done = desk("history", "--ledger", "liggare.db")

    assert (done.code, done.errors) == (6, ["the working directory is gone: change to another one, and try again"])


@pytest.mark.parametrize(
    ("after", "told"),
    [("", ""), ("entry 7 is recorded", "entry 7 is recorded, but what came after it failed: ")],
)
def test_a_file_of_the_program_itself_that_is_gone_is_told_with_what_was_done(
    desk: Desk, after: str, told: str
) -> None:
    def failing(_: object, session: Session) -> int:
        session.done = after
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "x.toml")

    with patch("cli.program._run", failing):
        done = desk("history")

    assert (done.code, done.errors) == (6, [f"{told}x.toml cannot be read: No such file or directory"])


def test_an_answer_that_cannot_be_written_outside_a_command_is_nobodys() -> None:
    with writing_answer():
        raise OSError(errno.EPIPE, "nobody reads")


# Questions


def test_who_records_is_unknown_until_somebody_has(desk: Desk) -> None:
    with creating(str(desk.folder / "liggare.db")):
        pass
    with patch.dict(os.environ, clear=False):
        del os.environ["LIGGARE_ACTOR"]
        done = desk("whoami")

    assert (done.code, done.errors) == (2, ["--as is missing: nobody has recorded anything yet"])


def test_an_event_that_one_command_records_names_it(desk: Desk) -> None:
    [(name, command)] = [(name, one.only_by) for name, one in EVENTS.items() if one.only_by == "rotate-key"]

    assert f"Recorded by `liggare {command}` alone." in desk.does("events", name).out


def test_a_standby_says_that_it_may_lack_the_latest(desk: Desk) -> None:
    desk.does("init")
    with patch.object(SqlStore, "follows", PropertyMock(return_value=True)):
        told = desk.does("history").errors

    assert told == ["./liggare.db is a standby: it answers from what it holds, and may lack the latest"]


def test_a_tag_of_no_kind_begins_nothing(desk: Desk) -> None:
    context = click.Context(program.program, obj=Session(lambda: desk.now))

    assert tags(context, click.Option(["--about"]), "Person X:p") == []


# What is given


def test_a_line_longer_than_any_entry_is_refused_by_its_number(desk: Desk) -> None:
    desk.does("init")
    done = desk("import", desk.writes("e.jsonl", ["", "x" * LONGEST_LINE]))

    assert done.code == 2
    assert done.errors == ["line 2: longer than 1 048 576 bytes, and an entry holds at most 65 535"]


def test_a_value_in_a_file_is_text_in_utf_8(desk: Desk) -> None:
    desk.does("init")
    (desk.folder / "terms.json").write_bytes(b"\xff")
    done = desk("record", "agreement-proposed", "--on", "2024", "--organ", "body", "--version", "2", "--title", "T",
                "--in-force-from", "2025-01-01", "--terms", "@terms.json")  # fmt: skip

    assert (done.code, done.errors) == (2, ["--terms: terms.json cannot be read: it is not text in UTF-8"])


def test_after_a_fault_the_sound_rows_of_a_table_are_read_and_nothing_is_recorded(desk: Desk) -> None:
    desk.does("init")
    rows = ["on;organ;version;assembly", "2022-13;assembly;1;sala", "2022-12-01;assembly;1;koping",
            "2022-14;assembly;1;arboga"]  # fmt: skip
    (desk.folder / "t.csv").write_text("\n".join(rows), "utf-8")
    done = desk("import", "t.csv", "--csv", "agreement-adopted")

    assert done.code == 2
    assert [line.partition(":")[0] for line in done.errors] == ["line 2", "line 4"]
    assert len(desk.asks("history")["entries"]) == 1


# What fails after it was done


def test_a_ledger_that_may_have_been_made_keeps_its_key(desk: Desk) -> None:
    with patch("ledger.book.Ledger.record", side_effect=OutcomeUnknown("the disk failed")):
        done = desk("init")

    assert done.code == 5
    assert [path.name for path in desk.folder.iterdir() if ".key" in path.name]


def test_a_key_that_lies_in_the_way_is_told_even_if_the_server_does_not_answer(desk: Desk) -> None:
    (desk.folder / "here.key").write_text("not mine")
    done = desk("init", "--ledger", "postgresql://nobody@127.0.0.1:1/none", "--key-file", "here.key")

    assert done.code == 6
    assert [line for line in done.errors if "a signing key or its record is already at" in line] == done.errors
    assert (desk.folder / "here.key").read_text() == "not mine"


def test_a_receipt_that_is_not_written_after_all_can_be_had_again(desk: Desk) -> None:
    desk.does("init")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    failures: dict[str, Any] = {"ledger.store.files.write_new": full, "cli.receipts.receipt_text": Contended("busy")}
    for number, (what, error) in enumerate(failures.items(), 2):
        act = [f"p{number}" if one == "p1" else one for one in MEMBER]
        with patch(what, side_effect=error):
            done = desk(*act, "--receipt", "r.proof")

        assert done.code == 6
        assert f"liggare prove {number} gives it again" in done.err
        assert not (desk.folder / "r.proof").exists()
        assert len(desk.asks("history")["entries"]) == number
