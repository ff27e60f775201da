"""The plane of the two times: one dot an entry, across by the day it held, up by when it was recorded."""

from __future__ import annotations

from collections import Counter
from datetime import date
from math import log2
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.sweden import recorded_on

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from ledger.encoding import Entry
    from ledger.timeline import Timeline

WIDTH, HEIGHT = 1000, 168  # in units of the drawing
LEFT, RIGHT, TOP, BOTTOM = 44, 990, 8, 144  # the edges of the field within the drawing
MOST_DOTS = 1_500  # of more entries than this, those near one another share a dot
CELL = 6  # the edge of a cell, in units, whose entries share a dot
MOST_TICKS = 14  # lines of the grid in one direction
LATE_DAYS = 30  # recorded more than this many days after the day it held
UNKNOWN = "unknown"  # the look of an entry that the reader does not know yet

Cell = tuple[int, int, str]  # a square of the drawing, and what the entries in it look like


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
    diagonal: tuple[float, float, float, float] | None  # from where to where; None where it leaves the field
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


class Field(NamedTuple):
    """The marks of a log's entries laid out over the days from `first` to `last`: what is drawn alike for every reader.

    `known` and `unknown` are the cell of each mark, with the look of an entry that a reader knows or does not know yet.
    """

    marks: Sequence[Mark]
    first: date
    last: date
    across: Callable[[date], float]
    up: Callable[[date], float]
    known: Sequence[Cell]
    unknown: Sequence[Cell]
    counts: Mapping[tuple[int, int], int]


class Marks:
    """The marks of every entry of a log, in order of position. Each entry is read once, however often it is drawn, and
    laid out anew only for other entries or other days.
    """

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._spans: list[tuple[date, date]] = []  # the first and the last day of the marks up to each
        self._field: Field | None = None
        self._growing, self._laying = Lock(), Lock()

    def of(self, timeline: Timeline) -> Sequence[Mark]:
        """Returns the marks of all entries of a timeline."""
        with self._growing:
            known = len(self._marks)
            if known < timeline.head:
                new = timeline.entries if not known else map(timeline.at, range(known + 1, timeline.head + 1))
                for one in map(_mark, new):
                    first, last = self._spans[-1] if self._spans else (one.first, one.last)
                    self._marks.append(one)
                    self._spans.append((min(first, one.first), max(last, one.last)))
            return self._marks[: timeline.head]

    def field(self, timeline: Timeline, on: date) -> Field | None:
        """Returns the field of all entries of a timeline, with room for the day `on`, or None if there is no entry."""
        marks = self.of(timeline)
        if not marks:
            return None
        first, last = self._spans[len(marks) - 1]
        first, last = min(on, first), max(on, last)
        with self._laying:
            known = self._field
            if known is None or (len(known.marks), known.first, known.last) != (len(marks), first, last):
                known = self._field = laid_out(marks, first, last)
            return known


def _mark(entry: Entry[Any]) -> Mark:
    recorded = recorded_on(entry.recorded_at)
    return Mark(entry.position, entry.event.valid_on.first, entry.event.valid_on.last, recorded)


def laid_out(marks: Sequence[Mark], first: date, last: date) -> Field:
    """Returns the field of at least one mark over the days from `first` to `last`."""
    low, high = marks[0].recorded, marks[-1].recorded
    across, up = scale(first, last, LEFT, RIGHT), scale(low, high, BOTTOM, TOP)
    same: dict[Cell, Cell] = {}  # one object for each cell, however many entries share it
    cells = [(int(across(one.last) // CELL), int(up(one.recorded) // CELL), _timely(one)) for one in marks]
    unknown = [(x, y, UNKNOWN) for x, y, _ in cells]
    return Field(
        marks=marks,
        first=first,
        last=last,
        across=across,
        up=up,
        known=[same.setdefault(one, one) for one in cells],
        unknown=[same.setdefault(one, one) for one in unknown],
        counts=Counter((one.recorded.year, one.last.year) for one in marks),
    )


def drawn(
    field: Field,
    *,
    head: int,
    on: date,
    annulled: Collection[int],
    behind: Collection[int],
    terms: Iterable[tuple[date, date]],
) -> Plane:
    """Returns the plane of a field seen from a day and a number of first entries.

    `behind` are the positions behind the answer, and `terms` the terms of office, as [first, last].
    """
    marks, first, last, across, up = field.marks, field.first, field.last, field.across, field.up
    low, high = marks[0].recorded, marks[-1].recorded
    if len(marks) > MOST_DOTS:
        dots = _shared(field, head, annulled, behind)
    else:
        dots = (_dot(one, field, _looks(one, head, annulled, behind)) for one in marks)
    return Plane(
        dots=tuple(dots),
        across=tuple(years(first, last, across)),
        up=tuple(years(low, high, up)),
        diagonal=_diagonal(field),
        cross=(across(on), up(marks[head - 1].recorded if head else low)),
        terms=tuple((across(max(since, first)), across(min(until, last))) for since, until in terms),
        counts=field.counts,
        first=first,
        last=last,
    )


def _diagonal(field: Field) -> tuple[float, float, float, float] | None:
    """Returns the line on which an entry holds on the day it was recorded, as far as it lies within the field."""
    low, high = (max(field.marks[0].recorded, field.first), min(field.marks[-1].recorded, field.last))
    return (field.across(low), field.up(low), field.across(high), field.up(high)) if low <= high else None


def scale(first: date, last: date, start: float, end: float) -> Callable[[date], float]:
    """Returns a function that places the days from `first` to `last` evenly from `start` to `end`."""
    days = max((last - first).days, 1)
    return lambda day: round(start + (end - start) * (day - first).days / days, 1)


def _looks(one: Mark, head: int, annulled: Collection[int], behind: Collection[int]) -> str:
    """Returns the classes of a dot: one for its place in time, and those that lie on top."""
    if one.position > head:
        return UNKNOWN
    names = [_timely(one)]
    names += ["annulled"] if one.position in annulled else []
    names += ["behind"] if one.position in behind else []
    return " ".join(names)


def _timely(one: Mark) -> str:
    return "late" if (one.recorded - one.last).days > LATE_DAYS else "timely"


def _dot(one: Mark, field: Field, looks: str) -> Dot:
    start, end = field.across(one.first), field.across(one.last)
    radius = 4.2 if "behind" in looks else 2.6
    return Dot(end, field.up(one.recorded), looks, one.position, 1, round(end - start, 1), radius)


def _shared(field: Field, head: int, annulled: Collection[int], behind: Collection[int]) -> Iterator[Dot]:
    """Yields dots each of which stands for the entries of a cell that look alike, larger where there are more."""
    cells = [*field.known[:head], *field.unknown[head:]]
    for position in {*annulled, *behind}:
        if position <= head:
            x, y, _ = cells[position - 1]
            cells[position - 1] = x, y, _looks(field.marks[position - 1], head, annulled, behind)
    entries, last = Counter(cells), dict(zip(cells, field.marks, strict=True))
    for cell, one in last.items():
        radius = round(min(2.2 + 0.6 * log2(entries[cell]), 6), 1)
        yield _dot(one, field, cell[2])._replace(entries=entries[cell], radius=radius, span=0)


def years(first: date, last: date, placed: Callable[[date], float]) -> Iterator[Tick]:
    """Yields a line for each first of January between two days, fewer where they would be close."""
    found = [year for year in range(first.year, last.year + 2) if first <= date(year, 1, 1) <= last]
    step = max(1, -(-len(found) // MOST_TICKS))
    return (Tick(placed(date(year, 1, 1)), year) for year in found[::step])
