"""Whether the agreement was in force throughout a year, for a part of it, or not at all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ledger.state.agreement import life

if TYPE_CHECKING:
    from ledger.timeline import Timeline


class YearInForce(Struct, frozen=True, kw_only=True):
    """How much of a year the agreement is in force, as known on the day `on`: a year that goes on is taken to its end.

    The provision six-meetings asks for meetings only in a year that is `whole`.
    """

    on: date
    known_at: str
    year: int
    extent: Literal["whole", "part", "none"]
    uncertain: tuple[int, ...] = ()


def year_in_force(timeline: Timeline, year: int, on: date) -> YearInForce:
    """Returns how much of a year the agreement is in force.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    extent, uncertain = timeline.seen_on(on).ask(lambda one: _extent(one, year))
    return YearInForce(on=on, known_at=f"@{timeline.head}", year=year, extent=extent, uncertain=uncertain)


def _extent(timeline: Timeline, year: int) -> Literal["whole", "part", "none"]:
    known, first, last = life(timeline), date(year, 1, 1), date(year, 12, 31)
    if not known.in_force or known.in_force[0].since > last or (known.end and known.end.on <= first):
        return "none"
    return "whole" if known.in_force[0].since <= first and (known.end is None or known.end.on > last) else "part"
