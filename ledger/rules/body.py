"""What the agreement says of who may be appointed, attend and act (section 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.meetings import MeetingHeld, MinutesAdjusted, MinutesSigned, RecommendationMade
from ledger.rules.finding import breach
from ledger.rules.reference import party_kinds
from ledger.state.agreement import terms_on
from ledger.state.body import experts_on, posts
from ledger.state.seats import (
    SEATS_OF,
    compositions,
    compositions_between,
    seat_of,
    seats_by_place,
    seats_of_person,
)
from ledger.timeline import derived

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events.body import MemberAppointed, ViceChairAppointed
    from ledger.rules.finding import Finding
    from ledger.state.seats import Seated
    from ledger.timeline import Timeline

HOLDERS = {"board-presidium": 2}  # "Tre ledamöter utgörs av regionstyrelsens presidium": the chair and two more
KIND_OF_POST = {  # the post → the kind of party and the bloc that its holder comes from
    "region-vice-chair": ("region", "opposition"),
    "first-vice-chair": ("municipality", "majority"),
    "municipal-vice-chair": ("municipality", "opposition"),
}


def _own_seat(entry: Entry[MemberAppointed], timeline: Timeline) -> Seated | None:
    own = seats_of_person(timeline).get(entry.event.person, ())
    return next((seat for seat in own if seat.entry == entry.position), None)


@derived
def _crowded(timeline: Timeline) -> tuple[tuple[date, str, int, tuple[Seated, ...]], ...]:
    """The compositions with more members than the body, or the Region, may have: (since, of whom, most, members)."""
    found = []
    for composition in compositions(timeline):
        terms = terms_on(timeline, composition.since)
        if terms is None:
            continue
        numbers, region = terms.numbers, terms.region()
        if len(composition.seated) > numbers.members_max:
            found.append((composition.since, "body", numbers.members_max, composition.seated))
        if len(composition.seated) > numbers.region_seats_max:
            regional = tuple(seat for seat in composition.seated if seat.party == region)
            if len(regional) > numbers.region_seats_max:
                found.append((composition.since, "region", numbers.region_seats_max, regional))
    return tuple(found)


def _beyond(entry: Entry[MemberAppointed], timeline: Timeline, whom: str, message: str) -> Iterator[Finding]:
    for since, of, most, seated in _crowded(timeline):
        if of == whom and any(seat.entry == entry.position for seat in seated[most:]):
            yield breach(message, day=since, count=len(seated), most=most, since=since)
            return


def not_above_the_most(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """size (2.2): the body has at most 30 members."""
    yield from _beyond(entry, timeline, "body", "the body has {count} members on {day}, and at most {most} are allowed")


def region_not_above_the_most(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """region-seats (2.2): the Region appoints at most ten."""
    yield from _beyond(
        entry, timeline, "region", "the Region has {count} members on {day}, and at most {most} are allowed"
    )


def seat_of_its_party(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """two-per-municipality, region-seats (2.2): which seats a municipality and the Region appoint to."""
    event = entry.event
    kind = party_kinds(timeline).get(event.party)
    if kind is not None and event.seat not in SEATS_OF[kind]:
        yield breach("{party} has no seat {seat}; it appoints to {seats}", party=event.party, seat=event.seat,
                     seats=SEATS_OF[kind])  # fmt: skip


def seat_is_free(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """two-per-municipality, region-seats (2.2): a seat has one holder, the presidium's two seats two."""
    seat = _own_seat(entry, timeline)
    most = HOLDERS.get(entry.event.seat, 1)
    if seat is None or seat.seat == "board-party":
        return
    others = [
        other
        for other in seats_by_place(timeline)[seat.party, seat.seat]
        if other.entry < seat.entry and _overlap(other, seat)
    ]
    for day in sorted({max(other.since, seat.since) for other in others}):
        holders = [other for other in others if other.since <= day < other.until]
        if len(holders) >= most:
            yield breach(
                "{party} has {most} {seat}, and on {day} that is {holders}",
                party=seat.party,
                most=most,
                seat=seat.seat,
                day=day,
                holders=tuple(other.person for other in holders),
                subject=f"seat:{seat.party}/{seat.seat}",
                since=day,
                entries=tuple(other.entry for other in holders),
            )
            return


def one_seat_each(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """two-per-municipality, region-seats (2.2): a person holds one seat at a time."""
    seat = _own_seat(entry, timeline)
    for other in seats_of_person(timeline).get(entry.event.person, ()):
        if seat is not None and other.entry < seat.entry and _overlap(other, seat):
            yield breach(
                "{person} already sits for {party} as {seat} on {day}",
                person=seat.person,
                party=other.party,
                seat=other.seat,
                day=max(other.since, seat.since),
                since=max(other.since, seat.since),
                entries=(other.entry,),
            )


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.since < other.until and other.since < one.until and one.since < one.until)


def not_beyond_the_term(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """term (2.2): four years, unless decided otherwise when appointing."""
    event = entry.event
    terms = terms_on(timeline, event.valid_on.last)
    if terms is None or event.until is None or event.otherwise_decided:
        return
    since, until = terms.term_of(event.valid_on.last)
    if event.until > until:
        yield breach(
            "until {until}, beyond the term of {years} years that began {first_day} and ends {end}; "
            "add otherwise_decided if that was decided when appointing",
            until=event.until,
            years=terms.numbers.term_years,
            first_day=since,
            end=until,
        )


def vice_chair_of_the_right_kind(entry: Entry[ViceChairAppointed], timeline: Timeline) -> Iterator[Finding]:
    """vice-chairs (2.2): from the Region's opposition, the municipalities' majority, the municipalities' opposition."""
    event = entry.event
    post = next((one for one in posts(timeline) if one.entry == entry.position), None)
    if post is None:
        return
    wanted = KIND_OF_POST[event.post]
    for composition in compositions_between(timeline, post.since, post.until):
        for seat in composition.seated:
            found = (party_kinds(timeline).get(seat.party, "region"), seat.bloc)
            if seat.person == event.person and found != wanted:
                yield breach(
                    "{person} sits for {party} in the {bloc} on {day}; a {post} comes from the {kind} {side}",
                    person=event.person,
                    party=seat.party,
                    bloc=seat.bloc,
                    day=composition.since,
                    post=event.post,
                    kind=wanted[0],
                    side=wanted[1],
                    since=composition.since,
                    entries=(seat.entry,),
                )
                return


def post_is_free(entry: Entry[ViceChairAppointed], timeline: Timeline) -> Iterator[Finding]:
    """vice-chairs (2.2): a post has one holder."""
    post = next((one for one in posts(timeline) if one.entry == entry.position), None)
    for other in posts(timeline):
        if post is not None and other.post == post.post and other.entry < post.entry and _overlap(other, post):
            yield breach(
                "{other} is {post} on {day}",
                other=other.person,
                post=post.post,
                day=max(other.since, post.since),
                entries=(other.entry,),
            )


def _experts_only(timeline: Timeline, persons: Sequence[str], on: date) -> list[str]:
    coopted = {expert.person for expert in experts_on(timeline, on)}
    return [person for person in persons if person in coopted and seat_of(timeline, person, on) is None]


def experts_do_not_act(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
    """experts (2.2): an expert may attend and speak, and so does not chair, sign, adjust or dissent."""
    event = entry.event
    acts: dict[str, tuple[str, ...]]
    match event:
        case MeetingHeld():
            acts = {"chaired": (event.chaired_by,), "was appointed to adjust": (event.adjuster,)}
        case RecommendationMade():
            acts = {"dissented": event.dissent or ()}
        case MinutesSigned():
            acts = {"signed": (event.by,)}
        case MinutesAdjusted():
            acts = {"adjusted": (event.by,)}
        case _:
            acts = {}
    for act, persons in acts.items():
        for person in _experts_only(timeline, persons, event.valid_on.last):
            yield breach("{person}, a co-opted expert, {act}", person=person, act=act)


def only_coopted_experts(entry: Entry[MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """experts (2.2): who attends as an expert is co-opted that day."""
    on = entry.event.valid_on.last
    coopted = {expert.person for expert in experts_on(timeline, on)}
    for person in entry.event.experts or ():
        if person not in coopted:
            yield breach("{person} attended as an expert and is not co-opted on {day}", person=person, day=on)


def only_members_present(entry: Entry[MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """no-substitutes (2.2): members have no substitutes, so whoever sits in the body is a member."""
    on = entry.event.valid_on.last
    for person in dict.fromkeys((*entry.event.present, entry.event.chaired_by)):
        if seat_of(timeline, person, on) is None:
            yield breach("{person} was present as a member and is none on {day}", person=person, day=on)
