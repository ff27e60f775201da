"""The recipients of a meeting's minutes, and the paragraphs (§) of the body's minutes that entries cite, by year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.events import agreement, groups, meetings, minutes, posts, seats
from ledger.events.costs import CostLevelSet, IndexationAgreed
from ledger.events.settlement import SettlementAgreed
from ledger.state.agreement import terms_on
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.events import Event
    from ledger.state.meetings import Meeting
    from ledger.timeline import Timeline


OF_THE_BODY: tuple[type[Event], ...] = (  # the events that the body may decide or its minutes record
    *(event for chapter in (agreement, seats, posts, meetings, minutes, groups) for event in chapter.EVENTS.values()),
    CostLevelSet,
    IndexationAgreed,
    SettlementAgreed,
)
_NAMED = re.compile(r"§+\s*(\d{1,4})(?!\d)(?:\s*[-–]\s*§*\s*(\d{1,4})(?!\d))?")  # § 12, or §§ 12–14


def paragraph_numbers(text: str) -> Iterator[int]:
    """Yields the paragraph numbers in a source's text, such as `§ 12`, `§§ 12–14` or `12`."""
    if re.fullmatch(r"\d{1,4}", text):
        yield int(text)
    for first, last in _NAMED.findall(text):
        yield from range(int(first), int(last or first) + 1)


@remembered
def _named(timeline: Timeline, kind: type[Event]) -> dict[int, list[tuple[date, int]]]:
    """Maps each year to (valid day, number) of each paragraph of the body that entries of a class cite."""
    found: dict[int, list[tuple[date, int]]] = {}
    for entry in timeline.of(kind):
        source, on = entry.event.source, entry.event.valid_on.last
        if source.organ == "body" and source.paragraph is not None:
            year = (source.decided_on or on).year
            found.setdefault(year, []).extend((on, number) for number in paragraph_numbers(source.paragraph))
    return found


def paragraphs_of(timeline: Timeline, year: int, on: date) -> tuple[list[int], list[int]]:
    """Returns the numbers of the body's paragraphs of a year that are recorded as of a day, and the missing numbers.

    The missing numbers are those between § 1 and the last recorded number that are not recorded.
    """
    cited = (one for kind in OF_THE_BODY for one in _named(timeline, kind).get(year, ()))
    recorded = sorted({number for day, number in cited if day <= on})
    missing = sorted({*range(1, recorded[-1])} - {*recorded}) if recorded else []
    return recorded, missing


def recipients(timeline: Timeline, meeting: Meeting) -> list[str]:
    """Returns the recipients of a meeting's minutes: the parties, and those whom an agenda item concerns."""
    terms = terms_on(timeline, meeting.held_on) if meeting.held_on else None
    if terms is None:
        return []
    concerned = [one for item in meeting.agenda for one in item.concerns or ()]
    return list(dict.fromkeys([*(party.id for party in terms.parties), *concerned]))
