"""Builds timelines from acts, and returns the findings of the rules about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Literal

from ledger.book import moment
from ledger.encoding import Entry
from ledger.events.agreement import AgreementProposed
from ledger.events.seats import PersonRegistered
from ledger.events.shape import mentions
from ledger.messages import filled
from ledger.rules.judge import forbidden, irregular, judge, refusals, standing
from ledger.rules.tables import FLAGS
from ledger.timeline import Timeline
from tests.acts import events, proposed, registered

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from tests.acts import Acts

Kind = Literal["forbids", "flags"]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)  # NOON is one second before the first entry of a timeline is recorded


def given(*acts: Acts) -> Timeline:
    """Returns a timeline of the acts, recorded in this order from position 1. If the acts lack them, the proposal of
    version 1 of Västmanland's agreement and the registration of each person follow the acts.
    """
    said = events(*acts)
    if not any(isinstance(event, AgreementProposed) for event in said):
        said.append(proposed())
    known = {event.person for event in said if isinstance(event, PersonRegistered)}
    named = {str(one.id) for event in said for one in mentions(event) if one.shape.tag == "person"}
    return recorded(said, [registered(person) for person in sorted(named - known)])


def recorded(*acts: Acts) -> Timeline:
    """Returns a timeline of these acts and no others, recorded in this order from position 1."""
    return Timeline(entries(*acts))


def after(timeline: Timeline, *acts: Acts) -> Timeline:
    """Returns the timeline with the acts recorded after its last entry. Persons in the acts who are not yet registered
    are registered too.
    """
    said = events(*acts)
    known = {entry.event.person for entry in timeline.of(PersonRegistered)}
    known |= {event.person for event in said if isinstance(event, PersonRegistered)}
    named = {str(one.id) for event in said for one in mentions(event) if one.shape.tag == "person"}
    said += [registered(person) for person in sorted(named - known)]
    return timeline.extended(entries(said, first=timeline.head + 1))


def entries(*acts: Acts, first: int = 1) -> list[Entry[Event]]:
    return [
        Entry(
            position=position,
            recorded_at=moment(NOON + timedelta(seconds=position)),
            recorded_by="tester",
            key=f"key-{first}",
            event=event,
        )
        for position, event in zip(count(first), events(*acts), strict=False)
    ]


def refused(timeline: Timeline, *acts: Acts) -> list[str]:
    """Returns the provision of each reason for which the acts are refused when they are recorded after `timeline`."""
    return [one.provision for one in _refusals(timeline, *acts)]


def reasons(timeline: Timeline, *acts: Acts) -> list[str]:
    """Returns each reason for which the acts are refused when they are recorded after `timeline`, as `provision:
    sentence`.
    """
    return [f"{one.provision}: {sentence(one)}" for one in _refusals(timeline, *acts)]


def _refusals(timeline: Timeline, *acts: Acts) -> list[Finding]:
    whole = after(timeline, *acts)
    new = whole.entries[timeline.head :]
    return refusals(found for entry in new for found in forbidden(entry, whole))


def verdicts(timeline: Timeline, position: int, kind: Kind | None = None) -> list[tuple[str, str]]:
    """Returns (verdict, provision) of each finding about the entry at a position. If `kind` is given, only the findings
    of that kind of rules are returned.
    """
    return [(one.verdict, one.provision) for one in found(timeline, position, kind)]


def found(timeline: Timeline, position: int, kind: Kind | None = None) -> list[Finding]:
    entry = timeline.entries[position - 1]
    if kind is None:
        return irregular(entry, timeline)
    return forbidden(entry, timeline) if kind == "forbids" else judge(entry, timeline, FLAGS)


def told(timeline: Timeline, on: str, provision: str | None = None) -> list[Finding]:
    """Returns the findings of the standing rules on a day, for every provision or, if `provision` is given, for that
    provision alone.
    """
    return [one for one in standing(timeline, date.fromisoformat(on)) if provision in {None, one.provision}]


def breaches(timeline: Timeline, on: str, provision: str) -> list[tuple[str, str]]:
    """Returns (first day, sentence) of each breach of a provision that lasts on a day."""
    return [(str(one.since), sentence(one)) for one in told(timeline, on, provision) if one.verdict == "breach"]


def sentence(finding: Finding) -> str:
    return filled(finding.message, {**finding.values, **finding.said})
