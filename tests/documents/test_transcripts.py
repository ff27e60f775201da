"""README.md, docs/tour.md and the pages in Swedish show what the program prints, and the five commands of each README
make a new ledger.
"""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.commands.demo import _answer

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

ROOT = Path(__file__).parents[2]
README, TOUR, SWEDISH = ROOT / "README.md", ROOT / "docs" / "tour.md", ROOT / "docs" / "sv"
DOCUMENTS = {README: "en", TOUR: "en", **dict.fromkeys(sorted(SWEDISH.glob("*.md")), "sv")}  # document → its language
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# STEP matches a command and the output below the command. A line of a command that is not the last ends in a backslash.
STEP = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)
NOW = datetime(2026, 4, 14, 9, tzinfo=UTC)  # later than the demo's last act


class Reader:
    """A reader who types each command of a document in the folder of the demo."""

    def __init__(self) -> None:
        self.code, self.now = 0, NOW

    def types(self, step: re.Match[str]) -> str:
        """Runs the command of a step, and returns the step with the command's real output.

        If the command is `cat FILE`, writes the output that the document shows to FILE, and returns the step unchanged.
        """
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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_shows_what_the_program_prints(
    document: Path, desk: Desk, demos: dict[str, Desk], monkeypatch: pytest.MonkeyPatch, rewrite_golden: bool
) -> None:
    monkeypatch.setenv("LIGGARE_LANG", DOCUMENTS[document])
    desk.goes_on(demos[DOCUMENTS[document]])
    written = document.read_text("utf-8")

    really = BLOCK.sub(Reader().reads, written)

    if rewrite_golden:
        document.write_text(really, "utf-8")
    assert really == written, "write it anew with --rewrite-golden, and read it"


def test_every_command_that_the_handbook_advises_is_understood(
    desk: Desk, demos: dict[str, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands without output below them are typed as they are written; they may be refused, but not as bad input."""
    monkeypatch.setenv("LIGGARE_LANG", "sv")
    desk.goes_on(demos["sv"])
    desk.now = NOW
    written = (SWEDISH / "sekreterare.md").read_text("utf-8")
    for table in re.findall(r"^```text\n(.*?)^```$", written, re.DOTALL | re.MULTILINE):
        Path("betalningar.csv").write_text(table, "utf-8")

    for block in re.findall(r"^```sh\n(.*?)^```$", written, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", "").splitlines():
            words = shlex.split(line, comments=True)
            if words[0] == "liggare":
                done = desk(*words[1 : words.index(">") if ">" in words else len(words)])
                assert done.code in {0, 1}, (line, done.errors)


@pytest.mark.parametrize(
    ("readme", "heading", "signed"),
    [
        (README, "Your own ledger in five commands", "checkpoint.txt"),
        (SWEDISH / "README.md", "En egen liggare med fem kommandon", "kontrollpunkt.txt"),
    ],
)
def test_five_commands_make_a_ledger_of_ones_own(desk: Desk, readme: Path, heading: str, signed: str) -> None:
    section = readme.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    [block] = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    commands = [shlex.join(shlex.split(line, comments=True)) for line in block.splitlines()]

    assert len(commands) == 5
    for command in commands:
        words = shlex.split(command)
        end = words.index(">") if ">" in words else len(words)
        done = desk.does(*words[1:end])
        if end < len(words):
            Path(words[-1]).write_text(done.out, "utf-8")

    answer = desk.asks("agreement", "--on", "2022-12-01")
    assert [one["party"] for one in answer["adopted"]] == ["sala"]
    assert desk.does("verify", "--against", signed)


def test_the_tour_has_a_part_for_each_of_its_readers() -> None:
    tour = TOUR.read_text("utf-8")
    for who in ("the secretariat", "a lawyer", "an economist", "an auditor"):
        assert tour.count(f"## You are {who}: ") == 1
    commands = re.findall(r"^\$ liggare ([a-z-]+)", tour, re.MULTILINE)
    assert {"record", "import", "agreement", "council", "history", "costs", "findings"} <= {*commands}


def test_the_first_sentence_says_what_it_is() -> None:
    first = README.read_text("utf-8").split("\n\n")[1]

    assert first.startswith("`liggare` ")
    assert first.count(".") == 1
