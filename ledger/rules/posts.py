"""Rules on the chair, the vice chairs and the experts (section 2.2)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ledger.events.meetings import MeetingHeld, RecommendationMade, ReservationEntered
from ledger.events.minutes import MinutesAdjusted, MinutesSigned
from ledger.events.posts import ExpertCoopted, ViceChairAppointed, ViceChairReleased
from ledger.events.seats import MemberAppointed
from ledger.messages import marked
from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.reference import party_kinds
from ledger.rules.row import Rules
from ledger.rules.seats import unbroken_since
from ledger.state.agreement import version_on
from ledger.state.posts import POSTS, holders_on, holdings, is_expert, post_at, posts_on, seat_of_the_chair
from ledger.state.seats import SEATS_OF, SIDE_OF, compositions_between, compositions_of, seat_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

KIND_OF_POST = {  # post → (the kind of party, the bloc) of its holder
    "region-vice-chair": ("region", "opposition"),
    "first-vice-chair": ("municipality", "majority"),
    "municipal-vice-chair": ("municipality", "opposition"),
}


def vice_chair_of_the_right_kind(entry: Entry[ViceChairAppointed], timeline: Timeline) -> Iterator[Finding]:
    """vice-chairs (2.2): each vice chair comes from the kind of party and the bloc that the post is for.

    There is one post each for the Region's opposition, the municipal majority and the municipal opposition.
    """
    event, post = entry.event, post_at(timeline, entry.position)
    if post is None:
        return
    kind, side = KIND_OF_POST[event.post]
    told = None
    for composition in compositions_between(compositions_of(timeline, event.person), post.since, post.until):
        for seat in composition.seated:
            where = party_kinds(timeline).get(seat.party, "region")
            if (where, seat.bloc) == (kind, side) and SIDE_OF.get(seat.seat, side) == side:
                continue
            neither = seat.bloc == "none" and where == kind
            if neither and told == (seat.entry, seat.bloc):
                continue  # the body changed, but not this seat
            told = seat.entry, seat.bloc
            yield (cannot_tell if neither else breach)(
                marked(
                    "{person:who} sits for {party} as {seat}, bloc {bloc}, on {day}; a {post} comes from the {kind} "
                    "{side}"
                ),
                person=event.person,
                party=seat.party,
                seat=seat.seat,
                bloc=seat.bloc,
                day=composition.since,
                post=event.post,
                kind=kind,
                side=side,
                since=composition.since,
                entries=(seat.entry,),
            )
            if not neither:
                return


def post_is_free(entry: Entry[ViceChairAppointed], timeline: Timeline) -> Iterator[Finding]:
    """vice-chairs (2.2): a vice chair's post has only one holder at a time."""
    post = post_at(timeline, entry.position)
    for other in holdings(timeline, post.post).overlapping(post) if post else ():
        if post is not None and other.entry < post.entry:
            yield breach(
                "{other:who} is {post} on {day}",
                other=other.person,
                post=post.post,
                day=max(other.since, post.since),
                entries=(other.entry,),
            )


def _experts_only(timeline: Timeline, persons: Sequence[str], on: date) -> list[str]:
    return [person for person in persons if is_expert(timeline, person, on) and seat_of(timeline, person, on) is None]


ACTED = {  # what an expert may not do → the message about an expert who does it
    "chaired": marked("{person:who}, a co-opted expert, chaired"),
    "was appointed to adjust": marked("{person:who}, a co-opted expert, was appointed to adjust"),
    "dissented": marked("{person:who}, a co-opted expert, dissented"),
    "signed": marked("{person:who}, a co-opted expert, signed"),
    "adjusted": marked("{person:who}, a co-opted expert, adjusted"),
}


def experts_do_not_act(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
    """experts (2.2): an expert may attend and speak, but does not chair, sign, adjust or dissent."""
    event = entry.event
    acts: dict[str, tuple[str, ...]]
    match event:
        case MeetingHeld():
            acts = {"chaired": (event.chaired_by,), "was appointed to adjust": (event.adjuster,)}
        case RecommendationMade():
            acts = {"dissented": event.dissent or ()}
        case ReservationEntered():
            acts = {"dissented": (event.person,)}
        case MinutesSigned():
            acts = {"signed": (event.by,)}
        case _:
            assert isinstance(event, MinutesAdjusted), event
            acts = {"adjusted": (event.by,)}
    for act, persons in acts.items():
        for person in _experts_only(timeline, persons, event.valid_on.last):
            yield breach(ACTED[act], person=person, act=act)


def only_coopted_experts(entry: Entry[MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """experts (2.2): a person who attends a meeting as an expert is co-opted that day."""
    on = entry.event.valid_on.last
    for person in entry.event.experts or ():
        if not is_expert(timeline, person, on):
            yield breach("{person:who} attended as an expert and is not co-opted on {day}", person=person, day=on)


def coopted_by_the_body(entry: Entry[ExpertCoopted], _: Timeline) -> Iterator[Finding]:
    """experts (2.2): the body co-opts its experts."""
    organ = entry.event.source.organ
    if organ != "body":
        yield breach("{person:who} was co-opted by {organ}, not by the body", person=entry.event.person, organ=organ)


NOBODY = {  # post → the message, with the task, while nobody holds the post
    "region-vice-chair": marked("nobody is {post}; the Region appoints one among its opposition members"),
    "first-vice-chair": marked("nobody is {post}; the municipalities appoint one among their majority members"),
    "municipal-vice-chair": marked("nobody is {post}; the municipalities appoint one among their opposition members"),
}


def posts_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """vice-chairs (2.2): the chair and three vice chairs make up the presidium, so each post has a holder."""
    for post in POSTS:
        held = [one for one in holders_on(timeline, on) if one.post == post]
        if not held:
            since = unbroken_since(timeline, on, partial(_is_free, timeline, post))
            yield breach(NOBODY[post], post=post, subject=f"post:{post}", since=since)
        else:
            persons = tuple(one.person for one in held)
            yield passed(
                marked("{person:who} is {post}") if len(held) == 1 else marked("{person:who} are each {post}"),
                person=persons[0] if len(held) == 1 else persons,
                post=post,
                subject=f"post:{post}",
                entries=tuple(one.entry for one in held),
            )


def _is_free(timeline: Timeline, post: str, on: date) -> bool:
    return post not in posts_on(timeline, on)


def chaired(timeline: Timeline, on: date) -> Iterator[Finding]:
    """chair (2.2): the chair of the regional executive board chairs the body; no event appoints the body's chair."""
    if version_on(timeline, on) is None:
        return
    seat = seat_of_the_chair(timeline, on)
    if seat is None:
        message = marked(
            "nobody is chair of the regional executive board, and the agreement does not say who chairs then"
        )
        yield silent(message, subject="post:chair")
    else:
        message = marked("{person:who} chairs the body, as chair of the regional executive board")
        yield passed(message, subject="post:chair", since=seat.since, entries=(seat.entry,), person=seat.person)


RULES = Rules(
    forbids=(
        ("vice-chairs", vice_chair_of_the_right_kind, (ViceChairAppointed,)),
        ("vice-chairs", post_is_free, (ViceChairAppointed,)),
        ("experts", experts_do_not_act, (MeetingHeld, RecommendationMade, ReservationEntered)),
    ),
    flags=(
        ("experts", only_coopted_experts, (MeetingHeld,)),
        ("experts", coopted_by_the_body, (ExpertCoopted,)),
    ),
    standing=(("vice-chairs", posts_filled),),
    derived=(("chair", chaired),),
    subjects={ViceChairAppointed: "post:{0.post}", ViceChairReleased: "post:{0.post}"},
    open={"vice-chairs": marked("appoint a {post}")},
    applies={"vice-chairs": {MemberAppointed: lambda appointed: appointed.seat not in SEATS_OF["municipality"]}},
)
