"""The faults in the lines of a file: the first faults are kept, and the rest are counted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ledger.errors import MOST_TOLD, BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from ledger.events import Event

    Lines = list[tuple[int, Event]]  # (line number, event)


class Faults:
    """The faults of a file. The first `MOST_TOLD` faults are kept and the rest are counted, since a file may have a
    million faults.
    """

    def __init__(self) -> None:
        self.told: list[tuple[int | None, str]] = []
        self.unsaid = 0

    @property
    def full(self) -> bool:
        """Whether `MOST_TOLD` faults are kept, so that further faults are only counted."""
        return len(self.told) >= MOST_TOLD

    def add(self, line: int | None, what: str) -> None:
        """Adds a fault of a line, or of the whole file when `line` is None."""
        if not self.full:
            self.told.append((line, what))
        else:
            self.unsaid += 1

    def of(self, line: int | None, error: BadInput) -> None:
        """Adds the faults of an error. `line` is the line of all these faults, or None when each fault has its own
        line.
        """
        for own, what in error.faults:
            self.add(line or own, what)
        self.unsaid += error.unsaid


def sound(found: Lines, faults: Faults) -> Lines:
    """Returns the events of a file. Raises BadInput when there are any faults, or no events."""
    if not found and not faults.told:
        faults.add(None, msg("there is nothing to record: no line holds an event"))
    if faults.told:
        raise BadInput(sorted(faults.told, key=lambda fault: fault[0] or sys.maxsize), faults.unsaid)
    return found
