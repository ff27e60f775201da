"""What the agreement says of appointments to the body: who appoints, to which seats, how many, for how long (2.2)."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ledger.events.body import BoardComposed, MemberAppointed, MemberChanged
from ledger.rules.finding import breach, cannot_tell
from ledger.rules.reference import party_kinds
from ledger.state.agreement import life, terms_on
from ledger.state.body import board_on
from ledger.state.seats import SEATS_OF, SIDE_OF, compositions, members_on, seat_of, seats_at, seats_of_person
from ledger.timeline import derived

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.state.seats import Seated
    from ledger.timeline import Timeline

HOLDERS = {"board-presidium": 2}  # "Tre ledamöter utgörs av regionstyrelsens presidium": the chair and two more


def _own_seat(entry: Entry[MemberAppointed], timeline: Timeline) -> Seated | None:
    own = seats_of_person(timeline, entry.event.person)
    return next((seat for seat in own if seat.entry == entry.position), None)


@derived
def _crowded(timeline: Timeline) -> tuple[tuple[date, str, int, tuple[Seated, ...]], ...]:
    """The days from which more sit than the body, or the Region, may have: (since, of whom, most, members)."""
    found = []
    for since, seated in _changes(timeline):
        terms = terms_on(timeline, since)
        if terms is None:
            continue
        numbers, region = terms.numbers, terms.region()
        if len(seated) > numbers.members_max:
            found.append((since, "body", numbers.members_max, seated))
        if len(seated) > numbers.region_seats_max:
            regional = tuple(seat for seat in seated if seat.party == region)
            if len(regional) > numbers.region_seats_max:
                found.append((since, "region", numbers.region_seats_max, regional))
    return tuple(found)


def _changes(timeline: Timeline) -> list[tuple[date, tuple[Seated, ...]]]:
    """The days on which the members or the terms change, and who sits from then."""
    amended = [(one.since, members_on(timeline, one.since)) for one in life(timeline).in_force]
    changes = [(composition.since, composition.seated) for composition in compositions(timeline)]
    return sorted(changes + amended, key=itemgetter(0))


def too_many(timeline: Timeline) -> frozenset[int]:
    """The appointments by which more sit than the body, or the Region, may have on some day."""
    return frozenset(seat.entry for _, _, most, seated in _crowded(timeline) for seat in seated[most:])


def _beyond(entry: Entry[MemberAppointed], timeline: Timeline, whom: str, message: str) -> Iterator[Finding]:
    for since, of, most, seated in _crowded(timeline):
        if of == whom and any(seat.entry == entry.position for seat in seated[most:]):
            yield breach(message, day=since, count=len(seated), most=most, since=since)
            return


def not_above_the_most(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """size (2.2): the body has at most 30 members."""
    yield from _beyond(entry, timeline, "body", "the body has {count:member} on {day}, and at most {most} are allowed")


def region_not_above_the_most(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """region-seats (2.2): the Region appoints at most ten."""
    yield from _beyond(
        entry, timeline, "region", "the Region has {count:member} on {day}, and at most {most} are allowed"
    )


def seat_of_its_party(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """two-per-municipality, region-seats (2.2): who appoints, and to which seats."""
    event, on = entry.event, entry.event.valid_on.last
    terms = terms_on(timeline, on)
    if terms is None or event.party not in party_kinds(timeline):
        return
    party = terms.party(event.party)
    if party is None:
        yield breach("{party} is not a party to the agreement on {day}", party=event.party, day=on)
    elif event.seat not in SEATS_OF[party.kind]:
        yield breach("{party} has no seat {seat}; it appoints to {seats}", party=event.party, seat=event.seat,
                     seats=SEATS_OF[party.kind])  # fmt: skip


def on_the_side_of_its_seat(entry: Entry[MemberAppointed | MemberChanged], timeline: Timeline) -> Iterator[Finding]:
    """two-per-municipality (2.2): the opposition's representative is of the opposition, the board's chair is not."""
    if isinstance(entry.event, MemberAppointed):
        own = seats_of_person(timeline, entry.event.person)
        seat = next((one for one in own if one.entry == entry.position), None)
    else:
        seat = seat_of(timeline, entry.event.person, entry.event.valid_on.last)
    bloc = entry.event.bloc
    if seat is None or bloc is None or seat.seat not in SIDE_OF:
        return
    said: dict[str, Any] = {"person": seat.person, "party": seat.party, "seat": seat.seat}
    said["subject"] = f"seat:{seat.party}/{seat.seat}"
    if bloc == "none" and seat.seat == "opposition-leader":
        yield cannot_tell("{person} sits for {party} as {seat}, where there is no opposition", **said)
    elif bloc != "none" and bloc != SIDE_OF[seat.seat]:
        yield breach("{person} sits for {party} as {seat}, and is of the {bloc}", bloc=bloc, **said)


def appointed_by_an_organ_that_may(entry: Entry[MemberAppointed], _: Timeline) -> Iterator[Finding]:
    """plausible: the agreement says that a party appoints, not by which organ; its assembly or its board is likely."""
    organ = entry.event.source.organ
    if organ not in {"assembly", "executive-board"}:
        yield cannot_tell(
            "{party} appoints {person} by a decision of its {organ}, not of its assembly or executive board",
            party=entry.event.party,
            person=entry.event.person,
            organ=organ,
        )


def as_the_board_has_it(
    entry: Entry[MemberAppointed | MemberChanged | BoardComposed], timeline: Timeline
) -> Iterator[Finding]:
    """vice-chairs (2.2): a Region member is of the bloc in which the regional board has the political party.

    Of what says so on one day the entry recorded last tells it.
    """
    on = entry.event.valid_on.last
    terms, board = terms_on(timeline, on), board_on(timeline, on)
    if terms is None or board is None or not board.event.majority:
        return
    known = board.event.seats
    for seat in members_on(timeline, on):
        side = "majority" if seat.political_party in board.event.majority else "opposition"
        about = isinstance(entry.event, BoardComposed) or seat.person == entry.event.person
        wrong = seat.party == terms.region() and seat.political_party in known and seat.bloc != side
        if about and wrong and entry.position == _said_last(timeline, seat.person, board, on):
            yield breach(
                "{person} sits for political party {political_party}, which the regional executive board has in the "
                "{side}, and is entered with bloc {bloc}",
                subject=f"person:{seat.person}",
                entries=(seat.entry, board.position),
                person=seat.person,
                political_party=seat.political_party,
                side=side,
                bloc=seat.bloc,
            )


def _said_last(timeline: Timeline, person: str, board: Entry[BoardComposed], on: date) -> int:
    """The last recorded of the entries of one day that say of which bloc a person, or a political party, is."""
    tag = f"person:{person}"
    said = (board, *timeline.of(MemberAppointed, tag), *timeline.of(MemberChanged, tag))
    return max((one.position for one in said if one.event.valid_on.last == on), default=0)


def seat_is_free(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """two-per-municipality, region-seats (2.2): a seat has one holder, the presidium's two seats two."""
    seat = _own_seat(entry, timeline)
    most = HOLDERS.get(entry.event.seat, 1)
    if seat is None or seat.seat == "board-party":
        return
    others = [
        other
        for other in seats_at(timeline, seat.party, seat.seat)
        if other.entry < seat.entry and overlap(other, seat)
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
    for other in seats_of_person(timeline, entry.event.person):
        if seat is not None and other.entry < seat.entry and overlap(other, seat):
            yield breach(
                "{person} already sits for {party} as {seat} on {day}",
                person=seat.person,
                party=other.party,
                seat=other.seat,
                day=max(other.since, seat.since),
                since=max(other.since, seat.since),
                entries=(other.entry,),
            )


def overlap(one: Any, other: Any) -> bool:
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
            "until {until}, beyond the term of {years:year} that began {first_day} and ends {end}; "
            "add otherwise_decided if that was decided when appointing",
            until=event.until,
            years=terms.numbers.term_years,
            first_day=since,
            end=until,
        )
