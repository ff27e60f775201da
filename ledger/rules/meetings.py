"""What the agreement says of requesting, calling and holding meetings, act by act (section 2.3)."""

from __future__ import annotations

from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.events.groups import GroupRecommended
from ledger.events.meetings import RecommendationMade
from ledger.readings import Readings
from ledger.rules.finding import breach, cannot_tell, silent
from ledger.rules.standing import vacant_seats
from ledger.state.agreement import terms_on
from ledger.state.meetings import called_or_held, sitting
from ledger.state.read_as import of_day
from ledger.state.seats import members_on, seat_of, seats_at
from ledger.timeline import order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events.meetings import (
        MeetingCalled,
        MeetingCancelled,
        MeetingHeld,
        MeetingMoved,
        MeetingRequested,
        RecommendationAnswered,
    )
    from ledger.rules.finding import Finding
    from ledger.state.meetings import Notice, Sitting
    from ledger.state.seats import Seated
    from ledger.timeline import Timeline


def seat_of_the_chair(timeline: Timeline, on: date) -> Seated | None:
    """The seat of whoever chairs the body on a day: the regional executive board's chair (chair)."""
    terms = terms_on(timeline, on)
    region = terms.region() if terms else None
    held = seats_at(timeline, region, "board-chair") if region else ()
    now = [seat for seat in held if seat.since <= on < seat.until]
    return min(now, key=attrgetter("entry"), default=None)


def chair_on(timeline: Timeline, on: date) -> str | None:
    """Who chairs the body on a day."""
    seat = seat_of_the_chair(timeline, on)
    return seat.person if seat else None


def called_by_the_chair(called: Entry[MeetingCalled], timeline: Timeline) -> Iterator[Finding]:
    """called-by-chair (2.3): the chair answers for the call."""
    event, on = called.event, called.event.valid_on.last
    chair = chair_on(timeline, on)
    if chair is None:
        yield silent("the body has no chair on {day}; the agreement does not say who calls then", day=on)
    elif event.called_by != chair:
        yield breach("called by {person}; the chair on {day} is {chair}", person=event.called_by, day=on, chair=chair)


def held_after_a_call(held: Entry[MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """called-by-chair, agenda, notice (2.3): a meeting has been called, by the chair, with an agenda, in time."""
    meeting, day = sitting(timeline, held.event.meeting), held.event.valid_on.last
    if meeting is None:
        return
    cancelled = meeting.cancelled
    if meeting.called is None:
        yield breach("{meeting} was held on {day} without a call", meeting=meeting.meeting, day=day)
    elif cancelled is not None and order(cancelled) < order(held):
        message = "{meeting} was held on {day}, and its call had been cancelled on {cancelled}"
        yield breach(message, meeting=meeting.meeting, day=day, cancelled=cancelled.event.valid_on.last,
                     entries=(cancelled.position,))  # fmt: skip


def cancelled_before_it_is_held(cancelled: Entry[MeetingCancelled], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a meeting that was held is not cancelled afterwards."""
    meeting = sitting(timeline, cancelled.event.meeting)
    held = meeting.held if meeting else None
    if held is not None and order(held) < order(cancelled):
        message = "{meeting} is cancelled on {day}, and it was held on {held}; is it meant?"
        yield cannot_tell(message, meeting=cancelled.event.meeting, day=cancelled.event.valid_on.last,
                          held=held.event.valid_on.last, entries=(held.position,))  # fmt: skip


def agenda_is_there(called: Entry[MeetingCalled], _: Timeline) -> Iterator[Finding]:
    """agenda (2.3): the call carries an agenda of the matters to be dealt with."""
    if not called.event.agenda:
        yield breach("the call to {meeting} has no item on its agenda", meeting=called.event.meeting)


def notice_ran_in_full(sent: Entry[MeetingCalled | MeetingMoved], timeline: Timeline) -> Iterator[Finding]:
    """notice (2.3): the call is sent at least 14 days before the meeting; a new day in full notice mends one too short.

    The latest notice runs to the day the meeting was held; one before it to the day that it named.
    """
    meeting = sitting(timeline, sent.event.meeting)
    notice = next((one for one in meeting.notices if one.entry == sent.position), None) if meeting else None
    terms = terms_on(timeline, notice.sent) if notice else None
    if meeting is None or notice is None or terms is None:
        return
    day = meeting.day if notice == meeting.notice and meeting.day else notice.meets_on
    required = terms.numbers.notice_days
    days = (day - notice.sent).days
    if days >= required:
        return
    in_time = (notice.meets_on - notice.sent).days >= required  # until it was held before its day
    since = day if in_time else notice.sent
    message = "{days:day} before the meeting, not {required}: {meeting} on {day}, notice sent on {sent}"
    if days < 0:
        message = "{days:day} after the meeting, not {required} before it: {meeting} on {day}, notice sent on {sent}"
    values: dict[str, Any] = {"days": abs(days), "required": required, "meeting": meeting.meeting, "day": day}
    values["sent"] = notice.sent
    mended = _mending(timeline, meeting, notice)
    recorded = timeline.recorded(mended.entry) if mended else None
    if mended is None or recorded is None:
        yield breach(message, since=since, **values)
        return
    moved = recorded.event.valid_on  # known as loosely as it may be
    yield structs.replace(breach(message, since=since, **values), until=moved.first)
    values |= {"moved": moved.text if moved.is_loose else moved.last, "moved_to": mended.meets_on}
    message += "; mended by the move of {moved} to {moved_to}"
    found = breach(message, since=since, advisory=True, entries=(mended.entry,), **values)
    if moved.is_loose:
        yield structs.replace(found, verdict="cannot-tell", advisory=False, learnt=moved.first, until=moved.last,
                              loose=((mended.entry, moved.text),))  # fmt: skip
    yield structs.replace(found, learnt=moved.last)


def _mending(timeline: Timeline, meeting: Sitting, short: Notice) -> Notice | None:
    """The first notice after one that was too short that gave its own day in time."""
    for notice in meeting.notices[meeting.notices.index(short) + 1 :]:
        terms = terms_on(timeline, notice.sent)
        if terms is not None and (notice.meets_on - notice.sent).days >= terms.numbers.notice_days:
            return notice
    return None


def held_on_the_day_notified(held: Entry[MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """notice (2.3): a meeting is held on the day that it was called to, which a loosely known day may be."""
    meeting = sitting(timeline, held.event.meeting)
    recorded = timeline.recorded(held.position)
    if meeting is None or meeting.notice is None or recorded is None:
        return
    on, notified, known = held.event.valid_on.last, meeting.notice.meets_on, recorded.event.valid_on
    found = breach(
        "{meeting} was held on {day}, and the notice said {notified}",
        meeting=meeting.meeting,
        day=on,
        notified=notified,
        entries=(meeting.notice.entry,),
    )
    if not known.first <= notified <= known.last:
        yield found
    elif known.is_loose:
        yield structs.replace(found, verdict="cannot-tell", loose=((held.position, known.text),))


def made_on_an_item_of_a_meeting(made: Entry[RecommendationMade], timeline: Timeline) -> Iterator[Finding]:
    """recommendations (2.3): the body recommends at a meeting that it holds, on an item of its agenda."""
    event, on = made.event, made.event.valid_on.last
    meeting = called_or_held(timeline, event.meeting)
    if meeting is None:
        return  # not in the ledger: refused as a reference
    about: dict[str, Any] = {"made": event.recommendation, "meeting": event.meeting}
    rests_on = [entry.position for entry in (meeting.called, meeting.held) if entry]
    if meeting.held is None:
        message = "{made} was made at {meeting}, which is not recorded as held"
        yield breach(message, entries=tuple(rests_on), **about)
    elif (held_on := meeting.held.event.valid_on.last) > on:
        message = "{made} was made on {day} at {meeting}, which was held on {held}"
        yield breach(message, day=on, held=held_on, entries=tuple(rests_on), **about)
    if event.item not in {item.number for item in meeting.agenda}:
        message = "{made} was made on item {item}, which is not on the agenda of {meeting}"
        yield breach(message, item=event.item, entries=tuple(rests_on), **about)


def answered_by_an_addressee(answered: Entry[RecommendationAnswered], timeline: Timeline) -> Iterator[Finding]:
    """recommendations (2.3): a recommendation is answered by a party that it was addressed to."""
    event, tag = answered.event, f"recommendation:{answered.event.recommendation}"
    made: list[Entry[Any]] = [*timeline.of(RecommendationMade, tag), *timeline.of(GroupRecommended, tag)]
    if made and not any(event.party in one.event.addressees for one in made):
        yield breach(
            "{party} answered {made}, which was addressed to {addressees}",
            party=event.party,
            made=event.recommendation,
            addressees=tuple(made[0].event.addressees),
            entries=tuple(one.position for one in made),
        )


def requested_by_members(requested: Entry[MeetingRequested], timeline: Timeline) -> Iterator[Finding]:
    """requested-meeting (2.3): the chair or members request a meeting; who is not a member is not counted."""
    on = requested.event.valid_on.last
    for person in dict.fromkeys(requested.event.by):
        if seat_of(timeline, person, on) is None:
            yield breach("{person} is not a member on {day}, and is not counted", person=person, day=on)


class Weight(Struct, frozen=True):
    """How much a request weighs: how many of how many asked, whether that binds, and how a third was read."""

    count: int
    of: int
    binding: bool
    readings: Readings


def weight(requested: Entry[MeetingRequested], timeline: Timeline) -> Weight:
    """requested-meeting (2.3): the chair binds alone, or at least a third of the members, by the reading third-of."""
    on = requested.event.valid_on.last
    seated = members_on(timeline, on)
    asking = {seat.person for seat in seated} & {*requested.event.by}
    readings = of_day(timeline, on, "third-of")
    of = len(seated) + (len(list(vacant_seats(timeline, on))) if ("third-of", "seats") in readings else 0)
    terms = terms_on(timeline, on)
    enough = terms is not None and len(asking) >= Fraction(terms.numbers.request_fraction) * of
    return Weight(len(asking), of, chair_on(timeline, on) in asking or (enough and bool(asking)), readings)
