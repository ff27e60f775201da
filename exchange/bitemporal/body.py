"""Tables of the body: persons and their names, seats, posts, experts, and the offices of the management group."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from exchange.bitemporal.agreement import changes_of_terms
from exchange.bitemporal.facts import ALWAYS, NAME, PARTY, PERSON, Column, Fact, Table, alone, stepped
from ledger.events.officials import OfficeTaken
from ledger.events.seats import MemberAppointed, PersonRegistered
from ledger.messages import marked
from ledger.state.agreement import proposals, terms_on
from ledger.state.officials import offices_of_person
from ledger.state.posts import experts, posts, seat_of_the_chair
from ledger.state.seats import compositions_of, seats_at, seats_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.state.officials import Held
    from ledger.timeline import Timeline


def _registered(timeline: Timeline) -> Iterable[str]:
    return (entry.event.person for entry in timeline.all_of(PersonRegistered))


def _names(timeline: Timeline, person: str) -> Iterator[Fact]:
    """Yields the registrations of a person; the first also names the person on the days before it.

    The name is given as the position of its registration.
    """
    known = timeline.of(PersonRegistered, f"person:{person}")
    for place, entry in enumerate(known):
        since = entry.event.valid_on.last if place else ALWAYS
        after = known[place + 1] if place + 1 < len(known) else None
        until = after.event.valid_on.last if after else None
        if since != until:
            yield Fact((person, entry.position, entry.event.valid_on.text), since, until, entry.position,
                       after.position if after else None)  # fmt: skip


def _appointed(timeline: Timeline) -> Iterable[str]:
    return (entry.event.person for entry in timeline.all_of(MemberAppointed))


def _seats(timeline: Timeline, person: str) -> Iterator[Fact]:
    """Yields the seats of a person, anew where the political party or the bloc changes."""
    left = {of: entry for entry, of in seats_left(timeline, person).items()}
    known = {one.since: one.seated for one in compositions_of(timeline, person)}
    ends = {seat.entry: seat.until for seated in known.values() for seat in seated}

    def on_day(day: date) -> Iterator[Fact]:
        for seat in known[day]:
            values = (person, seat.party, seat.seat, seat.political_party, seat.bloc, str(seat.since), str(seat.until))
            yield Fact((*values, seat.entry), day, None, seat.entry)

    for fact in stepped(known, on_day):
        entry = fact.entry or 0
        ended = left.get(entry) if fact.until == ends[entry] else None
        yield fact._replace(values=fact.values[:-1], ended_by=ended)


def _posts(timeline: Timeline, _: str) -> Iterator[Fact]:
    """Yields the vice chairs' holdings of their posts, and the days on which a seat makes its holder the chair."""
    for one in posts(timeline):
        if one.since < one.until:
            yield Fact((one.person, one.post), one.since, one.until, one.entry, one.left)
    regions = {entry.event.terms.region() for entry in proposals(timeline).values()} - {None}
    seats = [seat for region in sorted(map(str, regions)) for seat in seats_at(timeline, region, "board-chair").known]

    def chair(day: date) -> Iterator[Fact]:
        seat = seat_of_the_chair(timeline, day)
        if seat is not None:
            yield Fact((seat.person, "chair", seat.entry), day, None, seat.entry)

    days = {*changes_of_terms(timeline), *(day for seat in seats for day in (seat.since, seat.until))}
    for fact in stepped(days, chair):
        yield fact._replace(values=fact.values[:-1])


def _experts(timeline: Timeline, _: str) -> Iterator[Fact]:
    for one in experts(timeline):
        if one.until is None or one.since < one.until:
            yield Fact((one.person, one.field), one.since, one.until, one.entry, one.left)


def _officials(timeline: Timeline) -> Iterable[str]:
    return (entry.event.person for entry in timeline.all_of(OfficeTaken))


def _offices(timeline: Timeline, person: str) -> Iterator[Fact]:
    for one in offices_of_person(timeline, person):
        yield from _while_a_party(timeline, one)


def _while_a_party(timeline: Timeline, one: Held) -> Iterator[Fact]:
    """Yields a holding of an office on the days on which its municipality, if it has one, is in the terms."""
    end = one.until or date.max

    def held(day: date) -> Iterator[Fact]:
        terms = terms_on(timeline, day)
        if one.since <= day < end and (one.party is None or terms is None or one.party in terms.party_ids()):
            yield Fact((one.person, one.office, one.party), day, None, one.entry)

    days = [one.since, *(day for day in changes_of_terms(timeline) if one.since < day < end)]
    for fact in stepped([*days, *([one.until] if one.until else [])], held):
        yield fact._replace(ended_by=one.left if fact.until == one.until else None)


TABLES = (
    Table(
        "persons",
        marked("Names of persons, as they are registered. A name that was disposed of is gone."),
        (PERSON, Column("name", NAME), Column("registered_on", about=marked("the day of the registration"))),
        _registered,
        _names,
    ),
    Table(
        "seats",
        marked("Seats of the body and who holds them, anew where a political party or a bloc changes."),
        (
            PERSON,
            PARTY,
            Column("seat"),
            Column("political_party"),
            Column("bloc"),
            Column("since", about=marked("first day in the seat")),
            Column("until", about=marked("first day no longer in the seat, as decided")),
        ),
        _appointed,
        _seats,
    ),
    Table("posts", marked("The chair and the vice chairs."), (PERSON, Column("post")), alone, _posts),
    Table("experts", marked("Co-opted experts."), (PERSON, Column("field")), alone, _experts),
    Table(
        "offices",
        marked("Offices of the management group."),
        (PERSON, Column("office"), PARTY),
        _officials,
        _offices,
    ),
)
