"""The power is cut at any moment of any command. Data that the command acknowledged must be there, other data must be
complete or absent, and later commands must work. The check must also catch a program that forgets to sync.
"""

from __future__ import annotations

import shutil
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from .conftest import SOAK
from .deeds import DEEDS, copied, faults_of
from .disk import OPTIONS, Disk, calls, without_syncs

if TYPE_CHECKING:
    from pathlib import Path

    from .deeds import Given
    from .disk import Call
    from .warm import Warm

CUTS = round(400 * SOAK) or 3  # the power is cut this many times during each command, and as often after its end
FORGETFUL = {  # command → whether the control forgets only the syncs of folders, or all syncs
    "record": False,
    "rotate-key": False,
    "export": False,
    "import --log": False,
    "init": True,
    "backup": True,
    "record --receipt": True,
}


class Trial(NamedTuple):
    """A command, the folder in which the command starts, and the system calls that the command makes."""

    name: str
    given: Given
    scratch: Path
    made: list[Call]


def tried(name: str, warm: Warm, given: dict[str, Given], scratch: Path) -> Trial:
    """Runs a command, which must succeed, in a copy of its folder, and returns the Trial with its system calls."""
    begun = given[DEEDS[name].given]
    with copied(begun.folder, scratch):
        trace = scratch.with_name("trace")
        code, _, err = warm.run(scratch, ["cli:main", *DEEDS[name].args], *OPTIONS, "-o", str(trace))
        assert code == 0, err
        return Trial(name, begun, scratch, [call for call in calls(trace, scratch) if call.kind != "said"])


def after_a_cut(trial: Trial, at: int, chance: Random) -> list[str]:
    """Returns the faults in the folder if the power is cut after the first `at` calls."""
    disk = Disk(trial.given.folder)
    for call in trial.made[:at]:
        disk.take(call)
    trial.scratch.mkdir()
    try:
        disk.cut(chance).put(trial.scratch)
        return faults_of(trial.name, trial.scratch, trial.given, claimed=at == len(trial.made))
    finally:
        shutil.rmtree(trial.scratch)


@pytest.mark.parametrize("name", DEEDS)
def test_nothing_is_lost_or_half_there_and_the_next_commands_go_on(
    name: str, warm: Warm, given: dict[str, Given], scratch: Path
) -> None:
    trial = tried(name, warm, given, scratch)
    chance = Random(f"power {name}")  # noqa: S311 - the same each time
    end = len(trial.made)

    for at in [chance.randrange(end) for _ in range(CUTS)] + [end] * CUTS:
        assert after_a_cut(trial, at, chance) == [], (at, trial.made[max(0, at - 3) : at])


@pytest.mark.parametrize(("name", "folders_only"), FORGETFUL.items())
def test_a_program_that_forgets_to_sync_is_caught(
    name: str, folders_only: bool, warm: Warm, given: dict[str, Given], scratch: Path
) -> None:
    """The control: if the syncs of a command are left out, the check must report lost or partial data."""
    trial = tried(name, warm, given, scratch)
    forgetful = without_syncs(trial.made, trial.given.folder, folders_only=folders_only)
    chance = Random(f"control {name}")  # noqa: S311 - the same each time

    assert any(after_a_cut(trial._replace(made=forgetful), len(forgetful), chance) for _ in range(30))
