"""The timeline: entries ordered by valid day, with a list for each event class. No rules and no database here.

A timeline is a value to its callers: `extended` returns a new timeline and leaves the old one as it was.
"""

from __future__ import annotations

from functools import cached_property, wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from ledger.events import Event
from ledger.events.agreement import AgreementProposed, EntryIntoForceFixed
from ledger.events.record import EntryAnnulled
from ledger.timeline.entries import Log, annulled_by, at_hand, by_class, by_tag
from ledger.timeline.inexact import at_earliest, is_loose, loose_by_read, loose_with, reads_of
from ledger.timeline.memo import ANSWERING, Known, Memo, Question, is_read, note, pruned
from ledger.timeline.ordering import merged, order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.timeline.inexact import ByRead, Read
    from ledger.timeline.memo import Asked

E = TypeVar("E", bound=Event)
T = TypeVar("T")
About = TypeVarTuple("About")

NO_READINGS: Mapping[str, str] = MappingProxyType({})


class Timeline:
    """The first `head` entries of a log, ordered by valid day.

    The entries of a class are sorted on first use. `of` leaves out annulled entries. `readings` maps a passage of the
    agreement to the reading that is assumed for the passage, whatever readings were adopted.
    """

    def __init__(
        self,
        log: Log | Sequence[Entry[Event]] = (),
        readings: Mapping[str, str] = NO_READINGS,
        day: date | None = None,
    ) -> None:
        self._log = log if isinstance(log, Log) else at_hand(log)
        self.head = self._log.head
        self.readings = readings
        self.day = day  # entries that cannot have become true by this day are left out; None leaves out no entry
        self._of: dict[type[Event], list[Entry[Any]]] = {}
        self._of_tag: dict[type[Event], dict[str, list[Entry[Any]]]] = {}
        self._loose: dict[type[Event], ByRead] = {}
        self._memo = Memo()
        self._variants: dict[int, Timeline] = {}
        self._seen_on: Timeline | None = None
        self._varied: Entry[Any] | None = None

    @property
    def entries(self) -> Sequence[Entry[Event]]:
        """All entries, in order of position. This property reads the whole log, so prefer `of`, `all_of` or `about`."""
        return self._log.whole()

    @cached_property
    def annulled_by(self) -> Mapping[int, int]:
        """Maps the position of each annulled entry to the position of the annulment that takes it out."""
        return annulled_by(self._log.of(EntryAnnulled))

    def of(self, event: type[E], tag: str | None = None) -> Sequence[Entry[E]]:
        """Returns the entries of one class in timeline order, without annulled entries.

        With `tag`, only the entries that have the tag are returned.
        """
        note(self, [event if tag is None else (event, tag)])
        return self._placed(event) if tag is None else self._tagged(event).get(tag, ())

    def of_any(self, *events: type[Event]) -> list[Entry[Any]]:
        """Returns the entries of several classes in timeline order, without annulled entries."""
        found = [entry for event in events for entry in self.of(event)]
        found.sort(key=order)
        return found

    def passing(self, event: type[Event] | None = None, *, after: int = 0) -> Iterator[Entry[Any]]:
        """Streams the entries of one class, or all entries if `event` is None, with position > after, as recorded.

        Streaming adds no entry to the cache.
        """
        return self._log.passing(event, after)

    def all_of(self, event: type[E]) -> Sequence[Entry[E]]:
        """Returns the entries of one class in order of position, as recorded, annulled entries included.

        The call is not tracked as a dependency, because moving a loose entry to its earliest day cannot change the
        returned entries.
        """
        return self._log.of(event)

    def about(self, tag: str) -> Sequence[Entry[Event]]:
        """Returns all entries with a tag in order of position, as recorded, annulled entries included."""
        return self._log.about(tag)

    def at(self, position: int) -> Entry[Event]:
        """Returns the entry at a position from 1 to `head`, as recorded, whether annulled or not."""
        return self._log.at(position)

    def recorded(self, position: int) -> Entry[Event] | None:
        """Returns the entry at a position, as recorded, or None if the log has no such position."""
        return self.at(position) if 1 <= position <= self.head else None

    def placed(self, entry: Entry[E]) -> Entry[E]:
        """Returns the entry at its earliest day if `with_earliest` moved it there; otherwise the entry unchanged."""
        varied: Entry[Any] | None = self._varied
        return varied if varied is not None and varied.position == entry.position else entry

    def until(self, head: int) -> Timeline:
        """Returns the timeline of the first `head` entries of the log."""
        return Timeline(self._log.until(head), self.readings, self.day)

    def seen_on(self, day: date) -> Timeline:
        """Returns the timeline of the entries that may have become true by `day`.

        An entry is included if its earliest possible valid day is `day` or earlier. The function `past` is stricter,
        and compares the latest possible valid day. An annulled entry has no effect on any day, even if its annulment is
        later than `day`. If no agreement had been proposed by `day`, all agreement proposals are included, so that
        there are terms to apply.
        """
        if day == self.day:
            return self
        # `_seen_on` caches the timeline of one day. It is read only once here, because another thread may replace it.
        then = self._seen_on
        if then is None or then.day != day:
            then = Timeline(self._log, self.readings, day)
            then.annulled_by = self.annulled_by
            self._seen_on = then
        return then

    def under(self, readings: Mapping[str, str]) -> Timeline:
        """Returns the same timeline with `readings` assumed on every day, whatever readings were adopted.

        `readings` maps a passage to its reading, as in `ledger.readings.READINGS`. The assumption is not recorded.
        """
        return Timeline(self._log, {**self.readings, **readings}, self.day) if readings else self

    def extended(self, new: Sequence[Entry[Event]]) -> Timeline:
        """Returns the timeline with `new` entries after the last entry.

        The new timeline shares with this timeline all sorted lists and remembered values that no new entry affects.
        """
        return self._followed(self._log.extended(new), new)

    def advanced(self, following: Sequence[Entry[Event]]) -> Timeline:
        """Returns the timeline of this log as it stood once `following`, the next stored entries, were recorded.

        The new timeline shares with this timeline all sorted lists and remembered values that no entry in `following`
        affects, so that a log can be replayed entry by entry.
        """
        return self._followed(self._log.advanced(len(following)), following)

    def _followed(self, log: Log, new: Sequence[Entry[Event]]) -> Timeline:
        """Returns the timeline of `log`, which holds the entries of this timeline and then the `new` entries."""
        if any(isinstance(entry.event, EntryAnnulled) for entry in new):
            return self._with_annulments(log, new)
        seen = [entry for entry in new if self._may_see(entry.event)]
        following = self._sharing(log, seen)
        for event, entries in by_class(seen).items():
            following._place(event, entries)
        return following

    def settled(self) -> Timeline:
        """Moves the new entries to the shared cache and returns this timeline.

        Call `settled` only after all entries of this timeline have been stored.
        """
        self._log = self._log.settled()
        return self

    def known(self, asked: Asked) -> Known:
        """Returns the remembered value of a call with its dependencies, and computes the value on first use."""
        note(self, [asked])
        if (known := self._memo.get(asked)) is not None:
            return known
        compute, *about = asked
        value, seen = self._watched(lambda one: compute(one, *about))
        return self._memo.keep(asked, Known(value, seen, pruned(self._reads(seen))))

    def loose(self, seen: Iterable[Read | Asked], own: Entry[Any] | None = None) -> list[Entry[Any]]:
        """Returns, in order of position, the loose entries that may change an answer.

        `seen` holds the dependencies of the answer, and `own` is the entry that the answer is about. For a call of a
        remembered function in `seen`, only the loose entries that change the call's value are returned.
        """
        found: dict[int, Entry[Any]] = {}
        for one in seen:
            if is_read(one):
                found |= self._loose_of(one if isinstance(one, type) else one[0]).get(one, {})
            else:
                found |= {entry.position: entry for entry in self._weighty(one)}
        if own is not None and is_loose(own) and own.position not in self.annulled_by:
            found[own.position] = own
        return [found[position] for position in sorted(found) if not self._is_settled(found[position].event)]

    def with_earliest(self, entry: Entry[Event]) -> Timeline:
        """Returns this timeline with the loose `entry` moved to the earliest day on which it may have become true."""
        if (known := self._variants.get(entry.position)) is not None:
            return known
        self._tagged(type(entry.event))  # the class is sorted here once, so that no variant has to sort it again
        varied = self._sharing(self._log, [entry])
        varied._varied = at_earliest(entry)
        varied._place(type(entry.event), [varied._varied], instead_of=entry.position)
        self._variants[entry.position] = varied
        return varied

    def ask(
        self, question: Callable[[Timeline], T], essence: Callable[[T], Any] = lambda answer: answer
    ) -> tuple[T, tuple[int, ...]]:
        """Returns the answer with every loose entry at its latest day, and the positions of the decisive loose entries.

        A loose entry is decisive if the answer changes when only that entry is moved to its earliest day. Answers are
        compared by the part that `essence` extracts.
        """
        answer, loose = self.weighed(question)
        kept = essence(answer) if loose else None
        return answer, tuple(one.position for one in loose if essence(question(self.with_earliest(one))) != kept)

    def weighed(self, question: Callable[[Timeline], T], own: Entry[Any] | None = None) -> tuple[T, list[Entry[Any]]]:
        """Returns the answer and, in order of position, the loose entries that may change the answer at their earliest
        day.

        `own` is the entry that the question is about, if any.
        """
        answer, seen = self._watched(question)
        note(self, seen)
        return answer, self.loose(seen, own)

    def traced(self, question: Callable[[Timeline], T]) -> tuple[T, set[Read]]:
        """Returns the answer, and every `Read` that the answer depends on, directly or through remembered values."""
        answer, seen = self._watched(question)
        note(self, seen)
        return answer, self._reads(seen)

    def _watched(self, question: Callable[[Timeline], T]) -> tuple[T, set[Read | Asked]]:
        watched = Question(self, set(), ANSWERING.get())
        before = ANSWERING.set(watched)
        try:
            return question(self), watched.seen
        finally:
            ANSWERING.reset(before)

    def _reads(self, seen: set[Read | Asked]) -> set[Read]:
        return {read for one in seen for read in ((one,) if is_read(one) else self._memo[one].reads)}

    def _weighty(self, asked: Asked) -> list[Entry[Any]]:
        known = self._memo[asked]
        if known.weighty is None:
            loose = self.loose(known.seen)
            known.weighty = [one for one in loose if self.with_earliest(one).known(asked).value != known.value]
        return known.weighty

    def _placed(self, event: type[Event]) -> list[Entry[Any]]:
        if event not in self._of:
            every = self._log.of(event)
            counting = (self.placed(entry) for entry in every if entry.position not in self.annulled_by)
            self._of[event] = self._by_its_day(event, sorted(counting, key=order))
        return self._of[event]

    def _tagged(self, event: type[Event]) -> dict[str, list[Entry[Any]]]:
        if event not in self._of_tag:
            self._of_tag[event] = by_tag(self._placed(event))
        return self._of_tag[event]

    def _may_see(self, event: Event) -> bool:
        """Whether an event may be included in a timeline of `day`.

        An agreement proposal dated after `day` may be included: if no proposal is dated `day` or earlier, all are
        included.
        """
        return self.day is None or event.valid_on.first <= self.day or isinstance(event, AgreementProposed)

    def _by_its_day(self, event: type[Event], entries: list[Entry[Any]]) -> list[Entry[Any]]:
        day = self.day
        if day is None or event is EntryAnnulled:
            return entries
        seen = [entry for entry in entries if entry.event.valid_on.first <= day]
        return entries if event is AgreementProposed and not seen else seen

    def _loose_of(self, event: type[Event]) -> ByRead:
        if (known := self._loose.get(event)) is None:
            known = self._loose[event] = loose_by_read(self._placed(event))
        return known

    def _is_settled(self, event: Event) -> bool:
        """Whether only the start day of a proposal is loose, and a start day has been fixed for the same version."""
        if not isinstance(event, AgreementProposed) or event.valid_on.is_loose:
            return False
        return any(fixed.event.version == event.version for fixed in self._placed(EntryIntoForceFixed))

    def _sharing(self, log: Log, entries: Sequence[Entry[Event]]) -> Timeline:
        """Returns a copy of this timeline over `log`, into which the caller can place `entries`.

        The copy shares only the remembered values that do not depend on the classes or tags of `entries`.
        """
        copy = Timeline(log, self.readings, self.day)
        copy.annulled_by, copy._varied = self.annulled_by, self._varied
        copy._of, copy._of_tag, copy._loose = dict(self._of), dict(self._of_tag), dict(self._loose)
        copy._memo = self._memo.without({read for entry in entries for read in reads_of(entry.event)})
        return copy

    def _with_annulments(self, log: Log, new: Sequence[Entry[Event]]) -> Timeline:
        """Returns the timeline over `log`, where `new` contains annulments, without any remembered values.

        The sorted list of a class is dropped if `new` contains an entry of the class, or annuls or restores one.
        """
        following = Timeline(log, self.readings, self.day)
        turned = [log.at(position) for position in self.annulled_by.keys() ^ following.annulled_by.keys()]
        touched = {type(entry.event) for entry in (*turned, *new)}
        following._of = {event: of for event, of in self._of.items() if event not in touched}
        following._of_tag = {event: of for event, of in self._of_tag.items() if event not in touched}
        following._loose = {event: of for event, of in self._loose.items() if event not in touched}
        return following

    def _place(self, event: type[Event], entries: Sequence[Entry[Any]], instead_of: int | None = None) -> None:
        """Inserts entries of a class into those of the class's sorted list and indexes that have already been built."""
        if self.day is not None and event is AgreementProposed:  # a new proposal can change which others are included
            for placed in (self._of, self._of_tag, self._loose):
                placed.pop(event, None)
            return
        if event in self._of:
            self._of[event] = merged(self._of[event], entries, instead_of)
        if event in self._of_tag:
            of_tag = self._of_tag[event] = dict(self._of_tag[event])
            for tag, with_it in by_tag(entries).items():
                of_tag[tag] = merged(of_tag.get(tag, ()), with_it, instead_of)
        if event in self._loose:
            self._loose[event] = loose_with(self._loose[event], entries, instead_of)


def remembered(compute: Callable[[Timeline, *About], T]) -> Callable[[Timeline, *About], T]:
    """Decorates a function of a timeline and hashable arguments: the timeline remembers each value.

    A value is reused until the timeline grows by an annulment, or by an entry that the value depends on.
    """

    @wraps(compute)
    def value_of(timeline: Timeline, *about: *About) -> T:
        value: T = timeline.known((compute, *about)).value
        return value

    return value_of
