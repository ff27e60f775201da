"""The differences between two days, or between the record at two moments, section by section, with the entries behind
each difference.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.events.record import EntryAnnulled
from ledger.events.shape import tags_of
from projections.facts.agreement import agreement_facts
from projections.facts.compared import Said, What, compared, said
from projections.facts.costs import costs_facts
from projections.facts.groups import groups_facts, reports_facts
from projections.facts.meetings import meetings_facts
from projections.facts.officials import activities_facts, officials_facts
from projections.facts.seats import council_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline
    from projections.facts.fact import Fact, FactId, Ground

    Facts = Mapping[FactId, Fact]

SECTIONS: dict[str, Callable[[Timeline, date, Mapping[int, str]], Iterator[tuple[FactId, Fact]]]] = {
    "agreement": agreement_facts,
    "council": council_facts,
    "meetings": meetings_facts,
    "groups": groups_facts,
    "reports": reports_facts,
    "officials": officials_facts,
    "activities": activities_facts,
    "costs": costs_facts,
}


class Change(Struct, frozen=True, kw_only=True):
    """A fact that was added, removed or changed.

    `entries` are the positions of the entries that lie between the two answers and concern the fact. When only the day
    differs and no entry between the answers concerns the fact, `entries` are the positions that the fact itself names.
    """

    what: What
    before: Said | None
    after: Said | None
    entries: tuple[int, ...]


class Section(Struct, frozen=True):
    """A section of the record and its changes: changed and removed facts come first, and added facts follow."""

    section: str
    changes: tuple[Change, ...]


class Diff(Struct, frozen=True, kw_only=True):
    """Two answers compared. `on` and `known_at` are pairs: the value for the earlier answer and the value for the later
    answer. `uncertain` lists, in order of position, the entries whose inexact day would change a fact of either answer.
    """

    on: tuple[date, date]
    known_at: tuple[str, str]
    sections: tuple[Section, ...]
    uncertain: tuple[int, ...]


def diff(
    earlier: Timeline,
    later: Timeline,
    days: tuple[date, date],
    names: Mapping[int, str],
    only: Collection[str] | None = None,
) -> Diff:
    """Returns the differences between the earlier and the later answer, section by section in the order of `SECTIONS`.

    `days` are the days of the earlier and the later answer. `names` maps the position of a person's registration to the
    name. With `only`, the other sections are left out.
    """
    between = _Between(_of_the_day(later, days) if earlier.head == later.head else _of_the_log(earlier, later))
    lapses = earlier.head == later.head
    first, last = earlier.seen_on(days[0]), later.seen_on(days[1])
    sections = []
    uncertain: set[int] = set()
    for section in SECTIONS if only is None else only:
        before, open_before = state(first, days[0], section, names)
        after, open_after = state(last, days[1], section, names)
        uncertain |= {*open_before, *open_after}
        changes = []
        for what, old, new in compared(before, after):
            both = [fact for fact in (old, new) if fact]
            entries = between.speak_of(both) or (sorted({*both[-1].entries}) if lapses else [])
            changes.append(Change(what=what, before=said(old), after=said(new), entries=tuple(entries)))
        sections.append(Section(section, tuple(changes)))
    return Diff(
        on=days,
        known_at=(f"@{earlier.head}", f"@{later.head}"),
        sections=tuple(sections),
        uncertain=tuple(sorted(uncertain)),
    )


def state(timeline: Timeline, on: date, section: str, names: Mapping[int, str]) -> tuple[Facts, tuple[int, ...]]:
    """Returns the facts of a section on a day, and the entries whose inexact day would change them, by position."""
    seen = timeline.seen_on(on)

    def facts(one: Timeline) -> Facts:
        return dict(SECTIONS[section](one, on, names))

    answer, loose = seen.weighed(facts)
    return answer, tuple(one.position for one in loose if _differ(answer, seen.asked_earlier(facts, one)))


def _differ(one: Facts, other: Facts) -> bool:
    """Returns whether two states differ. The day since which a fact holds does not by itself change a state."""
    return any(
        _without_span(one.get(identity)) != _without_span(other.get(identity))
        for identity in {**one, **other}
        if one.get(identity) is not other.get(identity)
    )


def _without_span(fact: Fact | None) -> object:
    if fact is None:
        return None
    return fact.message, {name: value for name, value in fact.values.items() if name != "since"}


def _of_the_day(timeline: Timeline, days: tuple[date, date]) -> Iterator[tuple[int, Event]]:
    """Yields the entries whose events became true between two days.

    Annulments are left out: an annulment has no day of its own, and the entry that it annuls has no effect on any day.
    """
    for position in timeline.shared(ByDay).between(timeline, min(days), max(days)):
        entry = timeline.at(position)
        if position not in timeline.annulled_by and not isinstance(entry.event, EntryAnnulled):
            yield position, entry.event


class ByDay:
    """The positions of all entries of a log by their latest possible day."""

    def __init__(self) -> None:
        self._head = 0
        self._found: list[tuple[date, int]] = []
        self._lock = Lock()

    def between(self, timeline: Timeline, first: date, last: date) -> list[int]:
        """Returns, in order, the positions in the timeline of the entries dated after `first` and up to `last`."""
        with self._lock:
            if self._head < timeline.head:
                more = timeline.passing(after=self._head)
                self._found = sorted([*self._found, *((entry.event.valid_on.last, entry.position) for entry in more)])
                self._head = timeline.head
            found = self._found
        start, end = (bisect_right(found, (day, timeline.head + self._head)) for day in (first, last))
        return sorted(position for _, position in found[start:end] if position <= timeline.head)


def _of_the_log(earlier: Timeline, later: Timeline) -> Iterator[tuple[int, Event]]:
    """Yields the entries that were recorded between two moments and are not annulled.

    An annulment is yielded with the event that the annulment removed or restored.
    """
    known, whole = sorted((earlier, later), key=lambda one: one.head)
    for entry in whole.passing(after=known.head):
        if entry.position in whole.annulled_by:
            continue
        target: Entry[Event] | None = entry
        while target is not None and isinstance(target.event, EntryAnnulled):
            target = whole.recorded(target.event.entry)
        if target is None:
            continue
        turned = (target.position in known.annulled_by) != (target.position in whole.annulled_by)
        if target is entry or (target.position <= known.head and turned):
            yield entry.position, target.event


class _Between:
    """An index, by event and tag, of the entries between two answers."""

    def __init__(self, entries: Iterable[tuple[int, Event]]) -> None:
        self._found: dict[tuple[str, str], list[tuple[int, Event, frozenset[str]]]] = {}
        for position, event in entries:
            tags = frozenset(tags_of(event))
            for tag in ("", *tags):
                self._found.setdefault((event.event_name, tag), []).append((position, event, tags))

    def speak_of(self, facts: Iterable[Fact]) -> list[int]:
        """Returns, in order, the positions of the indexed entries that may have made any of the facts true."""
        return sorted({position for fact in facts for ground in fact.grounds for position in self._with(ground)})

    def _with(self, ground: Ground) -> Iterator[int]:
        first = ground.tags[0] if ground.tags else ""
        for name in ground.events:
            for position, event, tags in self._found.get((name, first), ()):
                if tags.issuperset(ground.tags) and ground.fits(event):
                    yield position
