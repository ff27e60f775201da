"""The README is true: its examples show what the program prints, and every command is in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.commands.demo import _answer
from cli.error_output import EXIT_CODES
from cli.program import COMMANDS

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = BLOCK.findall(README)
# Matches a command, whose continued lines end in a backslash, and the output below it.
STEP = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)
NOW = datetime(2026, 4, 14, 9, tzinfo=UTC)  # a moment after the demo's last act


def steps() -> list[str]:
    """Returns each command in the README, joined to one line."""
    found = re.findall(r"^\$ (.*(?:(?<=\\)\n.*)*)$", "".join(BLOCKS), re.MULTILINE)
    return [command.replace("\\\n      ", "") for command in found]


class Reader:
    """A reader who types the README's commands in the folder of the demo."""

    def __init__(self) -> None:
        self.code, self.now = 0, NOW

    def types(self, step: re.Match[str]) -> str:
        """Returns a command with its real output. A file shown with `cat` is written first."""
        command, shown = step[1].replace("\\\n      ", ""), step[2]
        if command == "echo $?":
            return f"$ {step[1]}\n{self.code}\n"
        if command.startswith("cat "):
            Path(command.removeprefix("cat ")).write_text(shown, "utf-8")
            return step[0]
        self.now += timedelta(minutes=1)
        printed, self.code = _answer(command, self.now)
        return f"$ {step[1]}\n{printed}"

    def reads(self, block: re.Match[str]) -> str:
        return STEP.sub(self.types, block[0])


def test_what_the_readme_shows_is_what_the_program_prints(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, rewrite_golden: bool
) -> None:
    desk.does("demo", "tour")
    monkeypatch.chdir("tour")

    really = BLOCK.sub(Reader().reads, README)

    if rewrite_golden:
        (ROOT / "README.md").write_text(really, "utf-8")
    assert really == README


def test_the_readme_shows_something_for_each_of_its_readers() -> None:
    for who in ("the secretariat", "a lawyer", "an economist", "an auditor"):
        assert README.count(f"### You are {who}: ") == 1
    commands = steps()
    assert len(commands) >= 10
    for name in ("record", "import", "agreement", "council", "history", "costs", "findings"):
        assert any(command.startswith(f"liggare {name} ") for command in commands), name


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_documents_every_command(command: str) -> None:
    assert re.search(rf"^\| `liggare {command}[ `]", README, re.MULTILINE)


def test_the_readme_documents_every_exit_code() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}

    assert documented == {0, 130, *(code for _, code in EXIT_CODES)}


def test_what_the_readme_points_at_is_there() -> None:
    for path in re.findall(r"^\| `([^`]*)` \| (?!makes|records|takes)", README, re.MULTILINE):
        if not path.startswith("liggare"):
            assert (ROOT / path).exists(), path
    for target in re.findall(r"\]\(([^)]*)\)", README):
        assert (ROOT / target).exists(), target
    targets = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^demo:", targets, re.MULTILINE)
    assert re.search(r"^test:", targets, re.MULTILINE)


def test_the_first_sentence_says_what_it_is() -> None:
    first = README.split("\n\n")[1]

    assert first.startswith("`liggare` ")
    assert first.count(".") == 1
