"""What should be so on a day, judged for that day alone (head, sections 2.2 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.seats import HOLDERS
from ledger.state.agreement import life, terms_on
from ledger.state.body import POSTS, board_on, posts, posts_on
from ledger.state.seats import SEATS_OF, compositions, members_on, seats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from ledger.rules.finding import Finding
    from ledger.state.seats import Seated
    from ledger.timeline import Timeline


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


def _first_day(timeline: Timeline) -> date:
    return life(timeline).in_force[0].since


def _since(timeline: Timeline, ends: Iterable[date], on: date) -> date:
    """The day from which something is missing: the last end by now, not before the first day in force."""
    return max([_first_day(timeline), *(end for end in ends if end <= on)])


def _while(timeline: Timeline, on: date, so: Callable[[tuple[Seated, ...]], bool]) -> date:
    """The first of the unbroken days up to `on` on which the body is `so`."""
    start = _first_day(timeline)
    since: date | None = start
    for composition in compositions(timeline):
        if composition.since > on:
            break
        if not so(composition.seated):
            since = None
        elif since is None:
            since = composition.since
    return max(start, since or on)


def enough_members(timeline: Timeline, on: date) -> Iterator[Finding]:
    """size (2.2): the body has at least 25 members."""
    terms = terms_on(timeline, on)
    assert terms is not None, "standing rules judge days in force"
    least, count = terms.numbers.members_min, len(members_on(timeline, on))
    if count < least:
        since = _while(timeline, on, lambda seated: len(seated) < least)
        yield breach("the body has {count} members, not at least {least}", count=count, least=least, since=since)
    else:
        yield passed("the body has {count} members, at least {least}", count=count, least=least)


def municipal_seats_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """two-per-municipality (2.2): each municipality has its board's chair and a leading opposition member there."""
    yield from _empty_seats(timeline, on, regional=False)


def region_seats_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """region-seats (2.2): the Region has appointed at least five, the board's presidium among them."""
    yield from _empty_seats(timeline, on, regional=True)


def _empty_seats(timeline: Timeline, on: date, *, regional: bool) -> Iterator[Finding]:
    terms = terms_on(timeline, on)
    assert terms is not None, "standing rules judge days in force"
    vacant = [(party, seat) for party, seat in vacant_seats(timeline, on) if (party == terms.region()) == regional]
    for party, seat in dict.fromkeys(vacant):
        ends = [one.until for one in seats(timeline) if (one.party, one.seat) == (party, seat)]
        yield breach(
            "{party} has no {seat}: {count} vacant",
            party=party,
            seat=seat,
            count=vacant.count((party, seat)),
            subject=f"seat:{party}/{seat}",
            since=_since(timeline, ends, on),
        )
    if not vacant:
        yield passed("every seat is filled")


def every_party_represented(timeline: Timeline, on: date) -> Iterator[Finding]:
    """every-board-party (2.2): each political party on the regional executive board has a member, from any party."""
    board = board_on(timeline, on)
    if board is None:
        yield cannot_tell("the composition of the regional executive board is not recorded (board-composed)")
        return
    represented = {seat.political_party for seat in members_on(timeline, on)}
    missing = [party for party, count in board.event.seats.items() if count and party not in represented]
    for party in missing:
        ends = [one.until for one in seats(timeline) if one.political_party == party]
        yield breach(
            "{party} has {count} seats on the regional executive board and no member",
            party=party,
            count=board.event.seats[party],
            since=_since(timeline, [*ends, board.event.valid_on.last], on),
            entries=(board.position,),
        )
    if not missing:
        yield passed("every political party on the board has a member", entries=(board.position,))


def mirrors_the_majority(timeline: Timeline, on: date) -> Iterator[Finding]:
    """mirrors-majority (2.2): the side with more seats on the regional executive board has more members."""
    board = board_on(timeline, on)
    if board is None:
        yield cannot_tell("the composition of the regional executive board is not recorded (board-composed)")
        return
    majority = set(board.event.majority)
    on_board = sum(count for party, count in board.event.seats.items() if party in majority)
    rest_on_board = sum(board.event.seats.values()) - on_board

    def lead(seated: tuple[Seated, ...]) -> int:
        own = sum(seat.political_party in majority for seat in seated)
        return own - (len(seated) - own) if on_board > rest_on_board else len(seated) - 2 * own

    seated = members_on(timeline, on)
    own = sum(seat.political_party in majority for seat in seated)
    sentence = (
        "{own} members of the Region's majority to {rest} others, {on_board} seats to {rest_on_board} on its board"
    )
    if on_board == rest_on_board:
        yield silent("majority and opposition have {on_board} seats each on the board", on_board=on_board)
    elif lead(seated) > 0:
        yield passed(sentence, own=own, rest=len(seated) - own, on_board=on_board, rest_on_board=rest_on_board)
    else:
        yield breach(
            sentence,
            own=own,
            rest=len(seated) - own,
            on_board=on_board,
            rest_on_board=rest_on_board,
            advisory=True,
            since=max(_while(timeline, on, lambda seated: lead(seated) <= 0), board.event.valid_on.last),
            entries=(board.position,),
        )


def posts_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """vice-chairs (2.2): with the chair, three vice chairs make the presidium."""
    held = posts_on(timeline, on)
    for post in POSTS:
        if post not in held:
            ends = [one.until for one in posts(timeline) if one.post == post]
            since = _since(timeline, ends, on)
            yield breach("nobody is {post}", post=post, subject=f"post:{post}", since=since)
        else:
            yield passed(
                "{person} is {post}",
                person=held[post].person,
                post=post,
                subject=f"post:{post}",
                entries=(held[post].entry,),
            )


def no_end_date(timeline: Timeline, on: date) -> Iterator[Finding]:
    """until-further-notice (7): the agreement has no end date of its own."""
    end = life(timeline).end
    if end is None:
        yield passed("the agreement applies until further notice on {day}", day=on)
    else:
        yield passed(
            "the agreement applies until {parties} leaves it, on {end}",
            parties=end.parties,
            end=end.on,
            entries=end.entries,
        )
