"""Runs a program as its own process, and measures its time and its peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv-bench" / "bin" / "python"  # the Python that `make bench` installs the peers in
SQLITE_UTILS = PEERS.with_name("sqlite-utils")
PROGRAM = (sys.executable, "-c", "from cli import main; main()")
PATIENCE_S = 120.0  # A peer's script takes seconds.
END = 100_000  # how many bytes of what is printed are kept
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # ru_maxrss counts memory in units of RSS_UNIT bytes.

# The environment is that of an ordinary user: compiled modules are cached, and no variable changes what the program
# does.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("LIGGARE_")
} | {"LIGGARE_ACTOR": "bench"}


class Ran(NamedTuple):
    """What the run of a program took: elapsed seconds, processor seconds, peak memory in megabytes, and the end of the
    printed text.
    """

    seconds: float
    computing: float
    peak_mb: float
    printed: str


class Failed(Exception):
    """Raised when a measured program fails, so that there is nothing to compare."""


def program(*args: str, may_exit: tuple[int, ...] = (0,)) -> Ran:
    """Runs a `liggare` command, and returns the time and the memory that the command took."""
    return run(*PROGRAM, *args, may_exit=may_exit)


def module(name: str, *args: str, into: Path | None = None) -> Ran:
    """Runs the module `bench.NAME`, and returns the time and the memory that the module took."""
    return run(sys.executable, "-m", f"bench.{name}", *args, into=into)


def script(name: str, *args: str) -> Ran | None:
    """Runs one of the peers' scripts in the peers' own environment. Returns None when that environment does not exist,
    or when the script hangs, as a psycopg pipeline with NOTIFY sometimes does.
    """
    try:
        return run(str(PEERS), f"bench/peers/{name}.py", *args, patience=PATIENCE_S) if PEERS.exists() else None
    except Hung as hung:
        print(hung, file=sys.stderr)
        return None


class Hung(Failed):
    """Raised when a measured program is killed because it does not end in time."""


def run(
    *command: str, may_exit: tuple[int, ...] = (0,), patience: float = threading.TIMEOUT_MAX, into: Path | None = None
) -> Ran:
    """Runs a command to its end, and returns the time and the memory that the command took. What it prints goes to the
    file `into`, if there is one. Raises Failed for an exit code outside `may_exit`, and Hung after `patience` seconds.

    The calling process has to stay small, because a child's peak memory starts at its parent's: it keeps no more than
    the end of what is printed.
    """
    with TemporaryFile() if into is None else into.open("wb+") as printed:
        begun = perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT
        )
        alarm = threading.Timer(patience, process.kill)
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        alarm.cancel()
        seconds = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(max(0, printed.seek(0, os.SEEK_END) - END))
        text = printed.read().decode("utf-8", "replace")
    if seconds >= patience:
        raise Hung(f"{' '.join(command)} did not end in {patience:.0f} s")
    if process.returncode not in may_exit:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{text[-2000:]}")
    return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT / 1_000_000, text)
