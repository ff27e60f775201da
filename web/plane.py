"""The plane of the two times: one dot an entry, across by the day it held, up by when it was recorded."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from math import log2
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.sweden import day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from ledger.encoding import Entry
    from ledger.timeline import Timeline

WIDTH, HEIGHT = 1000, 168  # in units of the drawing
LEFT, RIGHT, TOP, BOTTOM = 44, 990, 8, 144  # the edges of the field within the drawing
MOST_DOTS = 1_500  # of more entries than this, those near one another share a dot
CELL = 6  # the edge of the square, in units, whose entries share a dot
MOST_TICKS = 14  # lines of the grid in one direction
LATE_DAYS = 30  # recorded more than this many days after the day it held


class Mark(NamedTuple):
    """An entry in the plane: its position, the first and the last day that it may have held, and the day recorded."""

    position: int
    first: date
    last: date
    recorded: date


class Dot(NamedTuple):
    """A dot: where it stands, its classes, the entry that it leads to, how many entries it stands for, and the width of
    a span of days, or 0.
    """

    x: float
    y: float
    looks: str
    position: int
    entries: int
    span: float
    radius: float


class Tick(NamedTuple):
    """A line of the grid, with its year."""

    at: float
    year: int


class Plane(NamedTuple):
    """The plane as lengths of a drawing, and as the number of entries by (year recorded, year held)."""

    dots: tuple[Dot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    diagonal: tuple[float, float, float, float]
    cross: tuple[float, float]
    terms: tuple[tuple[float, float], ...]
    counts: Mapping[tuple[int, int], int]
    first: date
    last: date

    @property
    def held(self) -> Sequence[int]:
        """The years in which entries held, in order."""
        return sorted({year for _, year in self.counts})

    @property
    def rows(self) -> Sequence[tuple[int, Sequence[int]]]:
        """Each year in which entries were recorded, in order, with their number for each year of `held`."""
        return [
            (recorded, [self.counts.get((recorded, year), 0) for year in self.held])
            for recorded in sorted({year for year, _ in self.counts})
        ]


class Marks:
    """The marks of every entry of a log, in order of position. Each entry is read once, however often it is drawn."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._growing = Lock()

    def of(self, timeline: Timeline) -> Sequence[Mark]:
        """Returns the marks of all entries of a timeline."""
        with self._growing:
            known = len(self._marks)
            if known < timeline.head:
                new = timeline.entries if not known else map(timeline.at, range(known + 1, timeline.head + 1))
                self._marks += map(_mark, new)
            return self._marks[: timeline.head]


def _mark(entry: Entry[Any]) -> Mark:
    recorded = day_of(datetime.fromisoformat(entry.recorded_at))
    return Mark(entry.position, entry.event.valid_on.first, entry.event.valid_on.last, recorded)


def drawn(
    marks: Sequence[Mark],
    *,
    head: int,
    on: date,
    annulled: Collection[int],
    behind: Collection[int],
    terms: Iterable[tuple[date, date]],
) -> Plane | None:
    """Returns the plane of the marks seen from a day and a number of first entries, or None if there is no entry.

    `behind` are the positions behind the answer, and `terms` the terms of office, as [first, last].
    """
    if not marks:
        return None
    first, last = min(on, *(one.first for one in marks)), max(on, *(one.last for one in marks))
    low, high = marks[0].recorded, marks[-1].recorded
    across = scale(first, last, LEFT, RIGHT)
    up = scale(low, high, BOTTOM, TOP)
    dots = [_dot(one, across, up, _looks(one, head, annulled, behind)) for one in marks]
    known = marks[head - 1].recorded if head else low
    return Plane(
        dots=tuple(dots if len(dots) <= MOST_DOTS else _shared(dots)),
        across=tuple(years(first, last, across)),
        up=tuple(years(low, high, up)),
        diagonal=(across(low), up(low), across(high), up(high)),
        cross=(across(on), up(known)),
        terms=tuple((across(max(since, first)), across(min(until, last))) for since, until in terms),
        counts=Counter((one.recorded.year, one.last.year) for one in marks),
        first=first,
        last=last,
    )


def scale(first: date, last: date, start: float, end: float) -> Callable[[date], float]:
    """Returns a function that places the days from `first` to `last` evenly from `start` to `end`."""
    days = max((last - first).days, 1)
    return lambda day: round(start + (end - start) * (day - first).days / days, 1)


def _looks(one: Mark, head: int, annulled: Collection[int], behind: Collection[int]) -> str:
    """Returns the classes of a dot: one for its place in time, and those that lie on top."""
    if one.position > head:
        return "unknown"
    names = ["late" if (one.recorded - one.last).days > LATE_DAYS else "timely"]
    names += ["annulled"] if one.position in annulled else []
    names += ["behind"] if one.position in behind else []
    return " ".join(names)


def _dot(one: Mark, across: Callable[[date], float], up: Callable[[date], float], looks: str) -> Dot:
    start, end = across(one.first), across(one.last)
    return Dot(end, up(one.recorded), looks, one.position, 1, round(end - start, 1), 4.2 if "behind" in looks else 2.6)


def _shared(dots: Iterable[Dot]) -> list[Dot]:
    """Returns dots each of which stands for the entries of a square that look alike, larger where there are more."""
    cells: dict[tuple[int, int, str], list[Dot]] = {}
    for one in dots:
        cells.setdefault((int(one.x // CELL), int(one.y // CELL), one.looks), []).append(one)
    return [
        group[-1]._replace(entries=len(group), radius=round(min(2.2 + 0.6 * log2(len(group)), 6), 1), span=0)
        for group in cells.values()
    ]


def years(first: date, last: date, placed: Callable[[date], float]) -> Iterator[Tick]:
    """Yields a line for each first of January between two days, fewer where they would be close."""
    found = [year for year in range(first.year, last.year + 2) if first <= date(year, 1, 1) <= last]
    step = max(1, -(-len(found) // MOST_TICKS))
    return (Tick(placed(date(year, 1, 1)), year) for year in found[::step])
