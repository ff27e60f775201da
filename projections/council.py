"""The body on a day: members, presidium, vacancies and co-opted experts, with names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.seats import MemberChanged
from ledger.state.agreement import party_names_on, terms_on, version_on
from ledger.state.posts import POSTS, experts_on, holders_on, posts_on, seat_of_the_chair
from ledger.state.record import registration_on
from ledger.state.seats import members_on, seats_left, vacant_seats
from projections.agreement import Appealed, appealed
from projections.spans import loose_day, without_spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.state.posts import Posted
    from ledger.state.seats import Seated
    from ledger.timeline import Timeline


class Term(Struct, frozen=True):
    """A term of office as a half-open interval [since, until)."""

    since: date
    until: date


class Member(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member who holds a seat during [since, until). `name` is None once the name is disposed of.

    `since_day` and `until_day` are the Days of the start and of the end as recorded if inexact, otherwise None. `entry`
    is the position of the appointment. `entries` are the positions of the appointment, of the changes to the seat and
    of the registration of the name. `appeals` are the appeals against any of the `entries` or against the appointment
    to the post.
    """

    person: str
    name: str | None
    party: str
    seat: str
    political_party: str
    bloc: str
    post: str | None
    since: date
    until: date
    entry: int
    since_day: str | None
    until_day: str | None
    entries: tuple[int, ...]
    appeals: tuple[Appealed, ...] = ()


class Vacancy(Struct, frozen=True):
    """A seat that nobody holds."""

    party: str
    seat: str


class CooptedExpert(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An expert co-opted during [since, until); `until` is None while no end is recorded.

    `since_day` and `until_day` are the Days of the start and of the end as recorded if inexact, otherwise None.
    """

    person: str
    name: str | None
    field: str
    since: date
    until: date | None
    entry: int
    since_day: str | None
    until_day: str | None
    appeals: tuple[Appealed, ...] = ()


class Council(Struct, frozen=True, kw_only=True):
    """The body as of the day `on`: members, presidium, vacancies and experts.

    Members are ordered by party (municipalities by id, then the region), seat and person, and vacancies by party and
    seat. `parties` maps the id of each party that may appoint or has appointed members to the party's name:
    municipalities by id, then the region. `version` is the version of the agreement in force on the day. Seats outlive
    the agreement, so there may be members when `version` is None. When a quashing leaves a post with two holders,
    `presidium` names the holder appointed last, and both holders have the post in `Member.post`.
    """

    on: date
    known_at: str
    version: int | None
    parties: dict[str, str]
    term: Term | None
    size: int
    members: tuple[Member, ...]
    presidium: dict[str, str | None]
    vacancies: tuple[Vacancy, ...]
    experts: tuple[CooptedExpert, ...]
    uncertain: tuple[int, ...] = ()


def council(timeline: Timeline, on: date, names: Mapping[int, str]) -> Council:
    """Returns the body as of the day `on`; `names` maps the position of a person's registration to the name.

    `uncertain` holds the positions of the entries whose inexact day could change who sits, or in which capacity.
    """
    answer, uncertain = timeline.ask(lambda one: council_on(one, on, names), without_spans)
    return structs.replace(answer, uncertain=uncertain)


def council_on(timeline: Timeline, on: date, names: Mapping[int, str]) -> Council:
    """Returns the answer of `council` without `uncertain`. Every inexact day is taken as its latest possible day."""
    terms = terms_on(timeline, on)
    region = terms.region() if terms else None
    held = posts_on(timeline, on)
    post_of = {post.person: post for post in holders_on(timeline, on)}
    chair = seat_of_the_chair(timeline, on)
    members = [_member(timeline, seat, on, names, post_of) for seat in members_on(timeline, on)]
    members = [structs.replace(one, post="chair") if chair and one.entry == chair.entry else one for one in members]
    members.sort(key=lambda one: (one.party == region, one.party, one.seat, one.person))
    vacancies = sorted(vacant_seats(timeline, on), key=lambda place: (place[0] == region, *place))
    return Council(
        on=on,
        known_at=f"@{timeline.head}",
        version=version_on(timeline, on),
        parties=_parties(party_names_on(timeline, on), region, {one.party for one in members}),
        term=Term(*terms.term_of(on)) if terms else None,
        size=len(members),
        members=tuple(members),
        presidium={
            "chair": chair.person if chair else None,
            **{post: held[post].person if post in held else None for post in POSTS},
        },
        vacancies=tuple(Vacancy(*place) for place in vacancies),
        experts=tuple(
            CooptedExpert(
                person=one.person,
                name=name_on(timeline, one.person, on, names),
                field=one.field,
                since=one.since,
                until=one.until,
                entry=one.entry,
                since_day=loose_day(timeline, one.entry),
                until_day=loose_day(timeline, one.left),
                appeals=appealed(timeline, one.entry, on),
            )
            for one in sorted(experts_on(timeline, on), key=lambda one: (one.person, one.entry))
        ),
    )


def _member(
    timeline: Timeline, seat: Seated, on: date, names: Mapping[int, str], post_of: Mapping[str, Posted]
) -> Member:
    left = next((entry for entry, of in seats_left(timeline, seat.person).items() if of == seat.entry), None)
    post, entries = post_of.get(seat.person), _grounds(timeline, seat, on)
    return Member(
        person=seat.person,
        name=name_on(timeline, seat.person, on, names),
        party=seat.party,
        seat=seat.seat,
        political_party=seat.political_party,
        bloc=seat.bloc,
        post=post.post if post else None,
        since=seat.since,
        until=seat.until,
        entry=seat.entry,
        since_day=loose_day(timeline, seat.entry),
        until_day=loose_day(timeline, left),
        entries=entries,
        appeals=tuple(
            appeal for entry in (*entries, *([post.entry] if post else [])) for appeal in appealed(timeline, entry, on)
        ),
    )


def _grounds(timeline: Timeline, seat: Seated, on: date) -> tuple[int, ...]:
    """Returns the positions of a member's appointment, of the changes to the seat up to the day `on`, and of the
    registration of the member's name.
    """
    changes = timeline.of(MemberChanged, f"person:{seat.person}")
    found = {one.position for one in changes if seat.since <= one.event.valid_on.last <= on}
    registered = registration_on(timeline, seat.person, on)
    return tuple(sorted({seat.entry, *found, *([registered] if registered else [])}))


def _parties(names: Mapping[str, str], region: str | None, seated: set[str]) -> dict[str, str]:
    return {party: names.get(party, party) for party in sorted({*names, *seated}, key=lambda one: (one == region, one))}


def name_on(timeline: Timeline, person: str, on: date, names: Mapping[int, str]) -> str | None:
    """Returns the name of a person on a day, or None when the name is disposed of or was never registered."""
    position = registration_on(timeline, person, on)
    return names.get(position) if position else None
