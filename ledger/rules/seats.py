"""Rules on the body's seats: who appoints, how many, for how long, and whom they mirror (section 2.2)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from datetime import date
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ledger.events.meetings import MeetingHeld
from ledger.events.seats import BoardComposed, MemberAppointed, MemberChanged
from ledger.messages import marked
from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.obligation import Obligation, to_do
from ledger.rules.reference import party_kinds
from ledger.rules.row import Rules
from ledger.state.agreement import end_seen_on, life, proposals, terms_of_office, terms_on, version_on
from ledger.state.posts import POSTS, experts_on, posts, posts_on
from ledger.state.seats import (
    HOLDERS,
    SEATS_OF,
    SIDE_OF,
    board_on,
    compositions,
    members_on,
    seat_from,
    seat_of,
    seats_at,
    seats_held_on,
    seats_of_person,
    vacant_seats,
)
from ledger.timeline import remembered
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.state.seats import Seated
    from ledger.timeline import Timeline


@remembered
def _crowded(timeline: Timeline) -> tuple[tuple[date, str, int, tuple[Seated, ...]], ...]:
    """Returns (since, `body` or `region`, maximum, members) for each day from which there are too many members."""
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


@remembered
def _first_crowded(timeline: Timeline) -> dict[tuple[str, int], tuple[date, int, int]]:
    """Maps (`body` or `region`, position) of each appointment beyond a maximum to (day, members, maximum) of the first
    day beyond it.
    """
    found: dict[tuple[str, int], tuple[date, int, int]] = {}
    for since, whom, most, seated in _crowded(timeline):
        for seat in seated[most:]:
            found.setdefault((whom, seat.entry), (since, len(seated), most))
    return found


def _changes(timeline: Timeline) -> list[tuple[date, tuple[Seated, ...]]]:
    """Returns the days on which the members or the terms change, each with the members from that day on."""
    amended = [(one.since, members_on(timeline, one.since)) for one in life(timeline).in_force]
    changes = [(composition.since, composition.seated) for composition in compositions(timeline)]
    return sorted(changes + amended, key=itemgetter(0))


def too_many(timeline: Timeline) -> frozenset[int]:
    """Returns the positions of the appointments that exceed the maximum of the body, or of the Region, on some day."""
    return frozenset(entry for _, entry in _first_crowded(timeline))


def _beyond(entry: Entry[MemberAppointed], timeline: Timeline, whom: str, message: str) -> Iterator[Finding]:
    """Yields a breach if an appointment exceeds the maximum of the body or of the Region on some day.

    The breach begins on the first day with too many members.
    """
    found = _first_crowded(timeline).get((whom, entry.position))
    if found is not None:
        since, count, most = found
        yield breach(message, day=since, count=count, most=most, since=since)


def not_above_the_most(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """size (2.2): the body has at most 30 members."""
    yield from _beyond(
        entry, timeline, "body", marked("the body has {count:member} on {day}, and at most {most} are allowed")
    )


def region_not_above_the_most(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """region-seats (2.2): the Region appoints at most ten members."""
    yield from _beyond(
        entry, timeline, "region", marked("the Region has {count:member} on {day}, and at most {most} are allowed")
    )


def seat_of_its_party(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """two-per-municipality, region-seats (2.2): a party appoints only to the seats of its kind of party."""
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
    """two-per-municipality (2.2): the opposition's representative is of the opposition; the board's chair is not."""
    if isinstance(entry.event, MemberAppointed):
        seat = seat_from(timeline, entry.event.person, entry.position)
    else:
        seat = seat_of(timeline, entry.event.person, entry.event.valid_on.last)
    bloc = entry.event.bloc
    if seat is None or bloc is None or seat.seat not in SIDE_OF:
        return
    said: dict[str, Any] = {"person": seat.person, "party": seat.party, "seat": seat.seat}
    said["subject"] = f"seat:{seat.party}/{seat.seat}"
    if bloc == "none" and seat.seat == "opposition-leader":
        yield cannot_tell("{person:who} sits for {party} as {seat}, where there is no opposition", **said)
    elif bloc != "none" and bloc != SIDE_OF[seat.seat]:
        yield breach("{person:who} sits for {party} as {seat}, and is of the {bloc}", bloc=bloc, **said)


def appointed_by_an_organ_that_may(entry: Entry[MemberAppointed], _: Timeline) -> Iterator[Finding]:
    """plausible: a member is appointed by the party's assembly or executive board.

    The agreement does not say which organ of a party appoints members.
    """
    organ = entry.event.source.organ
    if organ not in {"assembly", "executive-board"}:
        yield cannot_tell(
            "{party} appoints {person:who} by a decision of its {organ}, not of its assembly or executive board",
            party=entry.event.party,
            person=entry.event.person,
            organ=organ,
        )


def as_the_board_has_it(
    entry: Entry[MemberAppointed | MemberChanged | BoardComposed], timeline: Timeline
) -> Iterator[Finding]:
    """vice-chairs (2.2): a Region member has the bloc of the member's political party on the regional board.

    If several entries of one day conflict, the finding is on the entry that was recorded last.
    """
    on = entry.event.valid_on.last
    terms, board = terms_on(timeline, on), board_on(timeline, on)
    if terms is None or board is None or not board.event.majority:
        return
    known, region = board.event.seats, terms.region()
    event = entry.event
    seated = members_on(timeline, on) if isinstance(event, BoardComposed) else seats_held_on(timeline, event.person, on)
    for seat in seated:
        side = "majority" if seat.political_party in board.event.majority else "opposition"
        wrong = seat.party == region and seat.political_party in known and seat.bloc != side
        if wrong and entry.position == _said_last(timeline, seat.person, board, on):
            yield breach(
                "{person:who} sits for political party {political_party}, which is in the {side} on the regional "
                "executive board, but is recorded with bloc {bloc}",
                subject=f"person:{seat.person}",
                entries=(seat.entry, board.position),
                person=seat.person,
                political_party=seat.political_party,
                side=side,
                bloc=seat.bloc,
            )


def _said_last(timeline: Timeline, person: str, board: Entry[BoardComposed], on: date) -> int:
    """Returns the position of a day's last recorded entry that gives a person's bloc, or the majority on the board.

    Returns 0 if no entry of the day gives a bloc or a majority.
    """
    tag = f"person:{person}"
    said: list[Entry[Any]] = [board] if board.event.valid_on.last == on else []
    for own in (timeline.of(MemberAppointed, tag), timeline.of(MemberChanged, tag)):
        said += own[bisect_left(own, on, key=_last) : bisect_right(own, on, key=_last)]
    return max((one.position for one in said), default=0)


def _last(entry: Entry[Any]) -> date:
    on: date = entry.event.valid_on.last
    return on


def seat_is_free(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """two-per-municipality, region-seats (2.2): a seat has one holder, and the seat `board-presidium` has two."""
    seat = seat_from(timeline, entry.event.person, entry.position)
    most = HOLDERS.get(entry.event.seat, 1)
    if seat is None or seat.seat == "board-party":
        return
    beside = seats_at(timeline, seat.party, seat.seat).overlapping(seat)
    others = [other for other in beside if other.entry < seat.entry]
    for day in sorted({max(other.since, seat.since) for other in others}):
        holders = [other for other in others if other.since <= day < other.until]
        if len(holders) >= most:
            yield breach(
                "{party} has {most} {seat}, and on {day} that is {holders:who}",
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
    """two-per-municipality, region-seats (2.2): a person holds only one seat at a time."""
    seat = seat_from(timeline, entry.event.person, entry.position)
    for other in seats_of_person(timeline, entry.event.person).overlapping(seat) if seat else ():
        if seat is not None and other.entry < seat.entry:
            yield breach(
                "{person:who} already sits for {party} as {seat} on {day}",
                person=seat.person,
                party=other.party,
                seat=other.seat,
                day=max(other.since, seat.since),
                since=max(other.since, seat.since),
                entries=(other.entry,),
            )


def not_beyond_the_term(entry: Entry[MemberAppointed], timeline: Timeline) -> Iterator[Finding]:
    """term (2.2): a member sits for at most four years, unless decided otherwise when appointed."""
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


@remembered
def _turns(timeline: Timeline) -> tuple[date, ...]:
    """Returns, in order, the days in force on which the answer of a standing rule of this module can change."""
    in_force = life(timeline).in_force
    days = {
        *(one.since for one in in_force),
        *(composition.since for composition in compositions(timeline)),
        *(day for post in posts(timeline) for day in (post.since, post.until)),
        *(entry.event.valid_on.last for entry in timeline.of(BoardComposed)),
    }
    return tuple(sorted(day for day in days if in_force and day >= in_force[0].since))


def unbroken_since(timeline: Timeline, on: date, so: Callable[[date], bool]) -> date:
    """Returns the first day of the unbroken run of days in force, up to `on`, on which `so` holds.

    Returns `on` itself if `so` did not hold on the latest day of change.
    """
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
        since = unbroken_since(timeline, on, lambda day: lacking(day) > 0)
        yield breach("the body has {count:member}, not at least {least}", count=count, least=least, since=since)
    else:
        yield passed("the body has {count:member}, at least {least}", count=count, least=least)


def municipal_seats_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """two-per-municipality (2.2): each municipality has its board's chair and an opposition leader in the body."""
    yield from _empty_seats(timeline, on, regional=False)


def region_seats_filled(timeline: Timeline, on: date) -> Iterator[Finding]:
    """region-seats (2.2): the Region has appointed at least five members, with the board's presidium among them."""
    yield from _empty_seats(timeline, on, regional=True)


def _empty_seats(timeline: Timeline, on: date, *, regional: bool) -> Iterator[Finding]:
    """Yields a breach for each vacant seat of the Region, or of the municipalities; a pass if there is none."""
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
            since=unbroken_since(timeline, on, partial(_is_empty, timeline, (party, seat), count)),
        )
    if not vacant:
        yield passed("every seat is filled")


def _is_empty(timeline: Timeline, place: tuple[str, str], count: int, on: date) -> bool:
    return [*vacant_seats(timeline, on)].count(place) >= count


def every_party_represented(timeline: Timeline, on: date) -> Iterator[Finding]:
    """every-board-party (2.2): each political party on the regional board has a member, whichever party appoints."""
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
            since=unbroken_since(timeline, on, partial(_is_unrepresented, timeline, party)),
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
    """mirrors-majority (2.2): the side with more seats on the regional executive board has more members in the body."""
    board = board_on(timeline, on)
    if board is None:
        yield cannot_tell("the composition of the regional executive board is not recorded (board-composed)")
        return
    own, rest, on_board, rest_on_board = sides = _sides(timeline, on)
    sentence = marked(
        "{own:member} of the Region's majority to {rest:other}, {on_board:seat} to {rest_on_board} on its board"
    )
    values: dict[str, Any] = {"own": own, "rest": rest, "on_board": on_board, "rest_on_board": rest_on_board}
    if on_board == rest_on_board:
        yield silent("majority and opposition have {on_board:seat} each on the board", on_board=on_board)
    elif not _lopsided(*sides):
        yield passed(sentence, entries=(board.position,), **values)
    else:
        since = unbroken_since(timeline, on, lambda day: _lopsided(*_sides(timeline, day)))
        yield breach(sentence, advisory=True, since=since, entries=(board.position,), **values)


def _sides(timeline: Timeline, on: date) -> tuple[int, int, int, int]:
    """Returns counts: members of the Region's majority, other members, board seats of the majority, other seats."""
    board = board_on(timeline, on)
    seats, majority = (board.event.seats, board.event.majority) if board else ({}, ())
    members = members_on(timeline, on)
    own = sum(seat.political_party in majority for seat in members)
    on_board = sum(count for party, count in seats.items() if party in majority)
    return own, len(members) - own, on_board, sum(seats.values()) - on_board


def _lopsided(own: int, rest: int, on_board: int, rest_on_board: int) -> bool:
    """Returns whether the side with more seats on the board does not have more members in the body."""
    return own <= rest if on_board > rest_on_board else rest <= own if on_board < rest_on_board else False


def attached(timeline: Timeline, on: date) -> Iterator[Finding]:
    """attached-to-board (2.2): the body is attached to the regional executive board."""
    version, terms = version_on(timeline, on), terms_on(timeline, on)
    region = terms.party(terms.region() or "") if terms else None
    if version is not None and region is not None:
        entries = (proposals(timeline)[version].position,)
        yield passed("the body is attached to {board}", entries=entries, board=region.executive_board)


def only_members_present(entry: Entry[MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """no-substitutes (2.2): members have no substitutes, so each person present as a member is a member that day."""
    on = entry.event.valid_on.last
    for person in dict.fromkeys((*entry.event.present, entry.event.chaired_by)):
        if seat_of(timeline, person, on) is None:
            yield breach("{person:who} was present as a member, but is not a member on {day}", person=person, day=on)


def terms_end(timeline: Timeline, on: date, until: date) -> Iterator[Obligation]:
    """term (2.2): when a term ends, its seats and posts become empty and are to be filled for the next term."""
    for since, end in terms_ending(timeline, on, until):
        seats = len(list(vacant_seats(timeline, end)))
        posts = sum(post not in posts_on(timeline, end) for post in POSTS)
        if seats or posts:
            message = marked("fill {seats:seat} and {posts:post} for the term from {day}")
            what = to_do(message, seats=seats, posts=posts, day=end)
            yield Obligation(due=end - DAY, to_do=what, provision="term", subject=term_subject(since))


def terms_ending(timeline: Timeline, on: date, until: date) -> Iterator[tuple[date, date]]:
    """Yields the terms of office, [since, end), whose last day is from `on` to `until`, while the agreement lasts."""
    ended = end_seen_on(timeline, on)
    for since, end in terms_of_office(timeline, on, until):
        if end - DAY <= until and version_on(timeline, end) and (ended is None or end < ended.on):
            yield since, end


def term_subject(since: date) -> str:
    """Returns the subject of the term of office that begins on `since`, such as `term:2023`."""
    return f"term:{since.year}"


def some_leave_before(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """term, vice-chairs, experts (2.2): a successor follows a member, vice chair or expert who leaves early."""
    terms, ended = terms_on(timeline, on), end_seen_on(timeline, on)
    if terms is None or version_on(timeline, on) is None:
        return
    last = ended.on if ended else date.max
    end = min(terms.term_of(on)[1], last)
    for seat in members_on(timeline, on):
        if seat.until < end and (seat.party, seat.seat) in vacant_seats(timeline, seat.until):
            yield Obligation(
                due=seat.until - DAY,
                to_do=to_do(
                    "appoint {party}'s {seat}: {person:who} leaves it",
                    party=seat.party,
                    seat=seat.seat,
                    person=seat.person,
                ),
                provision="term",
                subject=f"seat:{seat.party}/{seat.seat}",
                entries=(seat.entry,),
            )
    for post in posts_on(timeline, on).values():
        if post.until < end and post.post not in posts_on(timeline, post.until):
            yield Obligation(
                due=post.until - DAY,
                to_do=to_do("appoint a {post}: {person:who} leaves it", post=post.post, person=post.person),
                provision="vice-chairs",
                subject=f"post:{post.post}",
                entries=(post.entry,),
            )
    for expert in experts_on(timeline, on):
        if expert.until is not None and expert.until < last:
            yield Obligation(
                due=expert.until - DAY,
                to_do=to_do("co-opt {person:who} again, or let the co-option end", person=expert.person),
                provision="experts",
                subject=f"person:{expert.person}",
                entries=(expert.entry,),
            )


RULES = Rules(
    forbids=(
        ("size", not_above_the_most, (MemberAppointed,)),
        ("two-per-municipality", seat_of_its_party, (MemberAppointed,)),
        ("two-per-municipality", seat_is_free, (MemberAppointed,)),
        ("two-per-municipality", one_seat_each, (MemberAppointed,)),
        ("region-seats", seat_of_its_party, (MemberAppointed,)),
        ("region-seats", seat_is_free, (MemberAppointed,)),
        ("region-seats", one_seat_each, (MemberAppointed,)),
        ("region-seats", region_not_above_the_most, (MemberAppointed,)),
        ("term", not_beyond_the_term, (MemberAppointed,)),
    ),
    flags=(
        ("plausible", appointed_by_an_organ_that_may, (MemberAppointed,)),
        ("two-per-municipality", on_the_side_of_its_seat, (MemberAppointed, MemberChanged)),
        ("vice-chairs", as_the_board_has_it, (MemberAppointed, MemberChanged, BoardComposed)),
        ("no-substitutes", only_members_present, (MeetingHeld,)),
    ),
    standing=(
        ("size", enough_members),
        ("two-per-municipality", municipal_seats_filled),
        ("region-seats", region_seats_filled),
        ("every-board-party", every_party_represented),
        ("mirrors-majority", mirrors_the_majority),
    ),
    derived=(("attached-to-board", attached),),
    subjects={MemberAppointed: "seat:{0.party}/{0.seat}"},
    applies={
        "two-per-municipality": {MemberAppointed: lambda appointed: appointed.seat not in SEATS_OF["region"]},
        "region-seats": {MemberAppointed: lambda appointed: appointed.seat in SEATS_OF["region"]},
    },
    open=dict.fromkeys(("two-per-municipality", "region-seats"), marked("appoint {party}'s {seat}: {count} vacant")),
    obligations=(terms_end, some_leave_before),
)
