"""The facts about the groups and their reports on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.messages import marked
from ledger.state.groups import groups, half_years
from projections.facts.fact import Fact, Ground, of_person, person, read_as
from projections.groups import groups_on
from projections.reports import Report, half_year_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ledger.timeline import Timeline
    from projections.facts.fact import FactId

GROUP = ("group-created", "group-changed", "group-closed")
MEMBERS = ("group-member-appointed", "group-member-released")
OFFICERS = ("group-officer-assigned", "group-officer-released")
TERMS = {  # a field of a group's terms → the message that states it
    "assignment": marked("the assignment of {group} is: {text}"),
    "composition": marked("the composition of {group} is: {text}"),
    "working_forms": marked("the working forms of {group} is: {text}"),
}


def groups_facts(timeline: Timeline, on: date, names: Mapping[int, str]) -> Iterator[tuple[FactId, Fact]]:
    """Yields the facts about the groups that exist on the day `on`: their terms, members and officials."""
    for one in groups_on(timeline, on, names).groups:
        group, own = one.group, Ground(GROUP, (f"group:{one.group}",))
        there = Ground(("group-created", "group-closed"), own.tags)
        said: dict[str, Any] = {"group": group, "name": one.name, "since": one.since_day or one.since}
        yield ("group", group), Fact(marked("{group}, {name}, exists from {since:when}"), said, (own,))
        for what, message in TERMS.items():
            if text := getattr(one, what):
                said = {"what": what.replace("_", " "), "group": group, "text": text}
                yield ("terms", group, what), Fact(message, said, (own,))
        for member in one.members:
            said = {**person(member.person, member.name), "group": group, "party": member.party,
                    "since": member.since_day or member.since}  # fmt: skip
            grounds = (*_in_group(group, member.person, *MEMBERS), there)
            message = marked("{who:who} is in {group} for {party} from {since:when}")
            yield ("member", group, member.person), Fact(message, said, grounds, (member.entry,))
        for officer in one.officers:
            said = {**person(officer.person, officer.name), "group": group, "employer": officer.employer}
            grounds = (*_in_group(group, officer.person, *OFFICERS), there)
            message = marked("{who:who} of {employer} supports {group}")
            yield ("officer", group, officer.person), Fact(message, said, grounds, (officer.entry,))


def _in_group(group: str, person: str, *events: str) -> tuple[Ground, ...]:
    return Ground(events, (f"group:{group}", f"person:{person}")), of_person(person)[1]


def reports_facts(timeline: Timeline, on: date, _: Mapping[int, str]) -> Iterator[tuple[FactId, Fact]]:
    """Yields the facts about the reports of each group for each half-year: received, late or missing."""
    first = min((group.since for group in groups(timeline).values()), default=on)
    for half_year in half_years(first, on):
        for one in half_year_of(timeline, half_year, on, {}).reports:
            if one.status in {"received", "late", "missing"}:
                yield ("report", one.group, half_year), _report(one, half_year)


def _report(one: Report, half_year: str) -> Fact:
    messages = {
        "received": marked("{group} reported for {half_year} on {day}"),
        "late": marked("{group} reported for {half_year} on {day}, {days:day} late"),
        "missing": marked("{group} has not reported for {half_year}, due on {due}"),
    }
    said = {"group": one.group, "half_year": half_year, "day": one.received_on, "days": one.days_late, "due": one.due}
    grounds = (
        Ground(("group-reported",), (f"group:{one.group}",), (("half_year", half_year),)),
        Ground(GROUP, (f"group:{one.group}",)),
        *read_as("report-owed", "report-period"),
    )
    return Fact(messages[one.status], said, grounds, one.entries)
