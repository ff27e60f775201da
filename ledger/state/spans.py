"""Intervals [since, until) in the order of their first days, found by day. Nothing here knows what they are about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Span(Protocol):
    """Anything that lasts from `since` until the day before `until`, or for good if `until` is None."""

    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


S = TypeVar("S", bound=Span)


class Spans(Struct, Generic[S], frozen=True):
    """Intervals, each with its first day (`since`) and the furthest end (`reach`) of it and all before it."""

    known: tuple[S, ...]
    since: list[date]
    reach: list[date]

    def first_on(self, day: date) -> S | None:
        """Returns the first interval that contains a day, or None."""
        place = bisect_right(self.reach, day)  # no interval before this place reaches beyond the day, and this one does
        return self.known[place] if place < len(self.known) and self.since[place] <= day else None

    def on(self, day: date) -> list[S]:
        """Returns the intervals that contain a day, in order."""
        near = self.known[bisect_right(self.reach, day) : bisect_right(self.since, day)]
        return [one for one in near if one.until is None or day < one.until]

    def overlapping(self, other: Span) -> list[S]:
        """Returns the intervals that share a day with another, in order."""
        until = other.until or date.max
        near = self.known[bisect_right(self.reach, other.since) : bisect_left(self.since, until)]
        ends = ((one, one.until or date.max) for one in near)
        return [one for one, end in ends if one.since < end and other.since < end]


def spans(known: Iterable[S]) -> Spans[S]:
    """Returns an index of intervals, which are given in the order of their first days."""
    of = tuple(known)
    return Spans(of, [one.since for one in of], [*accumulate((one.until or date.max for one in of), max)])
