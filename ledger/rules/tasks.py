"""Rules on the body's tasks (section 2.1): its work in each term, and the topics that it must prepare."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ledger.events.meetings import RecommendationMade
from ledger.messages import marked, phrase
from ledger.rules.finding import breach, passed, silent
from ledger.rules.row import Rules
from ledger.state.agreement import life, terms_of_office, terms_on
from ledger.state.meetings import meetings_on
from ledger.state.read_as import of_end
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.rules.finding import Finding
    from ledger.state.meetings import Meeting
    from ledger.timeline import Timeline


def tasks_of_the_term(timeline: Timeline, on: date) -> Iterator[Finding]:
    """tasks (2.1): reports, for each term so far, the meetings held, the recommendations and the agenda items."""
    held = _held(timeline, on)
    days = [day for day, _ in held]
    made = [one for one in timeline.of(RecommendationMade) if one.event.valid_on.last <= on]
    made_on = [one.event.valid_on.last for one in made]
    for since, until in _terms_begun(timeline, on):
        meetings = [one for _, one in held[bisect_left(days, since) : bisect_left(days, until)]]
        items = [item for one in meetings for item in one.agenda]
        kinds: Counter[str] = Counter(item.kind for item in items)
        topics: Counter[str] = Counter(item.topic for item in items if item.topic)
        recommended = made[bisect_left(made_on, since) : bisect_left(made_on, until)]
        message = marked("meetings held in the term from {first} to {last}: {held}; recommendations: {recommendations}")
        if items:
            message = marked(
                "meetings held in the term from {first} to {last}: {held}; recommendations: {recommendations}; "
                "items by kind: {kinds}"
            )
        if topics:
            message = marked(
                "meetings held in the term from {first} to {last}: {held}; recommendations: {recommendations}; "
                "items by kind: {kinds}; by topic: {topics}"
            )
        values: dict[str, Any] = {"first": since, "last": until - DAY}
        values |= {"held": len(meetings), "recommendations": len(recommended)}
        if items:
            values["kinds"] = tuple(phrase("{kind} {count}", kind=one, count=kinds[one]) for one in sorted(kinds))
        if topics:
            values["topics"] = tuple(phrase("{topic} {count}", topic=one, count=topics[one]) for one in sorted(topics))
        entries = [one.held.position for one in meetings if one.held] + [one.position for one in recommended]
        yield passed(message, subject=f"term:{since.year}", entries=tuple(entries), **values)


def topics_prepared(timeline: Timeline, on: date) -> Iterator[Finding]:
    """mandatory-topics (2.1): in each term, each topic is on the agenda of at least one meeting that is held. A missing
    topic is a breach only when the term has ended.
    """
    end = life(timeline).end
    stood = _on_agendas(timeline, on)
    for since, until in _terms_begun(timeline, on):
        last = until - DAY
        terms = terms_on(timeline, min(on, last))
        for topic in terms.topics if terms else ():
            own = stood.get(topic, [])
            place = bisect_left(own, since, key=itemgetter(0))
            meeting = own[place][1] if place < len(own) and own[place][0] < until else None
            values: dict[str, Any] = {"topic": topic, "first": since, "last": last}
            subject = f"term:{since.year}"
            if meeting is not None and meeting.held is not None:
                message = marked("{topic} stood on the agenda of {meeting}, in the term from {first} to {last}")
                entries = (meeting.held.position,)
                yield passed(message, subject=subject, entries=entries, meeting=meeting.meeting, **values)
            elif end is not None and end.on < until and end.on <= on:
                message = marked(
                    "{topic} had stood on no agenda when the agreement ended, before the term from {first} to {last}"
                )
                yield silent(message, subject=subject, entries=end.entries, readings=of_end(timeline), **values)
            elif on < until:
                message = marked(
                    "{topic} has not yet stood on the agenda of a held meeting; the term from {first} ends on {last}"
                )
                yield passed(message, subject=subject, **values)
            else:
                message = marked("{topic} stood on no held meeting's agenda in the term from {first} to {last}")
                yield breach(message, subject=subject, since=until, advisory=True, **values)


def _terms_begun(timeline: Timeline, on: date) -> Iterator[tuple[date, date]]:
    """Yields the terms of office, [since, until), that contain a day in force no later than `on`."""
    known = life(timeline)
    last = min(on, known.end.on - DAY) if known.end else on
    return terms_of_office(timeline, known.in_force[0].since if known.in_force else date.max, last)


def _held(timeline: Timeline, on: date) -> list[tuple[date, Meeting]]:
    """Returns (day, meeting) of each meeting that was held, ordered by day and id."""
    known = meetings_on(timeline, on).values()
    return sorted(((one.held_on, one) for one in known if one.held_on), key=lambda held: (held[0], held[1].meeting))


def _on_agendas(timeline: Timeline, on: date) -> dict[str, list[tuple[date, Meeting]]]:
    """Maps each topic to (day, meeting) of the meetings held with an item on the topic, ordered by day."""
    found: dict[str, list[tuple[date, Meeting]]] = {}
    for held in _held(timeline, on):
        for topic in dict.fromkeys(item.topic for item in held[1].agenda if item.topic):
            found.setdefault(topic, []).append(held)
    return found


RULES = Rules(
    lasting=(("mandatory-topics", topics_prepared),),
    derived=(("tasks", tasks_of_the_term),),
)
