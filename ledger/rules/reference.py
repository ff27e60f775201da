"""What an event names must be in the ledger, on whatever day it became true. Not the agreement's words: its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.agreement import AgreementProposed
from ledger.events.body import (
    ExpertReleased,
    MemberAppointed,
    MemberChanged,
    PersonRegistered,
    SeatVacated,
    ViceChairAppointed,
    ViceChairReleased,
)
from ledger.events.economy import CommitmentMade, ProjectStarted
from ledger.events.groups import GroupCreated, GroupRecommended
from ledger.events.meetings import MeetingCalled, MeetingHeld, MeetingRequested, RecommendationMade
from ledger.events.record import EntryAnnulled, PersonalDataDisposed
from ledger.events.shape import mentions
from ledger.rules.finding import breach
from ledger.state.agreement import proposals
from ledger.state.body import experts_left, posts_left
from ledger.state.seats import seat_of, seats_left
from ledger.timeline import derived

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.events.shape import Mention
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

DEFINES: dict[type[Event], str] = {  # the event that brings an id into the ledger → the field that holds it
    AgreementProposed: "version",
    PersonRegistered: "person",
    MeetingRequested: "request",
    MeetingCalled: "meeting",
    MeetingHeld: "meeting",
    RecommendationMade: "recommendation",
    GroupCreated: "group",
    GroupRecommended: "recommendation",
    ProjectStarted: "project",
    CommitmentMade: "commitment",
}
AGAIN = frozenset({PersonRegistered})  # a later registration renames; any other id is given once


@derived
def defined(timeline: Timeline) -> dict[tuple[str, str | int], list[int]]:
    """(kind, id) → the entries that brought it into the ledger, by position."""
    found: dict[tuple[str, str | int], list[int]] = {}
    for event, field in DEFINES.items():
        for entry in timeline.of(event):
            found.setdefault((field, getattr(entry.event, field)), []).append(entry.position)
    return found


@derived
def party_kinds(timeline: Timeline) -> dict[str, str]:
    """Every party of any version ever proposed, and whether it is a municipality or the region."""
    return {party.id: party.kind for entry in proposals(timeline).values() for party in entry.event.terms.parties}


def names_what_is_there(entry: Entry[Event], timeline: Timeline) -> Iterator[Finding]:
    """reference: every id that an event names is in the ledger, whatever its day, an unknown party not."""
    own = DEFINES.get(type(entry.event))
    for mention in mentions(entry.event):
        if mention.shape.weak or mention.field == own:
            continue
        if mention.shape.tag == "party":
            yield from _party(mention, timeline)
        elif mention.shape.tag == "entry":
            if not int(mention.id) < entry.position:
                yield breach("there is no entry {entry} yet", entry=mention.id)
        elif (mention.shape.tag, mention.id) not in defined(timeline):
            yield breach("{kind} {id} is not in the ledger", kind=mention.shape.tag, id=mention.id)


def _party(mention: Mention, timeline: Timeline) -> Iterator[Finding]:
    kind = party_kinds(timeline).get(str(mention.id))
    if kind is None:
        yield breach("{id} is not a party to the agreement", id=mention.id)
    elif mention.shape.municipality and kind != "municipality":
        yield breach("{id} is not a municipality", id=mention.id)


def id_is_new(entry: Entry[Event], timeline: Timeline) -> Iterator[Finding]:
    """reference: an id stands for one thing, so it is given once."""
    field = DEFINES[type(entry.event)]
    given = getattr(entry.event, field)
    for position in defined(timeline).get((field, given), ()):
        first = timeline.recorded(position)
        if position < entry.position and first is not None and type(first.event) is type(entry.event):
            yield breach(
                "{kind} {id} is already in the ledger, by entry {first}; choose another id",
                kind=field,
                id=given,
                first=position,
                entries=(position,),
            )


def leaves_something(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
    """reference: only who holds a seat, post or co-opting can leave it, or change in it."""
    event, on = entry.event, entry.event.valid_on.last
    match event:
        case SeatVacated():
            if entry.position not in seats_left(timeline):
                yield breach("{person} holds no seat to leave on or after {day}", person=event.person, day=on)
        case MemberChanged():
            if seat_of(timeline, event.person, on) is None:
                yield breach("{person} holds no seat on {day}", person=event.person, day=on)
        case ViceChairReleased():
            if entry.position not in posts_left(timeline):
                yield breach(
                    "{person} is not {post} the day before {day}", person=event.person, post=event.post, day=on
                )
        case ExpertReleased():
            if entry.position not in experts_left(timeline):
                yield breach("{person} is not co-opted the day before {day}", person=event.person, day=on)


def annulled_once(entry: Entry[EntryAnnulled], timeline: Timeline) -> Iterator[Finding]:
    """reference: what is annulled already, or was a disposal, cannot be annulled."""
    target = timeline.recorded(entry.event.entry)
    if target is None or target.position >= entry.position:
        return
    if isinstance(target.event, PersonalDataDisposed):
        yield breach("entry {entry} is a disposal, which cannot be undone", entry=target.position)
    for other in timeline.of(EntryAnnulled):
        if other.event.entry == target.position and other.position < entry.position:
            yield breach(
                "entry {entry} is already annulled, by entry {other}",
                entry=target.position,
                other=other.position,
                entries=(other.position,),
            )


def nothing_rests_on_it(entry: Entry[EntryAnnulled], timeline: Timeline) -> Iterator[Finding]:
    """reference: a recording error is not taken away from under entries that refer to it; a court's quashing is."""
    target = timeline.recorded(entry.event.entry)
    if target is None or entry.event.cause == "quashed" or target.position not in timeline.annulled_by:
        return
    for kind, given in _left_hanging(target.event, timeline):
        for other in timeline.about(f"{kind}:{given}"):
            if other.position in timeline.annulled_by or other.position >= entry.position:
                continue
            rule = RESTS.get(type(other.event), names_what_is_there)
            if any(rule(other, timeline)):
                yield breach(
                    "entry {other} ({event}) rests on entry {entry}; annul that first, or record the right one with it",
                    other=other.position,
                    event=other.event.event_name,
                    entry=target.position,
                    entries=(other.position,),
                )


def _left_hanging(event: Event, timeline: Timeline) -> Iterator[tuple[str, str | int]]:
    field = DEFINES.get(type(event))
    if field is not None and (field, getattr(event, field)) not in defined(timeline):
        yield field, getattr(event, field)
    if isinstance(event, MemberAppointed):
        yield "person", event.person


def post_rests_on_a_seat(entry: Entry[ViceChairAppointed], timeline: Timeline) -> Iterator[Finding]:
    """vice-chairs (2.2): a vice chair is appointed among the members."""
    person, on = entry.event.person, entry.event.valid_on.last
    if seat_of(timeline, person, on) is None:
        yield breach("{person} is not a member on {day}", person=person, day=on)


RESTS: dict[type[Event], Callable[[Entry[Any], Timeline], Iterator[Finding]]] = {
    SeatVacated: leaves_something,
    MemberChanged: leaves_something,
    ViceChairReleased: leaves_something,
    ViceChairAppointed: post_rests_on_a_seat,
}
