"""The stored entries of one `Read`, arranged in timeline order for any number of first entries. No rules here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ledger.events.agreement import AgreementProposed
from ledger.timeline.inexact import is_loose
from ledger.timeline.ordering import merged, order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.encoding import Entry

RECENT = 3  # arrangements that are kept, each of another number of first entries
FEW = 64  # up to this many entries are taken out of an arrangement one by one

_position = attrgetter("position")


class Arranged:
    """The stored entries of a class, or of a class and a tag, in order of position, and what follows from their days.

    `entries` only grows. `loose` holds the loose ones among them. Callers hold the lock of the cache that this belongs
    to while they add entries; the lists returned are never changed afterwards.
    """

    def __init__(self, entries: list[Entry[Any]]) -> None:
        self.entries = entries
        self.loose: list[Entry[Any]] = [entry for entry in entries if is_loose(entry)]
        self._recent: tuple[tuple[int, Mapping[int, int], list[Entry[Any]]], ...] = ()
        self._firsts: list[date] | None = None
        self._turns: list[date] | None = None

    def add(self, entry: Entry[Any]) -> None:
        """Adds the next stored entry of this read."""
        self.entries.append(entry)
        if is_loose(entry):
            self.loose.append(entry)
        if self._firsts is not None and self._turns is not None:
            insort(self._firsts, entry.event.valid_on.first)
            for day in _turns_of(entry):
                insort(self._turns, day)

    def placed(self, head: int, annulled: Mapping[int, int]) -> list[Entry[Any]]:
        """Returns, in timeline order, the entries up to position `head` that are not in `annulled`."""
        number = self.count(head)
        for known, without, found in self._recent:
            if known == number and without is annulled:
                return found
        found = self._arranged(number, annulled)
        self._recent = ((number, annulled, found), *self._recent[: RECENT - 1])
        return found

    def _arranged(self, number: int, annulled: Mapping[int, int]) -> list[Entry[Any]]:
        for known, without, found in self._recent:
            if without is not annulled:
                continue
            if known < number and number - known < max(FEW, known):
                return merged(found, _standing(self.entries[known:number], annulled), None)
            if known > number and known - number <= FEW:
                fewer = list(found)
                for entry in _standing(self.entries[number:known], annulled):
                    del fewer[bisect_left(fewer, order(entry), key=order)]
                return fewer
        return sorted(_standing(self.entries[:number], annulled), key=order)

    def count(self, head: int) -> int:
        """Returns how many of the entries have a position up to `head`."""
        entries = self.entries
        if not entries or entries[-1].position <= head:
            return len(entries)
        return bisect_right(entries, head, key=_position)

    def near_position(self, head: int) -> tuple[int, int | None]:
        """Returns the last position up to `head`, or 0, and the first position after `head`, or None."""
        number = self.count(head)
        before = self.entries[number - 1].position if number else 0
        return before, self.entries[number].position if number < len(self.entries) else None

    def near_days(self, day: date, on: date) -> tuple[tuple[date, date], tuple[date, date]]:
        """Returns the days around `day` on which an entry may begin to be seen, and those around `on` on which one
        counts: each the last day up to the given day, and the first day after it.
        """
        if self._firsts is None or self._turns is None:
            self._firsts = sorted(entry.event.valid_on.first for entry in self.entries)
            self._turns = sorted(turn for entry in self.entries for turn in _turns_of(entry))
        return _near(self._firsts, day), _near(self._turns, on)


def _standing(entries: Sequence[Entry[Any]], annulled: Mapping[int, int]) -> Sequence[Entry[Any]]:
    return [entry for entry in entries if entry.position not in annulled] if annulled else entries


def _turns_of(entry: Entry[Any]) -> tuple[date, ...]:
    """Returns the days from which an entry may count: its latest day, and its earliest if it is loose."""
    on = entry.event.valid_on
    return (on.first, on.last) if on.is_loose or isinstance(entry.event, AgreementProposed) else (on.last,)


def _near(days: list[date], day: date) -> tuple[date, date]:
    place = bisect_right(days, day)
    return days[place - 1] if place else date.min, days[place] if place < len(days) else date.max
