"""Rules on references: an id that an event names must be in the ledger, whatever the day of the event that defined it.

The rules on references are the ledger's own, not provisions of the agreement.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ledger.events import EVENTS
from ledger.events.agreement import AgreementProposed
from ledger.events.costs import ProjectEnded, ProjectStarted
from ledger.events.groups import (
    GroupClosed,
    GroupCreated,
    GroupRecommended,
)
from ledger.events.meetings import (
    MeetingCalled,
    MeetingHeld,
    MeetingRequested,
    RecommendationMade,
)
from ledger.events.posts import ExpertReleased, ViceChairAppointed, ViceChairReleased
from ledger.events.record import PersonalDataDisposed, RegistrarAuthorised
from ledger.events.seats import MemberAppointed, MemberChanged, PersonRegistered, SeatVacated
from ledger.events.settlement import CommitmentMade, CommitmentReleased
from ledger.events.shape import mentions, single_ids, values_of
from ledger.messages import marked
from ledger.rules.finding import breach
from ledger.rules.row import Rules
from ledger.state.agreement import proposals
from ledger.state.posts import experts_left, posts_left
from ledger.state.record import KEPT_OUTSIDE, kept_outside, whose
from ledger.state.seats import appointed_until, seat_of, seats_left
from ledger.timeline import Timeline, remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.events.shape import Shape
    from ledger.rules.finding import Finding

DEFINES: dict[type[Event], str] = {  # the event that defines an id → the field that holds the id
    AgreementProposed: "version",
    PersonRegistered: "person",
    RegistrarAuthorised: "registrar",
    MeetingRequested: "request",
    MeetingCalled: "meeting",
    MeetingHeld: "meeting",
    RecommendationMade: "recommendation",
    GroupCreated: "group",
    GroupRecommended: "recommendation",
    ProjectStarted: "project",
    CommitmentMade: "commitment",
}
ENDS: dict[type[Event], type[Event]] = {  # the event that ends something → the event that began it
    GroupClosed: GroupCreated,
    ProjectEnded: ProjectStarted,
    CommitmentReleased: CommitmentMade,
}
DEFINERS = {kind: [event for event, field in DEFINES.items() if field == kind] for kind in DEFINES.values()}
# Registering a person again renames the person, and authorising a registrar again replaces the authorisation. An id of
# any other kind is defined only once.
AGAIN = frozenset({PersonRegistered, RegistrarAuthorised})
ONE_MEETING = frozenset({MeetingCalled, MeetingHeld})  # a meeting is called and held under one id


def defined(timeline: Timeline, kind: str, given: str | int) -> list[Entry[Event]]:
    """Returns the entries that define an id, ordered by position."""
    tag = f"{kind}:{given}"
    found = [entry for event in DEFINERS.get(kind, ()) for entry in timeline.of(event, tag)]
    return sorted(found, key=attrgetter("position"))


def is_defined(timeline: Timeline, kind: str, given: str | int) -> bool:
    """Returns whether any entry that is not annulled defines an id."""
    tag = f"{kind}:{given}"
    for event in DEFINERS.get(kind, ()):  # noqa: SIM110 - a generator here costs as much as the look-up itself
        if timeline.as_recorded(event, tag):
            return True
    return False


@remembered
def party_kinds(timeline: Timeline) -> dict[str, str]:
    """Maps every party of any version ever proposed to its kind: `municipality` or `region`."""
    return {party.id: party.kind for entry in proposals(timeline).values() for party in entry.event.terms.parties}


def names_what_is_there(entry: Entry[Event], timeline: Timeline) -> Iterator[Finding]:
    """reference: every id that an event names is in the ledger, whatever the day of the entry that defined it.

    A party is in the ledger only if a proposed version names the party. An entry refers only to earlier entries.
    """
    kinds: dict[str, str] = {}
    for shape, given in _references(entry.event):
        if shape.tag == "party":
            kinds = kinds or party_kinds(timeline)
            kind = kinds.get(str(given))
            if kind is None:
                yield breach("{id} is not a party to the agreement", id=given)
            elif shape.municipality and kind != "municipality":
                yield breach("{id} is not a municipality", id=given)
        elif shape.tag == "entry":
            if not int(given) < entry.position:
                yield breach("there is no entry {entry} yet", entry=given)
        elif not is_defined(timeline, shape.tag, given) and not _is_disposed_of(entry, timeline):
            yield breach("{kind} {id} is not in the ledger", kind=shape.tag, id=given)


def _references(event: Event) -> list[tuple[Shape, str | int]]:
    """Returns the ids that must be in the ledger for an event, each once, with the shape of its first mention."""
    shapes, values, each_once = _single_references(type(event))
    if shapes is not None:
        found = [(shape, one) for shape, one in zip(shapes, values(event), strict=True) if one is not None]
        if each_once or len(found) < 2:
            return found
    else:
        own = DEFINES.get(type(event))
        found = [(one.shape, one.id) for one in mentions(event) if not one.shape.weak and one.field != own]
    first: dict[tuple[str, str | int], Shape] = {}
    for shape, given in found:
        first.setdefault((shape.tag, given), shape)
    return [(shape, given) for (_, given), shape in first.items()]


@cache
def _single_references(
    event: type[Event],
) -> tuple[tuple[Shape, ...] | None, Callable[[Event], tuple[Any, ...]], bool]:
    """Returns the shapes of the ids that must be in the ledger for an event, with a function to these ids, and whether
    no two of the ids are of one kind.

    The shapes are None for an event that can name several ids in one field.
    """
    ids = single_ids(event)
    if ids is None:
        return None, values_of(), False
    named = [(name, shape) for name, shape in ids if not shape.weak and name != DEFINES.get(event)]
    shapes = tuple(shape for _, shape in named)
    return shapes, values_of(*(name for name, _ in named)), len({shape.tag for shape in shapes}) == len(shapes)


def _is_disposed_of(entry: Entry[Any], timeline: Timeline) -> bool:
    """Returns whether an entry disposes of a name that was registered earlier.

    An annulled registration is included, because its name is still stored.
    """
    return isinstance(entry.event, PersonalDataDisposed) and any(
        type(other.event) in KEPT_OUTSIDE and other.position < entry.position
        for other in timeline.about(whose(entry.event))
    )


def disposes_of_something(entry: Entry[PersonalDataDisposed], timeline: Timeline) -> Iterator[Finding]:
    """reference: a registrar who has no account has none to dispose of, and a name, or an account, is disposed of again
    only if one was registered after the last disposal.
    """
    tag = whose(entry.event)
    before = [one.position for one in timeline.of(PersonalDataDisposed, tag) if one.position < entry.position]
    since = max(before, default=0)
    registered = [one.position for one in timeline.about(tag) if kept_outside(one.event) is not None]
    if any(since < position < entry.position for position in registered):
        return
    if since:
        yield breach(
            "{id} was disposed of already, by entry {other}, and nothing was registered since",
            id=entry.event.person or entry.event.registrar,
            other=since,
            entries=(since,),
        )
    elif entry.event.registrar is not None:
        yield breach("registrar {registrar} has no account to dispose of", registrar=entry.event.registrar)


def id_is_new(entry: Entry[Event], timeline: Timeline) -> Iterator[Finding]:
    """reference: an id identifies one thing, so it is defined only once."""
    field = DEFINES[type(entry.event)]
    given = getattr(entry.event, field)
    for first in defined(timeline, field, given):
        kinds = {type(first.event), type(entry.event)}
        if first.position < entry.position and kinds != ONE_MEETING:
            yield breach(
                "{kind} {id} is already in the ledger, by entry {first}; choose another id",
                kind=field,
                id=given,
                first=first.position,
                entries=(first.position,),
            )


def leaves_something(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
    """reference: only the holder of a seat, post or co-option can leave it, and only a member's details can change."""
    event, on = entry.event, entry.event.valid_on.last
    match event:
        case SeatVacated():
            if entry.position not in seats_left(timeline, event.person):
                yield breach("{person:who} holds no seat to leave on or after {day}", person=event.person, day=on)
            yield from _left_before(entry, timeline)
        case MemberChanged():
            if seat_of(timeline, event.person, on) is None:
                yield breach("{person:who} holds no seat on {day}", person=event.person, day=on)
        case ViceChairReleased():
            if entry.position not in posts_left(timeline):
                yield breach(
                    "{person:who} is not {post} the day before {day}", person=event.person, post=event.post, day=on
                )
        case _:
            assert isinstance(event, ExpertReleased), event
            if entry.position not in experts_left(timeline, event.person):
                yield breach("{person:who} is not co-opted the day before {day}", person=event.person, day=on)


def ends_what_has_begun(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
    """reference: a group, project or commitment ends after the day it began, and only once."""
    begins = ENDS[type(entry.event)]
    kind, on = DEFINES[begins], entry.event.valid_on.last
    given = getattr(entry.event, kind)
    tag = f"{kind}:{given}"
    begun = timeline.of(begins, tag)
    if begun and on <= begun[0].event.valid_on.last:
        message = marked("{kind} {id} exists from {first_day}, so it cannot end on {day}")
        yield breach(message, kind=kind, id=given, first_day=begun[0].event.valid_on.last, day=on,
                     entries=(begun[0].position,))  # fmt: skip
    for other in timeline.of(type(entry.event), tag):
        if other.position < entry.position:
            message = marked(
                "{kind} {id} ended on {day}, by entry {other}; annul that, and record the right day with the annulment"
            )
            yield breach(message, kind=kind, id=given, day=other.event.valid_on.last, other=other.position,
                         entries=(other.position,))  # fmt: skip


def _left_before(entry: Entry[SeatVacated], timeline: Timeline) -> Iterator[Finding]:
    """Yields a breach if a vacancy recorded earlier for the same seat would now end the person's next seat instead."""
    left = seats_left(timeline, entry.event.person)
    seat = timeline.recorded(left.get(entry.position, 0))
    if seat is None or not isinstance(seat.event, MemberAppointed):
        return
    until = appointed_until(timeline, seat.event)
    for other in timeline.of(SeatVacated, f"person:{entry.event.person}"):
        earlier_recorded = other.position < entry.position and other.key != entry.key
        within = entry.event.valid_on.last < other.event.valid_on.last < until
        if earlier_recorded and within and left.get(other.position) != seat.position:
            yield breach(
                "entry {other} says that {person:who} left that seat, on {day}; annul that, and record the right day "
                "with the annulment",
                other=other.position,
                person=entry.event.person,
                day=other.event.valid_on.last,
                entries=(other.position,),
            )


def post_rests_on_a_seat(entry: Entry[ViceChairAppointed], timeline: Timeline) -> Iterator[Finding]:
    """vice-chairs (2.2): a vice chair is a member on the day of the appointment."""
    person, on = entry.event.person, entry.event.valid_on.last
    if seat_of(timeline, person, on) is None:
        yield breach("{person:who} is not a member on {day}", person=person, day=on)


RULES = Rules(
    forbids=(
        ("reference", names_what_is_there, tuple(EVENTS.values())),
        ("reference", id_is_new, tuple(event for event in DEFINES if event not in AGAIN)),
        ("reference", leaves_something, (SeatVacated, MemberChanged, ViceChairReleased, ExpertReleased)),
        ("reference", ends_what_has_begun, tuple(ENDS)),
        ("reference", disposes_of_something, (PersonalDataDisposed,)),
        ("vice-chairs", post_rests_on_a_seat, (ViceChairAppointed,)),
    ),
)
