"""Someone with write access can put anything into the database's rows. After any change to the rows, a command reports
a damaged ledger in one line, or answers from intact rows, and `verify` names the fault. `make soak` tries every
possible change.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk, every_question
from tests.hostile.rows import changes, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk, Done
    from tests.hostile.rows import Change

SEMINAR = ("record", "activity-held", "--on", "2026-01-02", "--organ", "official", "--kind", "seminar", "--title", "x",
           "--place", "Sala", "--organisers", "sala")  # fmt: skip
COMMANDS: tuple[tuple[object, ...], ...] = (
    *every_question(),
    ("council", "--on", "2024-05-01"),
    ("council", "--known-at", "2025-01-01", "--on", "2024-01-01"),
    ("meetings", "--on", "2024-12-01"),
    ("groups", "--on", "2024-05-01"),
    ("findings", "--all"),
    ("officials", "--on", "2024-05-01"),
    SEMINAR,
    ("annul", 40, "--cause", "quashed", "--reason", "r", "--on", "2026-02-02", "--dry-run"),
    ("claim", 2026, 1),
    ("dispose", "p05", "--decision", "d"),
    ("checkpoint",),
    ("prove", 40),
    ("backup", "backup.db"),
    ("copy", "liggare.db", "copy.db"),
    ("export", "out"),
    ("rotate-key",),
)
SIGN_FIRST = {
    "export",
    "rotate-key",
}  # The commands in SIGN_FIRST sign or record before they read the damaged rows.
# The commands in SIGN print a line for each conflict with the signing key or the signer's record.
SIGN = {*SIGN_FIRST, "checkpoint", "prove"}
UNSEEN = {
    "checkpoints: a row is gone",
    "checkpoints: every row is gone",
    # A missing checkpoint is no fault: a process that is killed can leave a checkpoint that is signed but not stored.
    # The signer's record beside the signing key holds the last signed checkpoint.
}
LONGEST = 1_700  # a line that `verify` prints may have this many characters; other commands have a lower limit
COMMANDS_EACH = 4 if os.environ.get("LIGGARE_SOAK") else 1


@pytest.fixture(scope="module")
def base(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of a ledger with entries of nearly every event, a full tile, two signing keys, and a
    checkpoint by each signing key.
    """
    folder = tmp_path_factory.mktemp("base")
    for path in played.glob("liggare.db*"):
        shutil.copy2(path, folder)
    with at_a_desk(folder) as desk:
        desk.began("2026-05-01").does("rotate-key")
        for _ in range(12):
            desk.does(*SEMINAR)
        desk.does("checkpoint")
    return folder


@pytest.fixture
def all_or_some(base: Path) -> list[Change]:
    """Returns the changes to try: all changes under `make soak`, and otherwise one of each kind, always the same."""
    every, random = list(changes(base / "liggare.db")), Random(7)
    if os.environ.get("LIGGARE_SOAK"):
        return every
    kinds: dict[str, list[Change]] = {}
    for change in every:
        kinds.setdefault(change.kind, []).append(change)
    return [random.choice(several) for several in kinds.values()]


def test_no_change_to_a_row_leads_to_more_than_a_line_and_a_code_that_says_so(
    base: Path, tmp_path: Path, all_or_some: list[Change]
) -> None:
    faults, random = [], Random(8)
    for number, change in enumerate(all_or_some):
        folder = tmp_path / str(number)
        shutil.copytree(base, folder)
        try:
            put(folder / "liggare.db", change)
        except sqlite3.IntegrityError:  # even a table that is not strict refuses this change
            continue
        with at_a_desk(folder) as desk:
            desk.began("2026-06-01")
            done = desk("verify", "--json")
            if change.what not in UNSEEN and (done.code not in {4, 6} or not (done.json.get("problems") or done.err)):
                faults.append((change.what, "verify", f"ends with {done.code} and names nothing: {done.err[:200]}"))
            if any(len(line) > LONGEST for line in done.err.splitlines()):
                faults.append((change.what, "verify", f"says a long line: {done.err[:200]}"))
            for command in random.sample(COMMANDS, COMMANDS_EACH):
                faults += [(change.what, str(command[0]), fault) for fault in faults_of(desk, command)]
        shutil.rmtree(folder)

    assert faults == []


def faults_of(desk: Desk, command: tuple[object, ...]) -> list[str]:
    before, began = (desk.folder / "liggare.db").read_bytes(), monotonic()
    done: Done = desk(*command)
    took = monotonic() - began
    lines = done.err.splitlines()
    after = (desk.folder / "liggare.db").read_bytes()
    faults = {
        f"ends with {done.code}: {done.err[:200]}": done.code
        not in {0, 1, 4, 6, *([2] if command[0] == "prove" else [])},
        f"says {len(lines)} lines": done.code in {4, 6} and not 1 <= len(lines) <= (3 if command[0] in SIGN else 1),
        "says a long line": any(len(line) > 600 for line in lines),
        f"took {took:.1f} s": took > 5,  # on an idle machine a command usually takes one second
        "wrote": done.code != 0 and after != before and command[0] not in SIGN_FIRST,
    }
    return [fault for fault, is_so in faults.items() if is_so]
