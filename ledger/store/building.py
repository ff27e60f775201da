"""Files and folders under construction: under a name that says so, locked while their maker lives, and removed by
whoever comes next if it was killed. What was half made may hold names of persons, so none may lie about unseen.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a file of its own
READING = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe that somebody put in a file's place is not waited for
_NAME = re.compile(rf"(\.[0-9a-f]{{16}}\.building)(?:{'|'.join(BESIDE)})?")


class Swept(NamedTuple):
    """What was found of unfinished files: removed, since nobody was at work on them; or still being made."""

    removed: tuple[Path, ...]
    living: tuple[Path, ...]


@contextmanager
def building(path: Path, mode: int, *, folder: bool, known_in: Path | None = None) -> Iterator[Path]:
    """As `building_open`, by its name alone."""
    with building_open(path, mode, folder=folder, known_in=known_in) as (place, _):
        yield place


@contextmanager
def building_open(
    path: Path, mode: int, *, folder: bool = False, known_in: Path | None = None
) -> Iterator[tuple[Path, int]]:
    """A new, empty file (or folder) in the directory of `path`, with permissions `mode` where the umask allows them,
    and a descriptor of it; gone afterwards if it still has its first name. Where it lies is also noted in the directory
    `known_in`, so that `sweep` finds it from there if this process is killed. Raises OSError if it cannot be made.

    Whoever else writes the directory may give the name to another file: what nobody else may read is written to the
    descriptor, and `refuse_other` asks before and after the file gets its last name.
    """
    for directory in (path.parent, known_in):
        if directory is not None:
            sweep(directory)
    place, lock = _made(path, mode, folder=folder)
    try:
        note = _noted(place, known_in)
        try:
            yield place, lock
        finally:
            _remove(place)
            if note:
                _remove(note)
    finally:
        os.close(lock)


def refuse_other(path: Path, opened: int) -> None:
    """OSError if another file than the one that is open lies at `path`."""
    there, ours = path.lstat(), os.fstat(opened)
    if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino):
        raise OSError(errno.EBUSY, "somebody put another file in its place meanwhile")


def sweep(directory: Path) -> Swept:
    """Removes what killed processes left half made in a directory, or noted there. What cannot be removed, or is still
    being made, stays.
    """
    removed, living = [], []
    for path in _unfinished(directory):
        target = path.readlink() if path.is_symlink() else path
        if target.name != path.name or not target.parent.is_dir() or _is_of_another_kind(target):
            continue  # not a note or a file of ours, or of a disk that is not there now
        with _abandoned(target) as abandoned:
            if abandoned or not os.path.lexists(target):
                if _exists(target):
                    removed.append(target)
                _remove(target)
                _remove(path)
            else:
                living.append(target)
    return Swept(tuple(removed), tuple(living))


def _unfinished(directory: Path) -> list[Path]:
    """The paths of what is under construction, each once, also where only SQLite's files beside it are left."""
    try:
        found = {match[1] for path in directory.iterdir() if (match := _NAME.fullmatch(path.name))}
    except OSError:
        return []
    return [directory / name for name in sorted(found)]


def _made(path: Path, mode: int, *, folder: bool) -> tuple[Path, int]:
    """The new file or folder, and a descriptor that holds its lock."""
    while True:
        place = path.with_name(f".{os.urandom(8).hex()}.building")
        if folder:
            place.mkdir(of_folder(mode))
            lock = os.open(place, READING | os.O_DIRECTORY)
        else:
            lock = os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
        with suppress(OSError):  # on a disk without locks nobody takes it for abandoned
            fcntl.flock(lock, fcntl.LOCK_EX)
        if place.exists():  # not swept away before it was locked
            return place, lock
        os.close(lock)


def of_folder(mode: int) -> int:
    """The permissions of a folder that whoever may read a file of `mode` may enter."""
    return mode | (mode & 0o444) >> 2


def _noted(place: Path, known_in: Path | None) -> Path | None:
    """A link to the place, durably, in another directory, if one is named and can be written to."""
    if known_in is None:
        return None
    note = known_in / place.name
    with suppress(OSError):  # also where it is the same directory, and the name is taken: it is its own note there
        note.symlink_to(place.absolute())
        sync_folder(known_in)
    return note


@contextmanager
def _abandoned(place: Path) -> Iterator[bool]:
    """Whether nobody held its lock; if so it is held here until the block ends, so that nobody takes it meanwhile."""
    try:
        opened = os.open(place, READING | os.O_NOFOLLOW)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(opened)


def _is_of_another_kind(place: Path) -> bool:
    """Whether a pipe, a device or a link lies there: of those none is ever under construction."""
    try:
        kind = place.lstat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(kind) or stat.S_ISDIR(kind))


def _exists(place: Path) -> bool:
    return any(os.path.lexists(f"{place}{suffix}") for suffix in ("", *BESIDE))


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)  # it refuses a link
    for suffix in ("", *BESIDE):
        with suppress(OSError):
            place.with_name(place.name + suffix).unlink()


def sync_folder(folder: Path) -> None:
    """Afterwards the names in a folder outlive a power cut. Raises OSError if the disk does not say so."""
    try:
        sync(folder)
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EINVAL}:
            raise
        os.sync()  # it may be written to, not read; or this disk syncs no directory by itself


def sync(path: Path) -> None:
    """Afterwards what the file holds outlives a power cut."""
    opened = os.open(path, READING)
    try:
        sync_descriptor(opened)
    finally:
        os.close(opened)


def sync_descriptor(opened: int) -> None:
    if hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync alone does not reach the disk
        fcntl.fcntl(opened, fcntl.F_FULLFSYNC)
    else:
        os.fsync(opened)
