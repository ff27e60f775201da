"""What is wrong with the lines of a file: the first faults told, the rest counted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ledger.errors import MOST_TOLD, BadInput

if TYPE_CHECKING:
    from ledger.events import Event

    Lines = list[tuple[int, Event]]  # each event with the number of its line


class Faults:
    """The faults of a file, the first told and the rest counted, one a line: a file may have a million."""

    def __init__(self) -> None:
        self.told: list[tuple[int | None, str]] = []
        self.unsaid = 0

    @property
    def full(self) -> bool:
        """Whether no more of them are told."""
        return len(self.told) >= MOST_TOLD

    def add(self, line: int | None, what: str) -> None:
        if not self.full:
            self.told.append((line, what))
        else:
            self.unsaid += 1

    def of(self, line: int | None, error: BadInput) -> None:
        """Those of one line; without one, each has its own."""
        for own, what in error.faults:
            self.add(line or own, what)
        self.unsaid += error.unsaid


def sound(found: Lines, faults: Faults) -> Lines:
    """The events of a file; BadInput if anything is wrong with any of them, or there are none."""
    if not found and not faults.told:
        faults.add(None, "there is nothing to record: no line holds an event")
    if faults.told:
        raise BadInput(sorted(faults.told, key=lambda fault: fault[0] or sys.maxsize), faults.unsaid)
    return found
