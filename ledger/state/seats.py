"""The seats of the body as intervals [since, until), their vacancies, and the regional board (section 2.2)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.seats import BoardComposed, MemberAppointed, MemberChanged, SeatVacated
from ledger.state.agreement import left_out_on, terms_on
from ledger.state.spans import spans
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.encoding import Entry
    from ledger.state.spans import Spans
    from ledger.timeline import Timeline


SEATS_OF = {
    "municipality": ("executive-chair", "opposition-leader"),
    "region": ("board-chair", "board-presidium", "board-party"),
}
SIDE_OF = {"executive-chair": "majority", "opposition-leader": "opposition"}  # municipal seat → its bloc


class Seated(Struct, frozen=True, kw_only=True):
    """A member's seat on the days [since, until). `entry` is the position of the appointment."""

    person: str
    party: str
    seat: str
    political_party: str
    bloc: str
    since: date
    until: date
    entry: int


def appointed_until(timeline: Timeline, appointed: MemberAppointed) -> date:
    """Returns the first day after an appointment: the day that it names, else the end of the term of its first day."""
    if appointed.until is not None:
        return appointed.until
    since = appointed.valid_on.last
    terms = terms_on(timeline, since)
    return terms.term_of(since)[1] if terms else date(since.year + 4, 1, 1)


@remembered
def seats(timeline: Timeline) -> tuple[Seated, ...]:
    """Returns every seat ever held, in timeline order of the appointments.

    A seat vacated before it began is left out.
    """
    held: dict[int, Seated] = {}
    for person in {entry.event.person for entry in timeline.of_any(MemberAppointed, SeatVacated)}:
        held |= _folded(timeline, person)[0]
    return tuple(held[entry.position] for entry in timeline.of(MemberAppointed) if entry.position in held)


@remembered
def seats_of_person(timeline: Timeline, person: str) -> Spans[Seated]:
    """Returns every seat that a person ever held, in timeline order. A seat vacated before it began is left out."""
    return spans(_folded(timeline, person)[0].values())


def seat_from(timeline: Timeline, person: str, entry: int) -> Seated | None:
    """Returns the seat that the appointment at a position gave a person, or None if it was vacated before it began."""
    return _folded(timeline, person)[0].get(entry)


def seats_left(timeline: Timeline, person: str) -> dict[int, int]:
    """Maps the position of each vacancy that has an effect to the position of the appointment that the vacancy ended.

    A vacancy ends the seat held on its day, else the next seat. A vacancy dated before the seat begins makes the
    appointment void, unless an annulled seat came before: then it was meant for that seat, and ends no other.
    """
    return _folded(timeline, person)[1]


@remembered
def _folded(timeline: Timeline, person: str) -> tuple[dict[int, Seated], dict[int, int]]:
    """Returns a map from positions of appointments to a person's seats, and a map from positions of vacancies to
    positions of the appointments that they ended.
    """
    tag = f"person:{person}"
    held = {
        entry.position: _seated(timeline, entry.event, entry.position) for entry in timeline.of(MemberAppointed, tag)
    }
    left: dict[int, int] = {}
    begun: list[Seated] = []  # the seats that have begun before the day, and may last beyond it
    later = deque(held.values())
    for vacated in timeline.of(SeatVacated, tag):
        on = vacated.event.valid_on.last
        while later and later[0].since < on:
            begun.append(later.popleft())
        begun = [seat for seat in begun if on < seat.until]
        if begun:
            held[begun[0].entry] = structs.replace(begun[0], until=on)
            left[vacated.position] = begun.pop(0).entry
        elif later and not _meant_for_another(_annulled_seats(timeline).get(person, ()), on, later[0]):
            left[vacated.position] = later[0].entry
            del held[later.popleft().entry]
    return held, left


def _seated(timeline: Timeline, event: MemberAppointed, position: int) -> Seated:
    """Returns the seat that an appointment gives, cut at the day on which an amendment leaves the party out."""
    until, left_out = appointed_until(timeline, event), left_out_on(timeline, event.party, event.valid_on.last)
    return Seated(
        person=event.person,
        party=event.party,
        seat=event.seat,
        political_party=event.political_party,
        bloc=event.bloc or SIDE_OF.get(event.seat, "opposition"),
        since=event.valid_on.last,
        until=min(until, left_out) if left_out else until,
        entry=position,
    )


@remembered
def _annulled_seats(timeline: Timeline) -> dict[str, list[Seated]]:
    """Maps each person to the seats of the person's annulled appointments.

    A vacancy that was meant for a seat of an annulled appointment ends no other seat.
    """
    found: dict[str, list[Seated]] = {}
    for entry in timeline.all_of(MemberAppointed):
        if entry.position in timeline.annulled_by:
            seat = _seated(timeline, entry.event, entry.position)
            found.setdefault(seat.person, []).append(seat)
    return found


def _meant_for_another(gone: Iterable[Seated], on: date, later: Seated) -> bool:
    """Returns whether a vacancy on a day was meant for an annulled seat that came before the person's next seat."""
    return any(on < one.until and one.since < later.since for one in gone)


@remembered
def seats_at(timeline: Timeline, party: str, seat: str) -> Spans[Seated]:
    """Returns every holding of a seat of a party, in timeline order."""
    own = [entry for entry in timeline.of(MemberAppointed, f"party:{party}") if entry.event.seat == seat]
    held = [seat_from(timeline, entry.event.person, entry.position) for entry in own]
    return spans(one for one in held if one is not None)


def seat_of(timeline: Timeline, person: str, on: date) -> Seated | None:
    """Returns the seat that a person holds on a day, with the details of the seat's first day, or None."""
    return seats_of_person(timeline, person).first_on(on)


class Composition(Struct, frozen=True):
    """The members from and including `since` until the next composition, ordered by position of the appointment."""

    since: date
    seated: tuple[Seated, ...]


@remembered
def compositions(timeline: Timeline) -> tuple[Composition, ...]:
    """Returns the members from each change to the next, with the political party and bloc that each member has then."""
    return _composed(seats(timeline), timeline.of(MemberChanged))


@remembered
def compositions_of(timeline: Timeline, person: str) -> tuple[Composition, ...]:
    """Returns `compositions` with one person's seats alone, which no other person's loose day can change."""
    return _composed(seats_of_person(timeline, person).known, timeline.of(MemberChanged, f"person:{person}"))


def _composed(held: Iterable[Seated], changed: Iterable[Entry[MemberChanged]]) -> tuple[Composition, ...]:
    changes: list[tuple[date, int, Seated | MemberChanged]] = []
    for seat in held:
        if seat.since < seat.until:
            changes += [(seat.until, 0, seat), (seat.since, 1, seat)]
    changes += [(entry.event.valid_on.last, 2, entry.event) for entry in changed]
    changes.sort(key=lambda change: change[:2])
    found: list[Composition] = []
    active: dict[int, Seated] = {}
    for since, group in groupby(changes, key=lambda change: change[0]):
        for _, kind, change in group:
            if isinstance(change, MemberChanged):
                active.update(_changed(active.values(), change))
            elif kind == 0:
                active.pop(change.entry, None)
            else:
                active[change.entry] = change
        found.append(Composition(since, tuple(active[entry] for entry in sorted(active))))
    return tuple(found)


def _changed(active: Iterable[Seated], change: MemberChanged) -> dict[int, Seated]:
    return {
        seat.entry: structs.replace(
            seat, political_party=change.political_party or seat.political_party, bloc=change.bloc or seat.bloc
        )
        for seat in active
        if seat.person == change.person
    }


def compositions_between(known: Sequence[Composition], since: date, until: date) -> Sequence[Composition]:
    """Returns the compositions in [since, until). The first composition is cut to begin no earlier than `since`."""
    first = bisect_right(known, since, key=attrgetter("since"))
    cut = [Composition(since, known[first - 1].seated)] if first else []
    return cut + list(known[first : bisect_left(known, until, key=attrgetter("since"))])


def members_on(timeline: Timeline, on: date) -> tuple[Seated, ...]:
    """Returns the members on a day, ordered by position of the appointment."""
    return _members(compositions(timeline), on)


def seats_held_on(timeline: Timeline, person: str, on: date) -> tuple[Seated, ...]:
    """Returns the seats in `members_on` that a person holds."""
    return _members(compositions_of(timeline, person), on)


def _members(known: Sequence[Composition], on: date) -> tuple[Seated, ...]:
    found = bisect_right(known, on, key=attrgetter("since"))
    return known[found - 1].seated if found else ()


def board_on(timeline: Timeline, on: date) -> Entry[BoardComposed] | None:
    """Returns the composition of the regional executive board on a day, or None if none is dated so early."""
    known = timeline.of(BoardComposed)
    place = bisect_right(known, on, key=attrgetter("event.valid_on.last"))
    return known[place - 1] if place else None


def vacant_seats(timeline: Timeline, on: date) -> Iterator[tuple[str, str]]:
    """Yields (party, seat) for each vacancy, the municipalities first.

    The Region has vacancies only up to its minimum number of seats (region-seats).
    """
    terms = terms_on(timeline, on)
    if terms is None:
        return
    held = [(seat.party, seat.seat) for seat in members_on(timeline, on)]
    for party in terms.municipalities():
        for seat in SEATS_OF["municipality"]:
            if (party, seat) not in held:
                yield party, seat
    region = terms.region()
    if region is not None:
        missing = []
        for seat in ("board-chair", "board-presidium"):
            missing += [(region, seat)] * max(0, HOLDERS.get(seat, 1) - held.count((region, seat)))
        filled = sum(party == region for party, _ in held) + len(missing)
        yield from missing
        yield from [(region, "board-party")] * max(0, terms.numbers.region_seats_min - filled)


HOLDERS = {"board-presidium": 2}  # the presidium has three seats: these two and the chair's (section 2.2)
