"""The chair of the body, the vice chairs and the co-opted experts, by day (section 2.2)."""

from __future__ import annotations

from collections import deque
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.posts import ExpertCoopted, ExpertReleased, ViceChairAppointed, ViceChairReleased
from ledger.state.agreement import terms_on
from ledger.state.seats import seat_of, seats_at, seats_left
from ledger.state.spans import spans
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.state.seats import Seated
    from ledger.state.spans import Spans
    from ledger.timeline import Timeline

POSTS = ("region-vice-chair", "first-vice-chair", "municipal-vice-chair")


class Posted(Struct, frozen=True, kw_only=True):
    """A vice chair's holding of a post on the days [since, until).

    `left` is the position of the release, or of the vacancy of the seat, that ended the holding, or None.
    """

    person: str
    post: str
    since: date
    until: date
    entry: int
    left: int | None = None


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


def posts(timeline: Timeline) -> tuple[Posted, ...]:
    """Returns every holding of a vice chair's post, in timeline order.

    A holding ends no later than the seat that its holder has on the first day of the holding. A person without a seat
    on the day of the appointment does not hold the post.
    """
    return holdings(timeline, None).known


@remembered
def holdings(timeline: Timeline, post: str | None) -> Spans[Posted]:
    """Returns the holdings of a post, or of every post if `post` is None, in timeline order."""
    return spans(one for one in _posts(timeline)[0].values() if post in {None, one.post})


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
        since, person = entry.event.valid_on.last, entry.event.person
        seat = seat_of(timeline, person, since)
        if seat is not None:
            vacated = next((one for one, of in seats_left(timeline, person).items() if of == seat.entry), None)
            held[entry.position] = Posted(
                person=person, post=entry.event.post, since=since, until=seat.until, entry=entry.position, left=vacated
            )
    own: dict[tuple[str, str], deque[Posted]] = {}
    for post in held.values():
        own.setdefault((post.person, post.post), deque()).append(post)
    left = set()
    for release in timeline.of(ViceChairReleased):
        on, later = release.event.valid_on.last, own.get((release.event.person, release.event.post), deque())
        while later and later[0].since < on:
            post = later.popleft()  # whether it lasts to the day or not, no later release can end it
            if on < post.until:
                held[post.entry] = structs.replace(post, until=on, left=release.position)
                left.add(release.position)
    return held, frozenset(left)


def holders_on(timeline: Timeline, on: date) -> list[Posted]:
    """Returns the vice chairs on a day, in order of appointment.

    A post has two holders if a court's quashing of a later act has brought back an earlier holder.
    """
    return holdings(timeline, None).on(on)


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
    later = deque(held.values())
    for release in timeline.of(ExpertReleased, tag):
        on = release.event.valid_on.last
        while later and later[0].since < on:
            expert = later.popleft()  # whether it lasts to the day or not, no later release can end it
            if not expert.until or on < expert.until:
                held[expert.entry] = structs.replace(expert, until=on, left=release.position)
                left.add(release.position)
    return held, frozenset(left)


@remembered
def _cooptions(timeline: Timeline, person: str) -> Spans[Expert]:
    return spans(_experts(timeline, person)[0].values())


def is_expert(timeline: Timeline, person: str, on: date) -> bool:
    """Returns whether a person is a co-opted expert on a day."""
    return _cooptions(timeline, person).first_on(on) is not None


def experts_on(timeline: Timeline, on: date) -> tuple[Expert, ...]:
    """Returns the experts on a day, in timeline order of their co-option."""
    return tuple(one for one in experts(timeline) if one.since <= on and (one.until is None or on < one.until))


def seat_of_the_chair(timeline: Timeline, on: date) -> Seated | None:
    """Returns the seat of the body's chair on a day: the seat of the regional executive board's chair, or None."""
    terms = terms_on(timeline, on)
    region = terms.region() if terms else None
    held = seats_at(timeline, region, "board-chair").on(on) if region else ()
    return min(held, key=attrgetter("entry"), default=None)


def chair_on(timeline: Timeline, on: date) -> str | None:
    """Returns the person who chairs the body on a day, or None if nobody chairs the body."""
    seat = seat_of_the_chair(timeline, on)
    return seat.person if seat else None
