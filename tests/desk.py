"""Simulates a user at the command line: runs commands in the test's own process, with a clock and a folder that belong
to this user.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import click
import pytest

import cli.program
import presentation.language
from cli.session import Session
from tests.languages import differences, faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

START = datetime(2026, 1, 15, 9, tzinfo=UTC)
# With LIGGARE_BOTH set, each question, and each command that is refused, is run again in Swedish, and compared.
BOTH = bool(os.environ.get("LIGGARE_BOTH"))
CAN_ASK, AS_IS = Session.can_ask, (presentation.language.catalogue, presentation.language.LOCALE)
AGAIN = {1, 2}  # exit codes after which nothing has changed, so that the command can be run again


@pytest.fixture
def desk(tmp_path: Path, fresh: Callable[[], str | None]) -> Iterator[Desk]:
    with at_a_desk(tmp_path, fresh()) as desk:
        yield desk


@contextmanager
def at_a_desk(folder: Path, ledger: str | None = None) -> Iterator[Desk]:
    """Yields a desk in a folder. The environment holds no variable that the program reads, except the actor, the state
    folder and, if `ledger` is given, the ledger's place.
    """
    kept = {name: value for name, value in os.environ.items() if not _is_heeded(name)}
    told = {
        "LIGGARE_ACTOR": "tester",
        "XDG_STATE_HOME": str(folder / "state"),
        **({"LIGGARE_LEDGER": ledger} if ledger else {}),
    }
    with patch.dict(os.environ, {**kept, **told}, clear=True), chdir(folder):
        yield Desk(folder, ledger)


def _is_heeded(name: str) -> bool:
    return name.startswith("LIGGARE_") or name in {"NO_COLOR", "FORCE_COLOR", "LC_ALL", "LC_MESSAGES", "LANG"}


class Done(NamedTuple):
    """The result of a command: its exit code and its output."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON document that the command printed on stdout."""
        return json.loads(self.out)

    @property
    def errors(self) -> list[str]:
        """The lines on stderr, without the program's name at the start. Every line must begin with the program's
        name.
        """
        lines = self.err.splitlines()
        assert all(line.startswith("liggare: ") for line in lines), lines
        return [line.removeprefix("liggare: ") for line in lines]


def _repeatable(args: Sequence[object], done: Done) -> bool:
    """Returns whether a command can be run again, in Swedish: nothing that it did has changed the ledger."""
    # --verbose shows lines of the program; what gets in between a restore does so once
    told = any(str(arg).startswith(("--lang", "--verbose", "--after-restore")) for arg in args)
    real = (presentation.language.catalogue, presentation.language.LOCALE) == AS_IS  # no test has put others there
    asked = Session.can_ask is not CAN_ASK  # a test types the answers, once
    wrote = "--xlsx" in args and done.code in {0, 1}  # its file is there
    return bool(args) and real and not (told or asked or wrote) and (args[0] in ASKING or done.code in AGAIN)


def questions() -> set[str]:
    """Returns the commands that take --known-at, and write no file: the questions."""
    context = click.Context(cli.program.program)
    commands = {name: cli.program.program.get_command(context, name) for name in cli.program.COMMANDS}
    return {
        name
        for name, command in commands.items()
        if command
        and any("--known-at" in param.opts for param in command.params)
        and not any("--out" in param.opts for param in command.params)
    }


ASKING = {*questions(), "events", "verify", "whoami"}
NEEDS: dict[str, tuple[str, ...]] = {  # question → the arguments without which the question is not answered
    "reports": ("2024H1",),
    "attendance": ("2024H1",),
    "costs": ("2024",),
    "explain": ("notice",),
    "diff": ("--on", "2024-01-01..2025-06-01"),
}


def every_question() -> list[tuple[str, ...]]:
    """Returns each question as a command with the arguments that it needs, in order of name."""
    return [(question, *NEEDS.get(question, ())) for question in sorted(questions())]


class Desk:
    """Runs commands in a folder. The desk's clock moves forward a minute with each command, and to a later day on
    request.
    """

    def __init__(self, folder: Path, ledger: str | None = None) -> None:
        self.folder = folder
        self.ledger = ledger or str(folder / "liggare.db")
        self.now = START

    def __call__(self, *args: object, stdin: bytes = b"") -> Done:
        """Runs a command and returns its result, whatever its exit code."""
        self.now += timedelta(minutes=1)
        done = self._runs(args, stdin)
        if BOTH and not stdin and _repeatable(args, done):
            with patch.dict(os.environ, {"LIGGARE_LANG": "sv"}):
                swedish = self._runs(args, stdin)
            wrong = [*differences([str(arg) for arg in args], done, swedish), *faults(swedish.err, error=True)]
            wrong += faults(swedish.out) if not {"--json", "--json-schema"} & {*args} else []
            assert not wrong, f"{wrong}\n{args}\n{swedish.out}{swedish.err}"
        return done

    def _runs(self, args: Sequence[object], stdin: bytes) -> Done:
        out, err = (TextIOWrapper(BytesIO(), "utf-8", newline="") for _ in range(2))
        given = TextIOWrapper(BytesIO(stdin), "utf-8")
        with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", given):
            code = cli.program.run([str(arg) for arg in args], clock=lambda: self.now)
        return Done(code, *(_text(stream) for stream in (out, err)))

    def does(self, *args: object, stdin: bytes = b"") -> Done:
        """Runs a command, which must exit with 0, and returns its result."""
        done = self(*args, stdin=stdin)
        assert done.code == 0, done
        return done

    def asks(self, *args: object) -> Any:
        """Runs a question with --json, which must succeed, and returns the answer."""
        done = self(*args, "--json")
        assert done.code == 0 or (args[0] == "findings" and done.code == 1), done
        return done.json

    def on(self, day: str) -> Desk:
        """Moves the desk's clock forward to nine o'clock on a later day."""
        later = datetime.fromisoformat(f"{day}T09:00+00:00")
        assert later > self.now, "the clock only moves forward"
        self.now = later
        return self

    def began(self, day: str) -> Desk:
        """Sets the desk's clock to nine o'clock (UTC) on the first day of the test."""
        self.now = datetime.fromisoformat(f"{day}T09:00+00:00")
        return self

    def goes_on(self, begun: Desk) -> Desk:
        """Copies the folder of the desk `begun`, whose ledger must be a file, and sets this desk's clock to the time of
        that desk's clock.
        """
        shutil.copytree(begun.folder, self.folder, dirs_exist_ok=True)
        self.now = begun.now
        return self

    def writes(self, name: str, lines: Iterable[object]) -> Path:
        """Writes a file of lines and returns its path. Strings are written as they are, everything else as JSON."""
        path = self.folder / name
        path.write_text("".join(f"{_line(line)}\n" for line in lines), "utf-8")
        return path


def event(name: str, on: str, organ: str = "assembly", /, **fields: Any) -> dict[str, Any]:
    """Returns a line of an import file, as a dictionary."""
    return {"event": name, "valid_on": on, "source": {"organ": organ}, **fields}


def _line(line: object) -> str:
    return line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)


def _text(stream: TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, BytesIO)
    return buffer.getvalue().decode("utf-8")
