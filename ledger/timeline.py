"""Entries in the order in which they became true, each class by itself. A value: it grows by making the next one."""

from __future__ import annotations

from collections import defaultdict
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

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
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from ledger.encoding import Entry

E = TypeVar("E", bound=Event)
T = TypeVar("T")

ENDING = frozenset({  # of one day, what ends counts before what begins
    WithdrawalDecided, SeatVacated, ViceChairReleased, ExpertReleased, GroupMemberReleased, GroupOfficerReleased,
    GroupClosed, ProjectEnded, CommitmentReleased, OfficeLeft,
})  # fmt: skip


def order(entry: Entry[Event]) -> tuple[date, bool, int]:
    """The place in the timeline: latest possible valid day, what ends before what begins, position."""
    return entry.event.valid_on.last, type(entry.event) not in ENDING, entry.position


class Timeline:
    """The first `head` entries of the log, as known then. Annulled ones are in `entries`, and in no `of`."""

    def __init__(self, entries: Sequence[Entry[Event]] = ()) -> None:
        self.entries = entries
        self.annulled_by = _annulled_by(entries)
        self._of: dict[type[Event], list[Entry[Any]]] = {}
        self._loose: dict[type[Event], dict[int, Entry[Any]]] = {}
        self._place(entries)
        self._derived: dict[Callable[[Timeline], Any], tuple[Any, set[type[Event]]]] = {}
        self._reads: set[type[Event]] = set()
        self._variants: dict[int, Timeline] = {}
        self._varied: Entry[Any] | None = None
        self._tags: dict[str, list[Entry[Event]]] | None = None

    @property
    def head(self) -> int:
        return len(self.entries)

    def of(self, event: type[E]) -> Sequence[Entry[E]]:
        """The entries of one class that count, in timeline order."""
        self._reads.add(event)
        return self._of.get(event, ())

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
            self._tags = defaultdict(list)
            for entry in self.entries:
                for one in tags_of(entry.event):
                    self._tags[one].append(entry)
        return self._tags.get(tag, ())

    def extended(self, new: Sequence[Entry[Event]]) -> Timeline:
        """The timeline with `new` entries after the last. What no new entry touches is shared, not computed again."""
        if any(isinstance(entry.event, EntryAnnulled) for entry in new) or not self.entries:
            return Timeline([*self.entries, *new])
        touched = {type(entry.event) for entry in new}
        following = self._sharing(touched)
        following.entries = [*self.entries, *new]
        following._place(new)
        return following

    def loose(self, of: set[type[Event]], own: int | None = None) -> list[Entry[Any]]:
        """The entries whose day is not known exactly, of those classes and at that position, in the log's order."""
        found: dict[int, Entry[Any]] = {}
        for event, loose in self._loose.items():
            if event in of:
                found |= loose
            elif own in loose:
                found[own] = loose[own]
        return [found[position] for position in sorted(found)]

    def with_earliest(self, entry: Entry[Event]) -> Timeline:
        """The timeline as it would be had `entry` become true on the earliest day that it may have."""
        if (known := self._variants.get(entry.position)) is not None:
            return known
        event = structs.replace(entry.event, valid_on=_earliest(entry.event.valid_on.first))
        if isinstance(event, AgreementProposed):
            event = structs.replace(event, in_force_from=_earliest(event.in_force_from.first))
        varied = self._sharing({type(event)})
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

    def traced(self, question: Callable[[Timeline], T]) -> tuple[T, set[type[Event]]]:
        """The answer, and the classes of entries that it was read from."""
        outer, self._reads = self._reads, set()
        try:
            answer = question(self)
            return answer, self._reads
        finally:
            self._reads = outer | self._reads

    def _derive(self, compute: Callable[[Timeline], T]) -> tuple[T, set[type[Event]]]:
        known = self._derived[compute] = self.traced(compute)
        return known

    def _sharing(self, touched: set[type[Event]]) -> Timeline:
        """A copy whose lists of the touched classes may be changed, and which keeps what does not rest on them."""
        copy = Timeline.__new__(Timeline)
        copy.entries, copy.annulled_by, copy._varied, copy._tags = self.entries, self.annulled_by, self._varied, None
        copy._loose = {event: dict(loose) for event, loose in self._loose.items()}
        copy._of = {event: list(of) if event in touched else of for event, of in self._of.items()}
        copy._derived = {compute: known for compute, known in self._derived.items() if not known[1] & touched}
        copy._reads, copy._variants = set(), {}
        return copy

    def _place(self, entries: Iterable[Entry[Event]]) -> None:
        touched = set()
        for entry in entries:
            if entry.position not in self.annulled_by:
                touched.add(type(entry.event))
                self._of.setdefault(type(entry.event), []).append(entry)
                if _is_loose(entry.event):
                    self._loose.setdefault(type(entry.event), {})[entry.position] = entry
        for event in touched:
            self._of[event].sort(key=order)
        if touched & {AgreementProposed, EntryIntoForceFixed}:
            self._settle_start_days()

    def _settle_start_days(self) -> None:
        """What a proposal said of its start day no longer matters once another was fixed."""
        fixed = {entry.event.version for entry in self._of.get(EntryIntoForceFixed, ())}
        loose = self._loose.get(AgreementProposed, {})
        self._loose[AgreementProposed] = {
            position: entry
            for position, entry in loose.items()
            if entry.event.valid_on.is_loose or entry.event.version not in fixed
        }


def derived(compute: Callable[[Timeline], T]) -> Callable[[Timeline], T]:
    """A function of the timeline alone, computed once for each timeline that differs in what it reads."""

    @wraps(compute)
    def value_of(timeline: Timeline) -> T:
        known: tuple[T, set[type[Event]]] = timeline._derived.get(compute) or timeline._derive(compute)
        timeline._reads |= known[1]
        return known[0]

    return value_of


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
