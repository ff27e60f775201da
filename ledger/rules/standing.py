"""What should be so on a day, judged for that day alone (head, sections 2.2 and 7)."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from ledger.events.body import BoardComposed
from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.seats import HOLDERS
from ledger.state.agreement import end_seen_on, life, terms_on
from ledger.state.body import POSTS, board_on, holders_on, posts, posts_on
from ledger.state.read_as import of_end
from ledger.state.seats import SEATS_OF, compositions, members_on
from ledger.timeline import derived

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

NOBODY = {  # what is said of a post without a holder, and who does what about it
    "region-vice-chair": "nobody is {post}; the Region appoints one among its opposition members",
    "first-vice-chair": "nobody is {post}; the municipalities appoint one among their majority members",
    "municipal-vice-chair": "nobody is {post}; the municipalities appoint one among their opposition members",
}


def vacant_seats(timeline: Timeline, on: date) -> Iterator[tuple[str, str]]:
    """(party, seat) of each vacancy, municipalities first; the Region's up to its least number (region-seats)."""
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


@derived
def _turns(timeline: Timeline) -> tuple[date, ...]:
    """The days in force on which what the rules below look at may become another, in order."""
    in_force = life(timeline).in_force
    days = {
        *(one.since for one in in_force),
        *(composition.since for composition in compositions(timeline)),
        *(day for post in posts(timeline) for day in (post.since, post.until)),
        *(entry.event.valid_on.last for entry in timeline.of(BoardComposed)),
    }
    return tuple(sorted(day for day in days if in_force and day >= in_force[0].since))


def _since(timeline: Timeline, on: date, so: Callable[[date], bool]) -> date:
    """The first of the unbroken days in force up to `on` on which it is `so`."""
    since = on
    turns = _turns(timeline)
    for day in reversed(turns[: bisect_right(turns, on)]):
        if not so(day):
            break
        since = day
    return since


def enough_members(timeline: Timeline, on: date) -> Iterator[Finding]:
    """size (2.2): the body has at least 25 members."""

    def lacking(day: date) -> int:
        terms = terms_on(timeline, day)
        return terms.numbers.members_min - len(members_on(timeline, day)) if terms else 0

    count = len(members_on(timeline, on))
    least = count + lacking(on)
    if count < least:
        since = _since(timeline, on, lambda day: lacking(day) > 0)
        yield breach("the body has {count:member}, not at least {least}", count=count, least=least, since=since)
    else:
        yield passed("the body has {count:member}, at least {least}", count=count, least=least)


def municipal_seats_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """two-per-municipality (2.2): each municipality has its board's chair and a leading opposition member there."""
    yield from _empty_seats(timeline, on, regional=False)


def region_seats_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """region-seats (2.2): the Region has appointed at least five, the board's presidium among them."""
    yield from _empty_seats(timeline, on, regional=True)


def _empty_seats(timeline: Timeline, on: date, *, regional: bool) -> Iterator[Finding]:
    terms = terms_on(timeline, on)
    region = terms.region() if terms else None
    vacant = Counter(place for place in vacant_seats(timeline, on) if (place[0] == region) == regional)
    for (party, seat), count in vacant.items():
        yield breach(
            "{party} has no {seat}: {count} vacant; member-appointed records who takes it",
            party=party,
            seat=seat,
            count=count,
            subject=f"seat:{party}/{seat}",
            since=_since(timeline, on, partial(_is_empty, timeline, (party, seat), count)),
        )
    if not vacant:
        yield passed("every seat is filled")


def _is_empty(timeline: Timeline, place: tuple[str, str], count: int, on: date) -> bool:
    return [*vacant_seats(timeline, on)].count(place) >= count


def every_party_represented(timeline: Timeline, on: date) -> Iterator[Finding]:
    """every-board-party (2.2): each political party on the regional executive board has a member, from any party."""
    board = board_on(timeline, on)
    if board is None:
        yield cannot_tell("the composition of the regional executive board is not recorded (board-composed)")
        return
    missing = _unrepresented(timeline, on)
    for party in missing:
        yield breach(
            "{party} has {count:seat} on the regional executive board and no member",
            party=party,
            count=board.event.seats[party],
            since=_since(timeline, on, partial(_is_unrepresented, timeline, party)),
            entries=(board.position,),
        )
    if not missing:
        yield passed("every political party on the board has a member", entries=(board.position,))


def _unrepresented(timeline: Timeline, on: date) -> list[str]:
    board = board_on(timeline, on)
    seats = board.event.seats if board else {}
    represented = {seat.political_party for seat in members_on(timeline, on)}
    return sorted(party for party, count in seats.items() if count and party not in represented)


def _is_unrepresented(timeline: Timeline, party: str, on: date) -> bool:
    return party in _unrepresented(timeline, on)


def mirrors_the_majority(timeline: Timeline, on: date) -> Iterator[Finding]:
    """mirrors-majority (2.2): the side with more seats on the regional executive board has more members."""
    board = board_on(timeline, on)
    if board is None:
        yield cannot_tell("the composition of the regional executive board is not recorded (board-composed)")
        return
    own, rest, on_board, rest_on_board = sides = _sides(timeline, on)
    sentence = "{own:member} of the Region's majority to {rest:other}, {on_board:seat} to {rest_on_board} on its board"
    values: dict[str, Any] = {"own": own, "rest": rest, "on_board": on_board, "rest_on_board": rest_on_board}
    if on_board == rest_on_board:
        yield silent("majority and opposition have {on_board:seat} each on the board", on_board=on_board)
    elif not _lopsided(*sides):
        yield passed(sentence, entries=(board.position,), **values)
    else:
        since = _since(timeline, on, lambda day: _lopsided(*_sides(timeline, day)))
        yield breach(sentence, advisory=True, since=since, entries=(board.position,), **values)


def _sides(timeline: Timeline, on: date) -> tuple[int, int, int, int]:
    """Members of the Region's majority, other members, the majority's seats on the board, the others' seats there."""
    board = board_on(timeline, on)
    seats, majority = (board.event.seats, board.event.majority) if board else ({}, ())
    members = members_on(timeline, on)
    own = sum(seat.political_party in majority for seat in members)
    on_board = sum(count for party, count in seats.items() if party in majority)
    return own, len(members) - own, on_board, sum(seats.values()) - on_board


def _lopsided(own: int, rest: int, on_board: int, rest_on_board: int) -> bool:
    return own <= rest if on_board > rest_on_board else rest <= own if on_board < rest_on_board else False


def posts_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """vice-chairs (2.2): with the chair, three vice chairs make the presidium."""
    for post in POSTS:
        held = [one for one in holders_on(timeline, on) if one.post == post]
        if not held:
            since = _since(timeline, on, partial(_is_free, timeline, post))
            yield breach(NOBODY[post], post=post, subject=f"post:{post}", since=since)
        else:
            persons = tuple(one.person for one in held)
            yield passed(
                "{person} is {post}" if len(held) == 1 else "{person} are each {post}",
                person=persons[0] if len(held) == 1 else persons,
                post=post,
                subject=f"post:{post}",
                entries=tuple(one.entry for one in held),
            )


def _is_free(timeline: Timeline, post: str, on: date) -> bool:
    return post not in posts_on(timeline, on)


def no_end_date(timeline: Timeline, on: date) -> Iterator[Finding]:
    """until-further-notice (7): the agreement has no end date of its own."""
    end = end_seen_on(timeline, on)
    if end is None:
        yield passed("the agreement applies until further notice on {day}", day=on)
    else:
        yield passed(
            "the agreement applies until {parties} leaves it, on {end}",
            parties=end.parties,
            end=end.on,
            entries=end.entries,
            readings=of_end(timeline, end),
        )
