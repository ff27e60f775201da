"""Entries in the order in which they became true, each class by itself. A value: it grows by making the next one."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from functools import cached_property, wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from ledger.events import Event
from ledger.events.agreement import AgreementProposed, EntryIntoForceFixed, WithdrawalDecided
from ledger.events.body import ExpertReleased, SeatVacated, ViceChairReleased
from ledger.events.economy import CommitmentReleased, ProjectEnded
from ledger.events.groups import GroupClosed, GroupMemberReleased, GroupOfficerReleased
from ledger.events.record import EntryAnnulled, OfficeLeft
from ledger.log import Log, annulled_by, at_hand, by_class, by_tag
from ledger.loose import at_earliest, is_loose, loose_by_read, loose_with, reads_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.loose import ByRead, Read

E = TypeVar("E", bound=Event)
T = TypeVar("T")
About = TypeVarTuple("About")

NO_READINGS: Mapping[str, str] = MappingProxyType({})
FEW = 8  # entries that are put in their places one by one, for less than it takes to order all anew

ENDING = frozenset({  # of one day, what ends counts before what begins
    WithdrawalDecided, SeatVacated, ViceChairReleased, ExpertReleased, GroupMemberReleased, GroupOfficerReleased,
    GroupClosed, ProjectEnded, CommitmentReleased, OfficeLeft,
})  # fmt: skip


def order(entry: Entry[Event]) -> tuple[date, bool, int]:
    """The place in the timeline: latest possible valid day, what ends before what begins, position."""
    return entry.event.valid_on.last, type(entry.event) not in ENDING, entry.position


class Timeline:
    """The first `head` entries of a log. A class is placed when it is first asked for; annulled ones are in no `of`."""

    def __init__(self, log: Log | Sequence[Entry[Event]] = (), readings: Mapping[str, str] = NO_READINGS) -> None:
        self._log = log if isinstance(log, Log) else at_hand(log)
        self.head = self._log.head
        self.readings = readings
        self._of: dict[type[Event], list[Entry[Any]]] = {}
        self._of_tag: dict[type[Event], dict[str, list[Entry[Any]]]] = {}
        self._loose: dict[type[Event], ByRead] = {}
        self._derived: dict[tuple[Any, ...], tuple[Any, set[Read]]] = {}
        self._derived_from: dict[Read, set[tuple[Any, ...]]] = defaultdict(set)
        self._reads: set[Read] = set()
        self._variants: dict[int | date, Timeline] = {}  # by the entry varied, or the day that looks back
        self._varied: Entry[Any] | None = None

    @property
    def entries(self) -> Sequence[Entry[Event]]:
        """All entries, by position. It reads the whole log; what is of a class, or has a tag, is cheaper asked for."""
        return self._log.whole()

    @cached_property
    def annulled_by(self) -> Mapping[int, int]:
        """The annulled entries, each with the annulment in force."""
        return annulled_by(self._log.of(EntryAnnulled))

    def of(self, event: type[E], tag: str | None = None) -> Sequence[Entry[E]]:
        """The entries of one class that count, in timeline order; only those with a tag, if one is given."""
        if tag is None:
            self._reads.add(event)
            return self._placed(event)
        self._reads.add((event, tag))
        if event not in self._of_tag:
            self._of_tag[event] = by_tag(self._placed(event))
        return self._of_tag[event].get(tag, ())

    def of_any(self, *events: type[Event]) -> list[Entry[Any]]:
        """The entries of several classes that count, in timeline order."""
        found = [entry for event in events for entry in self.of(event)]
        found.sort(key=order)
        return found

    def all_of(self, event: type[E]) -> Sequence[Entry[E]]:
        """The entries of one class as recorded, annulled ones too, by position. No loose day can vary these."""
        return self._log.of(event)

    def about(self, tag: str) -> Sequence[Entry[Event]]:
        """All entries with a tag as recorded, annulled ones too, by position."""
        return self._log.about(tag)

    def at(self, position: int) -> Entry[Event]:
        """The entry at a position that is there, as it was recorded, annulled or not."""
        return self._log.at(position)

    def recorded(self, position: int) -> Entry[Event] | None:
        """Likewise; None when the log is shorter."""
        return self.at(position) if 1 <= position <= self.head else None

    def placed(self, position: int) -> Entry[Event]:
        """The entry as this timeline has it: with its earliest day, if it is the one that was varied."""
        if self._varied is not None and self._varied.position == position:
            return self._varied
        return self._log.at(position)

    def until(self, head: int) -> Timeline:
        """The record as it stood when it had its first `head` entries."""
        return Timeline(self._log.until(head), self.readings)

    def under(self, readings: Mapping[str, str]) -> Timeline:
        """The same record, with these questions read so on every day, whatever was adopted. Nothing is recorded."""
        return Timeline(self._log, {**self.readings, **readings}) if readings else self

    def extended(self, new: Sequence[Entry[Event]]) -> Timeline:
        """The timeline with `new` entries after the last. What no new entry touches is shared, not computed again."""
        log = self._log.extended(new)
        if any(isinstance(entry.event, EntryAnnulled) for entry in new):
            return self._with_annulments(log, new)
        following = self._sharing(log, new)
        for event, entries in by_class(new).items():
            following._place(event, entries)
        return following

    def settled(self) -> Timeline:
        """The same, once all its entries are stored."""
        self._log = self._log.settled()
        return self

    def loose(self, reads: set[Read], own: int | None = None) -> list[Entry[Any]]:
        """The entries whose day is not known exactly, of what was read and at that position, in the log's order."""
        found: dict[int, Entry[Any]] = {}
        for read in reads:
            found |= self._loose_of(read if isinstance(read, type) else read[0]).get(read, {})
        if own is not None and own not in found and own not in self.annulled_by and is_loose(self.placed(own)):
            found[own] = self.placed(own)
        return [found[position] for position in sorted(found) if not self._is_settled(found[position].event)]

    def with_earliest(self, entry: Entry[Event]) -> Timeline:
        """The timeline as it would be had `entry` become true on the earliest day that it may have."""
        if (known := self._variants.get(entry.position)) is not None:
            return known
        self._placed(type(entry.event))
        varied = self._sharing(self._log, [entry])
        varied._varied = at_earliest(entry)
        varied._place(type(entry.event), [varied._varied], instead_of=entry.position)
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

    def _placed(self, event: type[Event]) -> list[Entry[Any]]:
        if event not in self._of:
            counting = (entry for entry in self._log.of(event) if entry.position not in self.annulled_by)
            self._of[event] = sorted(counting, key=order)
        return self._of[event]

    def _loose_of(self, event: type[Event]) -> ByRead:
        if event not in self._loose:
            self._loose[event] = loose_by_read(self._placed(event))
        return self._loose[event]

    def _is_settled(self, event: Event) -> bool:
        """What a proposal said of its start day no longer matters once another was fixed."""
        if not isinstance(event, AgreementProposed) or event.valid_on.is_loose:
            return False
        return any(fixed.event.version == event.version for fixed in self._placed(EntryIntoForceFixed))

    def _sharing(self, log: Log, entries: Sequence[Entry[Event]]) -> Timeline:
        """A copy in which these may be placed, and which keeps what does not rest on them."""
        copy = Timeline(log, self.readings)
        copy.annulled_by, copy._varied = self.annulled_by, self._varied
        copy._of, copy._of_tag, copy._loose = dict(self._of), dict(self._of_tag), dict(self._loose)
        copy._derived, copy._derived_from = dict(self._derived), self._derived_from
        for read in {read for entry in entries for read in reads_of(entry.event)} if copy._derived else ():
            for asked in self._derived_from.get(read, ()):
                copy._derived.pop(asked, None)
        return copy

    def _with_annulments(self, log: Log, new: Sequence[Entry[Event]]) -> Timeline:
        """Classes of which an entry begins, or ceases, to count are placed anew; nothing derived is kept."""
        following = Timeline(log, self.readings)
        turned = [log.at(position) for position in self.annulled_by.keys() ^ following.annulled_by.keys()]
        touched = {type(entry.event) for entry in (*turned, *new)}
        following._of = {event: of for event, of in self._of.items() if event not in touched}
        following._of_tag = {event: of for event, of in self._of_tag.items() if event not in touched}
        following._loose = {event: of for event, of in self._loose.items() if event not in touched}
        return following

    def _place(self, event: type[Event], entries: Sequence[Entry[Any]], instead_of: int | None = None) -> None:
        """Puts entries of a class in their places, in what was asked for of it before."""
        if event in self._of:
            self._of[event] = _merged(self._of[event], entries, instead_of)
        if event in self._of_tag:
            of_tag = self._of_tag[event] = dict(self._of_tag[event])
            for tag, with_it in by_tag(entries).items():
                of_tag[tag] = _merged(of_tag.get(tag, ()), with_it, instead_of)
        if event in self._loose:
            self._loose[event] = loose_with(self._loose[event], entries, instead_of)


def derived(compute: Callable[[Timeline, *About], T]) -> Callable[[Timeline, *About], T]:
    """A function of the timeline, and of what it is asked about, computed once while what it reads stays the same."""

    @wraps(compute)
    def value_of(timeline: Timeline, *about: *About) -> T:
        known: tuple[T, set[Read]] | None = timeline._derived.get((compute, *about))
        if known is None:
            value, reads = timeline.traced(lambda one: compute(one, *about))
            known = timeline._derived[compute, *about] = value, _pruned(reads)
            for read in known[1]:
                timeline._derived_from[read].add((compute, *about))
        timeline._reads |= known[1]
        return known[0]

    return value_of


def _pruned(reads: set[Read]) -> set[Read]:
    """The same without the tags of classes that were read as a whole."""
    return {read for read in reads if isinstance(read, type) or read[0] not in reads}


def _merged(placed: Sequence[Entry[Any]], new: Sequence[Entry[Any]], instead_of: int | None) -> list[Entry[Any]]:
    """Both in timeline order, without the one that new ones stand instead of."""
    found = [entry for entry in placed if entry.position != instead_of] if instead_of else list(placed)
    if len(new) > FEW:
        found += new
        found.sort(key=order)
        return found
    for entry in new:
        insort(found, entry, key=order)
    return found
