"""The program in a process of its own, as the shell runs it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.desk import Done

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from cli import main; main()")
PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
LIBC = ctypes.CDLL(None)


def liggare(
    *args: object, stdin: bytes = b"", privileged: bool = True, largest_file: int | None = None, **env: str
) -> Done:
    """What a command leaves behind; `privileged`: whether root may do everything."""
    process = started(*args, privileged=privileged, largest_file=largest_file, **env)
    out, err = process.communicate(stdin, timeout=60)
    return Done(process.returncode, out.decode(), err.decode())


def started(
    *args: object, privileged: bool = True, largest_file: int | None = None, **env: str
) -> subprocess.Popen[bytes]:
    """The program, running."""

    def before() -> None:
        if not privileged and os.geteuid() == 0:
            for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
                LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        if largest_file is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen([*PROGRAM, *map(str, args)], env=environment(**env), preexec_fn=before, **streams)  # noqa: PLW1509 - no threads here


def environment(**more: str) -> dict[str, str]:
    """As whoever sits at the desk has it, with the same ledger."""
    inherited = {
        name: value for name, value in os.environ.items() if name == "LIGGARE_LEDGER" or not name.startswith("LIGGARE_")
    }
    return {**inherited, "PYTHONPATH": str(ROOT), "LIGGARE_ACTOR": "tester", **more}
