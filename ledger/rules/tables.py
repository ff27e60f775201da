"""The rule tables of all chapters of the agreement, concatenated: the map from provisions to code."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from ledger.events import EVENTS
from ledger.rules import (
    agreement,
    days,
    groups,
    meetings,
    minutes,
    officials,
    posts,
    record,
    reference,
    seats,
    settlement,
    tasks,
    twice,
)
from ledger.rules.costs import bearing, instalments, levels, payments
from ledger.rules.obligation import findings
from ledger.timeline import past

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.rules.row import Applying, ByEvent, OfDays, OfEvents, Owing, Rule, RuleOfEntry, StandingRule
    from ledger.timeline import Timeline


def _judged(owing: Owing) -> StandingRule:
    """Returns a standing rule that judges, on a day, the obligations that `owing` yields for the same day."""

    @wraps(owing)
    def rule(timeline: Timeline, on: date) -> Iterator[Finding]:
        return findings(owing(timeline, on, on), on)

    return rule


def _of_all(rule: RuleOfEntry, event: type[Event]) -> StandingRule:
    """Returns a derived rule that reports on every entry of an event that has become true by the day."""

    @wraps(rule)
    def of_all(timeline: Timeline, on: date) -> Iterator[Finding]:
        for entry in past(timeline, on).of(event):
            yield from rule(entry)

    return of_all


def _by_event(rows: OfEvents) -> ByEvent:
    return {
        event: tuple((provision, _where_it_applies(provision, rule, event)) for provision, rule, events in rows
                     if event in events)
        for event in EVENTS.values()
    }  # fmt: skip


def _where_it_applies(provision: str, rule: Rule, event: type[Event]) -> Rule:
    """Returns the rule, or one that yields nothing on an event of the class to which the provision does not apply."""
    condition = APPLIES.get(provision, {}).get(event)
    if condition is None:
        return rule

    @wraps(rule)
    def where_it_applies(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
        return rule(entry, timeline) if condition(entry.event) else iter(())

    return where_it_applies


CHAPTERS = tuple(
    chapter.RULES
    for chapter in (
        reference, record, agreement, seats, posts, meetings, minutes, tasks, groups, officials, bearing, levels,
        settlement, days, instalments, payments, twice,
    )
)  # fmt: skip
ROWS: dict[str, OfEvents] = {
    "forbids": tuple(row for rules in CHAPTERS for row in rules.forbids),
    "flags": tuple(row for rules in CHAPTERS for row in rules.flags),
}
APPLIES: Applying = {slug: of for rules in CHAPTERS for slug, of in rules.applies.items()}
FORBIDS, FLAGS = _by_event(ROWS["forbids"]), _by_event(ROWS["flags"])
STANDING: OfDays = tuple(row for rules in CHAPTERS for row in rules.standing)
LASTING: OfDays = tuple(
    row for rules in CHAPTERS for row in (*rules.lasting, *((slug, _judged(owing)) for slug, owing in rules.owed))
)
EACH: dict[str, tuple[RuleOfEntry, type[Event]]] = {
    slug: (rule, event) for rules in CHAPTERS for slug, rule, event in rules.derived_of
}
DERIVED: OfDays = tuple(
    row
    for rules in CHAPTERS
    for row in (*rules.derived, *((slug, _of_all(rule, event)) for slug, rule, event in rules.derived_of))
)
OPEN: dict[str, str | None] = {slug: what for rules in CHAPTERS for slug, what in rules.open.items()}
OBLIGATIONS: tuple[Owing, ...] = tuple(
    owing for rules in CHAPTERS for owing in (*(owing for _, owing in rules.owed), *rules.obligations)
)
SUBJECTS: dict[type[Event], str] = {event: what for rules in CHAPTERS for event, what in rules.subjects.items()}


def applies(provision: str, event: Event) -> bool:
    """Returns whether a provision applies to an event. If APPLIES has a test of the provision for the event's class,
    the test decides; otherwise the provision applies.
    """
    condition = APPLIES.get(provision, {}).get(type(event))
    return condition is None or condition(event)
