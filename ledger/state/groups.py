"""The collaboration groups, their members and officials, and the reports that they owe (section 3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.encoding import Entry
from ledger.events.groups import (
    GroupChanged,
    GroupClosed,
    GroupCreated,
    GroupMemberAppointed,
    GroupMemberReleased,
    GroupOfficerAssigned,
    GroupOfficerReleased,
    GroupRecommended,
    GroupReported,
)
from ledger.readings import Readings
from ledger.state.agreement import left_out_on, life
from ledger.state.read_as import of_day, of_edges
from ledger.timeline import order, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.timeline import Timeline

OF_ITS_PEOPLE = (
    GroupMemberAppointed,
    GroupMemberReleased,
    GroupOfficerAssigned,
    GroupOfficerReleased,
    GroupClosed,
)
OF_A_GROUP = (*OF_ITS_PEOPLE, GroupCreated, GroupChanged, GroupReported, GroupRecommended)
Own = dict[type, list[Entry[Any]]]  # a group's entries by event class, each class in timeline order
TERMS = ("name", "assignment", "composition", "working_forms")


class Place(Struct, frozen=True, kw_only=True):
    """A member of a group, or an official who supports it, on the days [since, until).

    `until` is None while the place is open. `entry` is the position of the entry that began the place. `left` is the
    position of the entry that ended the place: a release, an appointment of the person for another party, or the
    closing of the group. `left` is None while the place is open, or if an amendment that left the party out ended the
    place.
    """

    person: str
    party: str
    since: date
    until: date | None
    entry: int
    left: int | None = None


class People(Struct, frozen=True, kw_only=True):
    """The members of a group and the officials who supported it, each ordered by position."""

    members: tuple[Place, ...]
    officers: tuple[Place, ...]


class Group(Struct, frozen=True, kw_only=True):
    """A collaboration group on the days [since, until).

    `reports` maps each half-year to its reports in the order received. The first report for a half-year applies.
    """

    group: str
    created: Entry[GroupCreated]
    since: date
    until: date | None
    closed: int | None
    members: tuple[Place, ...]
    officers: tuple[Place, ...]
    changes: tuple[Entry[GroupChanged], ...]
    reports: dict[str, tuple[Entry[GroupReported], ...]]
    recommendations: tuple[Entry[GroupRecommended], ...]

    def exists(self, first: date, last: date) -> bool:
        """Returns whether the group existed on any day from `first` to `last`."""
        return self.since <= last and (self.until is None or self.until > max(first, self.since))

    def terms_on(self, on: date) -> dict[str, str | None]:
        """Returns the name, assignment, composition and working forms of the group on a day."""
        found: dict[str, str | None] = {name: getattr(self.created.event, name) for name in TERMS}
        for entry in self.changes:
            if entry.event.valid_on.last <= on:
                found |= {name: getattr(entry.event, name) for name in TERMS if getattr(entry.event, name) is not None}
        return found


@remembered
def groups(timeline: Timeline) -> dict[str, Group]:
    """Maps the id of every group ever set up to the group. Entries about a group that was never set up are left out."""
    found = {entry.event.group: group_of(timeline, entry.event.group) for entry in timeline.of(GroupCreated)}
    return {group: one for group, one in found.items() if one is not None}


@remembered
def group_of(timeline: Timeline, group: str) -> Group | None:
    """Returns a group, or None if the group was never set up."""
    own = _own(timeline, group, OF_A_GROUP)
    return _folded(group, own, people_of(timeline, group)) if own[GroupCreated] else None


@remembered
def people_of(timeline: Timeline, group: str) -> People:
    """Returns everyone who was ever a member of a group or supported it.

    The place of a person ends when an amendment leaves the person's party out.
    """
    own = _own(timeline, group, OF_ITS_PEOPLE)
    closed = next(iter(own[GroupClosed]), None)
    members = _places([*own[GroupMemberAppointed], *own[GroupMemberReleased]], closed)
    officers = _places([*own[GroupOfficerAssigned], *own[GroupOfficerReleased]], closed)
    return People(
        members=tuple(_ended_with_the_party(timeline, members)),
        officers=tuple(_ended_with_the_party(timeline, officers)),
    )


@remembered
def released(timeline: Timeline, group: str) -> frozenset[int]:
    """Returns the positions of the entries that ended a place in a group: that of a member, or of an official."""
    people = people_of(timeline, group)
    return frozenset(place.left for place in (*people.members, *people.officers) if place.left)


def _own(timeline: Timeline, group: str, kinds: Iterable[type[Any]]) -> Own:
    return {kind: list(timeline.of(kind, f"group:{group}")) for kind in kinds}


def _folded(group: str, of: Own, people: People) -> Group:
    created: Entry[GroupCreated] = of[GroupCreated][0]
    closed = next(iter(of[GroupClosed]), None)
    reports: dict[str, list[Entry[GroupReported]]] = {}
    for entry in of[GroupReported]:
        reports.setdefault(entry.event.half_year, []).append(entry)
    return Group(
        group=group,
        created=created,
        since=created.event.valid_on.last,
        until=closed.event.valid_on.last if closed else None,
        closed=closed.position if closed else None,
        members=people.members,
        officers=people.officers,
        changes=tuple(of[GroupChanged]),
        reports={half_year: tuple(received) for half_year, received in reports.items()},
        recommendations=tuple(of[GroupRecommended]),
    )


def _places(entries: Iterable[Entry[Any]], closed: Entry[GroupClosed] | None) -> Iterator[Place]:
    """Yields the places ordered by position.

    A new appointment of a person for the same party changes nothing. An appointment for another party ends the person's
    place and begins a new place.
    """
    open_: dict[str, Place] = {}
    ended: list[Place] = []
    for entry in sorted(entries, key=order):
        event, on = entry.event, entry.event.valid_on.last
        now = open_.get(event.person)
        if isinstance(event, GroupMemberReleased | GroupOfficerReleased):
            if now is not None and now.since < on:
                ended.append(structs.replace(open_.pop(event.person), until=on, left=entry.position))
            continue
        party = event.employer if isinstance(event, GroupOfficerAssigned) else event.party
        if now is not None and now.party != party:
            ended.append(structs.replace(now, until=on, left=entry.position))
        if now is None or now.party != party:
            open_[event.person] = Place(person=event.person, party=party, since=on, until=None, entry=entry.position)
    for place in sorted([*ended, *open_.values()], key=lambda one: one.entry):
        if closed and (place.until is None or closed.event.valid_on.last < place.until):
            place = structs.replace(place, until=closed.event.valid_on.last, left=closed.position)  # noqa: PLW2901
        if place.until is None or place.since < place.until:
            yield place


def _ended_with_the_party(timeline: Timeline, places: Iterable[Place]) -> Iterator[Place]:
    """Yields the places, each cut at the day on which an amendment leaves the place's party out."""
    for place in places:
        end = left_out_on(timeline, place.party, place.since)
        if end is None or (place.until is not None and place.until <= end):
            yield place
        elif place.since < end:
            yield structs.replace(place, until=end, left=None)


def there_on(places: Sequence[Place], on: date) -> list[Place]:
    """Returns the places that are held on a day, ordered by person."""
    found = [one for one in places if one.since <= on and (one.until is None or on < one.until)]
    return sorted(found, key=lambda one: (one.person, one.entry))


def half_year_span(half_year: str) -> tuple[date, date]:
    """Returns the first and the last day of a half-year such as `2025H1`."""
    year = int(half_year[:4])
    if half_year.endswith("H1"):
        return date(year, 1, 1), date(year, 6, 30)
    return date(year, 7, 1), date(year, 12, 31)


def half_years(since: date, until: date) -> list[str]:
    """Returns the half-years, such as `2025H1`, from the one containing `since` to the last that begins by `until`."""
    found = [f"{year}{half}" for year in range(since.year, until.year + 1) for half in ("H1", "H2")]
    return [one for one in found if half_year_span(one)[0] <= until and half_year_span(one)[1] >= since]


class Owed(Struct, frozen=True, kw_only=True):
    """Whether a group owes a report for a half-year, the last day for the report, and the first report received."""

    owed: bool
    due: date
    received: Entry[GroupReported] | None
    readings: Readings

    def status_on(self, on: date) -> str:
        """Returns the status of the report on a day: received, late, missing, not-due or not-owed."""
        if self.received is not None and self.received.event.valid_on.last <= on:
            return "late" if self.days_late else "received"
        if not self.owed:
            return "not-owed"
        return "not-due" if on <= self.due else "missing"

    @property
    def days_late(self) -> int:
        """The days from the due day to the report; 0 if the report is in time, not received or not owed."""
        return max(0, (self.received.event.valid_on.last - self.due).days) if self.received and self.owed else 0


def report_owed(timeline: Timeline, group: Group, half_year: str) -> Owed:
    """Returns whether a group owes a report for a half-year, and by which day (group-reports).

    The readings of `report-owed` and `report-period` decide. Only days on which both the group and the agreement exist
    are counted.
    """
    first, last = half_year_span(half_year)
    days = (last - first).days + 1
    existed = _days_of_both(timeline, group, first, last + timedelta(days=1))
    (_, owed), (_, period) = readings = of_day(timeline, last, "report-owed", "report-period")
    return Owed(
        owed={"half": existed * 2 >= days, "any-day": existed > 0, "whole": existed == days}[owed],
        due=last if period == "half-year" else date(last.year, 12, 31),
        received=next(iter(group.reports.get(half_year, ())), None),
        readings=readings + of_edges(timeline, first, last),
    )


def _days_of_both(timeline: Timeline, group: Group, start: date, stop: date) -> int:
    """Returns the number of days in [start, stop) on which both the group and the agreement exist."""
    known = life(timeline)
    if not known.in_force:
        return 0
    start = max(start, group.since, known.in_force[0].since)
    ends = [group.until, known.end.on if known.end else None]
    return max(0, (min([stop, *(end for end in ends if end)]) - start).days)
