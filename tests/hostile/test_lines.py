"""Tests hostile arguments, input, files and environments. Every command ends soon with a documented exit code and a
one-line reason, uses little memory, and changes nothing unless it reports the change. `make soak` runs ten thousand
hostile command lines.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from signal import SIGALRM
from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk
from tests.hostile.apart import PROGRAM, WALL_S
from tests.hostile.files import MADE, ROOT, lay_traps, made_like
from tests.hostile.lines import Line, lines
from tests.hostile.values import ENV

if TYPE_CHECKING:
    from tests.hostile.apart import Apart, Ended

SEEDS = range(20) if os.environ.get("LIGGARE_SOAK") else (1,)
EACH = 500 if len(SEEDS) > 1 else 200
SECONDS, MEMORY = 2.0, 200 * 2**20  # limits in seconds of processor time, and in bytes
CODES = {0, 1, 2, 4, 6}  # exit codes 3 and 5 occur only with a concurrent writer
RECORDING = {
    "init",
    "record",
    "import",
    "annul",
    "claim",
    "checkpoint",
    "rotate-key",
    "dispose",
    "upgrade",
    "demo",
    "export",
    "prove",
    "--record",  # of a paper
}
STEERING = {"\x1b", "\x07", "\u202e", "\u200b", "\u2028", "\x7f", "\x85", "\U000e0041"}


class Folder:
    """A folder with a ledger, its files and some traps. The folder is restored after each command line."""

    def __init__(self, good: Path, path: Path) -> None:
        self.good, self.path = good, path
        shutil.copytree(good, path)
        lay_traps(path)
        self.before = self._now()

    def _now(self) -> dict[str, tuple[int, ...]]:
        """Returns the attributes of every path in the folder. Paths inside folders that cannot be read are left out."""
        found = [
            str(Path(root, name).relative_to(self.path))
            for root, folders, files in os.walk(self.path)
            for name in (*folders, *files)
        ]
        return {name: made_like(self.path / name) for name in found}

    def mend(self) -> tuple[list[str], list[str]]:
        """Restores the folder, and returns (names of the files that had changed, names of the files that were new)."""
        now = self._now()
        changed = [
            name
            for name, was in self.before.items()
            if name not in now or (now[name] != was and not (self.path / name).is_dir())
        ]
        came = sorted(now.keys() - self.before.keys())
        for name in came:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for name in changed:
            (self.path / name).unlink(missing_ok=True)
            shutil.copy2(self.good / name, self.path / name)
            self.before[name] = made_like(self.path / name)
        return changed, came


@pytest.fixture(scope="module")
def good(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with a ledger of nearly every event, and the ledger's export, receipt, checkpoint and terms."""
    folder = tmp_path_factory.mktemp("good")
    for path in played.glob("liggare.db*"):
        shutil.copy2(path, folder)
    with at_a_desk(folder) as desk:
        desk.began("2026-05-01").does("export", "export")
        desk.does("prove", 40, "--receipt", "receipt.proof")
        (folder / "checkpoint.txt").write_text(desk.does("checkpoint").out)
        (folder / "terms.json").write_text(json.dumps(desk.asks("agreement")["terms"]))
    for name, data in MADE.items():
        (folder / name).write_bytes(data)
    shutil.copy2(ROOT / "tests/profiles/malarbyn.toml", folder / "profile.toml")
    shutil.copy2(ROOT / "tests/profiles/malarbyn.txt", folder)
    return folder


@pytest.fixture(scope="module")
def folder(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(good, tmp_path_factory.mktemp("lines") / "here")


@pytest.mark.parametrize("seed", SEEDS)
def test_no_line_leads_to_more_than_a_code_and_a_reason(apart: Apart, folder: Folder, seed: int) -> None:
    faults = [(line, found) for line in lines(seed, EACH) for found in [tried(apart, folder, line)] if found]

    assert faults == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("raises", "shows a traceback"),
        ("ends_otherwise", "ends with 70"),
        ("hangs", f"ends with {-SIGALRM}"),
        ("takes_long", "took 0"),
        ("takes_memory", "MB"),
        ("writes", "changed liggare.db"),
        ("leaves", "left half"),
        ("steers", "steers the terminal"),
        ("is_silent", "gives no reason"),
        ("babbles", "answers with no document"),
        ("rambles", "says a long line"),
    ],
)
def test_what_a_program_does_wrong_is_noticed(
    apart: Apart, folder: Folder, planted: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.hostile.test_lines.SECONDS", 0.3)
    line = Line(("council", "--json"), ENV, ("null", "", ""))

    found = tried(apart, folder, line, f"tests.hostile.planted:{planted}", wall=1 if planted == "hangs" else WALL_S)

    assert any(fault in one for one in found), found
    assert tried(apart, folder, line) == []


def tried(apart: Apart, folder: Folder, line: Line, program: str = PROGRAM, wall: int = WALL_S) -> list[str]:
    """Runs a command line and returns the faults of the run."""
    for given in line.given:
        given.make(folder.path)
    laid = {name for given in line.given for name in (given.name, *_inside(folder.path, given.name))}
    ended = apart.run(line, folder.path, program, wall)
    changed, came = folder.mend()
    left = [name for name in came if name not in laid]
    return [*faults_of(line, ended), *_kept(line, ended, changed, left)]


def _inside(folder: Path, name: str) -> list[str]:
    return [str(path.relative_to(folder)) for path in (folder / name).rglob("*")]


def faults_of(line: Line, ended: Ended) -> list[str]:
    told, said = ended.err.splitlines(), ended.out + ended.err
    shown = ended.err if "--json" in line.words else said  # with --json, stdout is read by programs, not by people
    asks_help = any(one.startswith(("Usage:", "Användning:")) for one in (ended.out, ended.err))
    faults = {
        f"ends with {ended.code}": ended.code not in CODES,
        "shows a traceback": "Traceback" in said or "fault of this program" in said,
        f"took {ended.seconds:.1f} s": ended.seconds > SECONDS,
        f"took {ended.memory >> 20} MB": ended.memory > MEMORY,
        "steers the terminal": bool(STEERING & {*shown}) and "FORCE_COLOR" not in line.env,
        "gives no reason": ended.code in {2, 4, 6} and not told and not line.streams[2],
        "says a line that is not its own": any(not one.startswith("liggare: ") for one in told) and not asks_help,
        "says a long line": max(map(len, told), default=0) > 1_200,
        f"says {len(told)} lines": len(told) > (130 if asks_help else 102),
        "answers with no document": "--json" in line.words[:3]
        and not asks_help
        and not _is_document(ended)
        and not line.streams[1],
    }
    return [fault for fault, is_so in faults.items() if is_so]


def _is_document(ended: Ended) -> bool:
    try:
        json.loads(ended.out)
    except ValueError:
        return False
    return True


def _kept(line: Line, ended: Ended, changed: list[str], left: list[str]) -> list[str]:
    """Returns files that were changed or left behind although the command did not report success. Two failed commands
    may leave files: a demo whose output nobody reads, and a backup of a damaged ledger, which reports that the backup
    is made.
    """
    did = (ended.code == 0 and not RECORDING.isdisjoint(line.words)) or ended.err.startswith(
        "liggare: recorded as entr"
    )
    made = ended.code == 0 or "demo" in line.words or " is made, but " in ended.err
    return [f"changed {name}" for name in changed if not did] + [f"left {name}" for name in left if not made]
