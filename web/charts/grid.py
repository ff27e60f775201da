"""The group reports by half-year: a line for each group, a column for each half-year, and a mark for each report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.reporting import reporting
from web.charts.days import RIGHT, shortened

if TYPE_CHECKING:
    from datetime import date

    from presentation.asking import Asking
    from projections.reporting import GroupReporting, Reported, Reporting
    from projections.reports import Reports

LEFT, TOP, ROW, WIDEST = 228, 34, 30, 84  # the edges of the field, the height of a line, the width of a column
STATUSES = ("received", "late", "missing", "not-due", "not-owed")
NARROW = 46  # a column narrower than this has its name only every so often


class Column(NamedTuple):
    """A half-year: the middle of its column, whether it is the one asked about, and whether its name has room."""

    half_year: str
    x: float
    asked: bool
    told: bool


class Cell(NamedTuple):
    """A report, at the middle of its column."""

    report: Reported
    x: float


class Line(NamedTuple):
    """A group's line: its name as far as it has room, its middle, and its reports."""

    group: GroupReporting
    label: str
    y: float
    cells: tuple[Cell, ...]


class Grid(NamedTuple):
    """The reports as lengths. `counts` are the reports of each status in the half-year asked about."""

    on: date
    half_year: str
    height: float
    right: float
    pitch: float
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    counts: dict[str, int]


def drawn(found: Reporting, half_year: str) -> Grid | None:
    """Returns the grid, with the half-year asked about made out, or None if there is no group."""
    if not found.groups:
        return None
    halves = found.half_years
    pitch = min(WIDEST, (RIGHT - LEFT) / len(halves))
    places = {half: round(LEFT + pitch * (place + 0.5), 1) for place, half in enumerate(halves)}
    every = max(1, -(-NARROW // int(max(pitch, 1))))
    counts = dict.fromkeys(STATUSES, 0)
    for one in (report for group in found.groups for report in group.reports if report.half_year == half_year):
        counts[one.status] += 1
    return Grid(
        on=found.on,
        half_year=half_year,
        height=TOP + ROW * len(found.groups),
        right=round(LEFT + pitch * len(halves), 1),
        pitch=round(pitch, 1),
        columns=tuple(
            Column(half, x, half == half_year, (len(halves) - 1 - place) % every == 0)
            for place, (half, x) in enumerate(places.items())
        ),
        lines=tuple(
            Line(
                group,
                shortened(group.name or group.group, LEFT),
                TOP + ROW * (place + 0.5),
                tuple(Cell(one, places[one.half_year]) for one in group.reports),
            )
            for place, group in enumerate(found.groups)
        ),
        counts=counts,
    )


def of(asked: Asking, answer: Reports) -> Grid | None:
    """Returns the grid of all half-years up to the day, with that of the answer made out."""
    return drawn(reporting(asked.timeline, answer.on), answer.half_year)
