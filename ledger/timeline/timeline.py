"""Entries in the order in which they became true, each class by itself. A value: it grows by making the next one."""

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
    """The first `head` entries of a log. A class is placed when it is first asked for; annulled ones are in no `of`."""

    def __init__(
        self,
        log: Log | Sequence[Entry[Event]] = (),
        readings: Mapping[str, str] = NO_READINGS,
        day: date | None = None,
    ) -> None:
        self._log = log if isinstance(log, Log) else at_hand(log)
        self.head = self._log.head
        self.readings = readings
        self.day = day  # what may have become true by then is all that is seen; None sees everything
        self._of: dict[type[Event], list[Entry[Any]]] = {}
        self._of_tag: dict[type[Event], dict[str, list[Entry[Any]]]] = {}
        self._loose: dict[type[Event], ByRead] = {}
        self._memo = Memo()
        self._variants: dict[int, Timeline] = {}
        self._seen_on: Timeline | None = None
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
        note(self, [event if tag is None else (event, tag)])
        return self._placed(event) if tag is None else self._tagged(event).get(tag, ())

    def of_any(self, *events: type[Event]) -> list[Entry[Any]]:
        """The entries of several classes that count, in timeline order."""
        found = [entry for event in events for entry in self.of(event)]
        found.sort(key=order)
        return found

    def passing(self, event: type[Event] | None = None, *, after: int = 0) -> Iterator[Entry[Any]]:
        """Streams the entries of one class, or all, as recorded, by position from `after` on; none is kept."""
        return self._log.passing(event, after)

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
        """The entry at a position, as it was recorded; None where the log has no such position."""
        return self.at(position) if 1 <= position <= self.head else None

    def placed(self, entry: Entry[E]) -> Entry[E]:
        """An entry as this timeline has it: with its earliest day, if it is the one that was varied."""
        varied: Entry[Any] | None = self._varied
        return varied if varied is not None and varied.position == entry.position else entry

    def until(self, head: int) -> Timeline:
        """The record as it stood when it had its first `head` entries."""
        return Timeline(self._log.until(head), self.readings, self.day)

    def seen_on(self, day: date) -> Timeline:
        """The record as a day sees it: without acts that cannot have become true by then; those that may have are in
        it, where `past` leaves out all that are not sure to have. What annulments annul counts on no day, whenever they
        were made; before the first proposal its terms are those that there are.
        """
        if day == self.day:
            return self
        then = self._seen_on  # a day is mostly asked several questions; another thread may ask another day
        if then is None or then.day != day:
            then = Timeline(self._log, self.readings, day)
            then.annulled_by = self.annulled_by
            self._seen_on = then
        return then

    def under(self, readings: Mapping[str, str]) -> Timeline:
        """The same record, with these questions read so on every day, whatever was adopted. Nothing is recorded."""
        return Timeline(self._log, {**self.readings, **readings}, self.day) if readings else self

    def extended(self, new: Sequence[Entry[Event]]) -> Timeline:
        """The timeline with `new` entries after the last. What no new entry touches is shared, not computed again."""
        return self._followed(self._log.extended(new), new)

    def advanced(self, following: Sequence[Entry[Event]]) -> Timeline:
        """The record as it stood when the next entries of its own log, `following`, were recorded too.

        What none of them touches is shared, not computed again, so a whole log can be replayed entry by entry.
        """
        return self._followed(self._log.advanced(len(following)), following)

    def _followed(self, log: Log, new: Sequence[Entry[Event]]) -> Timeline:
        """The timeline of `log`, which holds the entries of this one and then `new`."""
        if any(isinstance(entry.event, EntryAnnulled) for entry in new):
            return self._with_annulments(log, new)
        seen = [entry for entry in new if self._may_see(entry.event)]
        following = self._sharing(log, seen)
        for event, entries in by_class(seen).items():
            following._place(event, entries)
        return following

    def settled(self) -> Timeline:
        """The same, once all its entries are stored."""
        self._log = self._log.settled()
        return self

    def known(self, asked: Asked) -> Known:
        """A remembered value, and what it was read from; computed now if it is not remembered."""
        note(self, [asked])
        if (known := self._memo.get(asked)) is not None:
            return known
        compute, *about = asked
        value, seen = self._watched(lambda one: compute(one, *about))
        return self._memo.keep(asked, Known(value, seen, pruned(self._reads(seen))))

    def loose(self, seen: Iterable[Read | Asked], own: Entry[Any] | None = None) -> list[Entry[Any]]:
        """The entries whose day is not known exactly, of what was read and `own`, in the log's order.

        Of what a remembered value was read from, only those that make it another.
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
        """The timeline as it would be had `entry` become true on the earliest day that it may have."""
        if (known := self._variants.get(entry.position)) is not None:
            return known
        self._tagged(type(entry.event))  # placed once, and not in each variant anew
        varied = self._sharing(self._log, [entry])
        varied._varied = at_earliest(entry)
        varied._place(type(entry.event), [varied._varied], instead_of=entry.position)
        self._variants[entry.position] = varied
        return varied

    def ask(
        self, question: Callable[[Timeline], T], essence: Callable[[T], Any] = lambda answer: answer
    ) -> tuple[T, tuple[int, ...]]:
        """The answer with every loose day at its latest, and the loose entries that, at their earliest, change it.

        `essence` is what of an answer is compared.
        """
        answer, loose = self.weighed(question)
        kept = essence(answer) if loose else None
        return answer, tuple(one.position for one in loose if essence(question(self.with_earliest(one))) != kept)

    def weighed(self, question: Callable[[Timeline], T], own: Entry[Any] | None = None) -> tuple[T, list[Entry[Any]]]:
        """The answer, and the loose entries that may, at their earliest, change it; `own` is one that it is about."""
        answer, seen = self._watched(question)
        note(self, seen)
        return answer, self.loose(seen, own)

    def traced(self, question: Callable[[Timeline], T]) -> tuple[T, set[Read]]:
        """The answer, and all that it was read from."""
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
        """Whether an event can matter on the timeline's day: a later proposal does where there is none before it."""
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
        """What a proposal said of its start day no longer matters once another was fixed."""
        if not isinstance(event, AgreementProposed) or event.valid_on.is_loose:
            return False
        return any(fixed.event.version == event.version for fixed in self._placed(EntryIntoForceFixed))

    def _sharing(self, log: Log, entries: Sequence[Entry[Event]]) -> Timeline:
        """A copy in which these may be placed, and which keeps what does not rest on them."""
        copy = Timeline(log, self.readings, self.day)
        copy.annulled_by, copy._varied = self.annulled_by, self._varied
        copy._of, copy._of_tag, copy._loose = dict(self._of), dict(self._of_tag), dict(self._loose)
        copy._memo = self._memo.without({read for entry in entries for read in reads_of(entry.event)})
        return copy

    def _with_annulments(self, log: Log, new: Sequence[Entry[Event]]) -> Timeline:
        """Classes of which an entry begins, or ceases, to count are placed anew; nothing is remembered."""
        following = Timeline(log, self.readings, self.day)
        turned = [log.at(position) for position in self.annulled_by.keys() ^ following.annulled_by.keys()]
        touched = {type(entry.event) for entry in (*turned, *new)}
        following._of = {event: of for event, of in self._of.items() if event not in touched}
        following._of_tag = {event: of for event, of in self._of_tag.items() if event not in touched}
        following._loose = {event: of for event, of in self._loose.items() if event not in touched}
        return following

    def _place(self, event: type[Event], entries: Sequence[Entry[Any]], instead_of: int | None = None) -> None:
        """Puts entries of a class in their places, in what was asked for of it before."""
        if self.day is not None and event is AgreementProposed:  # which ones a day sees depends on all of them
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
    """A function of a timeline and of hashable arguments, computed once for as long as what it read stays the same."""

    @wraps(compute)
    def value_of(timeline: Timeline, *about: *About) -> T:
        value: T = timeline.known((compute, *about)).value
        return value

    return value_of
