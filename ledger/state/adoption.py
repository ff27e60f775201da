"""The order in which versions of the agreement come into force as they are adopted. No timeline and no events here."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date


class Awaiting:
    """The versions that are not in force yet, as decisions on them are replayed in order of day.

    `parties` maps each version to its parties, and `put_forward` to the first day on which it can be in force.
    `applies` returns the day from which a version applies, given its number, start day and day of the last adoption.
    `start` maps each version that is not in force to its start day. `entered` holds (first day, version) of the others,
    in the order they came into force.

    A version is looked at only after something that can bring it into force: its first day, a decision on it, or a
    change of the version in force if all its own parties had adopted it. So a replay costs as much as there are acts.
    """

    def __init__(
        self,
        parties: Mapping[int, frozenset[str]],
        put_forward: Mapping[int, date],
        applies: Callable[[int, date, date], date],
    ) -> None:
        self.start: dict[int, date] = {}
        self.entered: list[tuple[date, int]] = []
        self._parties, self._put_forward, self._applies = parties, put_forward, applies
        self._adopted: dict[int, dict[str, date]] = {version: {} for version in parties}
        self._days: list[tuple[date, int]] = []  # a heap of (first day, version)
        self._changed: set[int] = set()
        self._for_others: set[int] = set()  # the versions that only parties to the version in force have not adopted

    def begin(self, version: int, start: date) -> None:
        """Sets the start day of a version."""
        self.start[version] = start
        heappush(self._days, (max(start, self._put_forward[version]), version))

    def decide(self, version: int, party: str, adopted: date | None) -> None:
        """Sets the day on which a party adopted a version, or None if its latest decision does not adopt it."""
        if adopted is None:
            self._adopted[version].pop(party, None)
        else:
            self._adopted[version][party] = adopted
        self._changed.add(version)

    def enter(self, now: date) -> None:
        """Moves the versions that have come into force by `now` from `start` to `entered`, the lowest version first."""
        while self._days and self._days[0][0] <= now:
            self._changed.add(heappop(self._days)[1])
        changed, self._changed = sorted(self._changed), set()
        while changed:
            version = heappop(changed)
            since = self._since(version, now) if version in self.start else None
            if since is None:
                continue
            self.entered.append((max([since, *(first for first, _ in self.entered[-1:])]), version))
            del self.start[version]
            for other in self._for_others:
                if other > version:
                    heappush(changed, other)
                else:  # a lower version is looked at when the next day or decision comes
                    self._changed.add(other)
            self._for_others.clear()

    def _since(self, version: int, now: date) -> date | None:
        """Returns the day from which a version applies, or None if it is not in force by `now`."""
        first, adopted = max(self.start[version], self._put_forward[version]), self._adopted[version].keys()
        needed = self._parties[version]
        if first > now or not needed <= adopted:
            return None
        if self.entered:
            needed |= self._parties[self.entered[-1][1]]
        if not needed <= adopted:
            self._for_others.add(version)
            return None
        last = max([first, *(self._adopted[version][party] for party in needed)])
        return self._applies(version, self.start[version], last)
