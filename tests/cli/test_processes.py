"""Tests real processes: several that record at the same time, interrupts, pipes, and terminals."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from tests.cli.processes import PROGRAM, environment, liggare, started
from tests.desk import Done, event
from tests.ready import ready

if TYPE_CHECKING:
    from tests.desk import Desk


PARTIES = ("arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg",
           "surahammar", "vasteras", "region")  # fmt: skip


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    return desk


def test_the_program_runs_as_a_process(begun: Desk) -> None:
    process = started("agreement", "--json", "--on", "2023-01-01")
    out, err = process.communicate(timeout=60)
    done = Done(process.returncode, out.decode(), err.decode())

    assert (done.code, done.err) == (0, "")
    assert done.json == begun.asks("agreement", "--on", "2023-01-01")


def test_two_that_record_at_once_lose_nothing_and_are_judged_against_each_other(begun: Desk) -> None:
    """Four processes record entries that do not conflict, while four others compete for a seat that only one of them
    can fill.
    """
    persons = [f"p{n}" for n in range(4)]
    begun.does("import", begun.writes("p.jsonl", [
        event("person-registered", "2023", "secretariat", person=person, name=person) for person in persons
    ]))  # fmt: skip
    seat = ("--party", "sala", "--seat", "opposition-leader", "--political-party", "Alfa", "--on", "2023-03-01")
    rivals = [
        started("record", "member-appointed", "--person", person, *seat, "--organ", "assembly", program=ready())
        for person in persons
    ]
    others = []
    for party in ("sala", "koping", "arboga", "norberg"):
        adopted = ("--version", "1", "--assembly", party, "--on", "2022-12-01", "--organ", "assembly")
        others.append(started("record", "agreement-adopted", *adopted, program=ready()))

    ended = [(process.communicate(timeout=60), process.returncode) for process in (*rivals, *others)]

    assert sorted(code for _, code in ended[:4]) == [0, 1, 1, 1]
    assert [code for _, code in ended[4:]] == [0, 0, 0, 0]
    refusals = [err.decode() for (_, err), code in ended if code]
    (winner,) = begun.asks("council", "--on", "2024-01-01")["members"]
    holder = f"{winner['name']} ({winner['person']})"
    expected = f"two-per-municipality (2.2): sala has 1 opposition-leader, and on 2023-03-01 that is {holder}"
    assert refusals == [f"liggare: {expected}\n"] * 3
    history = begun.asks("history")["entries"]
    assert [entry["position"] for entry in history] == list(range(1, 1 + 1 + 4 + 1 + 4))
    times = [entry["recorded_at"] for entry in history]
    assert times == sorted(set(times))


@pytest.mark.on_file
def test_an_interruption_is_130_and_quiet(begun: Desk) -> None:
    waiting = started("import", "-")
    assert waiting.stdin
    # The input is larger than a pipe's buffer. When this write returns, the program is therefore reading its input, and
    # then waits for more.
    waiting.stdin.write(b" " * 200_000)
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=30)

    assert (waiting.returncode, out, err.strip()) == (130, b"", b"")
    assert begun.asks("history")["known_at"] == "@1"


INTERRUPTED_WHEN_IT_LOADS = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
from cli import main
main()
"""


@pytest.mark.on_file
@pytest.mark.parametrize(
    "module",
    ["cli.interrupts", "cli.program", "click", "cli.commands.council", "orjson", "zoneinfo"],
)
@pytest.mark.parametrize("caller", ["heeds it", "ignores it"])
def test_an_interruption_while_it_starts_is_130_and_quiet(begun: Desk, module: str, caller: str) -> None:
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)" if caller == "ignores it" else ""
    code = f"{ignoring}\n{INTERRUPTED_WHEN_IT_LOADS.format(module=module)}"
    done = subprocess.run([sys.executable, "-c", code, "council"], env=environment(), capture_output=True, check=False)

    assert done.stderr == b""
    assert done.returncode == (0 if ignoring else 130)
    assert bool(done.stdout) is bool(ignoring)
    assert begun.asks("history")["known_at"] == "@1"


@pytest.mark.on_file
@pytest.mark.parametrize(
    "args", [("history", "--json"), ("history",), ("replay", "--json"), ("events", "--json-schema"), ("events",)]
)
def test_an_answer_that_nobody_reads_to_its_end_is_quiet(begun: Desk, args: tuple[str, ...]) -> None:
    begun.does("import", begun.writes("p.jsonl", [
        event("person-registered", "2023", "secretariat", person=f"p{n}", name="x" * 150) for n in range(600)
    ]))  # fmt: skip
    process = started(*args, program=ready())
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    process.stdout.read(10)
    process.stdout.close()

    assert process.stderr
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(timeout=30) == 0


@pytest.mark.on_file
@pytest.mark.parametrize(("args", "code"), [(("agreement",), 0), (("agreement", "--json"), 0), (("findings",), 1)])
def test_an_answer_that_nobody_reads_at_all_is_quiet_and_keeps_its_code(
    begun: Desk, args: tuple[str, ...], code: int
) -> None:
    adopted = [event("agreement-adopted", "2022-12-01", version=1, assembly=party) for party in PARTIES]
    begun.does("import", begun.writes("e.jsonl", adopted))
    process = started(*args, program=ready())
    assert process.stdout
    process.stdout.close()

    _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (code, b"")


@pytest.mark.on_file
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_an_answer_that_cannot_be_written_is_reported(begun: Desk) -> None:
    assert begun.does("agreement").code == 0
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [*ready(), "agreement"], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )

    assert done.returncode == 6
    assert done.stderr == b"liggare: the answer could not be written: No space left on device\n"


@pytest.mark.on_file
def test_json_is_utf_8_and_tables_are_readable_whatever_the_character_set(begun: Desk) -> None:
    latin = {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}

    titles = subprocess.run(
        [*PROGRAM, "agreement", "--json"], env=environment(**latin), capture_output=True, check=True
    )
    table = subprocess.run([*PROGRAM, "agreement"], env=environment(**latin), capture_output=True, check=True)

    assert "Västmanlands" in json.loads(titles.stdout.decode("utf-8"))["title"]
    assert "Köpings kommun" in table.stdout.decode("latin-1")
    assert begun.does("agreement").code == 0


@pytest.mark.on_file
def test_a_file_may_come_through_a_pipe(begun: Desk) -> None:
    line = json.dumps(event("agreement-adopted", "2022-12-01", version=1, assembly="koping")).encode()

    assert liggare("import", "-", stdin=line).code == 0
    assert begun.asks("history")["known_at"] == "@2"


# Terminals


def on_a_terminal(columns: int, *args: str, typed: bytes = b"", **env: str) -> tuple[int, str]:
    """Runs a command on a terminal that is `columns` wide. Returns (exit code, text on the terminal)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    told = environment(**{"TERM": "xterm-256color", **env})
    process = subprocess.Popen([*ready(), *args], stdin=theirs, stdout=theirs, stderr=theirs, env=told)
    os.close(theirs)
    os.write(ours, typed)
    seen = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # Linux raises this error when the other end of the terminal is closed
            break
        if not read:
            break
        seen += read
    os.close(ours)
    return process.wait(timeout=30), seen.decode().replace("\r\n", "\n")


@pytest.mark.on_file
def test_a_terminal_has_colour(begun: Desk) -> None:
    code, seen = on_a_terminal(100, "agreement")

    assert code == 0
    assert "\x1b[33mawaited\x1b[0m" in seen
    assert begun.does("agreement").out.count("\x1b") == 0


@pytest.mark.on_file
def test_a_terminal_has_no_colour_when_that_is_asked_for(begun: Desk) -> None:
    begun.does("agreement")
    _, seen = on_a_terminal(100, "agreement", NO_COLOR="1")

    assert "awaited" in seen
    assert "\x1b[3" not in seen


@pytest.mark.on_file
def test_a_terminal_that_is_lost_loses_no_answer(begun: Desk) -> None:
    asking = ("record", "agreement-adopted", "--version", "1")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *asking], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(TERM="xterm"),
        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, b"2022-12-01\nassembly\n")
    seen = b""
    while b"--assembly (" not in seen:
        seen += os.read(ours, 65536)
    os.close(ours)
    ended = process.wait(timeout=30)
    code, seen_again = on_a_terminal(100, *asking, typed=b"y\nsala\n")

    # The exit code is 130 if the program first saw the end of its input, and 6 if its next prompt found no terminal.
    assert ended in {-signal.SIGHUP, 130, 6}
    assert "  --on: 2022-12-01\n  --organ: assembly\nUse them again [Y/n]: " in seen_again
    assert code == 0
    assert begun.asks("history")["entries"][-1]["fields"]["assembly"] == "sala"


@pytest.mark.on_file
def test_on_a_terminal_one_is_asked_for_what_is_missing(begun: Desk) -> None:
    code, seen = on_a_terminal(
        100, "record", "agreement-adopted", "--version", "1", "--assembly", "sala", typed=b"2022-12-01\nassembly\n"
    )

    assert code == 0
    assert "--on (the assembly's decision): " in seen
    assert "entry 2: agreement-adopted on 2022-12-01: version: 1, assembly: sala" in seen
    assert begun.asks("history")["known_at"] == "@2"
