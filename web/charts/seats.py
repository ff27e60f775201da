"""The seats over time: a line for each seat, and on it who sat there from when to when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from presentation.phrases import last_day
from projections.seatings import seatings
from web.charts.days import Across, across, moved, shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from presentation.asking import Asking
    from projections.council import Council
    from projections.seatings import Holding, Seat, Seatings

LEFT, TOP, ROW, GAP = 168, 30, 21, 7  # the edges of the field, the height of a line, and the gap between parties
SHOWN = timedelta(days=8 * 365)  # what ends earlier, or begins later, from the day asked about is not shown
PADDING = 10  # of a name within its bar, in units


class Held(NamedTuple):
    """A holding on its line: where it begins, how wide it is, and as much of the name as has room in it. `last` is its
    last day.
    """

    holding: Holding
    x: float
    width: float
    text: str
    last: date | None


class Line(NamedTuple):
    """A seat's line: its upper edge, whether it is its party's first, and its holdings."""

    seat: Seat
    y: float
    first: bool
    held: tuple[Held, ...]


class Seating(NamedTuple):
    """The seats as lengths. `kinds` are the kinds of seat that there are, in order.

    `cut` are the first and the last day shown where there are holdings before or after them, else None.
    """

    on: date
    height: float
    across: Across
    lines: tuple[Line, ...]
    kinds: tuple[str, ...]
    cut: tuple[date, date] | None


def drawn(found: Seatings, on: date) -> Seating | None:
    """Returns the seats with the line at the day `on`, or None if nobody sits in the years around it."""
    first, last = moved(on, -SHOWN), moved(on, SHOWN)
    every = [one for seat in found.seats for one in seat.holdings]
    shown = [one for one in every if first < one.until and one.since < last]
    if not shown:
        return None
    field = across([min(max(day, first), last) for one in shown for day in (one.since, one.until)], on, LEFT)
    lines = tuple(_lines(found, field, {one.entry for one in shown}))
    return Seating(
        on=on,
        height=lines[-1].y + ROW,
        across=field,
        lines=lines,
        kinds=tuple(dict.fromkeys(seat.seat for seat in found.seats)),
        cut=None if len(shown) == len(every) else (first, last),
    )


def _lines(found: Seatings, field: Across, shown: Collection[int]) -> Iterator[Line]:
    y, party = float(TOP), None
    for seat in found.seats:
        first = seat.party != party
        y += GAP if first and party is not None else 0
        yield Line(seat, y, first, tuple(_held(one, field) for one in seat.holdings if one.entry in shown))
        y, party = y + ROW, seat.party


def _held(one: Holding, field: Across) -> Held:
    x, width = field.span(one.since, one.until)
    return Held(one, x, width, shortened(one.name or one.person, width - PADDING), last_day(one.until))


def of(asked: Asking, answer: Council) -> Seating | None:
    """Returns the seats of what is known, with the line at the day of the answer."""
    return drawn(seatings(asked.timeline, answer.on, asked.names()), answer.on)
