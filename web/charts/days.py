"""Days across a drawing: what every chart over time shares."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from web.plane import Tick, scale, years

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WIDTH, RIGHT = 900, 892  # the width of a drawing and the right edge of its field, in units
LETTER, SHORTEST = 6.9, 5  # the width of a letter on the average, in units, and how many letters a text has at least
FAR = timedelta(days=3 * 365)  # a day farther from all others than this does not stretch a drawing
MARGIN = 0.02  # of the days shown, so much again on either side


class Across(NamedTuple):
    """The days across a drawing: where each stands, the years, and the line at the day asked about."""

    place: Callable[[date], float]
    years: tuple[Tick, ...]
    day: float

    def span(self, since: date, until: date | None) -> tuple[float, float]:
        """Returns where [since, until) begins and how wide it is; one without an end reaches the edge."""
        start, end = self.place(since), RIGHT if until is None else min(self.place(until), RIGHT)
        return start, round(max(end - start, 1), 1)


def shortened(text: str, room: float) -> str:
    """Returns a text if it has room for it, in units, else its beginning, or nothing where hardly a letter has."""
    letters = int(room / LETTER)
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1].rstrip()}…" if letters >= SHORTEST else ""


def across(days: Iterable[date], on: date, left: float) -> Across:
    """Returns the days across a field from `left` to RIGHT that shows all of `days`, and the day `on`, which stands at
    the edge if it lies far before or after them.
    """
    known = [*days]
    known.append(min(max(on, moved(min(known), -FAR)), moved(max(known), FAR)))
    margin = timedelta(days=max(20, int((max(known) - min(known)).days * MARGIN)))
    first, last = moved(min(known), -margin), moved(max(known), margin)
    even = scale(first, last, left, RIGHT)

    def place(day: date) -> float:
        return even(min(max(day, first), last))

    return Across(place, tuple(years(first, last, place)), place(on))


def moved(day: date, by: timedelta) -> date:
    """Returns a day moved by some days, but not beyond the calendar."""
    return date.fromordinal(min(max(day.toordinal() + by.days, 1), date.max.toordinal()))
