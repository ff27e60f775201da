"""An export as files: where each lies, what is wrong with it, and a new one that appears when it is whole."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.errors import LedgerExists
from ledger.store.faults import meaning_of_os

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKPOINT, CHECKPOINTS = "checkpoint", "checkpoints"
NAMES, DOCUMENTS, AGREEMENT = "names.jsonl", "documents", "agreement.txt"
ABOUT, VERIFIER, READ_ME = "export.json", "verify_ledger.py", "README.txt"
BESIDE = (CHECKPOINT, AGREEMENT, NAMES, VERIFIER, READ_ME)  # the log, with the documents and the older checkpoints


class Problem(Struct, frozen=True, kw_only=True):
    """Something that is not as it was written. `path` lies in the export; `position` where it is about an entry."""

    what: str
    path: str | None = None
    position: int | None = None


class Folder:
    """The files of an export as they are read, which of them were accounted for, and what is wrong."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.problems: list[Problem] = []
        self._known: set[str] = set()

    def wrong(self, what: str, path: str | None = None, position: int | None = None) -> None:
        self.problems.append(Problem(what=what, path=path, position=position))

    def has(self, path: str) -> bool:
        return (self.place / path).exists()

    def read(self, path: str) -> bytes:
        """The bytes of a file; none, and a problem, where it cannot be read."""
        self._known.add(path)
        try:
            return (self.place / path).read_bytes()
        except OSError as error:
            self.wrong(f"it cannot be read: {error.strerror}", path)
            return b""

    def under(self, folder: str = "") -> list[str]:
        """The paths of all files in one of its folders, sorted."""
        found = [
            Path(where, name).relative_to(self.place).as_posix()
            for where, _, names in os.walk(self.place / folder)
            for name in names
        ]
        return sorted(found)

    def strays(self) -> list[str]:
        """The files that nothing accounted for."""
        return [path for path in self.under() if path not in self._known]


@contextmanager
def appearing(place: Path) -> Iterator[Path]:
    """Gives a new, empty folder beside `place`, which gets that name if the block ends well; if not, nothing is left.
    Refuses a `place` where anything lies but an empty folder.
    """
    if os.path.lexists(place) and not (place.is_dir() and not any(place.iterdir())):
        raise LedgerExists(place)
    building = place.with_name(f".{os.urandom(8).hex()}.building")
    try:
        building.mkdir()
        yield building
        building.rename(place)
    except OSError as error:
        raise meaning_of_os(error, place) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
