"""Reads files named by users: only regular files, since pipes and devices may never end, and at most 64 MB."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.messages import cause, msg

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

LARGEST_FILE = 64 * 1024 * 1024  # bytes
OF_ANOTHER_KIND = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO})  # link, directory, pipe


def read_regular(path: Path, most: int = LARGEST_FILE) -> bytes:
    """Returns the bytes of a regular file of at most `most` bytes.

    Raises OSError if the file cannot be opened, and ValueError for a directory, pipe or device, or for a file that is
    too large. The file's kind and size are read from the open descriptor, before any byte is read.
    """
    return read_owned(path, most)[0]


def read_owned(path: Path, most: int = LARGEST_FILE, *, links: bool = True) -> tuple[bytes, os.stat_result]:
    """Returns the bytes of a regular file and the status of the descriptor that was read.

    The status gives the file's owner and permissions without a race: by the time of a second lookup, the path may name
    another file. Raises OSError and ValueError as `read_regular` does, and ValueError also for a symbolic link if
    `links` is false.
    """
    try:
        how = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if links else os.O_NOFOLLOW)
        opened = os.open(path, how)
    except OSError:
        if not links and path.is_symlink():
            raise ValueError(msg("it is a link; put the file itself there")) from None
        raise
    with os.fdopen(opened, "rb") as file:
        found = os.fstat(opened)
        if problem := file_problem(found, most):
            raise ValueError(problem)
        return read_stream(file, most), found


def file_problem(found: os.stat_result, most: int = LARGEST_FILE) -> str:
    """Returns why what has this status is no regular file of at most `most` bytes, or "" if it is one."""
    if not stat.S_ISREG(found.st_mode):
        return msg("it is a directory") if stat.S_ISDIR(found.st_mode) else msg("it is not a regular file")
    return _too_large(most) if found.st_size > most else ""


def read_stream(file: IO[bytes], most: int = LARGEST_FILE) -> bytes:
    """Returns the bytes of an open file up to its end.

    Raises ValueError if the file has more than `most` bytes, or if a non-blocking file has no data yet.
    """
    data: bytes | None = file.read(most + 1)
    if data is None:
        raise ValueError(msg("it is not a regular file"))
    if len(data) > most:
        raise ValueError(_too_large(most))
    return data


def read_given(path: Path, called: str, most: int = LARGEST_FILE) -> bytes:
    """Returns the bytes of a file as `read_regular` does.

    Raises BadInput, which calls the file `called`, if the file cannot be read.
    """
    try:
        return read_regular(path, most)
    except (OSError, ValueError) as error:
        why = cause(error) if isinstance(error, OSError) else str(error)
        raise BadInput([(None, msg("{file} cannot be read: {error}", file=called, error=why))]) from None


def disk_failed(error: OSError) -> bool:
    """Returns whether a read failed because of the disk or a lack of resources, and not because of the kind of file."""
    return error.errno not in OF_ANOTHER_KIND


def _too_large(most: int) -> str:
    if most >= 1024 * 1024:
        return msg("it is larger than {most} MB", most=most // 1024 // 1024)
    return msg("it is longer than {most} bytes", most=most)
