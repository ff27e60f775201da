"""Tables of the collaboration groups, their people, and of the projects and commitments."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from exchange.bitemporal.facts import PARTY, PERSON, Column, Fact, Table, alone, stepped
from ledger.events.groups import GroupCreated
from ledger.events.settlement import CommitmentMade, CommitmentReleased
from ledger.messages import marked
from ledger.state.costs.projects import projects
from ledger.state.groups import group_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.timeline import Timeline

GROUP = Column("group_id", of="group")


def _created(timeline: Timeline) -> Iterable[str]:
    return (entry.event.group for entry in timeline.all_of(GroupCreated))


def _groups(timeline: Timeline, group: str) -> Iterator[Fact]:
    """Yields a group with its terms, anew where they change."""
    one = group_of(timeline, group)
    if one is None or not (one.until is None or one.since < one.until):
        return
    end = one.until or date.max

    def of_day(day: date) -> Iterator[Fact]:
        if day < end:
            terms = one.terms_on(day)
            said = (terms["name"], one.created.event.kind, terms["assignment"], terms["composition"])
            yield Fact((group, *said, terms["working_forms"]), day, None, changed.get(day, one.created.position))

    inside = [entry for entry in one.changes if one.since < entry.event.valid_on.last < end]
    changed = {entry.event.valid_on.last: entry.position for entry in inside}
    for fact in stepped([one.since, *changed, *([one.until] if one.until else [])], of_day):
        yield fact._replace(ended_by=one.closed if fact.until == one.until else changed.get(fact.until or date.max))


def _people(timeline: Timeline, group: str) -> Iterator[Fact]:
    """Yields the members and officials of a group, on the days on which the group exists."""
    one = group_of(timeline, group)
    for role, places in (("member", one.members), ("official", one.officers)) if one else ():
        for place in places:
            since = max(place.since, one.since) if one else place.since
            if place.until is None or since < place.until:
                yield Fact((group, place.person, role, place.party), since, place.until, place.entry, place.left)


def _projects(timeline: Timeline, _: str) -> Iterator[Fact]:
    for one in projects(timeline).values():
        if one.until is None or one.since < one.until:
            event = one.started.event
            yield Fact((one.project, event.title, event.group), one.since, one.until, one.started.position, one.ended)


def _commitments(timeline: Timeline, _: str) -> Iterator[Fact]:
    """Yields the commitments from the day they are made until they are released."""
    released = {one.event.commitment: one for one in reversed(timeline.of(CommitmentReleased))}
    for entry in timeline.of(CommitmentMade):
        event, release = entry.event, released.get(entry.event.commitment)
        until = release.event.valid_on.last if release else None
        if until is None or event.valid_on.last < until:
            said = (event.commitment, event.description, event.amount, str(event.since), str(event.until))
            yield Fact(said, event.valid_on.last, until, entry.position, release.position if release else None)


TABLES = (
    Table(
        "groups",
        marked("Collaboration groups, anew where their terms change."),
        (GROUP, Column("name"), Column("kind"), Column("assignment"), Column("composition"), Column("working_forms")),
        _created,
        _groups,
    ),
    Table(
        "group_people",
        marked("Members of the groups, and the officials who support them."),
        (GROUP, PERSON, Column("role", about=marked("member or official")), PARTY),
        _created,
        _people,
    ),
    Table(
        "projects",
        marked("Collaboration projects."),
        (Column("project"), Column("title"), Column("group_id", of="group")),
        alone,
        _projects,
    ),
    Table(
        "commitments",
        marked("Commitments, from the day they are made until they are released."),
        (Column("commitment"), Column("description"), Column("amount", "INTEGER", marked("in öre")),
         Column("since"), Column("until")),
        alone,
        _commitments,
    ),
)  # fmt: skip
