"""Tables of the meetings: how each stands on a day, its agenda, who was there, its minutes and its recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exchange.bitemporal.facts import PARTY, PERSON, Column, Fact, Table, stepped
from ledger.events.meetings import RecommendationAnswered, RecommendationMade
from ledger.messages import marked
from ledger.state.meetings import OF_A_MEETING, Meeting, answer_on, meeting_on, outcomes
from projections.meetings import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.timeline import Timeline

Said = tuple[tuple[Any, ...], int | None]  # values, and the position of the entry that they rest on
MEETING = Column("meeting", of="meeting")
OF_ITS_STATE = ("status", "meets_on", "starts_at", "place", "notice_sent", "called_by", "chaired_by", "adjuster",
                "signing", "adjustment", "opened_at", "closed_at", "secretary")  # fmt: skip


def _meetings(timeline: Timeline) -> Iterable[str]:
    return (entry.event.meeting for event in OF_A_MEETING for entry in timeline.all_of(event))


def _stood(timeline: Timeline, meeting: str, said: Callable[[Meeting, date], Iterable[Said]]) -> Iterator[Fact]:
    """Yields what is said of a meeting as it stands from each day on which one of its entries has become true."""
    days = {one.event.valid_on.last for event in OF_A_MEETING for one in timeline.of(event, f"meeting:{meeting}")}

    def of_day(day: date) -> Iterator[Fact]:
        one = meeting_on(timeline, meeting, day)
        for values, entry in said(one, day) if one else ():
            yield Fact((meeting, *values), day, None, entry)

    yield from stepped(days, of_day)


def _state(timeline: Timeline, meeting: str) -> Iterator[Fact]:
    def said(one: Meeting, on: date) -> Iterator[Said]:
        now = told(timeline, one, on)
        minutes = (now.minutes.signed, now.minutes.adjusted)
        yield (*(_text(getattr(now, name)) for name in OF_ITS_STATE), *map(_text, minutes)), _last(one)

    yield from _stood(timeline, meeting, said)


def _last(one: Meeting) -> int:
    """Returns the last position of the entries that make a meeting's state what it is."""
    entries = (one.cancelled, one.held, one.signed, one.adjusted)
    others = (one.signing, one.adjustment, *one.notices)
    return max((*(each.position for each in entries if each), *(each.entry for each in others if each)),
               default=one.entries[0])  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _agenda(timeline: Timeline, meeting: str) -> Iterator[Fact]:
    def said(one: Meeting, on: date) -> Iterator[Said]:
        handled = outcomes(one)
        basis = one.held or one.called
        for item in told(timeline, one, on).agenda:
            last = handled.get(item.number)
            text = last.event.text if last else None
            entry = last.position if last else basis.position if basis else None
            yield (item.number, item.title, item.kind, item.topic, item.outcome, text, _text(item.adjusted)), entry

    yield from _stood(timeline, meeting, said)


def _present(timeline: Timeline, meeting: str) -> Iterator[Fact]:
    def said(one: Meeting, _: date) -> Iterator[Said]:
        if one.held is None:
            return
        held, entry = one.held.event, one.held.position
        remote = held.remote or ()
        for person in dict.fromkeys((*held.present, held.chaired_by)):
            yield (person, "member", int(person in remote)), entry
        for person in held.experts or ():
            yield (person, "expert", int(person in remote)), entry

    yield from _stood(timeline, meeting, said)


def _dispatched(timeline: Timeline, meeting: str) -> Iterator[Fact]:
    def said(one: Meeting, _: date) -> Iterator[Said]:
        for recipient, entry in one.dispatched.items():
            yield (recipient, str(entry.event.valid_on.last)), entry.position

    yield from _stood(timeline, meeting, said)


def _made(timeline: Timeline) -> Iterable[str]:
    return (entry.event.recommendation for entry in timeline.all_of(RecommendationMade))


def _answers(timeline: Timeline, recommendation: str) -> Iterator[Fact]:
    """Yields the answer of each party that a recommendation is addressed to, NULL until there is one."""
    tag = f"recommendation:{recommendation}"
    made: dict[tuple[str, str], Entry[RecommendationMade]] = {}
    for entry in timeline.of(RecommendationMade, tag):
        for party in entry.event.addressees:
            made.setdefault((entry.event.meeting, party), entry)
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
        (Column("recommendation", of="recommendation"), MEETING, PARTY, Column("answer")),
        _made,
        _answers,
    ),
)  # fmt: skip
