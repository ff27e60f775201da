"""Runs the program in a separate process: a fork of a process that has imported everything, or a fresh process as a
shell starts it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.desk import Done
from tests.ready import ready

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from cli import main; main()")


def liggare(*args: object, stdin: bytes = b"", privileged: bool = True) -> Done:
    """Runs a command and returns its result. Without `privileged`, file permissions apply to the command even under
    root.
    """
    process = started(*args, program=ready(privileged=privileged))
    out, err = process.communicate(stdin, timeout=60)
    return Done(process.returncode, out.decode(), err.decode())


def started(*args: object, program: tuple[str, ...] = PROGRAM) -> subprocess.Popen[bytes]:
    """Starts a process that runs a command, with pipes as its standard streams."""
    streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen([*program, *map(str, args)], env=environment(), **streams)


def environment(**more: str) -> dict[str, str]:
    """Returns the environment for a separate process that uses the desk's ledger."""
    inherited = {
        name: value for name, value in os.environ.items() if name == "LIGGARE_LEDGER" or not name.startswith("LIGGARE_")
    }
    return {**inherited, "PYTHONPATH": str(ROOT), "LIGGARE_ACTOR": "tester", **more}
