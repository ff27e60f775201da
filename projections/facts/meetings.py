"""The facts about meetings on a day, and about their requests, minutes and recommendations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.events.meetings import MeetingRequested, RecommendationAnswered, RecommendationMade
from ledger.messages import marked
from ledger.state.meetings import OF_A_MEETING, Meeting, meeting_on, meetings_on
from ledger.timeline import remembered
from projections.facts.fact import Fact, Ground, read_as
from projections.meetings import Asked, MeetingOfYear, Recommended, requests_of, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.timeline import Timeline
    from projections.facts.fact import FactId

NOTICES = ("meeting-called", "meeting-moved")
STATUS = (*NOTICES, "meeting-cancelled", "meeting-held")
DONE = {  # what was done to minutes → the message that states it
    "signed": marked("the minutes of {meeting} were signed on {day}"),
    "adjusted": marked("the minutes of {meeting} were adjusted on {day}"),
}


def meetings_facts(timeline: Timeline, on: date, _: Mapping[int, str]) -> Iterator[tuple[FactId, Fact]]:
    """Yields, year by year, the facts about all meetings as of the day `on`, and about requests up to that day."""
    known: dict[int, list[Meeting]] = {}
    for one in meetings_on(timeline, on).values():
        if one.day:
            known.setdefault(one.day.year, []).append(one)
    requests = (entry.event.valid_on.last for entry in timeline.of(MeetingRequested))
    for year in sorted(known.keys() | {day.year for day in requests if day <= on}):
        for one in sorted(known.get(year, ()), key=lambda meeting: (meeting.day or on, meeting.meeting)):
            is_past = _last_day(timeline, one.meeting) <= on
            yield from _facts_of(timeline, one.meeting, date.max if is_past else on)
        for asked in requests_of(timeline, on, year):
            yield from _request(asked)


@remembered
def _last_day(timeline: Timeline, meeting: str) -> date:
    """Returns the latest day of a meeting's entries, and of the answers to its recommendations. On all days from then
    on, the facts about the meeting are the same.
    """
    made = timeline.of(RecommendationMade, f"meeting:{meeting}")
    own = [timeline.of(kind, f"meeting:{meeting}") for kind in OF_A_MEETING]
    own += [timeline.of(RecommendationAnswered, f"recommendation:{one.event.recommendation}") for one in made]
    return max((entries[-1].event.valid_on.last for entries in own if entries), default=date.min)


@remembered
def _facts_of(timeline: Timeline, meeting: str, on: date) -> tuple[tuple[FactId, Fact], ...]:
    """Returns the facts about a meeting, read from the entries of that meeting and its recommendations alone."""
    one = meeting_on(timeline, meeting, on)
    return tuple(_meeting(told(timeline, one, on))) if one else ()


def _meeting(one: MeetingOfYear) -> Iterator[tuple[FactId, Fact]]:
    meeting = one.meeting
    yield (
        ("meeting", meeting),
        _fact(one, marked("{meeting} is {status}, {day}"), *STATUS, status=one.status, day=one.meets_on),
    )
    if one.place:
        yield ("place", meeting), _fact(one, marked("{meeting} sits at {place}"), *NOTICES, place=one.place)
    if one.starts_at:
        yield ("starts", meeting), _fact(one, marked("{meeting} begins at {time}"), *NOTICES, time=one.starts_at)
    if one.notice_sent:
        yield (
            ("notice", meeting),
            _fact(one, marked("the notice of {meeting} was sent on {day}"), *NOTICES, day=one.notice_sent),
        )
    if one.chaired_by:
        message = marked("{chair:who} chaired {meeting}, and {adjuster:who} was appointed to adjust its minutes")
        yield ("chair", meeting), _fact(one, message, "meeting-held", chair=one.chaired_by, adjuster=one.adjuster)
        yield (
            ("present", meeting),
            _fact(one, marked("present at {meeting}: {present:who}"), "meeting-held", present=one.present),
        )
    if one.remote:
        message = marked("took part in {meeting} remotely: {remote:who}")
        yield ("remote", meeting), _fact(one, message, "meeting-held", remote=one.remote)
    yield from _items(one)
    yield from _minutes(one)
    for made in one.recommendations:
        yield from _recommendation(meeting, made)


def _items(one: MeetingOfYear) -> Iterator[tuple[FactId, Fact]]:
    meeting = one.meeting
    for item in one.agenda:
        message = marked("item {item} of {meeting} is: {title}")
        yield ("item", meeting, item.number), _fact(one, message, *STATUS, item=item.number, title=item.title)
        if item.outcome:
            message = marked("item {item} of {meeting} was {outcome}")
            said = _fact(
                one, message, "item-handled", where=("item", item.number), item=item.number, outcome=item.outcome
            )
            yield ("outcome", meeting, item.number), said
        if item.reservations:
            message = marked("reservations on item {item} of {meeting}: {reserved:who}")
            said = _fact(one, message, "reservation-entered", where=("item", item.number), item=item.number,
                         reserved=item.reservations)  # fmt: skip
            yield ("reserved", meeting, item.number), said
        if item.adjusted and not one.minutes.adjusted:
            message = marked("item {item} of {meeting} was adjusted at once, on {day}")
            said = _fact(one, message, "minutes-adjusted", item=item.number, day=item.adjusted)
            yield ("adjusted-item", meeting, item.number), said


def _minutes(one: MeetingOfYear) -> Iterator[tuple[FactId, Fact]]:
    for duty, first, now in (("signing", one.chaired_by, one.signing), ("adjustment", one.adjuster, one.adjustment)):
        if now != first:
            message = marked("the {duty} of the minutes of {meeting} has passed from {first:who} to {now:who}")
            said = _fact(one, message, "minutes-duty-moved", where=("duty", duty), duty=duty, first=first, now=now)
            yield ("duty", one.meeting, duty), said
    for done, on in (("signed", one.minutes.signed), ("adjusted", one.minutes.adjusted)):
        if on:
            yield (done, one.meeting), _fact(one, DONE[done], f"minutes-{done}", done=done, day=on)
    if sent := tuple(recipient for recipient, day in one.minutes.dispatched.items() if day):
        message = marked("the minutes of {meeting} were sent to {recipients}")
        yield ("sent", one.meeting), _fact(one, message, "minutes-dispatched", recipients=sent)


def _fact(
    one: MeetingOfYear, message: str, *events: str, where: tuple[str, object] | None = None, **values: Any
) -> Fact:
    """Returns a fact about a meeting, with the meeting's entries of the given `events` as its ground.

    `where`, a (field, value) pair, narrows the ground to entries with that value in that field.
    """
    ground = Ground(events, (f"meeting:{one.meeting}",), (where,) if where else ())
    return Fact(message, {"meeting": one.meeting, **values}, (ground,))


def _recommendation(meeting: str, made: Recommended) -> Iterator[tuple[FactId, Fact]]:
    own = f"recommendation:{made.recommendation}"
    grounds = (Ground(("recommendation-made",), (own,)),)
    said: dict[str, Any] = {"recommendation": made.recommendation, "text": made.text, "meeting": meeting}
    message = marked("{meeting} recommended {recommendation}: {text}")
    yield ("recommendation", made.recommendation), Fact(message, said, grounds)
    if not made.consensus:
        said = {"recommendation": made.recommendation, "dissent": made.dissent}
        message = marked("{recommendation} was made without consensus; dissent: {dissent:who}")
        yield ("dissent", made.recommendation), Fact(message, said, grounds)
    for party, answer in made.answers.items():
        if answer:
            said = {"party": party, "answer": answer, "recommendation": made.recommendation}
            grounds = (Ground(("recommendation-answered",), (own, f"party:{party}")),)
            key = ("answer", made.recommendation, party)
            yield key, Fact(marked("{party} has {answer} {recommendation}"), said, grounds)


def _request(asked: Asked) -> Iterator[tuple[FactId, Fact]]:
    own = f"request:{asked.request}"
    said: dict[str, Any] = {"request": asked.request, "day": asked.on, "count": asked.count, "of": asked.of}
    message = marked("{request} asks for a meeting, on {day:when}, by {count} of {of}: not binding")
    if asked.binding:
        message = marked("{request} asks for a meeting, on {day:when}, by {count} of {of}: binding")
    grounds = (Ground(("meeting-requested",), (own,)), *read_as("third-of"))
    yield ("request", asked.request), Fact(message, said, grounds)
    if asked.meeting:
        said = {"request": asked.request, "meeting": asked.meeting}
        grounds = (Ground(("meeting-called",), (own,)), Ground(STATUS, (f"meeting:{asked.meeting}",)))
        yield ("answered", asked.request), Fact(marked("{meeting} is called for {request}"), said, grounds)
