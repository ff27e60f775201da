"""Tests standard streams that are full, broken or closed: a recorded entry is reported as recorded, and no command ends
in a traceback.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.processes import PROGRAM, environment
from tests.ready import ready

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

pytestmark = pytest.mark.on_file

SEMINAR = ("record", "activity-held", "--on", "2024-05-02", "--organ", "official", "--kind", "seminar", "--title", "S",
           "--place", "Sala", "--organisers", "sala")  # fmt: skip
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init")
    return desk


def under_shell(redirected: str, *args: str) -> subprocess.CompletedProcess[bytes]:
    """Runs the program from a shell that redirects the program's standard streams."""
    line = 'trap "" PIPE; "$@" ' + redirected
    return subprocess.run(
        ["bash", "-c", line, "bash", *ready(), *args], env=environment(), capture_output=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("redirected", "why"),
    [
        pytest.param("> /dev/full", "No space left on device", marks=FULL),
        (">&-", "Bad file descriptor"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_what_is_recorded_is_said_to_be_when_the_answer_cannot_be_written(
    begun: Desk, redirected: str, why: str, form: tuple[str, ...]
) -> None:
    done = under_shell(redirected, *SEMINAR, "--key", "K1", *form)

    told = f"liggare: recorded as entry 2 under key K1, but the answer could not be written: {why}\n"
    assert (done.returncode, done.stderr.decode()) == (0, told)
    assert begun.asks("history")["known_at"] == "@2"


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_what_is_recorded_is_said_to_be_when_nobody_reads_the_answer(begun: Desk, form: tuple[str, ...]) -> None:
    out, into = os.pipe()
    os.close(out)
    done = subprocess.run(
        [*ready(), *SEMINAR, "--key", "K1", *form], env=environment(), stdout=into, stderr=subprocess.PIPE, check=False
    )
    os.close(into)

    told = "liggare: recorded as entry 2 under key K1, but the answer could not be written: Broken pipe\n"
    assert (done.returncode, done.stderr.decode()) == (0, told)
    assert begun.asks("history")["known_at"] == "@2"


@pytest.mark.parametrize("out", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("err", ["2> /dev/full", "2>&-"])
@FULL
def test_with_stderr_gone_too_the_code_still_says_it(begun: Desk, out: str, err: str) -> None:
    done = under_shell(f"{out} {err} <&-", *SEMINAR)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert begun.asks("history")["known_at"] == "@2"


@pytest.mark.parametrize("err", ["2> /dev/full", "2>&-"])
@FULL
def test_a_refusal_that_cannot_be_printed_is_still_a_refusal(begun: Desk, err: str) -> None:
    done = under_shell(f"> /dev/full {err}", "record", "agreement-adopted", "--version", "7", "--assembly", "sala",
                       "--on", "2023-01-01", "--organ", "assembly", "--json")  # fmt: skip

    assert done.returncode == 1
    assert begun.asks("history")["known_at"] == "@1"


@pytest.mark.parametrize("redirected", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_no_opened_file_gets_the_descriptor_of_a_closed_stream(begun: Desk, redirected: str) -> None:
    """If an opened file got the descriptor of a closed stream, output to the stream would be written into the file."""
    done = under_shell(redirected, *SEMINAR, "--receipt", "r.proof")

    assert done.returncode == 0
    assert (begun.folder / "r.proof").read_text().startswith("c2sp.org/tlog-proof@v1\n")
    assert begun.does("verify").code == 0


def test_an_answer_to_a_question_on_a_closed_stdout_is_reported(begun: Desk) -> None:
    done = under_shell(">&-", "agreement")

    assert (done.returncode, done.stderr) == (6, b"liggare: the answer could not be written: Bad file descriptor\n")
    assert begun.does("agreement").code == 0


@pytest.fixture
def tampered(begun: Desk) -> Desk:
    """Returns a desk with an intact ledger and a copy of that ledger, bad.db, whose entries were changed after they
    were recorded.
    """
    begun.does("backup", "bad.db")
    with closing(sqlite3.connect("bad.db")) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), 'samverkan', 'x') AS BLOB)")
    return begun


CODES = [
    (("verify", "--ledger", "bad.db"), 4),
    (("verify", "--ledger", "bad.db", "--json"), 4),
    (("council", "--on", "x", "--json"), 2),
    (("record", "agreement-adopted", "--version", "7", "--assembly", "sala", "--on", "2023", "--organ", "assembly"), 1),
    (("recor",), 2),
]


@pytest.mark.on_file
@pytest.mark.parametrize(("args", "code"), CODES)
def test_each_stream_broken_closed_or_full_keeps_the_exit_code(
    tampered: Desk, args: tuple[str, ...], code: int
) -> None:
    assert tampered.folder.exists()
    full = ("> /dev/full 2>&1",) if os.path.exists("/dev/full") else ()  # noqa: PTH110
    for redirected in ("2>&1 >/dev/null | true", "| true", "<&- >&- 2>&-", *full):
        line = f'trap "" PIPE; ("$@"; echo $? > code) {redirected}'
        subprocess.run(["bash", "-c", line, "bash", *ready(), *args], env=environment(), capture_output=True,
                       check=False, timeout=60)  # fmt: skip
        assert int((tampered.folder / "code").read_text()) == code, redirected


@pytest.mark.parametrize(
    "command", [("agreement",), ("record", *SEMINAR[1:]), ("init",), ("verify",), ("export", "out")]
)
def test_a_working_directory_that_is_gone_is_reported(tmp_path: Path, command: tuple[str, ...]) -> None:
    line = 'mkdir "$0/gone" && cd "$0/gone" && rmdir "$0/gone" && "$@"'
    done = subprocess.run(["bash", "-c", line, str(tmp_path), *PROGRAM, *command], env=environment(), check=False,
                          capture_output=True, timeout=60)  # fmt: skip

    told = "liggare: the working directory is gone: change to another one, and try again\n"
    assert (done.returncode, done.stderr.decode()) == (6, told)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("backup", "copy.db"), "copy.db is made"),
        (("export", "out"), "out is made"),
    ],
)
@FULL
def test_what_is_made_is_said_to_be(begun: Desk, args: tuple[str, ...], said: str) -> None:
    done = under_shell("> /dev/full", *args)

    told = f"liggare: {said}, but the answer could not be written: No space left on device\n"
    assert (done.returncode, done.stderr.decode()) == (0, told)
    assert (begun.folder / args[-1]).exists()


def test_standard_input_that_is_closed_holds_nothing(begun: Desk) -> None:
    done = under_shell("<&-", "import", "-")

    assert (done.returncode, done.stderr) == (2, b"liggare: there is nothing to record: no line holds an event\n")
    assert begun.asks("history")["known_at"] == "@1"


@FULL
def test_a_copy_that_is_made_is_said_to_be(begun: Desk) -> None:
    begun.does("backup", "liggare-1.db")

    done = under_shell("> /dev/full", "copy", "liggare-1.db", "copy.db")

    told = "liggare: copy.db is made, but the answer could not be written: No space left on device\n"
    assert (done.returncode, done.stderr.decode()) == (0, told)
