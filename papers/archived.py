"""Which papers are kept in an archive: those that can be made of a ledger without a choice, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.state.agreement import life
from ledger.state.meetings import meetings_on
from ledger.values import DAY
from presentation import asking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from presentation.asking import Asking


def archived(asked: Asking) -> Iterator[tuple[str, str]]:
    """Yields each paper as its kind and its id: the register, the report of each year from the first in force, the
    minutes of each meeting held, in order, and the settlement if the agreement has an end.
    """
    timeline, on = asked.timeline, asked.on
    yield "council", ""
    begun = [one.since for one in life(timeline).in_force if one.since <= on]
    end = life(timeline).end
    last = min(on, end.on - DAY) if end else on
    for year in range(begun[0].year, last.year + 1) if begun else ():
        yield "year", str(year)
    held = [(one.held_on, one.meeting) for one in meetings_on(timeline, on).values() if one.held_on]
    for _, meeting in sorted(held):
        yield "minutes", meeting
    if asking.settlement(asked).found.status != "not-ended":
        yield "settlement", ""
