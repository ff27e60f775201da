"""Rules on the body's tasks (section 2.1): its work in each term, and the topics that it must prepare."""

from __future__ import annotations

from collections import Counter
from datetime import date
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
    held = [one for one in meetings_on(timeline, on).values() if one.held is not None and one.held_on is not None]
    held.sort(key=lambda one: (one.held_on or on, one.meeting))
    made = [one for one in timeline.of(RecommendationMade) if one.event.valid_on.last <= on]
    for since, until in _terms_begun(timeline, on):
        meetings = [one for one in held if one.held_on and since <= one.held_on < until]
        items = [item for one in meetings for item in one.agenda]
        kinds: Counter[str] = Counter(item.kind for item in items)
        topics: Counter[str] = Counter(item.topic for item in items if item.topic)
        recommended = [one for one in made if since <= one.event.valid_on.last < until]
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
            meeting = next((one for one in stood.get(topic, ()) if one.held_on and since <= one.held_on < until), None)
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


def _on_agendas(timeline: Timeline, on: date) -> dict[str, list[Meeting]]:
    """Maps each topic to the meetings, ordered by day, that were held and had an item on the topic."""
    found: dict[str, list[Meeting]] = {}
    held = [one for one in meetings_on(timeline, on).values() if one.held_on is not None]
    for meeting in sorted(held, key=lambda one: (one.held_on or on, one.meeting)):
        for topic in dict.fromkeys(item.topic for item in meeting.agenda if item.topic):
            found.setdefault(topic, []).append(meeting)
    return found


RULES = Rules(
    lasting=(("mandatory-topics", topics_prepared),),
    derived=(("tasks", tasks_of_the_term),),
)
