"""Files and directories under construction. An unfinished file has a name that marks it as unfinished, and the process
that makes the file holds a lock on it. If that process is killed, the next `sweep` of the directory removes the file.
An unfinished file may hold persons' names, so none may be left behind.
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

from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BESIDE = ("-journal", "-wal", "-shm")  # BESIDE lists the suffixes of the files that SQLite keeps beside a database.
# O_NONBLOCK keeps a pipe that somebody put in a file's place from blocking the program.
READING = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_NAME = re.compile(rf"(\.[0-9a-f]{{16}}\.building)(?:{'|'.join(BESIDE)})?")


class Swept(NamedTuple):
    """The result of `sweep`: `removed` lists the unfinished files that were removed, and `living` lists the files that
    are still being made.
    """

    removed: tuple[Path, ...]
    living: tuple[Path, ...]


@contextmanager
def building(path: Path, mode: int, *, folder: bool, known_in: Path | None = None) -> Iterator[Path]:
    """Yields the path of a new file or directory under construction, as `building_open` does, but without a
    descriptor.
    """
    with building_open(path, mode, folder=folder, known_in=known_in) as (place, _):
        yield place


@contextmanager
def building_open(
    path: Path, mode: int, *, folder: bool = False, known_in: Path | None = None
) -> Iterator[tuple[Path, int]]:
    """Yields the path of a new, empty file or directory in the directory of `path`, and a descriptor of it. The
    permissions are `mode`, reduced by the umask. The file is removed after the block unless it was renamed. A link in
    the directory `known_in` leads to the file, so that `sweep` reaches the file from there if this process is killed.
    Raises OSError when the file cannot be made.

    Other users who can write to the directory may put another file at the new file's path. Private data is therefore
    written to the descriptor, and `refuse_other` is called before and after the file gets its final name.
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
    """Raises OSError when the file at `path` is not the file behind the descriptor `opened`."""
    there, ours = path.lstat(), os.fstat(opened)
    if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino):
        raise OSError(errno.EBUSY, msg("somebody put another file in its place meanwhile"))


def sweep(directory: Path) -> Swept:
    """Removes the unfinished files of killed processes that are in a directory, or to which a link in the directory
    leads. A file that is still being made, or that cannot be removed, stays. Returns the removed files, and the files
    that are still being made.
    """
    removed, living = [], []
    for path in _unfinished(directory):
        target = path.readlink() if path.is_symlink() else path
        if target.name != path.name or not target.parent.is_dir() or _is_of_another_kind(target):
            continue  # The path is not this program's own, or leads to a disk that is not mounted now.
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
    """Returns the paths of unfinished files in a directory, each once and sorted. A path is listed even if only
    SQLite's files beside it are left.
    """
    try:
        found = {match[1] for path in directory.iterdir() if (match := _NAME.fullmatch(path.name))}
    except OSError:
        return []
    return [directory / name for name in sorted(found)]


def _made(path: Path, mode: int, *, folder: bool) -> tuple[Path, int]:
    """Creates a new file or directory, and returns its path and a descriptor that holds the lock on it."""
    while True:
        place = path.with_name(f".{os.urandom(8).hex()}.building")
        if folder:
            place.mkdir(of_folder(mode))
            lock = os.open(place, READING | os.O_DIRECTORY)
        else:
            lock = os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
        with suppress(OSError):  # On a disk without locks, no process mistakes the file for an abandoned file.
            fcntl.flock(lock, fcntl.LOCK_EX)
        if place.exists():  # Another process may have swept the file away before the file was locked.
            return place, lock
        os.close(lock)


def of_folder(mode: int) -> int:
    """Returns the permissions of a directory that every user who may read a file of `mode` may enter."""
    return mode | (mode & 0o444) >> 2


def _noted(place: Path, known_in: Path | None) -> Path | None:
    """Makes a link to the unfinished file in the directory `known_in`, durably, and returns the link's path. Returns
    None when `known_in` is None. A directory that cannot be written to gets no link.
    """
    if known_in is None:
        return None
    note = known_in / place.name
    # A link in the file's own directory fails, and is not needed: there `sweep` sees the file itself.
    with suppress(OSError):
        note.symlink_to(place.absolute())
        sync_folder(known_in)
    return note


@contextmanager
def _abandoned(place: Path) -> Iterator[bool]:
    """Yields whether the file at `place` is abandoned, which means that no process holds the lock on the file. If so,
    this process holds the lock until the block ends, so that no other process takes the file.
    """
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
    """Whether the path is a pipe, a device or a link, and so was not made by this module."""
    try:
        kind = place.lstat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(kind) or stat.S_ISDIR(kind))


def _exists(place: Path) -> bool:
    return any(os.path.lexists(f"{place}{suffix}") for suffix in ("", *BESIDE))


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)  # rmtree refuses a symbolic link.
    for suffix in ("", *BESIDE):
        with suppress(OSError):
            place.with_name(place.name + suffix).unlink()


def sync_folder(folder: Path) -> None:
    """Syncs a directory, so that the names in it survive a power cut. Raises OSError when the sync fails."""
    try:
        sync(folder)
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EINVAL}:
            raise
        os.sync()  # The directory cannot be opened for reading, or this disk cannot sync a single directory.


def sync(path: Path) -> None:
    """Syncs a file, so that its contents survive a power cut. Raises OSError when the sync fails."""
    opened = os.open(path, READING)
    try:
        sync_descriptor(opened)
    finally:
        os.close(opened)


def sync_descriptor(opened: int) -> None:
    """Syncs an open file to the disk. Raises OSError when the sync fails."""
    if hasattr(fcntl, "F_FULLFSYNC"):  # On macOS, fsync alone does not reach the disk.
        fcntl.fcntl(opened, fcntl.F_FULLFSYNC)
    else:
        os.fsync(opened)
