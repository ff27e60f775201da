"""The collaboration groups on a day, with their terms, members and officials."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.groups import GroupMet
from ledger.state.groups import OF_A_GROUP, Group, Place, groups, there_on
from ledger.timeline import remembered
from projections.council import name_on
from projections.spans import loose_day, without_spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.timeline import Timeline


class GroupMember(Struct, frozen=True, kw_only=True):
    """A member of a group during [since, until). `until` is None while no end is recorded.

    `since_day` and `until_day` are the Days of the start and of the end as recorded if inexact, otherwise None.
    """

    person: str
    name: str | None
    party: str
    since: date
    until: date | None
    entry: int
    since_day: str | None
    until_day: str | None


class Officer(Struct, frozen=True, kw_only=True):
    """An official who supports a group; `employer` is the party that employs the official."""

    person: str
    name: str | None
    employer: str
    entry: int


class GroupOfDay(Struct, frozen=True, kw_only=True):
    """A group that exists during [since, until), with its terms, members and officials as of the day asked about.

    `since_day` and `until_day` are the Days of the start and of the end as recorded if inexact, otherwise None.
    """

    group: str
    name: str | None
    kind: str
    since: date
    until: date | None
    assignment: str | None
    composition: str | None
    working_forms: str | None
    members: tuple[GroupMember, ...]
    officers: tuple[Officer, ...]
    entries: tuple[int, ...]
    since_day: str | None
    until_day: str | None


class Groups(Struct, frozen=True, kw_only=True):
    """The groups that exist on the day `on`, ordered by id."""

    on: date
    known_at: str
    groups: tuple[GroupOfDay, ...]
    uncertain: tuple[int, ...] = ()


def collaboration_groups(timeline: Timeline, on: date, names: Mapping[int, str]) -> Groups:
    """Returns the groups as of the day `on`; `names` maps the position of a person's registration to the name.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.ask(lambda one: groups_on(one, on, names), without_spans)
    return structs.replace(answer, uncertain=uncertain)


def groups_on(timeline: Timeline, on: date, names: Mapping[int, str]) -> Groups:
    """Returns the answer of `collaboration_groups` without `uncertain`. Every inexact day is taken as its latest
    possible day.
    """
    there = [group for _, group in sorted(groups(timeline).items()) if group.exists(on, on)]
    told = tuple(group_of_day(timeline, group, on, names) for group in there)
    return Groups(on=on, known_at=f"@{timeline.head}", groups=told)


def group_of_day(timeline: Timeline, group: Group, on: date, names: Mapping[int, str]) -> GroupOfDay:
    """Returns a group with its terms, and with the members and officials that it has on the day `on`."""
    terms = group.terms_on(on)
    return GroupOfDay(
        group=group.group,
        kind=group.created.event.kind,
        since=group.since,
        until=group.until,
        members=tuple(member(timeline, place, on, names) for place in there_on(group.members, on)),
        officers=tuple(
            Officer(
                person=place.person,
                name=name_on(timeline, place.person, on, names),
                employer=place.party,
                entry=place.entry,
            )
            for place in there_on(group.officers, on)
        ),
        entries=_entries(timeline, group.group, on),
        since_day=loose_day(timeline, group.created.position),
        until_day=loose_day(timeline, group.closed),
        **terms,
    )


def member(timeline: Timeline, place: Place, on: date, names: Mapping[int, str]) -> GroupMember:
    """Returns a member of a group with the name that the person bears on the day `on`."""
    return GroupMember(
        person=place.person,
        name=name_on(timeline, place.person, on, names),
        party=place.party,
        since=place.since,
        until=place.until,
        entry=place.entry,
        since_day=loose_day(timeline, place.entry),
        until_day=loose_day(timeline, place.left),
    )


@remembered
def _entries(timeline: Timeline, group: str, on: date) -> tuple[int, ...]:
    own = (one for kind in (*OF_A_GROUP, GroupMet) for one in timeline.of(kind, f"group:{group}"))
    return tuple(sorted(one.position for one in own if one.event.valid_on.last <= on))
