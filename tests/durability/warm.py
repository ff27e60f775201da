"""Runs commands under strace, each in a fork of a process that has already imported everything, so that a run takes a
tenth of a second. `python -m tests.durability.warm` reads a JSON line for each run and writes a JSON line in answer.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from tests.forked import become, import_all

ROOT = Path(__file__).parents[2]
PR_SET_PTRACER, ANY = 0x59616D61, ctypes.c_ulong(-1)
LIMIT_S = 60


class Warm:
    """A handle to the process that forks: it sends a request for each run, and reads the answer."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.warm"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, folder: Path, program: list[str], *options: str) -> tuple[int, str, str]:
        """Runs a program in a folder under strace with `options`. `program` holds the name of a function, such as
        cli:main, and the function's arguments. Returns the exit code (-N for signal N), stdout and stderr.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"folder": str(folder), "program": program, "options": options}
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        code, out, err = json.loads(self._process.stdout.readline())
        return code, out, err

    def close(self) -> None:
        self._process.communicate()


def main() -> None:
    """Runs one program for each line of standard input, until the input ends."""
    import_all()
    import_module("tests.durability.writer")
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_run(**json.loads(line)))}\n")
        sys.stdout.flush()


def _run(folder: str, program: list[str], options: list[str]) -> tuple[int, str, str]:
    out, err = (os.memfd_create(name) for name in ("out", "err"))
    waiting, go = os.pipe()
    child = os.fork()
    if child == 0:
        _become(folder, program, waiting, out, err)
    os.close(waiting)
    tracer = subprocess.Popen(["strace", "-f", "-p", str(child), *options], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    attached = tracer.stderr.readline()
    os.write(go, b"." if "attached" in attached else b"")
    os.close(go)
    _, status = os.waitpid(child, 0)
    tracer.communicate(timeout=LIMIT_S)
    assert "attached" in attached, attached
    return os.waitstatus_to_exitcode(status), _text(out), _text(err)


def _become(folder: str, program: list[str], waiting: int, out: int, err: int) -> NoReturn:
    """In the forked child, waits until strace is attached, and then becomes the program."""
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY, 0, 0, 0)
    os.chdir(folder)
    for opened, number in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
        os.dup2(opened, number)
    if os.read(waiting, 1) != b".":
        os._exit(99)
    become(program)


def _text(opened: int) -> str:
    with os.fdopen(opened, "rb") as file:
        file.seek(0)
        return file.read().decode("utf-8", "replace")


if __name__ == "__main__":
    main()
