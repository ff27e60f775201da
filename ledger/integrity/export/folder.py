"""The files of an export: their paths, limits and reading, and the atomic creation of a new export folder."""

from __future__ import annotations

import errno
import os
import re
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.encoding import LONGEST
from ledger.errors import LedgerExists, Unusable
from ledger.limits import read_regular
from ledger.messages import cause, filled, marked, msg
from ledger.proof.tiles import HASH_BYTES, WIDTH
from ledger.store.building import building, sync
from ledger.store.files import settled
from ledger.store.sqlite.faults import meaning_of_os

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHECKPOINT, CHECKPOINTS = "checkpoint", "checkpoints"
NAMES, DOCUMENTS, AGREEMENT = "names.jsonl", "documents", "agreement.txt"
ABOUT, VERIFIER, READ_ME = "export.json", "verify_ledger.py", "README.txt"
BESIDE = (CHECKPOINT, AGREEMENT, NAMES, VERIFIER, READ_ME)  # without documents and older checkpoints
GIVEN_NAME = marked("the checkpoint given")
GIVEN = f"{GIVEN_NAME}/"  # the path of the checkpoint given; the slash keeps this path apart from every file's path
OF_THE_MACHINE = frozenset({errno.EIO, errno.ESTALE, errno.ENOMEM, errno.EMFILE, errno.ENFILE})
JUNK = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*", re.DOTALL)  # files that desktops leave in folders

MOST_TOLD = 100  # at most this many problems are reported one by one
MOST_NOTE, MOST_ABOUT, MOST_NAMES, MOST_BESIDE = 2**16, 2**23, 2**24, 2**26  # limits in bytes, to protect memory


class Problem(Struct, frozen=True, kw_only=True):
    """A problem in an export. `path` is relative to the export, and `position` is the entry concerned, if any."""

    what: str
    path: str | None = None
    position: int | None = None

    @property
    def line(self) -> str:
        """The problem as one line: path, entry and description."""
        path = filled(GIVEN_NAME, {}) if self.path == GIVEN_NAME else self.path
        if not self.position:
            return f"{path}: {self.what}" if path else self.what
        if not path:
            return msg("entry {entry}: {problem}", entry=self.position, problem=self.what)
        return msg("{path}, entry {entry}: {problem}", path=path, entry=self.position, problem=self.what)


class Folder:
    """The files of an export, each read at most once, with the problems found in them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.problems: list[Problem] = []
        self.passed_over: list[str] = []  # paths of files that a desktop left
        self.digests: dict[str, str] = {}  # path → SHA-256 in hex of the bytes read
        self._more = 0
        self.paths = self._walked()

    def wrong(self, what: str, path: str | None = None, position: int | None = None) -> None:
        """Adds a problem. After the first 100 problems, further problems are only counted."""
        if len(self.problems) < MOST_TOLD:
            shown = None if path is None else os.fsencode(path.rstrip("/")).decode("utf-8", "backslashreplace")
            self.problems.append(Problem(what=what, path=shown, position=position))
        else:
            self._more += 1

    def told(self) -> tuple[Problem, ...]:
        """Returns the first `MOST_TOLD` problems and, if there are more, a last problem with the number of the rest."""
        more = [Problem(what=msg("and {count} more problems", count=self._more))] if self._more else []
        return (*self.problems, *more)

    def has(self, path: str) -> bool:
        """Whether the export holds a regular file at the path."""
        return path in self.paths

    def read(self, path: str) -> bytes:
        """Returns the bytes of a file. Returns b"" and adds a problem if the file is missing or cannot be read.

        Each file may be read only once. Raises Unusable if the error comes from this machine and not from the export.
        """
        assert path not in self.digests, "a file is read once, so that what is checked is what is used"
        data = b""
        if path in self.paths:
            try:
                data = read_regular(self.place / path, most(path))
            except OSError as error:
                self._unreadable(error, path)
            except ValueError as error:
                self.wrong(str(error), path)
        else:
            self.wrong(msg("it is missing"), path)
        self.digests[path] = sha256(data).hexdigest()
        return data

    def under(self, folder: str) -> list[str]:
        """Returns the paths of all files in a subfolder, sorted."""
        return sorted(path for path in self.paths if path.startswith(f"{folder}/"))

    def strays(self) -> list[str]:
        """Returns the paths of all files that were never read, sorted."""
        return sorted(self.paths - self.digests.keys())

    def _unreadable(self, error: OSError, path: str) -> None:
        """Adds a problem for a file that cannot be read. Raises Unusable if the error comes from this machine."""
        if error.errno in OF_THE_MACHINE:
            what = msg(
                "the disk that holds {folder} failed: {path}: {cause}",
                folder=self.place,
                path=path,
                cause=cause(error),
            )
            raise Unusable(what) from None
        self.wrong(msg("it cannot be read: {cause}", cause=cause(error)), path)

    def _walked(self) -> set[str]:
        """Returns the paths of all regular files. Links are not followed; links, pipes and devices are problems."""
        found: set[str] = set()
        waiting = [""]
        while waiting:
            above = waiting.pop()
            try:
                with os.scandir(self.place / above) as listed:
                    entries = sorted(listed, key=lambda entry: entry.name)
            except OSError as error:
                self._unreadable(error, above or ".")
                continue
            for entry in entries:
                path = above + entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
                elif not entry.is_file(follow_symlinks=False):
                    self.wrong(msg("it is not a regular file"), path)
                elif JUNK.fullmatch(entry.name):
                    self.passed_over.append(path)
                else:
                    found.add(path)
        return found


def most(path: str) -> int:
    """Returns the maximum size in bytes of a file in an export, by its path."""
    if path.startswith("tile/entries/"):
        return WIDTH * (2 + LONGEST)
    if path.startswith("tile/"):
        return WIDTH * HASH_BYTES
    if path == CHECKPOINT or path.startswith(f"{CHECKPOINTS}/"):
        return MOST_NOTE
    return {ABOUT: MOST_ABOUT, NAMES: MOST_NAMES}.get(path, MOST_BESIDE)


@contextmanager
def appearing(place: Path, permissions: int, known_in: Path | None) -> Iterator[Path]:
    """Yields a new, empty folder, which is durably renamed to `place` if the block ends without an error.

    After an error, the folder is removed. Users to whom `permissions` give read access may enter the folder. A link in
    the directory `known_in` leads to the unfinished folder, so that its remains can be removed if this process is
    killed. Raises LedgerExists if `place` is anything but an empty folder, and MayNotLast if the folder is in place but
    its name could not be synced.
    """
    if os.path.lexists(place) and not (place.is_dir() and not any(place.iterdir())):
        raise LedgerExists(place)
    try:
        with building(place, permissions, folder=True, known_in=known_in) as unfinished:
            yield unfinished
            for path in (*unfinished.rglob("*"), unfinished):
                sync(path)
            unfinished.rename(place)
    except OSError as error:
        raise meaning_of_os(error, place) from None
    settled(place)
