"""One person: under which name, on which seats, in which posts and offices, and in which entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.state.groups import groups
from ledger.state.officials import offices_of_person
from ledger.state.posts import posts
from ledger.state.record import registrations
from ledger.state.seats import seats_of_person
from projections.council import name_on
from projections.history import ToldEntry, Wanted, history

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.timeline import Timeline


class Seat(Struct, frozen=True, kw_only=True):
    """A seat in the body during [since, until), by the appointment at the position `entry`."""

    party: str
    seat: str
    political_party: str
    bloc: str
    since: date
    until: date
    entry: int


class Charge(Struct, frozen=True, kw_only=True):
    """A post or an office held during [since, until); `until` is None while no end is known. `party` is that whose
    director the person is, or None.
    """

    name: str
    party: str | None
    since: date
    until: date | None
    entry: int


class InGroup(Struct, frozen=True, kw_only=True):
    """A place in a collaboration group during [since, until), as a member or as an official who supports it. `party` is
    that of the member, or the employer of the official. `name` is that of the group on the day asked about.
    """

    group: str
    name: str | None
    part: str  # member or officer
    party: str
    since: date
    until: date | None
    entry: int


class Person(Struct, frozen=True, kw_only=True):
    """What the record says of a person as of the day `on`. `name` is None once the name is disposed of, or if the
    person is not registered.

    Seats, posts, offices and places in groups are all that the record knows, of earlier and later days too. Whoever has
    the seat of the regional executive board's chair chairs the body, which counts as a post. `entries` are the entries
    that name the person, in order of position.
    """

    on: date
    known_at: str
    person: str
    name: str | None
    registered: bool
    seats: tuple[Seat, ...]
    posts: tuple[Charge, ...]
    offices: tuple[Charge, ...]
    groups: tuple[InGroup, ...]
    entries: tuple[ToldEntry, ...]
    uncertain: tuple[int, ...] = ()


def person(timeline: Timeline, on: date, names: Mapping[int, str], who: str) -> Person | None:
    """Returns what the record says of a person, or None if no entry names the person.

    `names` maps the position of a person's registration to the name.
    """
    told = history(timeline, names, Wanted(about=f"person:{who}")).entries
    if not told:
        return None
    answer, uncertain = timeline.ask(lambda one: _person(one, on, names, who))
    return structs.replace(answer, entries=told, uncertain=uncertain)


def _person(timeline: Timeline, on: date, names: Mapping[int, str], who: str) -> Person:
    seats = seats_of_person(timeline, who).known
    chaired = [
        Charge(name="chair", party=None, since=one.since, until=one.until, entry=one.entry)
        for one in seats
        if one.seat == "board-chair"
    ]
    return Person(
        on=on,
        known_at=f"@{timeline.head}",
        person=who,
        name=name_on(timeline, who, on, names),
        registered=who in registrations(timeline),
        seats=tuple(
            Seat(
                party=one.party,
                seat=one.seat,
                political_party=one.political_party,
                bloc=one.bloc,
                since=one.since,
                until=one.until,
                entry=one.entry,
            )
            for one in seats
        ),
        posts=(
            *chaired,
            *(
                Charge(name=one.post, party=None, since=one.since, until=one.until, entry=one.entry)
                for one in posts(timeline)
                if one.person == who
            ),
        ),
        offices=tuple(
            Charge(name=one.office, party=one.party, since=one.since, until=one.until, entry=one.entry)
            for one in offices_of_person(timeline, who)
        ),
        groups=tuple(_in_groups(timeline, on, who)),
        entries=(),
    )


def _in_groups(timeline: Timeline, on: date, who: str) -> Iterator[InGroup]:
    for group in groups(timeline).values():
        for part, places in (("member", group.members), ("officer", group.officers)):
            for one in places:
                if one.person == who:
                    yield InGroup(group=group.group, name=group.terms_on(on)["name"], part=part, party=one.party,
                                  since=one.since, until=one.until, entry=one.entry)  # fmt: skip
