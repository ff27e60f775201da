"""Files that appear under their name only when they are whole, and never take another's place. No SQL here."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ledger.errors import LedgerExists

from .faults import meaning_of_os

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a file of its own
NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Gives a new, empty file in the directory of `path`, which gets that name, durably, if the block ends well.
    Otherwise nothing is left. Refuses a `path` that is taken, before the block or after.
    """
    _refuse_taken(path)
    with _building(path) as building:
        yield building
        with _placing(path):
            _sync(building)
            _name(building, path)
            _sync(path.parent)


@contextmanager
def replacing(path: Path, kept: Path) -> Iterator[Path]:
    """Gives a new, empty file, which takes the place of `path`, durably, if the block ends well; what was there is then
    called `kept`. Otherwise nothing has changed. Refuses a `kept` that is taken.
    """
    _refuse_taken(kept)
    with _building(path) as building:
        building.chmod(path.stat().st_mode & 0o777)
        yield building
        with _placing(kept):
            _sync(building)
            _name(path, kept)
            building.replace(path)
            _sync(path.parent)


@contextmanager
def _building(path: Path) -> Iterator[Path]:
    """A new file in the directory of `path`, gone afterwards if it still has its first name."""
    building = path.with_name(f".{os.urandom(8).hex()}.building")
    try:
        os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise meaning_of_os(error, path) from None
    try:
        yield building
    finally:
        for suffix in ("", *BESIDE):
            with suppress(OSError):
                building.with_name(building.name + suffix).unlink()


@contextmanager
def _placing(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise LedgerExists(path) from None
    except OSError as error:
        raise meaning_of_os(error, path) from None


def _refuse_taken(path: Path) -> None:
    """Also where another file's journal was left behind: SQLite would play it back into ours."""
    if os.path.lexists(path):
        raise LedgerExists(path)
    for suffix in BESIDE[:2]:
        left = path.with_name(path.name + suffix)
        with suppress(OSError):
            if left.stat().st_size:
                raise LedgerExists(left)


def _name(building: Path, path: Path) -> None:
    try:
        path.hardlink_to(building)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        # The name is claimed first, so that nothing is overwritten: a crash right here leaves an empty file.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            building.replace(path)
        except OSError:
            path.unlink()
            raise


def _sync(path: Path) -> None:
    try:
        opened = os.open(path, os.O_RDONLY)
    except PermissionError:  # a directory that may be written, not read
        return
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
