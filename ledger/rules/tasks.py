"""What the agreement says of the body's tasks: the topics that it must prepare in each term (2.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ledger.rules.finding import breach, passed, silent
from ledger.state.agreement import life, terms_on
from ledger.state.meetings import meetings_on
from ledger.state.read_as import of_end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.rules.finding import Finding
    from ledger.state.meetings import Meeting
    from ledger.timeline import Timeline

DAY = timedelta(days=1)


def topics_prepared(timeline: Timeline, on: date) -> Iterator[Finding]:
    """mandatory-topics (2.1): each topic stands on a held meeting's agenda in each term; judged at the term's end."""
    end = life(timeline).end
    stood = _on_agendas(timeline, on)
    for since, until in terms_of_office(timeline, on):
        last = until - DAY
        terms = terms_on(timeline, min(on, last))
        for topic in terms.topics if terms else ():
            meeting = next((one for one in stood.get(topic, ()) if one.held_on and since <= one.held_on < until), None)
            values: dict[str, Any] = {"topic": topic, "first": since, "last": last}
            subject = f"term:{since.year}"
            if meeting is not None and meeting.held is not None:
                message = "{topic} stood on the agenda of {meeting}, in the term from {first} to {last}"
                entries = (meeting.held.position,)
                yield passed(message, subject=subject, entries=entries, meeting=meeting.meeting, **values)
            elif end is not None and end.on < until and end.on <= on:
                message = (
                    "{topic} had stood on no agenda when the agreement ended, before the term from {first} to {last}"
                )
                yield silent(message, subject=subject, entries=end.entries, readings=of_end(timeline), **values)
            elif on < until:
                message = (
                    "{topic} has not yet stood on the agenda of a held meeting; the term from {first} ends on {last}"
                )
                yield passed(message, subject=subject, **values)
            else:
                message = "{topic} stood on no held meeting's agenda in the term from {first} to {last}"
                yield breach(message, subject=subject, since=until, advisory=True, **values)


def terms_of_office(timeline: Timeline, on: date) -> Iterator[tuple[date, date]]:
    """The terms of office, [since, until), that hold a day in force up to `on`."""
    known = life(timeline)
    day, last = known.in_force[0].since, min(on, known.end.on - DAY) if known.end else on
    while day <= last:
        terms = terms_on(timeline, day)
        assert terms is not None, "a day in force has terms"
        since, until = terms.term_of(day)
        yield since, until
        day = until


def _on_agendas(timeline: Timeline, on: date) -> dict[str, list[Meeting]]:
    """The held meetings whose agenda a topic stood on, as an item of any kind, by day."""
    found: dict[str, list[Meeting]] = {}
    held = [one for one in meetings_on(timeline, on).values() if one.held_on is not None]
    for meeting in sorted(held, key=lambda one: (one.held_on or on, one.meeting)):
        for topic in dict.fromkeys(item.topic for item in meeting.agenda if item.topic):
            found.setdefault(topic, []).append(meeting)
    return found
