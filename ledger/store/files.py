"""Files that appear under their name only when they are whole and on the disk, and never take another's place. What the
program writes, it writes through here. No SQL.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import LedgerExists, MayNotLast
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
OURS, ANYONES = 0o600, 0o666  # permissions: the owner's alone; whatever the umask leaves


def write_new(path: Path, data: bytes, mode: int = ANYONES, owner: int | None = None) -> None:
    """Afterwards a new file at `path` holds the data, durably, and belongs to the user `owner`, if one is named. Raises
    FileExistsError if `path` is taken, OSError if it cannot be written: then nothing is there. Raises MayNotLast if it
    is there, and only its name was not synced.
    """
    with _written(path, data, mode) as (place, opened):
        if owner not in {None, os.geteuid()}:
            os.fchown(opened, owner, -1)
        refuse_other(place, opened)
        _name(place, path)
        refuse_other(path, opened)
    settled(path)


def replace(path: Path, data: bytes, mode: int = ANYONES) -> None:
    """Afterwards the file at `path` holds the data and no other, durably; before that it is what it was. Raises OSError
    if it cannot be written, and MayNotLast if only its name was not synced.
    """
    with _written(path, data, mode) as (place, opened):
        refuse_other(place, opened)
        place.replace(path)
        refuse_other(path, opened)
    settled(path)


def folders_of(path: Path) -> list[Path]:
    """The folder of a file's name, and that of the file itself, where the name is a link to it."""
    folders = [path.parent, Path(os.path.realpath(path)).parent]
    return folders[:1] if _same_place(*folders) else folders


def copies_in(folders: Iterable[Path], own: Path | None) -> list[Path]:
    """What lies in the folders and may hold names too, each once: ledgers, by their looks, and exports with names. Not
    the ledger's `own` file, under whatever name it is found there; None where it is no file.
    """
    found: dict[str, Path] = {}
    for other in (path for folder in folders for path in _listed(folder)):
        with suppress(OSError):
            if other.is_dir():
                is_copy = (other / "names.jsonl").exists()
            else:  # never ours: closing it would give up every lock on it
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
    except OSError:  # one of them is not there
        return False


def _looks_like_a_ledger(path: Path) -> bool:
    with suppress(OSError), os.fdopen(os.open(path, READING), "rb") as file:
        return (file.read(100) or b"")[68:72] == b"LIGG"
    return False


def permissions(path: Path) -> int:
    """Of a file with what `path` holds: it becomes readable to nobody who may not read `path`."""
    found = path.stat()
    group = 0 if found.st_gid == os.getegid() else 0o070
    return OURS | found.st_mode & ANYONES & ~group


@contextmanager
def appearing(path: Path, mode: int = ANYONES, known_in: Path | None = None) -> Iterator[Path]:
    """Gives a new, empty file in the directory of `path`, which gets that name, durably, if the block ends well.
    Otherwise nothing is left. Refuses a `path` that is taken, before the block or after. MayNotLast if it is in place
    and only its name was not synced. `known_in` is another directory from which a killed one's rest is found.
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
    """Gives a new, empty file, which takes the place of `path`, durably, if the block ends well; what was there is then
    called `kept`. Otherwise nothing has changed, but that `kept` may be there too. Refuses a `kept` that is another
    file. MayNotLast if all is in place and only the names were not synced.
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
    """Afterwards the name of `path` outlives a power cut. Raises MayNotLast if that failed."""
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise MayNotLast(path, error.strerror) from None


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
    """Also where another file's journal was left behind: SQLite would play it back into ours."""
    if os.path.lexists(path):
        raise LedgerExists(path)
    for suffix in BESIDE[:2]:
        left = path.with_name(path.name + suffix)
        with suppress(OSError):
            if left.stat().st_size:
                raise LedgerExists(left)


def _same(path: Path, kept: Path) -> bool:
    """Whether `kept` is the file that lies at `path`, as where the one who kept it was killed right then."""
    return _same_place(path, kept) and not kept.is_symlink()


def _resemble(place: Path, path: Path) -> None:
    """Gives a file the owner and the permissions of the one whose place it takes."""
    found, mode = path.stat(), permissions(path)
    with suppress(PermissionError):
        os.chown(place, found.st_uid, found.st_gid)
        mode = found.st_mode & 0o777
    place.chmod(mode)


def _keep(path: Path, kept: Path) -> None:
    """The file at `path` under another name too, durably. Where a disk knows no hard links, a copy of it."""
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
    """Gives what was built its name, which must be free."""
    try:
        path.hardlink_to(place)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        # The name is claimed first, so that nothing is overwritten: a crash right here leaves an empty file.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            place.replace(path)
        except OSError:
            path.unlink()
            raise
