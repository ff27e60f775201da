"""Runs hostile command lines, each in its own fork of a process, and measures the time and memory of each run. `python
-m tests.hostile.apart` reads a JSON line for each run and writes a JSON line in answer.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, NoReturn

from tests.forked import become, import_all

if TYPE_CHECKING:
    from tests.hostile.lines import Line

PROGRAM = "cli:main"
ROOT = Path(__file__).parents[2]
UNPRIVILEGED = ROOT / "tests/store/unprivileged.py"
# The hard limits of a run: seconds of processor time, seconds by the clock, bytes of memory, bytes in a file.
CPU_S, WALL_S, SPACE, LARGEST = 5, 60, 2**31, 2**28
PLACES = {"full": ("/dev/full", os.O_RDWR), "zero": ("/dev/zero", os.O_RDONLY), "null": ("/dev/null", os.O_RDWR)}


class Ended(NamedTuple):
    """The end of a run: the exit code (-N for signal N), the output, seconds of processor time, and peak memory in
    bytes.
    """

    code: int
    out: str
    err: str
    seconds: float
    memory: int


class Apart:
    """A handle to the process that forks for each command line. File permissions apply to that process, even under
    root.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, UNPRIVILEGED, sys.executable, "-m", "tests.hostile.apart"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, line: Line, folder: Path, program: str = PROGRAM, wall: int = WALL_S) -> Ended:
        """Runs a command line in a folder. If `program` names another function, that function is run instead of the
        program.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {**line._asdict(), "given": None, "folder": str(folder), "program": program, "wall": wall}
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        return Ended(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


def main() -> None:
    """Runs one command line for each line of standard input, until the input ends."""
    import_all()
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_run(json.loads(line)))}\n")
        sys.stdout.flush()


def _run(asked: dict[str, Any]) -> Ended:
    out, err = (os.memfd_create(name) for name in ("out", "err"))
    child = os.fork()
    if child == 0:
        _become(asked, (out, err))
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    return Ended(os.waitstatus_to_exitcode(status), _text(out), _text(err), seconds, used.ru_maxrss * 1024)


def _become(asked: dict[str, Any], told: tuple[int, int]) -> NoReturn:
    for what, most in ((resource.RLIMIT_CPU, CPU_S), (resource.RLIMIT_AS, SPACE), (resource.RLIMIT_FSIZE, LARGEST)):
        resource.setrlimit(what, (most, most))
    signal.alarm(asked["wall"])
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    opened = [_opened(stream, (-1, *told)[number]) for number, stream in enumerate(asked["streams"])]
    for number, stream in enumerate(opened):
        if stream is None:
            os.close(number)
        else:
            os.dup2(stream, number)
    for stream in {*opened, *told}:
        if stream is not None:
            os.close(stream)
    become([asked["program"], *asked["words"]])


def _opened(stream: str, told: int) -> int | None:
    """Opens what the child gets as a standard stream. Returns `told` if `stream` is "", None for a closed stream, and
    otherwise the descriptor of a pipe, a special device or a file of that name.
    """
    if stream == "closed":
        return None
    if stream == "broken":
        out, into = os.pipe()
        os.close(out)
        return into
    if not stream:
        return told
    return os.open(*PLACES.get(stream, (stream, os.O_RDONLY)))


def _text(opened: int) -> str:
    file: IO[bytes]
    with os.fdopen(opened, "rb") as file:
        file.seek(0)
        return file.read().decode("utf-8", "backslashreplace")


if __name__ == "__main__":
    main()
