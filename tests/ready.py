"""Starts the program quickly: a small client asks a process that has already imported everything for a fork. The fork
gets the client's arguments, environment, folder and open streams, and the client exits with the fork's exit code. A
test of the program's start, or of signals sent to the program, must start a fresh process instead.
"""

from __future__ import annotations

import atexit
import gc
import marshal
import os
import select
import signal
import socket
import subprocess
import sys
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from tests.forked import become, import_all

ROOT = Path(__file__).parents[1]
UNPRIVILEGED = ROOT / "tests/store/unprivileged.py"
LONGEST_S = 120  # a fork that runs longer than this many seconds is killed
ASKING = """
import _socket, marshal, os, sys

def is_open(number):
    try:
        return bool(os.fstat(number))
    except OSError:
        return False

streams = [number for number in range(3) if is_open(number)]
mask = os.umask(0)
asking = _socket.socket(_socket.AF_UNIX)
asking.connect(sys.argv[1])
handed = b"".join(number.to_bytes(4, sys.byteorder) for number in (os.open(".", os.O_RDONLY), *streams))
asking.sendmsg([b"."], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, handed)])
asked = marshal.dumps((sys.argv[2:], [*os.environ.items()], streams, mask))
while asked:
    asked = asked[asking.send(asked):]
asking.shutdown(_socket.SHUT_WR)
code = int(asking.recv(16))
if code < 0:
    os.kill(os.getpid(), -code)
os._exit(code)
"""  # this client starts in 10 ms because it imports almost nothing


@cache
def ready(function: str = "cli:main", *, privileged: bool = True) -> tuple[str, ...]:
    """Returns the first words of a command that runs a function as a program. Without `privileged`, file permissions
    apply to the program even under root.
    """
    return sys.executable, "-I", "-S", "-c", ASKING, _listening(privileged=privileged), function


@cache
def _listening(*, privileged: bool) -> str:
    """Returns the path of the socket on which the forking process listens. The first call starts this process."""
    folder = TemporaryDirectory(prefix="liggare-ready-")
    place = f"{folder.name}/door"
    process = subprocess.Popen(
        [*(() if privileged else (sys.executable, UNPRIVILEGED)), sys.executable, "-m", "tests.ready", place],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"listens\n"
    atexit.register(folder.cleanup)
    atexit.register(process.communicate)
    return place


def main() -> None:
    """Forks once for each client, until standard input ends."""
    import_all()
    for module in ("tests.acts", "tests.store.children"):
        import_module(module)
    gc.freeze()
    door = socket.socket(socket.AF_UNIX)
    door.bind(sys.argv[1])
    door.listen(100)
    os.write(1, b"listens\n")
    while True:
        asked, _, _ = select.select([0, door.fileno()], [], [])
        if 0 in asked:
            return
        asking, _ = door.accept()
        if not os.fork():
            door.close()
            _serve(asking)
        asking.close()
        _reap()


def _reap() -> None:
    """Reaps the child processes that have ended."""
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            return


def _serve(asking: socket.socket) -> NoReturn:
    """Forks a process that becomes the program, and sends the exit code of that process to the client."""
    _, (here, *handed), _, _ = socket.recv_fds(asking, 1, 4)
    words, environment, streams, mask = marshal.loads(b"".join(iter(partial(asking.recv, 1 << 16), b"")))  # noqa: S302
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        asking.send(b"%d" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    signal.alarm(LONGEST_S)
    os.fchdir(here)
    os.umask(mask)
    os.environ.clear()
    os.environ.update(environment)
    opened = dict(zip(streams, handed, strict=True))
    for number in range(3):
        if number in opened:
            os.dup2(opened[number], number)
        else:
            os.close(number)
    asking.close()
    for number in (here, *handed):
        os.close(number)
    become(words)


if __name__ == "__main__":
    main()
