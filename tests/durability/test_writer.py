"""The power is cut while a program records. Every acknowledged entry is still there, byte for byte, in both journal
modes of SQLite.
"""

from __future__ import annotations

import shutil
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.desk import at_a_desk

from .conftest import SOAK
from .deeds import LEDGER, copied, entries
from .disk import OPTIONS, Call, Disk, calls, without_syncs

if TYPE_CHECKING:
    from pathlib import Path

    from .deeds import Given
    from .warm import Warm

CUTS, ROUNDS = round(6_000 * SOAK) or 30, 8
JOURNALS = ("truncate", "wal")


class Trial(NamedTuple):
    """A program that records, the folder in which the program starts, its system calls, and the ledger's entries at its
    end.
    """

    given: Given
    scratch: Path
    made: list[Call]
    wanted: list[bytes]


def tried(warm: Warm, given: Given, scratch: Path, journal: str, when: str = "late") -> Trial:
    """Runs the program, which must succeed, in a copy of the folder, and returns the Trial with its calls and
    entries.
    """
    with copied(given.folder, scratch):
        trace = scratch.with_name("trace")
        program = ["tests.durability.writer:records", LEDGER, str(ROUNDS), journal, when]
        code, _, err = warm.run(scratch, program, *OPTIONS, "-o", str(trace))
        assert code == 0, err
        return Trial(given, scratch, calls(trace, scratch), entries(scratch))


def lost(trial: Trial, at: int, chance: Random) -> list[str]:
    """Returns the acknowledged entries and disposals that are lost after a power cut."""
    disk, told, gone = Disk(trial.given.folder), 0, []
    for call in trial.made[:at]:
        if call.kind != "said":
            disk.take(call)
        elif call.path.startswith("recorded "):
            told = int(call.path.split()[1])
        else:
            gone.append(call.path.split()[1].encode())
    trial.scratch.mkdir()
    try:
        disk.cut(chance).put(trial.scratch)
        return _wrong(trial.scratch, told, trial.wanted, gone)
    finally:
        shutil.rmtree(trial.scratch)


def _wrong(folder: Path, told: int, wanted: list[bytes], gone: list[bytes]) -> list[str]:
    wrong = []
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with at_a_desk(folder) as desk:
        if (done := desk("verify")).code:
            return [f"verify ends with {done.code}: {done.err}"]
        found = entries(folder)
        if len(found) < told:
            wrong.append(f"{told - len(found)} entries are lost")
        if found != wanted[: len(found)]:
            wrong.append("an entry is not what was recorded")
        wrong += [f"a name that was disposed of is in {name}" for name, data in files.items() if any(
            one in data for one in gone)]  # fmt: skip
        if (done := desk("record", "person-registered", "--on", "2024", "--organ", "secretariat", "--person", "last",
                         "--name", "x")).code:  # fmt: skip
            wrong.append(f"nothing can be recorded: {done.err}")
    return wrong


@pytest.mark.parametrize("journal", JOURNALS)
def test_what_was_recorded_is_there(journal: str, warm: Warm, given: dict[str, Given], scratch: Path) -> None:
    trial = tried(warm, given["a ledger"], scratch, journal)
    chance = Random(f"writer {journal}")  # noqa: S311 - the same each time

    for _ in range(CUTS):
        at = chance.randint(1, len(trial.made))
        assert lost(trial, at, chance) == [], (at, trial.made[max(0, at - 3) : at])


@pytest.mark.parametrize("journal", JOURNALS)
@pytest.mark.parametrize("control", ["tells too early", "syncs nothing"])
def test_a_writer_that_breaks_its_promise_is_caught(
    journal: str, control: str, warm: Warm, given: dict[str, Given], scratch: Path
) -> None:
    early = control == "tells too early"
    trial = tried(warm, given["a ledger"], scratch, journal, "early" if early else "late")
    if not early:
        trial = trial._replace(made=without_syncs(trial.made, trial.given.folder, folders_only=False))
    chance = Random(f"control {journal}")  # noqa: S311 - the same each time

    assert any(lost(trial, chance.randint(1, len(trial.made)), chance) for _ in range(60))


@pytest.mark.parametrize("program", ["cli:main", "tests.durability.writer:in_wal"])
@pytest.mark.parametrize("fault", ["error=EIO", "signal=KILL"])
def test_what_a_retry_confirms_outlives_a_power_cut(
    program: str, fault: str, warm: Warm, given: dict[str, Given], scratch: Path
) -> None:
    """The first try fails, or is killed, at its last sync. The retry reads data that may not be on the disk yet, and
    must sync this data before it confirms the entry.
    """
    begun = given["a ledger"]
    act = [program, "record", "person-registered", "--on", "2024", "--organ", "secretariat", "--person", "p9", "--name",
           "x", "--key", "K"]  # fmt: skip
    forgetful = []
    for call, number in _last_syncs(warm, begun, scratch, act):
        with copied(begun.folder, scratch):
            first, second = scratch.with_name("trace-1"), scratch.with_name("trace-2")
            inject = ("-e", f"inject={call}:{fault}:when={number}")
            warm.run(scratch, act, *OPTIONS, "-o", str(first), *inject)
            code, _, err = warm.run(scratch, act, *OPTIONS, "-o", str(second))
            assert code == 0, err
            tries = [calls(trace, scratch) for trace in (first, second)]
            trial = Trial(begun, scratch, [*tries[0], *tries[1]], entries(scratch))
        assert _kept(trial, round(100 * SOAK) or 3), (call, number)
        unsynced = [*tries[0], *without_syncs(tries[1], begun.folder, folders_only=False)]
        forgetful.append(_kept(trial._replace(made=unsynced), 60))
    assert not all(forgetful), "the control is caught"


def _kept(trial: Trial, cuts: int) -> bool:
    """Returns whether every entry survives each of `cuts` power cuts at the program's end."""
    chance = Random("confirmed")  # noqa: S311 - the same each time
    told = [Call("said", f"recorded {len(trial.wanted)}")]
    ended = trial._replace(made=[call for call in trial.made if call.kind != "said"] + told)
    return not any(lost(ended, len(ended.made), chance) for _ in range(cuts))


def _last_syncs(warm: Warm, begun: Given, scratch: Path, act: list[str]) -> list[tuple[str, int]]:
    """Returns (name, number) of the last `fsync` and of the last `fdatasync` that a command makes, counting each kind
    from 1.
    """
    with copied(begun.folder, scratch):
        trace = scratch.with_name("trace")
        warm.run(scratch, act, "-o", str(trace), "-e", "signal=none", "-e", "trace=fsync,fdatasync")
        lines = trace.read_text("ascii").splitlines()
    counts = [(call, sum(f" {call}(" in line for line in lines)) for call in ("fsync", "fdatasync")]
    return [(call, count) for call, count in counts if count]
