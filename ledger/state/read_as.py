"""The readings that apply on a day, or that the agreement's start or end depends on, as (question, reading) pairs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.events.agreement import WithdrawalDecided
from ledger.state.agreement import (
    adopts,
    deciding,
    decisions,
    late_adoption_read_as,
    life,
    reading_on,
    start_day,
    version_before,
    withdrawal_read_as,
)
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.readings import Readings
    from ledger.state.agreement import End
    from ledger.timeline import Timeline


def of_day(timeline: Timeline, on: date, *questions: str) -> Readings:
    """Returns each question with the reading that applies on a day."""
    return tuple((question, reading_on(timeline, question, on)[0]) for question in questions)


def of_start(timeline: Timeline, version: int) -> Readings:
    """Returns the reading of `late-adoption` if a version's last adoption came after its start day; otherwise no
    reading.
    """
    decided = [
        decisions(timeline).get((version, party), ())
        for party in deciding(timeline, version, version_before(timeline, version))
    ]
    last = max((one.event.valid_on.last for of in decided for one in of if adopts(one)), default=date.min)
    if last <= start_day(timeline, version):
        return ()
    return (("late-adoption", late_adoption_read_as(timeline, version, last)),)


def of_withdrawal(timeline: Timeline, decided: Entry[WithdrawalDecided]) -> Readings:
    """Returns the readings that the end of a withdrawal depends on.

    `withdrawal-day` is included if the decision names no end, and `withdrawal-organ` if an organ other than the
    assembly made the decision.
    """
    asked = [] if decided.event.ends_on else ["withdrawal-day"]
    asked += [] if decided.event.source.organ == "assembly" else ["withdrawal-organ"]
    return tuple((question, withdrawal_read_as(timeline, decided, question)) for question in asked)


def of_end(timeline: Timeline, end: End | None = None) -> Readings:
    """Returns the readings behind an end of the agreement, which are those behind the withdrawals that lead to the end.

    `end` defaults to the end of the agreement in the timeline.
    """
    end = end or life(timeline).end
    known = _decided(timeline)
    ending = [known[position] for position in end.entries if position in known] if end else []
    return tuple(sorted({named for one in ending for named in of_withdrawal(timeline, one)}))


@remembered
def _decided(timeline: Timeline) -> dict[int, Entry[WithdrawalDecided]]:
    """Maps the position of each decision to withdraw to the decision."""
    return {one.position: one for one in timeline.of(WithdrawalDecided)}


def of_edges(timeline: Timeline, first: date, last: date) -> Readings:
    """Returns the readings behind a start or an end of the agreement on or near the days from `first` to `last`.

    A start must fall on one of the days from `first` to `last`. An end may fall up to two days after `last`.
    """
    known = life(timeline)
    begun = known.in_force[0] if known.in_force else None
    found = of_start(timeline, begun.version) if begun and first <= begun.since <= last else ()
    ends = known.end is not None and first <= known.end.on <= last + timedelta(days=2)
    return found + (of_end(timeline) if ends else ())
