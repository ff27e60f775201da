"""Writes files that appear under their name only when they are complete and synced to disk. Only `replace` and
`replacing` overwrite a file. Every file that the program writes goes through this module. No SQL here.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import LedgerExists, MayNotLast
from ledger.messages import cause
from ledger.store.building import (
    BESIDE,
    READING,
    building,
    building_open,
    refuse_other,
    sync,
    sync_descriptor,
    sync_folder,
)
from ledger.store.sqlite.faults import meaning_of_os

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
OURS, ANYONES = 0o600, 0o666  # OURS gives access to the owner alone, ANYONES to everyone as far as the umask allows.


def write_new(path: Path, data: bytes, mode: int = ANYONES, owner: int | None = None) -> None:
    """Writes `data` to a new file at `path`, durably. The file belongs to the user id `owner`, if given. Raises
    FileExistsError when `path` is taken, and OSError when the file cannot be written; no new file is left in either
    case. Raises MayNotLast when the file is in place but its name could not be synced.
    """
    with _written(path, data, mode) as (place, opened):
        if owner not in {None, os.geteuid()}:
            os.fchown(opened, owner, -1)
        refuse_other(place, opened)
        _name(place, path)
        refuse_other(path, opened)
    settled(path)


def replace(path: Path, data: bytes, mode: int = ANYONES) -> None:
    """Replaces the file at `path` by a file that holds `data`, atomically and durably. Raises OSError when `data`
    cannot be written. Raises MayNotLast when the new file is in place but its name could not be synced.
    """
    with _written(path, data, mode) as (place, opened):
        refuse_other(place, opened)
        place.replace(path)
        refuse_other(path, opened)
    settled(path)


def folders_of(path: Path) -> list[Path]:
    """Returns the directory that contains `path`. If `path` is a link to a file in another directory, returns that
    directory too.
    """
    folders = [path.parent, Path(os.path.realpath(path)).parent]
    return folders[:1] if _same_place(*folders) else folders


LIKE_A_LEDGER = (b"LIGG", b"ligb")  # application ids: a ledger's, and that of a database of its facts with names


def copies_in(folders: Iterable[Path], own: Path | None) -> list[Path]:
    """Returns the paths in `folders` that, like the ledger, may hold persons' names: files that look like ledgers, and
    exports with names. Each file is listed once, in order of folder and name. The ledger's `own` file is left out under
    each of its names; `own` is None for a ledger that is not a file.
    """
    found: dict[str, Path] = {}
    for other in (path for folder in folders for path in _listed(folder)):
        with suppress(OSError):
            if other.is_dir():
                is_copy = (other / "names.jsonl").exists()
            else:  # The ledger's own file is never opened: closing it would release every lock on it.
                is_copy = other.is_file() and not _same_place(other, own) and _looks_like_a_ledger(other)
            if is_copy:
                found.setdefault(os.path.realpath(other), other)
    return list(found.values())


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _same_place(path: Path, other: Path | None) -> bool:
    try:
        return other is not None and path.samefile(other)
    except OSError:  # One of the two paths does not exist.
        return False


def _looks_like_a_ledger(path: Path) -> bool:
    with suppress(OSError), os.fdopen(os.open(path, READING), "rb") as file:
        return (file.read(100) or b"")[68:72] in LIKE_A_LEDGER
    return False


def permissions(path: Path) -> int:
    """Returns the file mode for a new file with the contents of `path`. With this mode, a user who cannot read `path`
    cannot read the new file either.
    """
    found = path.stat()
    group = 0 if found.st_gid == os.getegid() else 0o070
    return OURS | found.st_mode & ANYONES & ~group


@contextmanager
def appearing(path: Path, mode: int = ANYONES, known_in: Path | None = None) -> Iterator[Path]:
    """Yields the path of a new, empty file in the directory of `path`. If the block ends without an exception, the file
    gets the name `path`, durably; otherwise the file is removed.

    Raises LedgerExists when `path` is taken, before the block or after it. Raises MayNotLast when the file is in place
    but its name could not be synced. A link in the directory `known_in` leads to the unfinished file, so that its
    remains can be removed if this process is killed.
    """
    _refuse_taken(path)
    with ExitStack() as making:
        with _telling(path):
            place, opened = making.enter_context(building_open(path, mode, known_in=known_in))
        yield place
        with _telling(path):
            sync_descriptor(opened)
            refuse_other(place, opened)
            _name(place, path)
    settled(path)


@contextmanager
def replacing(path: Path, kept: Path) -> Iterator[Path]:
    """Yields the path of a new, empty file. If the block ends without an exception, the new file replaces the file at
    `path`, durably, and the old file gets the name `kept`. After an exception, `path` is unchanged, although `kept` may
    exist as a second name for the old file. Raises LedgerExists when `kept` is another file. Raises MayNotLast when
    both files are in place but their names could not be synced.
    """
    if not _same(path, kept):
        _refuse_taken(kept)
    with ExitStack() as making:
        with _telling(path):
            place, opened = making.enter_context(building_open(path, OURS))
        yield place
        with _telling(kept):
            refuse_other(place, opened)
            _resemble(place, path)
            sync(place)
            if not _same(path, kept):
                _keep(path, kept)
            place.replace(path)
    settled(path)


def settled(path: Path) -> None:
    """Syncs the directory of `path`, so that the file's name survives a power cut. Raises MayNotLast when the sync
    fails.
    """
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise MayNotLast(path, cause(error)) from None


@contextmanager
def _written(path: Path, data: bytes, mode: int) -> Iterator[tuple[Path, int]]:
    with building_open(path, mode) as (place, opened):
        with os.fdopen(opened, "wb", closefd=False) as file:
            file.write(data)
            file.flush()
            sync_descriptor(opened)
        yield place, opened


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise LedgerExists(path) from None
    except OSError as error:
        raise meaning_of_os(error, path) from None


def _refuse_taken(path: Path) -> None:
    """Raises LedgerExists when `path` is taken, or when another file's journal was left behind beside `path`. SQLite
    would replay such a journal into the new file.
    """
    if os.path.lexists(path):
        raise LedgerExists(path)
    for suffix in BESIDE[:2]:
        left = path.with_name(path.name + suffix)
        with suppress(OSError):
            if left.stat().st_size:
                raise LedgerExists(left)


def _same(path: Path, kept: Path) -> bool:
    """Whether `kept` is already a second name for the file at `path`. `kept` exists already if an earlier process was
    killed just after making that name.
    """
    return _same_place(path, kept) and not kept.is_symlink()


def _resemble(place: Path, path: Path) -> None:
    """Gives the new file at `place` the owner and the permissions of the file at `path`."""
    found, mode = path.stat(), permissions(path)
    with suppress(PermissionError):
        os.chown(place, found.st_uid, found.st_gid)
        mode = found.st_mode & 0o777
    place.chmod(mode)


def _keep(path: Path, kept: Path) -> None:
    """Gives the file at `path` the second name `kept`, durably. On a disk without hard links, `kept` becomes a copy."""
    try:
        kept.hardlink_to(path)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        with building(kept, OURS, folder=False) as place:
            shutil.copy2(path, place)
            sync(place)
            _name(place, kept)
    sync_folder(kept.parent)


def _name(place: Path, path: Path) -> None:
    """Gives the finished file at `place` the name `path`. Raises FileExistsError when that name is taken."""
    try:
        path.hardlink_to(place)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        # The name is claimed first, so that nothing is overwritten. A crash at this point leaves an empty file.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            place.replace(path)
        except OSError:
            path.unlink()
            raise
