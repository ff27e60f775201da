"""An export as files: where each lies, what is wrong with it, and a new one that appears when it is whole."""

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
BESIDE = (CHECKPOINT, AGREEMENT, NAMES, VERIFIER, READ_ME)  # the log, with the documents and the older checkpoints
OF_THE_MACHINE = frozenset({errno.EIO, errno.ESTALE, errno.ENOMEM, errno.EMFILE, errno.ENFILE})
JUNK = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.*", re.DOTALL)  # what desktops leave in folders

MOST_TOLD = 100  # problems
MOST_NOTE, MOST_ABOUT, MOST_NAMES, MOST_BESIDE = 2**16, 2**23, 2**24, 2**26  # bytes; a file may not take all memory


class Problem(Struct, frozen=True, kw_only=True):
    """Something that is not as it was written. `path` lies in the export; `position` where it is about an entry."""

    what: str
    path: str | None = None
    position: int | None = None

    @property
    def line(self) -> str:
        """Where it is, and what."""
        entry = f"entry {self.position}" if self.position else None
        return ": ".join(filter(None, (", ".join(filter(None, (self.path, entry))), self.what)))


class Folder:
    """The files of an export, each of which is read once; which of them were accounted for, and what is wrong."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.problems: list[Problem] = []
        self.passed_over: list[str] = []  # what a desktop left there
        self.digests: dict[str, str] = {}  # path → SHA-256 in hex, of what was read
        self._more = 0
        self.paths = self._walked()

    def wrong(self, what: str, path: str | None = None, position: int | None = None) -> None:
        """Keeps what is wrong; beyond the first hundred only how much there is."""
        if len(self.problems) < MOST_TOLD:
            shown = None if path is None else os.fsencode(path.rstrip("/")).decode("utf-8", "backslashreplace")
            self.problems.append(Problem(what=what, path=shown, position=position))
        else:
            self._more += 1

    def told(self) -> tuple[Problem, ...]:
        """What is wrong, with how much more there is."""
        more = [Problem(what=f"and {self._more} more that are wrong")] if self._more else []
        return (*self.problems, *more)

    def has(self, path: str) -> bool:
        return path in self.paths

    def read(self, path: str) -> bytes:
        """The bytes of a file, which is read this once; none, and a problem, where it cannot be read."""
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
            self.wrong("it is missing", path)
        self.digests[path] = sha256(data).hexdigest()
        return data

    def under(self, folder: str) -> list[str]:
        """The paths of all files in one of its folders, sorted."""
        return sorted(path for path in self.paths if path.startswith(f"{folder}/"))

    def strays(self) -> list[str]:
        """The files that nothing accounted for."""
        return sorted(self.paths - self.digests.keys())

    def _unreadable(self, error: OSError, path: str) -> None:
        """Tells of it as a problem of the export's, unless that is one of this machine: Unusable."""
        if error.errno in OF_THE_MACHINE:
            raise Unusable(f"the disk that holds {self.place} failed: {path}: {error.strerror}") from None
        self.wrong(f"it cannot be read: {error.strerror}", path)

    def _walked(self) -> set[str]:
        """The paths of the regular files. Links are not followed; they, pipes and devices are problems."""
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
                    self.wrong("it is not a regular file", path)
                elif JUNK.fullmatch(entry.name):
                    self.passed_over.append(path)
                else:
                    found.add(path)
        return found


def most(path: str) -> int:
    """How many bytes a file of an export may have, by what it is."""
    if path.startswith("tile/entries/"):
        return WIDTH * (2 + LONGEST)
    if path.startswith("tile/"):
        return WIDTH * HASH_BYTES
    if path == CHECKPOINT or path.startswith(f"{CHECKPOINTS}/"):
        return MOST_NOTE
    return {ABOUT: MOST_ABOUT, NAMES: MOST_NAMES}.get(path, MOST_BESIDE)


@contextmanager
def appearing(place: Path, permissions: int, known_in: Path | None) -> Iterator[Path]:
    """Gives a new, empty folder beside `place`, which gets that name, durably, if the block ends well; if not, nothing
    is left. Refuses a `place` where anything lies but an empty folder. It may be entered by whoever `permissions` let
    read, and is found from the directory `known_in` too while it is being written. MayNotLast if it is in place and
    only its name was not synced.
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
