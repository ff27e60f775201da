"""The line before a file's lock. SQLite gives the lock to whoever asks at the right moment, which one who never stops
writing always does; so whoever waits keeps the head of a line, behind which all others wait. No SQL here.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from random import random
from typing import TYPE_CHECKING

from ledger.store.building import READING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKING_S = 0.002  # between two questions for a lock, at most: it is had soon after another has let go of it
LONGEST_S = 2.0  # in line, at most; then it is every program for itself, so that none can hold up the others for ever


@contextmanager
def in_line(file: Path, patience: float) -> Iterator[bool]:
    """At the head of the line while the block runs; False where there is no line, since there is no such file, or the
    wait for it was in vain. The line is flock's, on a file that SQLite puts no locks on.
    """
    try:
        opened = os.open(file, READING)
    except OSError:
        yield False
        return
    try:
        deadline = time.monotonic() + min(LONGEST_S, patience)
        while not (first := _first(opened)) and time.monotonic() < deadline:
            pause()
        yield first
    finally:
        os.close(opened)


def pause() -> None:
    """Until one may ask again; of no fixed length, so that two who wait do not ask in step."""
    time.sleep(ASKING_S * random())  # noqa: S311 - nothing is kept secret by it


def _first(opened: int) -> bool:
    """Whether the head of the line is ours, or the disk knows no such lock."""
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
