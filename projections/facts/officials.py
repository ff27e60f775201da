"""The facts about the management group on a day, and about the activities held on or before that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.messages import marked
from projections.activities import activities_by
from projections.facts.fact import Fact, Ground, of_person, person
from projections.officials import officials_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ledger.timeline import Timeline
    from projections.facts.fact import FactId

OFFICES = ("office-taken", "office-left")


def officials_facts(timeline: Timeline, on: date, names: Mapping[int, str]) -> Iterator[tuple[FactId, Fact]]:
    """Yields the facts about who holds which office of the management group.

    `groups_facts` yields the facts about the officials who support a group.
    """
    for one in officials_on(timeline, on, names).management_group:
        message = marked("{who:who} is {office} of {party} from {since:when}")
        if not one.party:
            message = marked("{who:who} is {office} from {since:when}")
        said: dict[str, Any] = {**person(one.person, one.name), "office": one.office,
                                "since": one.since_day or one.since}  # fmt: skip
        said |= {"party": one.party} if one.party else {}
        grounds = of_person(one.person, *OFFICES)
        yield ("office", one.office, one.party, one.person), Fact(message, said, grounds, (one.entry,))


def activities_facts(timeline: Timeline, on: date, _: Mapping[int, str]) -> Iterator[tuple[FactId, Fact]]:
    """Yields the facts about the activities held on or before the day `on`."""
    for one in activities_by(timeline, on).activities:
        message = marked("{kind} held by {organisers} on {day}, in {place}: {title}")
        said: dict[str, Any] = {"kind": one.kind, "organisers": one.organisers, "day": one.on, "place": one.place,
                                "title": one.title}  # fmt: skip
        grounds = (Ground(("activity-held",), fields=(("title", one.title),)),)
        yield ("activity", one.entry), Fact(message, said, grounds, (one.entry,))
