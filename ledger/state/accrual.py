"""What each year cost until the end, shared like any year (section 7: settlement-agreement)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.state.agreement import life, reading_on
from ledger.state.apportion import half_up
from ledger.state.levels import Step, level
from ledger.state.missing import Missing, each_once
from ledger.state.shares import Shares, key, shared, shares

if TYPE_CHECKING:
    from ledger.timeline import Timeline


class Accrued(Struct, frozen=True, kw_only=True):
    """A year's cost until the end: `elapsed` of `parts` of its level (days or months; 1 of 1 for the whole)."""

    year: int
    step: Step
    elapsed: int
    parts: int
    total: int | None
    shared: Shares
    missing: tuple[Missing, ...]


def accrued_years(timeline: Timeline, end: date) -> tuple[Accrued, ...]:
    """Each year from the one the agreement came into force in, until the end. Nothing accrues on the end itself."""
    in_force = life(timeline).in_force
    start = in_force[0].since if in_force else end
    return tuple(accrued_in(timeline, year, start, end) for year in range(start.year, end.year + 1))


def accrued_in(timeline: Timeline, year: int, start: date, end: date) -> Accrued:
    """What a year cost from `start` until the end, by the readings accrual and first-year of the end."""
    step = level(timeline, year)
    elapsed, parts = _elapsed(timeline, year, start, end)
    if elapsed == parts:
        whole = shares(timeline, year)
        return Accrued(year=year, step=step, elapsed=1, parts=1, total=step.level, shared=whole, missing=whole.missing)
    if elapsed == 0:
        total: int | None = 0
    else:
        total = None if step.level is None else half_up(Fraction(step.level * elapsed, parts))
    part = shared(timeline, year, total, key(timeline, year))
    missing = each_once(step.missing, part.missing) if elapsed else ()
    return Accrued(year=year, step=step, elapsed=elapsed, parts=parts, total=total, shared=part, missing=missing)


def _elapsed(timeline: Timeline, year: int, start: date, end: date) -> tuple[int, int]:
    """How much of a year had passed by the end, and of how much."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    if year == start.year and reading_on(timeline, "first-year", end)[0] == "from-start":
        first = start
    last = min(after, end)
    if end < after and reading_on(timeline, "accrual", end)[0] == "months":
        return _full_months(first, last), 12
    return max(0, (last - first).days), (after - date(year, 1, 1)).days


def _full_months(first: date, until: date) -> int:
    """The calendar months that lie wholly in [first, until), both in one year or its end."""
    begun = first.month if first.day == 1 else first.month + 1
    return max(0, until.month - begun)
