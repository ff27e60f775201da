"""The facts about the management group on a day, and about the activities held on or before that day."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from ledger.events.officials import ActivityHeld
from ledger.messages import marked
from ledger.timeline import remembered
from projections.facts.fact import Fact, Ground, of_person, person
from projections.officials import officials_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ledger.encoding import Entry
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
    """Returns an iterator over the facts about the activities held on or before the day `on`."""
    held = timeline.of(ActivityHeld)
    return iter(_of_activities(timeline)[: bisect_right(held, on, key=lambda entry: entry.event.valid_on.last)])


@remembered
def _of_activities(timeline: Timeline) -> tuple[tuple[FactId, Fact], ...]:
    """Returns the fact about each activity, in timeline order."""
    held, move, known = timeline.of(ActivityHeld), timeline.moved, {}
    if move is not None:
        known = {fact.entries[0]: (identity, fact) for identity, fact in _of_activities(move.before)}
        known.pop(move.now.position if move.now else 0, None)
    return tuple([known.get(entry.position) or _activity(entry) for entry in held])


def _activity(entry: Entry[ActivityHeld]) -> tuple[FactId, Fact]:
    event = entry.event
    message = marked("{kind} held by {organisers} on {day}, in {place}: {title}")
    said: dict[str, Any] = {"kind": event.kind, "organisers": event.organisers, "day": event.valid_on.text,
                            "place": event.place, "title": event.title}  # fmt: skip
    grounds = (Ground(("activity-held",), fields=(("title", event.title),)),)
    return ("activity", entry.position), Fact(message, said, grounds, (entry.position,))
