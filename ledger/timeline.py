"""Entries in the order in which they became true, each class by itself. A value: it grows by making the next one."""

from __future__ import annotations

from collections import defaultdict
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from msgspec import structs

from ledger.events import Event
from ledger.events.agreement import AgreementProposed, EntryIntoForceFixed, WithdrawalDecided
from ledger.events.body import ExpertReleased, SeatVacated, ViceChairReleased
from ledger.events.economy import CommitmentReleased, ProjectEnded
from ledger.events.groups import GroupClosed, GroupMemberReleased, GroupOfficerReleased
from ledger.events.record import EntryAnnulled, OfficeLeft
from ledger.events.shape import tags_of
from ledger.values import day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.state.past import Past

    Read = type[Event] | tuple[type[Event], str]  # what an answer rests on: a class, or its entries with a tag

E = TypeVar("E", bound=Event)
T = TypeVar("T")
About = TypeVarTuple("About")

NO_READINGS: Mapping[str, str] = MappingProxyType({})

ENDING = frozenset({  # of one day, what ends counts before what begins
    WithdrawalDecided, SeatVacated, ViceChairReleased, ExpertReleased, GroupMemberReleased, GroupOfficerReleased,
    GroupClosed, ProjectEnded, CommitmentReleased, OfficeLeft,
})  # fmt: skip


def order(entry: Entry[Event]) -> tuple[date, bool, int]:
    """The place in the timeline: latest possible valid day, what ends before what begins, position."""
    return entry.event.valid_on.last, type(entry.event) not in ENDING, entry.position


class Timeline:
    """The first `head` entries of the log, as known then. Annulled ones are in `entries`, and in no `of`."""

    def __init__(self, entries: Sequence[Entry[Event]] = (), readings: Mapping[str, str] = NO_READINGS) -> None:
        self.entries = entries
        self.readings = readings
        self.annulled_by = _annulled_by(entries)
        self._of: dict[type[Event], list[Entry[Any]]] = {}
        self._of_tag: dict[type[Event], dict[str, list[Entry[Any]]]] = {}
        self._loose: dict[int, Entry[Any]] = {}
        self._loose_by_read: dict[Read, dict[int, Entry[Any]]] | None = None
        self._place(entries)
        self._derived: dict[tuple[Any, ...], tuple[Any, set[Read]]] = {}
        self._reads: set[Read] = set()
        self._variants: dict[int, Timeline] = {}
        self._pasts: dict[date, Past] = {}
        self._varied: Entry[Any] | None = None
        self._tags: dict[str, list[Entry[Event]]] | None = None

    @property
    def head(self) -> int:
        return len(self.entries)

    def of(self, event: type[E], tag: str | None = None) -> Sequence[Entry[E]]:
        """The entries of one class that count, in timeline order; only those with a tag, if one is given."""
        if tag is None:
            self._reads.add(event)
            return self._of.get(event, ())
        self._reads.add((event, tag))
        if event not in self._of_tag:
            self._of_tag[event] = _by_tag(self._of.get(event, ()))
        return self._of_tag[event].get(tag, ())

    def of_any(self, *events: type[Event]) -> list[Entry[Any]]:
        """The entries of several classes that count, in timeline order."""
        found = [entry for event in events for entry in self.of(event)]
        found.sort(key=order)
        return found

    def recorded(self, position: int) -> Entry[Event] | None:
        """The entry at a position as it was recorded, annulled or not; None when the log is shorter."""
        return self.entries[position - 1] if 1 <= position <= self.head else None

    def placed(self, position: int) -> Entry[Event]:
        """The entry as this timeline has it: with its earliest day, if it is the one that was varied."""
        if self._varied is not None and self._varied.position == position:
            return self._varied
        return self.entries[position - 1]

    def about(self, tag: str) -> Sequence[Entry[Event]]:
        """All entries with a tag, annulled ones too, by position."""
        if self._tags is None:
            self._tags = _by_tag(self.entries)
        return self._tags.get(tag, ())

    def extended(self, new: Sequence[Entry[Event]]) -> Timeline:
        """The timeline with `new` entries after the last. What no new entry touches is shared, not computed again."""
        if any(isinstance(entry.event, EntryAnnulled) for entry in new) or not self.entries:
            return Timeline([*self.entries, *new], self.readings)
        following = self._sharing(new)
        following.entries = [*self.entries, *new]
        following._place(new)
        return following

    def under(self, readings: Mapping[str, str]) -> Timeline:
        """The same record, with these questions read so on every day, whatever was adopted. Nothing is recorded."""
        return Timeline(self.entries, {**self.readings, **readings}) if readings else self

    def loose(self, reads: set[Read], own: int | None = None) -> list[Entry[Any]]:
        """The entries whose day is not known exactly, of what was read and at that position, in the log's order."""
        if self._loose_by_read is None:
            self._loose_by_read = defaultdict(dict)
            for position, entry in self._loose.items():
                for read in _reads_of(entry.event):
                    self._loose_by_read[read][position] = entry
        found: dict[int, Entry[Any]] = {}
        for read in reads & self._loose_by_read.keys():
            found |= self._loose_by_read[read]
        if own in self._loose:
            found[own] = self._loose[own]
        return [found[position] for position in sorted(found)]

    def with_earliest(self, entry: Entry[Event]) -> Timeline:
        """The timeline as it would be had `entry` become true on the earliest day that it may have."""
        if (known := self._variants.get(entry.position)) is not None:
            return known
        event = structs.replace(entry.event, valid_on=_earliest(entry.event.valid_on.first))
        if isinstance(event, AgreementProposed):
            event = structs.replace(event, in_force_from=_earliest(event.in_force_from.first))
        varied = self._sharing([entry])
        varied._varied = structs.replace(entry, event=event)
        varied._of[type(event)] = [one for one in varied._of[type(event)] if one.position != entry.position]
        varied._place([varied._varied])
        self._variants[entry.position] = varied
        return varied

    def ask(self, question: Callable[[Timeline], T]) -> tuple[T, tuple[int, ...]]:
        """The answer with every loose day at its latest, and the loose entries that, at their earliest, change it."""
        answer, reads = self.traced(question)
        return answer, tuple(
            entry.position for entry in self.loose(reads) if question(self.with_earliest(entry)) != answer
        )

    def traced(self, question: Callable[[Timeline], T]) -> tuple[T, set[Read]]:
        """The answer, and what it was read from."""
        outer, self._reads = self._reads, set()
        try:
            answer = question(self)
            return answer, self._reads
        finally:
            outer |= self._reads
            self._reads = outer

    def _sharing(self, entries: Iterable[Entry[Event]]) -> Timeline:
        """A copy in which these may be placed, and which keeps what does not rest on them."""
        touched = {read for entry in entries for read in _reads_of(entry.event)}
        copy = Timeline.__new__(Timeline)
        copy.entries, copy.readings, copy.annulled_by = self.entries, self.readings, self.annulled_by
        copy._varied, copy._tags = self._varied, None
        copy._loose, copy._loose_by_read = dict(self._loose), None
        copy._of = {event: list(of) if event in touched else of for event, of in self._of.items()}
        copy._of_tag = {event: of for event, of in self._of_tag.items() if event not in touched}
        copy._derived = {asked: known for asked, known in self._derived.items() if touched.isdisjoint(known[1])}
        copy._reads, copy._variants, copy._pasts = set(), {}, {}
        return copy

    def _place(self, entries: Iterable[Entry[Event]]) -> None:
        touched = set()
        for entry in entries:
            if entry.position not in self.annulled_by:
                touched.add(type(entry.event))
                self._of.setdefault(type(entry.event), []).append(entry)
                if _is_loose(entry.event):
                    self._loose[entry.position] = entry
        for event in touched:
            self._of[event].sort(key=order)
        if touched & {AgreementProposed, EntryIntoForceFixed}:
            self._settle_start_days()

    def _settle_start_days(self) -> None:
        """What a proposal said of its start day no longer matters once another was fixed."""
        fixed = {entry.event.version for entry in self._of.get(EntryIntoForceFixed, ())}
        for entry in self._of.get(AgreementProposed, ()):
            if entry.event.version in fixed and not entry.event.valid_on.is_loose:
                self._loose.pop(entry.position, None)


def derived(compute: Callable[[Timeline, *About], T]) -> Callable[[Timeline, *About], T]:
    """A function of the timeline, and of what it is asked about, computed once while what it reads stays the same."""

    @wraps(compute)
    def value_of(timeline: Timeline, *about: *About) -> T:
        known: tuple[T, set[Read]] | None = timeline._derived.get((compute, *about))
        if known is None:
            value, reads = timeline.traced(lambda one: compute(one, *about))
            known = timeline._derived[compute, *about] = value, _pruned(reads)
        timeline._reads |= known[1]
        return known[0]

    return value_of


def _reads_of(event: Event) -> list[Read]:
    """All through which an event may be read."""
    return [type(event), *((type(event), tag) for tag in tags_of(event))]


def _pruned(reads: set[Read]) -> set[Read]:
    """The same without the tags of classes that were read as a whole."""
    return {read for read in reads if isinstance(read, type) or read[0] not in reads}


def _by_tag(entries: Iterable[Entry[Any]]) -> dict[str, list[Entry[Any]]]:
    found: dict[str, list[Entry[Any]]] = defaultdict(list)
    for entry in entries:
        for tag in tags_of(entry.event):
            found[tag].append(entry)
    return found


def _is_loose(event: Event) -> bool:
    return event.valid_on.is_loose or (isinstance(event, AgreementProposed) and event.in_force_from.is_loose)


def _earliest(first: date) -> Any:
    return day(first.isoformat())


def _annulled_by(entries: Sequence[Entry[Event]]) -> dict[int, int]:
    """Annulled position → the annulment in force. From the last to the first: an annulled annulment annuls nothing."""
    found: dict[int, int] = {}
    for entry in reversed(entries):
        if not isinstance(entry.event, EntryAnnulled) or entry.position in found:
            continue
        if entry.event.entry < entry.position:
            found.setdefault(entry.event.entry, entry.position)
    return found
