"""The signer's lock: one process at a time signs with a key, or changes the files of a key."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.errors import KeyBusy
from ledger.store.sqlite.queue import pause

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 30.0  # seconds to wait for another process that signs; cli.md, "Exit"


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Holds the signer's lock, so that no other process on this machine signs with a key in the same folder.

    The folder itself is locked, because the key and the record are replaced while the lock is held. Raises KeyBusy if
    another process holds the lock for `PATIENCE_S` seconds.
    """
    try:
        held = os.open(place.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # without the folder, neither key nor record can be read
        yield
        return
    try:
        _wait_for(held, place)
        yield
    finally:
        os.close(held)


def _wait_for(held: int, place: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise KeyBusy(place.absolute().parent, PATIENCE_S) from None
        pause()
