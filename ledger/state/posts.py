"""The chair of the body, the vice chairs and the co-opted experts, by day (section 2.2)."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.posts import ExpertCoopted, ExpertReleased, ViceChairAppointed, ViceChairReleased
from ledger.state.agreement import terms_on
from ledger.state.seats import seat_of, seats_at
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.state.seats import Seated
    from ledger.timeline import Timeline

POSTS = ("region-vice-chair", "first-vice-chair", "municipal-vice-chair")


class Posted(Struct, frozen=True, kw_only=True):
    """A vice chair's holding of a post on the days [since, until)."""

    person: str
    post: str
    since: date
    until: date
    entry: int


class Expert(Struct, frozen=True, kw_only=True):
    """A co-opted expert on the days [since, until).

    `until` is None if the co-option has no end. `left` is the position of the release that ended the co-option, or
    None.
    """

    person: str
    field: str
    since: date
    until: date | None
    entry: int
    left: int | None = None


@remembered
def posts(timeline: Timeline) -> tuple[Posted, ...]:
    """Returns every holding of a vice chair's post, in timeline order.

    A holding ends no later than the seat that its holder has on the first day of the holding. A person without a seat
    on the day of the appointment does not hold the post.
    """
    return tuple(_posts(timeline)[0].values())


def post_at(timeline: Timeline, entry: int) -> Posted | None:
    """Returns the holding that an appointment began, or None if the person was not a member when appointed."""
    return _posts(timeline)[0].get(entry)


@remembered
def posts_left(timeline: Timeline) -> frozenset[int]:
    """Returns the positions of the releases that ended a holding of a post."""
    return _posts(timeline)[1]


@remembered
def _posts(timeline: Timeline) -> tuple[dict[int, Posted], frozenset[int]]:
    """Returns a map from positions of appointments to the holdings of posts.

    The second value holds the positions of the releases that ended a holding.
    """
    held: dict[int, Posted] = {}
    for entry in timeline.of(ViceChairAppointed):
        since = entry.event.valid_on.last
        seat = seat_of(timeline, entry.event.person, since)
        if seat is not None:
            held[entry.position] = Posted(
                person=entry.event.person, post=entry.event.post, since=since, until=seat.until, entry=entry.position
            )
    left = set()
    for release in timeline.of(ViceChairReleased):
        on, whose = release.event.valid_on.last, (release.event.person, release.event.post)
        for post in list(held.values()):
            if (post.person, post.post) == whose and post.since < on < post.until:
                held[post.entry] = structs.replace(post, until=on)
                left.add(release.position)
    return held, frozenset(left)


def holders_on(timeline: Timeline, on: date) -> list[Posted]:
    """Returns the vice chairs on a day, in order of appointment.

    A post has two holders if a court's quashing of a later act has brought back an earlier holder.
    """
    return [post for post in posts(timeline) if post.since <= on < post.until]


def posts_on(timeline: Timeline, on: date) -> dict[str, Posted]:
    """Maps each post to its vice chair on a day.

    Of two holders of a post, the one appointed later is the vice chair.
    """
    return {post.post: post for post in holders_on(timeline, on)}


@remembered
def experts(timeline: Timeline) -> tuple[Expert, ...]:
    """Returns every co-option, in timeline order.

    A release ends those co-options of the person that are open on the day of the release.
    """
    held: dict[int, Expert] = {}
    for person in {entry.event.person for entry in timeline.of_any(ExpertCoopted, ExpertReleased)}:
        held |= _experts(timeline, person)[0]
    return tuple(held[entry.position] for entry in timeline.of(ExpertCoopted))


def experts_left(timeline: Timeline, person: str) -> frozenset[int]:
    """Returns the positions of the releases that ended a co-option of a person."""
    return _experts(timeline, person)[1]


@remembered
def _experts(timeline: Timeline, person: str) -> tuple[dict[int, Expert], frozenset[int]]:
    """Returns a map from positions to a person's co-options, and the positions of the releases that ended one."""
    tag = f"person:{person}"
    held = {
        entry.position: Expert(
            person=entry.event.person,
            field=entry.event.field,
            since=entry.event.valid_on.last,
            until=entry.event.until,
            entry=entry.position,
        )
        for entry in timeline.of(ExpertCoopted, tag)
    }
    left = set()
    for release in timeline.of(ExpertReleased, tag):
        on = release.event.valid_on.last
        for expert in list(held.values()):
            if expert.since < on and (not expert.until or on < expert.until):
                held[expert.entry] = structs.replace(expert, until=on, left=release.position)
                left.add(release.position)
    return held, frozenset(left)


def is_expert(timeline: Timeline, person: str, on: date) -> bool:
    """Returns whether a person is a co-opted expert on a day."""
    return any(_covers(one, on) for one in _experts(timeline, person)[0].values())


def experts_on(timeline: Timeline, on: date) -> tuple[Expert, ...]:
    """Returns the experts on a day, in timeline order of their co-option."""
    return tuple(one for one in experts(timeline) if _covers(one, on))


def _covers(one: Expert, on: date) -> bool:
    return one.since <= on and (one.until is None or on < one.until)


def seat_of_the_chair(timeline: Timeline, on: date) -> Seated | None:
    """Returns the seat of the body's chair on a day: the seat of the regional executive board's chair, or None."""
    terms = terms_on(timeline, on)
    region = terms.region() if terms else None
    held = seats_at(timeline, region, "board-chair") if region else ()
    now = [seat for seat in held if seat.since <= on < seat.until]
    return min(now, key=attrgetter("entry"), default=None)


def chair_on(timeline: Timeline, on: date) -> str | None:
    """Returns the person who chairs the body on a day, or None if nobody chairs the body."""
    seat = seat_of_the_chair(timeline, on)
    return seat.person if seat else None
