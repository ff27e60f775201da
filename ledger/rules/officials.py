"""Rules on the officials (section 6) and on the other forms of collaboration (section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.meetings import RecommendationMade
from ledger.events.officials import ActivityHeld, OfficeLeft
from ledger.messages import marked, phrase
from ledger.rules.finding import breach, passed
from ledger.rules.row import Rules
from ledger.state.agreement import life, proposals, terms_on, version_on
from ledger.state.groups import groups, there_on
from ledger.state.officials import held_on, offices, offices_left, offices_of, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.state.officials import Held, OfficeOf
    from ledger.timeline import Timeline


def leaves_an_office(left: Entry[OfficeLeft], timeline: Timeline) -> Iterator[Finding]:
    """reference: only a person who holds an office can leave it."""
    event = left.event
    if left.position not in offices_left(timeline, event.person):
        message = marked("{person:who} is not {office} the day before {day}")
        yield breach(message, person=event.person, office=event.office, day=event.valid_on.last)


def vacant_offices(timeline: Timeline, on: date) -> list[OfficeOf]:
    """Returns the vacant offices of the management group on a day, in the group's order."""
    terms = terms_on(timeline, on)
    held = {(one.office, one.party) for one in held_on(timeline, on)}
    return [office for office in offices_of(terms) if office not in held] if terms else []


def management_group_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """management-group (6): the group's offices have holders: regional, development, municipal and county directors."""
    terms = terms_on(timeline, on)
    held: dict[OfficeOf, list[Held]] = {}
    for one in held_on(timeline, on):
        held.setdefault((one.office, one.party), []).append(one)
    for office, party in offices_of(terms) if terms else ():
        subject = f"office:{office}/{party}" if party else f"office:{office}"
        values: dict[str, Any] = {"office": office, "party": party} if party else {"office": office}
        if holders := held.get((office, party)):
            message = marked("{person:who} is {office} of {party}") if party else marked("{person:who} is {office}")
            entries = tuple(one.entry for one in holders)
            persons = tuple(one.person for one in holders)
            yield passed(message, subject=subject, entries=entries, person=persons, **values)
        else:
            message = marked("the management group lacks the {office} of {party}; office-taken records who is")
            if not party:
                message = marked("the management group lacks its {office}; office-taken records who is")
            yield breach(message, subject=subject, since=_vacant_since(timeline, (office, party), on), **values)


def _vacant_since(timeline: Timeline, office: OfficeOf, on: date) -> date:
    """Returns the first day of the unbroken run of days in force, up to `on`, on which nobody holds an office."""
    last = [one.until for one in offices(timeline) if (one.office, one.party) == office and one.until]
    known, begun = proposals(timeline), on
    for one in reversed([one for one in life(timeline).in_force if one.since <= on]):
        if office not in offices_of(known[one.version].event.terms):
            break
        begun = one.since
    return max([begun, *(day for day in last if day <= on)])


def well_prepared(timeline: Timeline, on: date) -> Iterator[Finding]:
    """well-prepared (6): the management group is responsible for proposals to the body being well prepared."""
    for made in timeline.of(RecommendationMade):
        event, day = made.event, made.event.valid_on.last
        if day > on or version_on(timeline, day) is None:
            continue
        own = prepared(timeline).get((event.meeting, event.item))
        subject = f"recommendation:{event.recommendation}"
        values: dict[str, Any] = {"made": event.recommendation, "item": event.item, "meeting": event.meeting}
        if own is not None and own.event.valid_on.last <= day:
            message = marked(
                "{made} rests on a proposal that the management group prepared on {day}: item {item} of {meeting}"
            )
            entries, prepared_on = (made.position, own.position), own.event.valid_on.last
            yield passed(message, subject=subject, entries=entries, since=day, day=prepared_on, **values)
        elif own is not None and own.event.valid_on.last <= on:
            message = marked(
                "{made} was made on {made_on}, before the management group prepared item {item} of {meeting}, {day}"
            )
            entries, prepared_on = (made.position, own.position), own.event.valid_on.last
            yield breach(message, subject=subject, since=day, entries=entries, advisory=True, made_on=day,
                         day=prepared_on, **values)  # fmt: skip
        else:
            message = marked("{made} was made on item {item} of {meeting}, which the management group had not prepared")
            yield breach(message, subject=subject, since=day, entries=(made.position,), advisory=True, **values)


def groups_supported(timeline: Timeline, on: date) -> Iterator[Finding]:
    """group-officers (6): each group is supported by an official of the Region and an official of a municipality."""
    terms = terms_on(timeline, on)
    region = terms.region() if terms else None
    for group in groups(timeline).values():
        if not group.exists(on, on):
            continue
        there = there_on(group.officers, on)
        missing = [regional for regional in (True, False) if regional not in {one.party == region for one in there}]
        for regional in missing:
            message = marked("no official of a municipality supports {group}; group-officer-assigned records who does")
            if regional:
                message = marked("no official of the Region supports {group}; group-officer-assigned records who does")
            left = [one.until for one in group.officers if (one.party == region) == regional and one.until]
            since = max([group.since, life(timeline).in_force[0].since, *(day for day in left if day <= on)])
            yield breach(message, subject=f"group:{group.group}", since=since, entries=(group.created.position,),
                         group=group.group)  # fmt: skip
        if not missing:
            officers = tuple(phrase("{person} of {party}", person=one.person, party=one.party) for one in there)
            entries = tuple(one.entry for one in there)
            yield passed("{group} is supported by {officers}", subject=f"group:{group.group}", entries=entries,
                         group=group.group, officers=officers)  # fmt: skip


def other_forms(held: Entry[ActivityHeld]) -> Iterator[Finding]:
    """other-forms (4): consultations, theme days, conferences and seminars are held outside the body's meetings."""
    event, day = held.event, held.event.valid_on.last
    yield passed(
        marked("{kind} held by {organisers} on {day}, in {place}: {title}"),
        subject=f"activity:{held.position}",
        since=day,
        entries=(held.position,),
        kind=event.kind,
        organisers=event.organisers,
        day=day,
        place=event.place,
        title=event.title,
    )


RULES = Rules(
    forbids=(("reference", leaves_an_office, (OfficeLeft,)),),
    standing=(
        ("management-group", management_group_filled),
        ("group-officers", groups_supported),
    ),
    lasting=(("well-prepared", well_prepared),),
    derived_of=(("other-forms", other_forms, ActivityHeld),),
    open={"management-group": None, "group-officers": None},
)
