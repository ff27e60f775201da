"""The wheel of the year: every deadline by its day, on a ring for those overdue, those open, and those to come."""

from __future__ import annotations

from calendar import monthrange
from math import cos, log2, pi, sin
from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import MONTHS as MONTH_NAMES
from ledger.messages import filled
from projections.deadlines import AHEAD

if TYPE_CHECKING:
    from datetime import date

    from presentation.asking import Asking
    from projections.deadlines import Deadline, Deadlines

SIZE, MIDDLE = 540, 270  # the edge of the drawing and its middle, in units
RINGS = {"overdue": 92, "open": 142, "coming": 192}  # how far from the middle the marks of each kind stand
INNER, OUTER, NAMES = 66, 220, 242  # the rim of the hub, the rim of the wheel, and where the months' names stand
MONTHS, PARTS = 12, 3  # a month has so many parts, each with one mark a ring
SMALLEST, LARGEST = 9, 14  # a mark's radius


class Spot(NamedTuple):
    """A mark: where it stands, its ring, how large it is, and the deadlines that it stands for, from day to day."""

    x: float
    y: float
    ring: str
    radius: float
    deadlines: int
    first: date
    last: date


class Month(NamedTuple):
    """A month: its name, where that stands, and the spoke at which it begins, from the hub to the rim."""

    name: str
    x: float
    y: float
    spoke: tuple[float, float, float, float]


class Wheel(NamedTuple):
    """The wheel as lengths. `counts` are the deadlines of each ring, and `beyond` those due after the year ahead."""

    on: date
    months: tuple[Month, ...]
    spots: tuple[Spot, ...]
    hand: tuple[float, float, float, float]
    counts: dict[str, int]
    beyond: int


def drawn(found: Deadlines) -> Wheel | None:
    """Returns the wheel, or None if there is no deadline."""
    if not found.deadlines:
        return None
    spots: dict[tuple[str, int], list[date]] = {}
    counts = dict.fromkeys(RINGS, 0)
    beyond = 0
    for one in found.deadlines:
        ring, day = ring_of(one), one.due or one.since or found.until
        if day > found.on + AHEAD:
            beyond += 1
            continue
        counts[ring] += 1
        spots.setdefault((ring, _part(day)), []).append(day)
    return Wheel(
        on=found.on,
        months=tuple(_month(number) for number in range(1, MONTHS + 1)),
        spots=tuple(_spot(ring, part, days) for (ring, part), days in spots.items()),
        hand=(*_at(_turn(found.on), INNER), *_at(_turn(found.on), OUTER)),
        counts=counts,
        beyond=beyond,
    )


def ring_of(one: Deadline) -> str:
    """Returns the ring of a deadline: one without a last day is open, not overdue, once it has begun."""
    if not one.overdue:
        return "coming"
    return "overdue" if one.due else "open"


def _part(day: date) -> int:
    """Returns which part of the year a day is in, of PARTS in each month."""
    return (day.month - 1) * PARTS + (day.day - 1) * PARTS // monthrange(day.year, day.month)[1]


def _turn(day: date) -> float:
    """Returns a day as a part of a whole turn, each month a twelfth."""
    return (day.month - 1 + (day.day - 1) / monthrange(day.year, day.month)[1]) / MONTHS


def _at(turn: float, distance: float) -> tuple[float, float]:
    """Returns the point at a part of a turn, clockwise from the top, so far from the middle."""
    angle = 2 * pi * turn
    return round(MIDDLE + distance * sin(angle), 1), round(MIDDLE - distance * cos(angle), 1)


def _month(number: int) -> Month:
    begins = (number - 1) / MONTHS
    return Month(
        filled(MONTH_NAMES[number - 1], {}),
        *_at(begins + 0.5 / MONTHS, NAMES),
        (*_at(begins, INNER), *_at(begins, OUTER)),
    )


def _spot(ring: str, part: int, days: list[date]) -> Spot:
    x, y = _at((part + 0.5) / (MONTHS * PARTS), RINGS[ring])
    radius = round(min(SMALLEST + log2(len(days)), LARGEST), 1)
    return Spot(x, y, ring, radius, len(days), min(days), max(days))


def of(_: Asking, answer: Deadlines) -> Wheel | None:
    """Returns the wheel of an answer's deadlines."""
    return drawn(answer)
