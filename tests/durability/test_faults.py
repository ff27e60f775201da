"""A command is killed at any system call, or its disk fails or fills up at that call. Later commands still work, and
everything that the command reported as done is there.
"""

from __future__ import annotations

import re
import signal
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from .conftest import SOAK
from .deeds import DEEDS, LEDGER, copied, entries, faults_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .deeds import Given
    from .warm import Warm

RUNS = round(200 * SOAK) or 2  # each command is killed this many times, and gets this many disk faults
CALLS = ("openat", "pwrite64", "write", "ftruncate", "fsync", "fdatasync", "unlink", "unlinkat", "rename", "link",
         "symlink", "mkdir", "rmdir")  # fmt: skip
FAULTS = ("EIO", "ENOSPC")
# If a command fails but leaves an effect behind, its error must name the effect with one of these words.
TOLD = re.compile(r"recorded|in place|is made|is written|signed")
CODES = {0, 3, 5, 6}


class Fault(NamedTuple):
    """A fault at the `number`th system call named `call`. Either this call fails, or (if `what` ends in `+`) this call
    and all later calls of the name fail, or the program is killed.
    """

    call: str
    number: int
    what: str

    def option(self) -> str:
        last = "+" if self.what.endswith("+") else ""
        return f"inject={self.call}:{self.what.removesuffix('+')}:when={self.number}{last}"


def faults(warm: Warm, given: Given, scratch: Path, args: tuple[str, ...]) -> Iterator[Fault]:
    """Yields every fault that can be injected into a command, system call by system call."""
    with copied(given.folder, scratch):
        trace = scratch.with_name("trace")
        warm.run(scratch, ["cli:main", *args], "-o", str(trace), "-y", "-e", "signal=none",
                 "-e", f"trace={','.join(CALLS)}")  # fmt: skip
    numbers = dict.fromkeys(CALLS, 0)
    for line in trace.read_text("utf-8", "replace").splitlines():
        if not (found := re.match(r"\d+ +(\w+)\(", line)):
            continue
        call = found[1]
        numbers[call] += 1
        if call == "openat" and not _changes(line, scratch):
            continue
        yield Fault(call, numbers[call], "signal=KILL")
        if call not in {"unlink", "unlinkat", "rmdir"}:
            yield from (Fault(call, numbers[call], f"error={error}{last}") for error in FAULTS for last in ("", "+"))


def _changes(line: str, folder: Path) -> bool:
    """Returns whether a line of strace opens a file of the folder for creation or writing."""
    path = line.split('"')[1]
    ours = not path.startswith("/") or path.startswith(f"{folder}/")
    return ours and any(way in line for way in ("O_CREAT", "O_RDWR", "O_WRONLY"))


def outcome(warm: Warm, name: str, given: Given, scratch: Path, fault: Fault) -> list[str]:
    """Runs a command into which a fault is injected, and returns everything that is wrong with the command's end and
    the folder afterwards.
    """
    deed = DEEDS[name]
    with copied(given.folder, scratch):
        code, _out, err = warm.run(scratch, ["cli:main", *deed.args], "-o", "/dev/null", "-e", "signal=none",
                                  "-e", f"trace={fault.call}", "-e", fault.option())  # fmt: skip
        wrong = []
        if fault.what == "signal=KILL":
            if code not in {-signal.SIGKILL, 0}:  # the exit code is 0 if this run made too few calls to be killed
                wrong.append(f"killed, it ends with {code}")
        elif code not in CODES or "Traceback" in err:
            wrong.append(f"it ends with {code}: {err}")
        elif code and not err and fault.call != "write":
            wrong.append(f"it ends with {code} and says nothing")
        stands = given.entries and len(entries(scratch)) > len(given.entries)
        if code in {3, 6} and stands and not TOLD.search(err) and fault.call != "write":
            wrong.append(f"it ends with {code}, and yet it is recorded: {err}")
        return wrong + faults_of(name, scratch, given, claimed=code == 0)


@pytest.mark.parametrize("name", DEEDS)
def test_whatever_fails_the_next_commands_go_on(name: str, warm: Warm, given: dict[str, Given], scratch: Path) -> None:
    begun = given[DEEDS[name].given]
    every = list(faults(warm, begun, scratch, DEEDS[name].args))
    kills = [fault for fault in every if fault.what == "signal=KILL"]
    others = [fault for fault in every if fault.what != "signal=KILL"]
    chance = Random(f"faults {name}")  # noqa: S311 - the same each time
    assert len(kills) > RUNS or SOAK

    for fault in (*_some(kills, chance), *_some(others, chance)):
        assert outcome(warm, name, begun, scratch, fault) == [], fault


def test_a_disk_that_opens_no_file_never_reports_success(warm: Warm, given: dict[str, Given], scratch: Path) -> None:
    """On such a disk the program cannot even open its own modules, some of which it needs to report the error."""
    begun = given["a ledger"]
    every = list(faults(warm, begun, scratch, DEEDS["record --receipt"].args))
    last = [fault for fault in every if (fault.call, fault.what) == ("openat", "error=EIO+")][-3:]

    for fault in last:
        assert outcome(warm, "record --receipt", begun, scratch, fault) == [], fault


def test_a_failing_disk_is_not_reported_as_a_damaged_file(warm: Warm, given: dict[str, Given], scratch: Path) -> None:
    """If a file cannot be opened once, the error must not lead anyone to restore a backup."""
    begun = given["a ledger"]
    told = []
    for name in (f"{LEDGER}-journal", f"{LEDGER}.key.signed"):
        with copied(begun.folder, scratch):
            (scratch / f"{LEDGER}-journal").touch()
            code, _out, err = warm.run(scratch, ["cli:main", "checkpoint"], "-o", "/dev/null", "-e", "signal=none",
                                       "-P", name, "-P", str(scratch / name), "-e", "trace=openat", "-e",
                                       "inject=openat:error=EIO:when=1+")  # fmt: skip
            told.append((code, "the disk that holds" in err, "damaged" in err or "Tampered" in err))
    assert told == [(6, True, False)] * 2


def _some(every: list[Fault], chance: Random) -> list[Fault]:
    return chance.sample(every, min(RUNS, len(every)))


def test_a_fault_that_breaks_a_promise_is_caught(warm: Warm, given: dict[str, Given], scratch: Path) -> None:
    """The control: the test itself removes a file, which no disk fault does, and the check must report the loss."""
    begun = given["a ledger"]
    with copied(begun.folder, scratch):
        code, *_ = warm.run(scratch, ["cli:main", *DEEDS["backup"].args], "-o", "/dev/null", "-e", "trace=none")
        assert code == 0
        (scratch / DEEDS["backup"].makes).unlink()
        assert faults_of("backup", scratch, begun, claimed=True) == ["elsewhere/x.db is not there, and was said to be"]
