"""The adoption board over time: a line for each party, its decisions as marks, and each version in force as a band."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from presentation.phrases import last_day
from presentation.words import in_order
from projections.adoptions import adoptions
from web.charts.days import Across, across

if TYPE_CHECKING:
    from datetime import date

    from presentation.asking import Asking
    from projections.adoptions import Adoptions, Course, Decision
    from projections.agreement import Agreement

LEFT, TOP, ROW = 168, 30, 26  # the left and the upper edge of the field, and the height of a line


class Line(NamedTuple):
    """A party's line: the height of its middle."""

    party: str
    y: float


class Band(NamedTuple):
    """A version in force: where it begins and how wide it is, and the heights of its parties' lines."""

    course: Course
    x: float
    width: float
    ys: tuple[float, ...]


class Mark(NamedTuple):
    """A decision, where it stands."""

    decision: Decision
    x: float
    y: float


class Proposal(NamedTuple):
    """A proposal of a version, where it stands across, and the last day of the version in force, if it has one."""

    course: Course
    x: float
    last: date | None


class Board(NamedTuple):
    """The board as lengths, with its line at the day `on`."""

    on: date
    height: float
    across: Across
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    proposals: tuple[Proposal, ...]
    marks: tuple[Mark, ...]
    found: Adoptions


def drawn(found: Adoptions, on: date) -> Board | None:
    """Returns the board with its line at the day `on`, or None if no version has been proposed."""
    if not found.versions:
        return None
    days = [one.on for one in found.decisions] + [one.proposed_on for one in found.versions]
    days += [day for one in found.versions for day in (one.since, one.until) if day]
    field = across(days, on, LEFT)
    lines = tuple(Line(party, TOP + ROW * (place + 1.5)) for place, party in enumerate(in_order(found.parties)))
    heights = {line.party: line.y for line in lines}
    return Board(
        on=on,
        height=TOP + ROW * (len(lines) + 1),
        across=field,
        lines=lines,
        bands=tuple(
            Band(one, *field.span(one.since, one.until), tuple(heights[party] for party in one.parties))
            for one in found.versions
            if one.since
        ),
        proposals=tuple(Proposal(one, field.place(one.proposed_on), last_day(one.until)) for one in found.versions),
        marks=tuple(
            Mark(one, field.place(one.on), heights[one.party]) for one in found.decisions if one.party in heights
        ),
        found=found,
    )


def of(asked: Asking, answer: Agreement) -> Board | None:
    """Returns the adoption board of what is known, with its line at the day of the answer."""
    return drawn(adoptions(asked.timeline), answer.on)
