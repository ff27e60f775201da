"""Tables of the meetings: how each stands on a day, its agenda, who was there, its minutes and its recommendations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from exchange.bitemporal.body import PERSON
from exchange.bitemporal.facts import Column, Fact, Table, stepped
from ledger.events.meetings import RecommendationAnswered, RecommendationMade
from ledger.messages import marked
from ledger.state.meetings import OF_A_MEETING, Meeting, answer_on, meeting_on
from projections.meetings import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from exchange.bitemporal.facts import Value
    from ledger.timeline import Timeline

MEETING = Column("meeting", of="meeting")
OF_ITS_STATE = ("status", "meets_on", "starts_at", "place", "notice_sent", "called_by", "chaired_by", "adjuster",
                "signing", "adjustment", "opened_at", "closed_at", "secretary")  # fmt: skip


def _meetings(timeline: Timeline) -> Iterable[str]:
    return (entry.event.meeting for event in OF_A_MEETING for entry in timeline.all_of(event))


def _stood(
    timeline: Timeline, meeting: str, said: Callable[[Meeting, date], Iterable[tuple[Value, ...]]]
) -> Iterator[Fact]:
    """Yields what is said of a meeting as it stands from each day on which one of its entries has become true."""
    entries = {one.position: one.event.valid_on.last for event in OF_A_MEETING
               for one in timeline.of(event, f"meeting:{meeting}")}  # fmt: skip
    latest = {day: max(position for position, on in entries.items() if on == day) for day in {*entries.values()}}

    def of_day(day: date) -> Iterator[Fact]:
        one = meeting_on(timeline, meeting, day)
        for values in said(one, day) if one else ():
            yield Fact((meeting, *values), day, None, latest[day])

    yield from stepped(latest, of_day)


def _state(timeline: Timeline, meeting: str) -> Iterator[Fact]:
    def said(one: Meeting, _: date) -> Iterator[tuple[Value, ...]]:
        held, called = one.held.event if one.held else None, one.called.event if one.called else None
        yield (
            "held" if held else "cancelled" if one.cancelled else "called",
            str(one.day) if one.day else None,
            one.starts_at,
            one.place,
            str(one.notice.sent) if one.notice else None,
            called.called_by if called else None,
            held.chaired_by if held else None,
            held.adjuster if held else None,
            one.signing.person if one.signing else None,
            one.adjustment.person if one.adjustment else None,
            held.opened_at if held else None,
            held.closed_at if held else None,
            held.secretary if held else None,
            str(one.signed.event.valid_on.last) if one.signed else None,
            str(one.adjusted.event.valid_on.last) if one.adjusted else None,
        )

    yield from _stood(timeline, meeting, said)


def _agenda(timeline: Timeline, meeting: str) -> Iterator[Fact]:
    def said(one: Meeting, on: date) -> Iterator[tuple[Value, ...]]:
        texts = {entry.event.item: entry.event.text for entry in one.items}
        for item in told(timeline, one, on).agenda:
            adjusted = str(item.adjusted) if item.adjusted else None
            yield item.number, item.title, item.kind, item.topic, item.outcome, texts.get(item.number), adjusted

    yield from _stood(timeline, meeting, said)


def _present(timeline: Timeline, meeting: str) -> Iterator[Fact]:
    def said(one: Meeting, _: date) -> Iterator[tuple[Value, ...]]:
        held = one.held.event if one.held else None
        if held is None:
            return
        remote = held.remote or ()
        for person in dict.fromkeys((*held.present, held.chaired_by)):
            yield person, "member", int(person in remote)
        for person in held.experts or ():
            yield person, "expert", int(person in remote)

    yield from _stood(timeline, meeting, said)


def _dispatched(timeline: Timeline, meeting: str) -> Iterator[Fact]:
    def said(one: Meeting, _: date) -> Iterator[tuple[Value, ...]]:
        for recipient, entry in one.dispatched.items():
            yield recipient, str(entry.event.valid_on.last)

    yield from _stood(timeline, meeting, said)


def _made(timeline: Timeline) -> Iterable[str]:
    return (entry.event.recommendation for entry in timeline.all_of(RecommendationMade))


def _answers(timeline: Timeline, recommendation: str) -> Iterator[Fact]:
    """Yields the answer of each party that a recommendation is addressed to, NULL until there is one."""
    tag = f"recommendation:{recommendation}"
    made = {(entry.event.meeting, party): entry for entry in timeline.of(RecommendationMade, tag)
            for party in entry.event.addressees}  # fmt: skip
    days = {entry.event.valid_on.last for entry in (*made.values(), *timeline.of(RecommendationAnswered, tag))}

    def of_day(day: date) -> Iterator[Fact]:
        for (meeting, party), entry in made.items():
            if entry.event.valid_on.last <= day:
                answer = answer_on(timeline, recommendation, party, day)
                said = (recommendation, meeting, party, answer.event.answer if answer else None)
                yield Fact(said, day, None, answer.position if answer else entry.position)

    yield from stepped(days, of_day)


TABLES = (
    Table(
        "meetings",
        marked("Meetings as they stand from day to day: called, held or cancelled."),
        (MEETING, *(Column(name) for name in OF_ITS_STATE), Column("signed_on"), Column("adjusted_on")),
        _meetings,
        _state,
    ),
    Table(
        "agenda_items",
        marked("Items on the agenda, with their outcomes."),
        (MEETING, Column("number", "INTEGER"), Column("title"), Column("kind"), Column("topic"), Column("outcome"),
         Column("text"), Column("adjusted_on")),
        _meetings,
        _agenda,
    ),
    Table(
        "attendance",
        marked("Who was present at a meeting that was held."),
        (MEETING, PERSON, Column("role", about=marked("member or expert")),
         Column("remote", "INTEGER", marked("1 if the person took part remotely"))),
        _meetings,
        _present,
    ),
    Table(
        "minutes_dispatched",
        marked("To whom the minutes were first sent, and when."),
        (MEETING, Column("recipient"), Column("sent_on")),
        _meetings,
        _dispatched,
    ),
    Table(
        "recommendation_answers",
        marked("The answers of those to whom a recommendation is addressed; NULL until there is one."),
        (Column("recommendation", of="recommendation"), MEETING, Column("party", of="party"), Column("answer")),
        _made,
        _answers,
    ),
)  # fmt: skip
