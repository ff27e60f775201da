"""Makes a git repository with one event per commit, for `git fsck` to verify: `python commits.py FOLDER EVENTS`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WHO = "liggare <bench@example.org>"


def main(folder: str, events: str) -> None:
    """Commits each line of EVENTS as a file of its own, in 256 directories."""
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    importing = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    assert importing.stdin is not None
    for number, data in enumerate(Path(events).read_bytes().splitlines()):
        message = f"event {number}"
        head = (
            f"commit refs/heads/main\ncommitter {WHO} {1_700_000_000 + number} +0000\ndata {len(message)}\n{message}\n"
        )
        importing.stdin.write(head.encode() + f"M 100644 inline {number % 256:02x}/{number}.json\n".encode())
        importing.stdin.write(b"data %d\n%b\n" % (len(data), data))
    importing.stdin.close()
    if importing.wait():
        sys.exit("git fast-import failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
