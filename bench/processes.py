"""Runs a program as its own process, and tells how long it took and how much memory it had at most."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv-bench" / "bin" / "python"  # see `make bench`
PROGRAM = (sys.executable, "-c", "from cli import main; main()")
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in which the system counts ru_maxrss

# As one who uses the program has it: compiled modules are kept, and nothing is set that changes what it does.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("LIGGARE_")
} | {"LIGGARE_ACTOR": "bench"}


class Ran(NamedTuple):
    """What a run took, how much of that it computed, and what it printed."""

    seconds: float
    computing: float
    peak_mb: float
    printed: str


class Failed(Exception):
    """A program that we measure did not do its work, so that there is nothing to compare."""


def program(*args: str, may_exit: tuple[int, ...] = (0,)) -> Ran:
    """Runs a command of ours."""
    return run(*PROGRAM, *args, may_exit=may_exit)


def module(name: str, *args: str) -> Ran:
    """Runs one of the modules here."""
    return run(sys.executable, "-m", f"bench.{name}", *args)


def script(name: str, *args: str) -> Ran | None:
    """Runs one of the peers' scripts in their environment; None where there is none."""
    return run(str(PEERS), f"bench/peers/{name}.py", *args) if PEERS.exists() else None


def run(*command: str, may_exit: tuple[int, ...] = (0,)) -> Ran:
    """Runs a command to its end. Our own process stays small: a child's peak begins at what its parent holds."""
    with TemporaryFile() as printed:
        begun = perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read().decode("utf-8", "replace")
    if process.returncode not in may_exit:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{text[-2000:]}")
    return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT / 1_000_000, text)
