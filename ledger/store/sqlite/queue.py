"""The queue for a file's lock. SQLite gives the lock to the program that asks at the right moment, so a program that
never stops writing could keep the lock for ever. With this queue, only the first program in the queue asks SQLite for
the lock, and all other programs wait behind the first. No SQL here.
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

ASKING_S = 0.002  # The longest pause between two tries is short, so that a released lock is taken soon.
# After two seconds in the queue, each program asks for the lock anyway, so that no program blocks the others for ever.
LONGEST_S = 2.0


@contextmanager
def in_line(file: Path, patience: float) -> Iterator[bool]:
    """Waits until this process is first in the queue, yields True, and keeps that place while the block runs. Yields
    False when `file` does not exist, or when this process is not first before the wait ends. The wait lasts at most
    `patience` seconds and never more than LONGEST_S. The queue is an flock on `file`, on which SQLite puts no locks.
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
    """Sleeps briefly before the lock is tried again. The length of the sleep is random, so that two waiting
    programs do not try in step.
    """
    time.sleep(ASKING_S * random())  # noqa: S311 - the number protects no secret


def _first(opened: int) -> bool:
    """Whether this process is first in the queue. Returns True also on a disk that does not support flock."""
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
