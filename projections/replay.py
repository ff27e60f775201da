"""The record replayed act by act: what each act changed in the agreement, the body, the groups and the money."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.events.record import EntryAnnulled
from projections.diff import state
from projections.facts.compared import Said, What, compared, said
from projections.history import ToldEntry, tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline


REPLAYED = ("agreement", "council", "groups", "costs")


class Changed(Struct, frozen=True, kw_only=True):
    """A fact that an act added, removed or changed in a section of the state.

    `before` is None for an added fact, and `after` is None for a removed fact.
    """

    section: str
    what: What
    before: Said | None
    after: Said | None


class Act(Struct, frozen=True, kw_only=True):
    """An act and what the act changed.

    `recorded_at`, `recorded_by`, `event` and `valid_on` are taken from the first entry of the act.

    An annulment and the entries that replace the annulled entry are one act; every other entry is an act of its own.
    Entries replace an annulled entry if they follow the annulment directly in the same append and record the same
    event. `uncertain` holds the positions of the entries whose inexact day leaves the state open since this act.
    """

    entries: tuple[int, ...]
    recorded_at: str
    recorded_by: str
    event: str
    valid_on: str
    changes: tuple[Changed, ...]
    known_at: str
    on: date
    uncertain: tuple[int, ...]
    told: tuple[ToldEntry, ...]


def replay(timeline: Timeline, first: int, on: date, names: Mapping[int, str]) -> Iterator[Act]:
    """Yields the acts recorded after the first `first` entries, in recorded order, each with the changes it made to the
    state on the day `on`.

    If `first` is 0, applying the changes of all acts in turn gives the state that `diff` compares. Entries are read one
    by one, so the first acts are yielded before the last entries are read.
    """
    seen = timeline.seen_on(on).until(first)  # leaves out most acts dated after `on`, which need no work
    sections = {section: partial(state, section=section, names=names) for section in REPLAYED}
    before = {section: seen.known((facts, on)).value for section, facts in sections.items()}
    for entries in _acts(timeline, first):
        seen = seen.advanced(entries)
        changes: list[Changed] = []
        uncertain: set[int] = set()
        for section, facts in sections.items():
            after = seen.known((facts, on)).value
            if after is not before[section]:
                (old_facts, old_open), (new_facts, new_open) = before[section], after
                changes += [
                    Changed(section=section, what=what, before=said(old), after=said(new))
                    for what, old, new in compared(old_facts, new_facts)
                ]
                uncertain |= {*new_open} - {*old_open}
                before[section] = after
        yield _act(entries, changes, seen, names, on=on, uncertain=uncertain)


def _acts(timeline: Timeline, first: int) -> Iterator[list[Entry[Event]]]:
    """Yields the entries of each act after the first `first` entries: a single entry, or an annulment that opens an
    append with the entries of the annulled entry's event that follow it directly in that append.
    """
    act: list[Entry[Event]] = []
    replaces: str | None = None  # the event that may join the act
    key = timeline.at(first).key if first else None
    for entry in timeline.passing(after=first):
        event = entry.event
        if act and (entry.key != key or event.event_name != replaces):
            yield act
            act = []
        if not act:
            opens = entry.key != key and isinstance(event, EntryAnnulled)
            annulled = timeline.recorded(event.entry) if opens and isinstance(event, EntryAnnulled) else None
            replaces = annulled.event.event_name if annulled else None
        act.append(entry)
        key = entry.key
    if act:
        yield act


def _act(
    entries: list[Entry[Event]],
    changes: list[Changed],
    timeline: Timeline,
    names: Mapping[int, str],
    *,
    on: date,
    uncertain: set[int],
) -> Act:
    first = entries[0]
    return Act(
        entries=tuple(entry.position for entry in entries),
        recorded_at=first.recorded_at,
        recorded_by=first.recorded_by,
        event=first.event.event_name,
        valid_on=first.event.valid_on.text,
        changes=tuple(changes),
        known_at=f"@{entries[-1].position}",
        on=on,
        uncertain=tuple(sorted(uncertain)),
        told=tell(entries, timeline, names),
    )
