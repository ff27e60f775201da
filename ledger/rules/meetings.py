"""Rules on meetings: requested, called and held, how many, and what they recommend (section 2.3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events.groups import GroupRecommended
from ledger.events.meetings import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingRequested,
    RecommendationAnswered,
    RecommendationMade,
    ReservationEntered,
)
from ledger.messages import marked, phrase
from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.obligation import Obligation, to_do
from ledger.rules.row import Rules
from ledger.state import read_as
from ledger.state.agreement import end_seen_on, life, terms_on, version_on
from ledger.state.meetings import (
    Meeting,
    answer_on,
    called_or_held,
    counted,
    is_extra,
    meetings,
    meetings_on,
    sitting,
    weight,
)
from ledger.state.posts import chair_on
from ledger.state.seats import seat_of
from ledger.timeline import order, past, remembered
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.state.meetings import Notice, Sitting
    from ledger.timeline import Timeline


def called_by_the_chair(called: Entry[MeetingCalled], timeline: Timeline) -> Iterator[Finding]:
    """called-by-chair (2.3): the chair of the body calls the meeting."""
    event, on = called.event, called.event.valid_on.last
    chair = chair_on(timeline, on)
    if chair is None:
        yield silent("the body has no chair on {day}; the agreement does not say who calls then", day=on)
    elif event.called_by != chair:
        message = marked("called by {person:who}; the chair on {day} is {chair:who}")
        yield breach(message, person=event.called_by, day=on, chair=chair)


def held_after_a_call(held: Entry[MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """called-by-chair, agenda, notice (2.3): a meeting is held only after a call that has not been cancelled."""
    meeting, day = sitting(timeline, held.event.meeting), held.event.valid_on.last
    assert meeting is not None, "it was held"
    cancelled = meeting.cancelled
    if meeting.called is None:
        yield breach("{meeting} was held on {day} without a call", meeting=meeting.meeting, day=day)
    elif cancelled is not None and order(cancelled) < order(held):
        message = marked("{meeting} was held on {day}, and its call had been cancelled on {cancelled}")
        yield breach(message, meeting=meeting.meeting, day=day, cancelled=cancelled.event.valid_on.last,
                     entries=(cancelled.position,))  # fmt: skip


def cancelled_before_it_is_held(cancelled: Entry[MeetingCancelled], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a meeting is not cancelled after it was held."""
    meeting = sitting(timeline, cancelled.event.meeting)
    held = meeting.held if meeting else None
    if held is not None and order(held) < order(cancelled):
        message = marked("{meeting} is cancelled on {day}, and it was held on {held}; is that intended?")
        yield cannot_tell(message, meeting=cancelled.event.meeting, day=cancelled.event.valid_on.last,
                          held=held.event.valid_on.last, entries=(held.position,))  # fmt: skip


def agenda_is_there(called: Entry[MeetingCalled], _: Timeline) -> Iterator[Finding]:
    """agenda (2.3): the call carries an agenda with at least one item."""
    if not called.event.agenda:
        yield breach("the call to {meeting} has no item on its agenda", meeting=called.event.meeting)


def notice_ran_in_full(sent: Entry[MeetingCalled | MeetingMoved], timeline: Timeline) -> Iterator[Finding]:
    """notice (2.3): a notice is sent at least 14 days before the meeting.

    If a notice is sent too late, the breach becomes advisory once a later notice of the meeting is sent in time. The
    notice period of the latest notice runs to the day the meeting was held, and that of an earlier notice to the day
    that the earlier notice named.
    """
    meeting = sitting(timeline, sent.event.meeting)
    notice = next((one for one in meeting.notices if one.entry == sent.position), None) if meeting else None
    required = _required(timeline, notice.sent) if notice else None
    if meeting is None or notice is None or required is None:
        return
    day = meeting.day if notice == meeting.notice and meeting.day else notice.meets_on
    days = (day - notice.sent).days
    if days >= required:
        return
    in_time = (notice.meets_on - notice.sent).days >= required  # if true, only an early meeting made the notice short
    since = day if in_time else notice.sent
    message = marked("{days:day} before the meeting, not {required}: {meeting} on {day}, notice sent on {sent}")
    if days < 0:
        message = marked(
            "{days:day} after the meeting, not {required} before it: {meeting} on {day}, notice sent on {sent}"
        )
    values: dict[str, Any] = {"days": abs(days), "required": required, "meeting": meeting.meeting, "day": day}
    values["sent"] = notice.sent
    mended = _mending(timeline, meeting, notice)
    recorded = timeline.recorded(mended.entry) if mended else None
    if mended is None or recorded is None:
        yield breach(message, since=since, **values)
        return
    moved = recorded.event.valid_on  # the valid day of the move as recorded, which may be loose
    yield structs.replace(breach(message, since=since, **values), until=moved.first)
    values |= {"moved": moved.text if moved.is_loose else moved.last, "moved_to": mended.meets_on}
    message = marked(
        "{days:day} before the meeting, not {required}: {meeting} on {day}, notice sent on {sent}; mended by the move "
        "of {moved} to {moved_to}"
    )
    if days < 0:
        message = marked(
            "{days:day} after the meeting, not {required} before it: {meeting} on {day}, notice sent on {sent}; mended "
            "by the move of {moved} to {moved_to}"
        )
    found = breach(message, since=since, advisory=True, entries=(mended.entry,), **values)
    if moved.is_loose:
        yield structs.replace(found, verdict="cannot-tell", advisory=False, learnt=moved.first, until=moved.last,
                              loose=((mended.entry, moved.text),))  # fmt: skip
    yield structs.replace(found, learnt=moved.last)


def _mending(timeline: Timeline, meeting: Sitting, short: Notice) -> Notice | None:
    """Returns the first notice after `short` that was sent in time for the day it names, or None if there is none."""
    for notice in meeting.notices[meeting.notices.index(short) + 1 :]:
        required = _required(timeline, notice.sent)
        if required is not None and (notice.meets_on - notice.sent).days >= required:
            return notice
    return None


def _required(timeline: Timeline, sent: date) -> int | None:
    """Returns how many days before the meeting a notice sent on a day must go out, or None if no terms apply."""
    terms = terms_on(timeline, sent)
    return None if terms is None else terms.numbers.notice_days


def last_day_to_send(timeline: Timeline, meets_on: date) -> date | None:
    """Returns the last day on which a notice of a meeting on `meets_on` is in time, or None if there are no terms.

    If an amendment requires a longer notice period, the last day can be the day before the amendment begins.
    """
    begins = [one.since for one in life(timeline).in_force]
    asked = {_required(timeline, day) for day in (meets_on, *begins)} - {None}
    since = (meets_on - date.min).days
    days = {meets_on - timedelta(days=one) for one in asked if one is not None and one <= since}
    days |= {day - DAY for day in begins if day <= meets_on}
    in_time = [day for day in days if (meets_on - day).days >= (_required(timeline, day) or 0)]
    return max(in_time, default=None) if asked else None


def held_on_the_day_notified(held: Entry[MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """notice (2.3): a meeting is held on the day of its latest notice.

    If the day the meeting was held is recorded loosely and may be the notified day, the verdict is cannot-tell.
    """
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
    """recommendations (2.3): a recommendation is made at a meeting of the body, on an item of the meeting's agenda.

    The meeting must have been held on or before the day of the recommendation.
    """
    event, on = made.event, made.event.valid_on.last
    meeting = called_or_held(timeline, event.meeting)
    if meeting is None:
        return  # a meeting not in the ledger is refused by a reference rule
    about: dict[str, Any] = {"made": event.recommendation, "meeting": event.meeting}
    rests_on = [entry.position for entry in (meeting.called, meeting.held) if entry]
    if meeting.held is None:
        message = marked("{made} was made at {meeting}, which is not recorded as held")
        yield breach(message, entries=tuple(rests_on), **about)
    elif (held_on := meeting.held.event.valid_on.last) > on:
        message = marked("{made} was made on {day} at {meeting}, which was held on {held}")
        yield breach(message, day=on, held=held_on, entries=tuple(rests_on), **about)
    if event.item not in {item.number for item in meeting.agenda}:
        message = marked("{made} was made on item {item}, which is not on the agenda of {meeting}")
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
    """requested-meeting (2.3): members request a meeting. A requester who is not a member is not counted."""
    on = requested.event.valid_on.last
    for person in dict.fromkeys(requested.event.by):
        if seat_of(timeline, person, on) is None:
            yield breach("{person:who} is not a member on {day}, and is not counted", person=person, day=on)


def answered(timeline: Timeline, on: date) -> Iterator[Finding]:
    """recommendations (2.3): the body makes recommendations to the Region and the municipalities.

    The finding gives the answers of the addressees, and the addressees that have not answered yet.
    """
    then = past(timeline, on)
    for recommendation in dict.fromkeys(made.event.recommendation for made in then.of(RecommendationMade)):
        yield from _answers(then, recommendation)


@remembered
def _answers(then: Timeline, recommendation: str) -> tuple[Finding, ...]:
    """Returns the finding on each entry that makes a recommendation: most often one."""
    found = []
    for made in then.of(RecommendationMade, f"recommendation:{recommendation}"):
        given = {party: answer_on(then, recommendation, party, date.max) for party in made.event.addressees}
        answers = tuple(
            phrase("{party} {answer}", party=party, answer=one.event.answer) for party, one in given.items() if one
        )
        missing = tuple(party for party, one in given.items() if one is None)
        message = marked("{made}: {answers}; no answer yet from {missing}")
        if not missing:
            message = marked("{made}: {answers}")
        elif not answers:
            message = marked("{made}: no answer yet from {missing}")
        values: dict[str, Any] = {"made": recommendation}
        values |= ({"answers": answers} if answers else {}) | ({"missing": missing} if missing else {})
        entries = (made.position, *(one.position for one in given.values() if one))
        found.append(passed(message, subject=f"recommendation:{recommendation}", since=made.event.valid_on.last,
                            entries=entries, **values))  # fmt: skip
    return tuple(found)


CONSENSUS = {  # (whether there was consensus, or a named dissent; whether anyone entered a reservation) → the message
    ("yes", False): marked("{made} was made by consensus"),
    ("yes", True): marked("{made} was made by consensus; reservations by {reserved:who}"),
    ("no", False): marked("{made} was made without consensus; who dissented is not recorded"),
    ("no", True): marked(
        "{made} was made without consensus; who dissented is not recorded; reservations by {reserved:who}"
    ),
    ("dissent", False): marked("{made} was made without consensus: {dissent:who} dissented"),
    ("dissent", True): marked(
        "{made} was made without consensus: {dissent:who} dissented; reservations by {reserved:who}"
    ),
}


def by_consensus(timeline: Timeline, on: date) -> Iterator[Finding]:
    """consensus (2.3): the body strives for consensus. A recommendation without consensus is no breach."""
    for made in timeline.of(RecommendationMade):
        event, day = made.event, made.event.valid_on.last
        if day > on:
            continue
        values: dict[str, Any] = {"made": event.recommendation}
        values |= {"dissent": event.dissent} if event.dissent else {}
        reserved = [
            one
            for one in timeline.of(ReservationEntered, f"meeting:{event.meeting}")
            if one.event.item == event.item and one.event.valid_on.last <= on
        ]
        if reserved:
            values["reserved"] = tuple(dict.fromkeys(one.event.person for one in reserved))
        entries = (made.position, *(one.position for one in reserved))
        subject = f"recommendation:{event.recommendation}"
        consensus = "dissent" if event.dissent else "yes" if event.consensus else "no"
        yield passed(CONSENSUS[consensus, bool(reserved)], subject=subject, since=day, entries=entries, **values)


def six_meetings(timeline: Timeline, on: date) -> Iterator[Finding]:
    """six-meetings (2.3): the body holds at least six meetings a year.

    A year is judged from 1 January of the next year on, if the agreement was in force throughout the year.
    """
    known = life(timeline)
    last = min(on, known.end.on - DAY) if known.end else on
    for year in range(known.in_force[0].since.year, last.year + 1):
        count = counted(timeline, year, on)
        held, required, subject = len(count.held), count.required, f"year:{year}"
        values: dict[str, Any] = {"held": held, "required": required, "year": year}
        readings = count.readings + read_as.of_edges(timeline, date(year, 1, 1), date(year, 12, 31))
        rests_on: dict[str, Any] = {"subject": subject, "entries": count.held, "readings": readings}
        whole = known.in_force[0].since <= date(year, 1, 1) and (known.end is None or known.end.on > date(year, 12, 31))
        if not whole:
            message = marked("meetings held in {year}, a year only partly in force: {held}")
            yield silent(message, held=held, year=year, **rests_on)
        elif year == on.year:
            message = marked("{held} of {required} held in {year}, {called} called")
            if count.unsaid:
                message = marked(
                    "{held} of {required} held in {year}, {called} called; not recorded as held, moved or cancelled: "
                    "{unsaid}"
                )
                values["unsaid"] = count.unsaid
            yield passed(message, called=count.called, **rests_on, **values)
        elif held < required <= held + len(count.extra):
            message = marked(
                "{held} of {required:meeting} {required:?was|were} held in {year}; {extra} held on request would "
                "count, too, by another reading"
            )
            rests_on["entries"] = tuple(sorted((*count.held, *count.extra)))
            since = date(year + 1, 1, 1)
            yield breach(message, since=since, advisory=True, extra=len(count.extra), **rests_on, **values)
        elif held < required:
            message, since = (
                marked("{held} of {required:meeting} {required:?was|were} held in {year}"),
                date(year + 1, 1, 1),
            )
            yield breach(message, since=since, **rests_on, **values)
        else:
            message = marked("{held:meeting} {held:?was|were} held in {year}, at least {required}")
            yield passed(message, **rests_on, **values)


def requests_met(timeline: Timeline, on: date) -> Iterator[Finding]:
    """requested-meeting (2.3): a meeting is called when the chair, or at least a third of the members, requests it."""
    called_for: dict[str, list[Meeting]] = {}
    for meeting in meetings_on(timeline, on).values():
        for request in meeting.requests:
            called_for.setdefault(request, []).append(meeting)
    for requested in timeline.of(MeetingRequested):
        day, request = requested.event.valid_on.last, requested.event.request
        if day >= on or version_on(timeline, day) is None:
            continue
        weighed = weight(requested, timeline)
        values: dict[str, Any] = {"request": request, "count": weighed.count, "of": weighed.of}
        subject, entries, readings = f"request:{request}", (requested.position,), weighed.readings
        own = called_for.get(request, [])
        answer = next((one for one in own if one.held or one.awaited), None)
        if not weighed.binding:
            message = marked("{request}, by {count} of {of}, does not bind")
            yield passed(message, subject=subject, entries=entries, readings=readings, **values)
        elif answer is not None:
            message = marked("{request}, by {count} of {of}, was answered by {meeting}")
            yield passed(message, subject=subject, entries=entries, readings=readings, meeting=answer.meeting, **values)
        else:
            reopened = [one.cancelled for one in own if one.cancelled]
            yield breach(
                "{request}, by {count} of {of}, binds, and no meeting is called for it; a call naming it answers it",
                subject=subject,
                since=max([day + DAY, *(one.event.valid_on.last for one in reopened)]),
                entries=(*entries, *(one.position for one in reopened)),
                advisory=True,
                readings=readings,
                **values,
            )


def meetings_called(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """six-meetings (2.3): a meeting that has been called is held, moved or cancelled, and the outcome is recorded."""
    end = end_seen_on(timeline, on)
    for meeting in meetings_on(timeline, on).values():
        if not meeting.awaited or meeting.day is None or meeting.called is None:
            continue
        provision, message = "six-meetings", marked("hold {meeting}")
        if end and meeting.day >= end.on:
            provision, message = (
                "in-force",
                marked("cancel {meeting}, called for {day}: the agreement has ended by then"),
            )
        elif meeting.day < on:
            message = marked("record that {meeting} was held on {day}, or that it was moved or cancelled")
        yield Obligation(
            due=meeting.day,
            to_do=to_do(message, meeting=meeting.meeting, day=meeting.day),
            provision=provision,
            subject=_subject_of(meeting),
            entries=(meeting.called.position,),
        )


def notices_sent(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """notice (2.3): the notice of a planned meeting goes out in time.

    A meeting is planned if the record holds a call to the meeting that is dated after the day judged.
    """
    end = end_seen_on(timeline, on)
    for called in _planned(timeline, on):
        due = last_day_to_send(timeline, called.event.meets_on)
        if due is None or (end and called.event.meets_on >= end.on):
            continue
        yield Obligation(
            due=due,
            to_do=to_do(
                "send the notice of {meeting}, which is to be held on {day}",
                meeting=called.event.meeting,
                day=called.event.meets_on,
            ),
            provision="notice",
            subject=f"meeting:{called.event.meeting}",
            entries=(called.position,),
        )


def _planned(timeline: Timeline, on: date) -> list[Entry[MeetingCalled]]:
    """Returns the calls that are dated after a day, without those of cancelled meetings."""
    calls = [one.called for one in meetings(timeline).values() if one.called and not one.cancelled]
    return [called for called in calls if called.event.valid_on.last > on]


def meetings_of_the_year(timeline: Timeline, on: date, until: date) -> Iterator[Obligation]:
    """six-meetings, notice (2.3): the meetings that are still required in a year are held, and called in time.

    Meetings are required in a year only if the agreement is in force throughout the year.
    """
    known, end = life(timeline), end_seen_on(timeline, on)
    planned_in: dict[int, list[MeetingCalled]] = {}
    for called in _planned(timeline, on):
        planned_in.setdefault(called.event.meets_on.year, []).append(called.event)
    for year in range(on.year, until.year + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        whole = known.in_force and known.in_force[0].since <= first and (end is None or end.on > last)
        send = last_day_to_send(timeline, last)
        if not whole or send is None:
            continue
        of_year = counted(timeline, year, on)
        held = len(of_year.held)
        counts_extra = ("requested-counts", "yes") in of_year.readings
        planned = sum(counts_extra or not is_extra(call) for call in planned_in.get(year, ()))
        missing = of_year.required - held - of_year.called - planned
        values: dict[str, Any] = {"year": year, "required": of_year.required}
        about: dict[str, Any] = {"subject": f"year:{year}", "entries": of_year.held, "readings": of_year.readings}
        if held < of_year.required:
            message = marked("hold {count} more of the {required:meeting} of {year}: {held} held, {called} called")
            what = to_do(message, **values, count=of_year.required - held, held=held, called=of_year.called)
            yield Obligation(due=last, to_do=what, provision="six-meetings", **about)
        if missing > 0:
            message = marked(
                "call {count} more of the {required:meeting} of {year}: the last day for a notice of {days:day}"
            )
            what = to_do(message, **values, count=missing, days=(last - send).days)
            yield Obligation(due=send, to_do=what, provision="notice", **about)


def _subject_of(meeting: Meeting) -> str:
    return f"meeting:{meeting.meeting}"


def _once(*entries: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(entries))


RULES = Rules(
    flags=(
        ("requested-meeting", requested_by_members, (MeetingRequested,)),
        ("called-by-chair", called_by_the_chair, (MeetingCalled,)),
        ("called-by-chair", held_after_a_call, (MeetingHeld,)),
        ("agenda", agenda_is_there, (MeetingCalled,)),
        ("agenda", held_after_a_call, (MeetingHeld,)),
        ("notice", notice_ran_in_full, (MeetingCalled, MeetingMoved)),
        ("notice", held_after_a_call, (MeetingHeld,)),
        ("notice", held_on_the_day_notified, (MeetingHeld,)),
        ("recommendations", made_on_an_item_of_a_meeting, (RecommendationMade,)),
        ("recommendations", answered_by_an_addressee, (RecommendationAnswered,)),
        ("plausible", cancelled_before_it_is_held, (MeetingCancelled,)),
    ),
    lasting=(
        ("six-meetings", six_meetings),
        ("requested-meeting", requests_met),
    ),
    derived=(
        ("recommendations", answered),
        ("consensus", by_consensus),
    ),
    open={"requested-meeting": marked("call a meeting for {request}, which {count} of {of} ask for")},
    obligations=(meetings_called, notices_sent, meetings_of_the_year),
)
