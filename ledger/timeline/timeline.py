"""The timeline: entries ordered by valid day, with a list for each event class. No rules and no database here.

A timeline is a value to its callers: `extended` returns a new timeline and leaves the old one as it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from datetime import date
from functools import cached_property, wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, TypeVarTuple

from ledger.events import Event
from ledger.events.agreement import AgreementProposed
from ledger.events.record import EntryAnnulled
from ledger.timeline.answering import Answering
from ledger.timeline.entries import Log, annulled_by, at_hand, by_class, by_tag
from ledger.timeline.inexact import RECORDED, at_earliest, is_loose, reads_of_days
from ledger.timeline.memo import ANSWERING, EXACT_DAY, AsRecorded, At, Known, in_the_past, note
from ledger.timeline.ordering import merged, order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ledger.encoding import Entry
    from ledger.timeline.inexact import Read
    from ledger.timeline.memo import Asked

E = TypeVar("E", bound=Event)
T = TypeVar("T")
About = TypeVarTuple("About")

NO_READINGS: Mapping[str, str] = MappingProxyType({})


class Move(NamedTuple):
    """A loose entry at its earliest day: the timeline `before` the move, and the entry as it `was` and as it is `now`.

    `was` or `now` is None if the timeline leaves the entry out on that day.
    """

    before: Timeline
    was: Entry[Any] | None
    now: Entry[Any] | None


class Timeline(Answering):
    """The first `head` entries of a log, ordered by valid day.

    The entries of a class are sorted on first use. `of` leaves out annulled entries. `readings` maps a passage of the
    agreement to the reading that is assumed for the passage, whatever readings were adopted.
    """

    def __init__(
        self,
        log: Log | Sequence[Entry[Event]] = (),
        readings: Mapping[str, str] = NO_READINGS,
        day: date | None = None,
        whole: Timeline | None = None,
    ) -> None:
        """`whole` is the same timeline without a `day`, from which the entries of the day are cut."""
        self._log = log if isinstance(log, Log) else at_hand(log)
        self.head = self._log.head
        self.readings = readings
        self.day = day  # entries that cannot have become true by this day are left out; None leaves out no entry
        self._whole = Timeline(self._log, readings) if whole is None and day is not None else whole
        self._of: dict[Read, list[Entry[Any]]] = {}
        self._loose: dict[Read, Sequence[Entry[Any]]] = {}
        self._own: dict[tuple[date, Asked], Known] = {}  # values that hold in this timeline alone
        self._variants: dict[int, Timeline] = {}

    @property
    def moved(self) -> Move | None:
        """The move that `with_earliest` made, so that a value can be derived from the value before the move."""
        return None

    @property
    def entries(self) -> Sequence[Entry[Event]]:
        """All entries, in order of position. This property reads the whole log, so prefer `of`, `all_of` or `about`."""
        return self._log.whole()

    @cached_property
    def annulled_by(self) -> Mapping[int, int]:
        """Maps the position of each annulled entry to the position of the annulment that takes it out."""
        if self._whole is not None:
            return self._whole.annulled_by
        kept = self._log.kept
        return annulled_by(self._log.of(EntryAnnulled)) if kept is None else kept.annulled_by(self.head)

    def of(self, event: type[E], tag: str | None = None) -> Sequence[Entry[E]]:
        """Returns the entries of one class in timeline order, without annulled entries.

        With `tag`, only the entries that have the tag are returned.
        """
        read = event if tag is None else (event, tag)
        note(self, (read,))
        return self._placed(read)

    def as_recorded(self, event: type[E], tag: str = "") -> Sequence[Entry[E]]:
        """Returns the entries of one class, with `tag` if it is given, for a value that does not depend on their days.

        Their order does. Annulled entries are left out. No loose entry is tried at its earliest day for such a value.
        """
        note(self, ((event, f"{RECORDED}{tag}"),))
        return self._placed((event, tag) if tag else event)

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
        """Returns the entries of one class in order of position, as recorded, annulled entries included."""
        note(self, (AsRecorded(event),))
        return self._log.of(event)

    def about(self, tag: str) -> Sequence[Entry[Event]]:
        """Returns all entries with a tag in order of position, as recorded, annulled entries included."""
        note(self, (AsRecorded(tag),))
        return self._log.about(tag)

    def at(self, position: int) -> Entry[Event]:
        """Returns the entry at a position from 1 to `head`, as recorded, whether annulled or not."""
        return self._log.at(position)

    def recorded(self, position: int) -> Entry[Event] | None:
        """Returns the entry at a position, as recorded, or None if the log has no such position."""
        return self.at(position) if 1 <= position <= self.head else None

    def placed(self, entry: Entry[E]) -> Entry[E]:
        """Returns the entry at its earliest day if `with_earliest` moved it there; otherwise the entry unchanged."""
        return entry

    def until(self, head: int) -> Timeline:
        """Returns the timeline of the first `head` entries of the log."""
        return _view(self._log.until(head), self.readings, self.day)

    def seen_on(self, day: date) -> Timeline:
        """Returns the timeline of the entries that may have become true by `day`.

        An entry is included if its earliest possible valid day is `day` or earlier. The function `past` is stricter,
        and compares the latest possible valid day. An annulled entry has no effect on any day, even if its annulment is
        later than `day`. If no agreement had been proposed by `day`, all agreement proposals are included, so that
        there are terms to apply.
        """
        if day == self.day:
            return self
        return _view(self._log, self.readings, day, self._whole or self)

    def limited_to(self, on: date) -> Past:
        """Returns this timeline limited to the entries that had certainly become true by a day."""
        return past(self, on)

    def under(self, readings: Mapping[str, str]) -> Timeline:
        """Returns the same timeline with `readings` assumed on every day, whatever readings were adopted.

        `readings` maps a passage to its reading, as in `ledger.readings.READINGS`. The assumption is not recorded.
        """
        return _view(self._log, {**self.readings, **readings}, self.day) if readings else self

    def extended(self, new: Sequence[Entry[Event]]) -> Timeline:
        """Returns the timeline with `new` entries after the last entry, which need not be stored.

        The new timeline shares with this timeline all sorted lists and remembered values that no new entry affects.
        """
        return Extended(self, new) if new else self

    def advanced(self, following: Sequence[Entry[Event]]) -> Timeline:
        """Returns the timeline of this log as it stood once `following`, the next stored entries, were recorded."""
        return _view(self._log.advanced(len(following)), self.readings, self.day)

    def settled(self) -> Timeline:
        """Returns this timeline, with the entries that were new in the shared cache.

        Call `settled` only after all entries of this timeline have been stored.
        """
        return self

    def with_earliest(self, entry: Entry[Event]) -> Timeline:
        """Returns this timeline with the loose `entry` moved to the earliest day on which it may have become true."""
        if (known := self._variants.get(entry.position)) is not None:
            return known
        return self._variants.setdefault(entry.position, Varied(self, entry))

    def release(self) -> None:
        """Drops the variants made by `with_earliest`. They are made anew if they are asked for again."""
        self._variants.clear()

    def _placed(self, read: Read) -> list[Entry[Any]]:
        """Returns the entries of a `Read` in timeline order, without annulled entries."""
        if (found := self._of.get(read)) is None:
            found = self._of[read] = self._arranged(read) if self._whole is None else self._of_the_day(read)
        return found

    def _arranged(self, read: Read) -> list[Entry[Any]]:
        kept = self._log.kept
        assert kept is not None, "a timeline with new entries arranges them itself"
        arranged = kept.arranged(read) if isinstance(read, type) else kept.arranged(*read)
        return arranged.placed(self.head, self.annulled_by)

    def _of_the_day(self, read: Read) -> list[Entry[Any]]:
        assert self._whole is not None, "only a timeline of a day is cut"
        every, day = self._whole._placed(read), self.day or date.max
        event = _class_of(read)
        if event is EntryAnnulled or (event is AgreementProposed and self._sees_all_proposals):
            return every
        place = bisect_right(every, day, key=_last)
        loose = [
            one for one in self._whole._loose_of(read) if one.event.valid_on.first <= day < one.event.valid_on.last
        ]
        if not loose and place == len(every):
            return every
        found = every[:place]
        for entry in loose:
            insort(found, entry, key=order)
        return found

    @cached_property
    def _sees_all_proposals(self) -> bool:
        """Whether no agreement had been proposed by the day."""
        assert self._whole is not None, "only a timeline of a day is cut"
        day = self.day or date.max
        return all(entry.event.valid_on.first > day for entry in self._whole._placed(AgreementProposed))

    def _loose_of(self, read: Read) -> Sequence[Entry[Any]]:
        """Returns the loose entries of a `Read` that are not annulled, in no particular order."""
        if (found := self._loose.get(read)) is None:
            found = self._loose[read] = self._all_loose_of(read)
        return found

    def _all_loose_of(self, read: Read) -> Sequence[Entry[Any]]:
        if self._whole is not None and self.day is not None:
            loose, day = self._whole._loose_of(read), self.day
            if _class_of(read) is AgreementProposed and self._sees_all_proposals:
                return loose
            return tuple([entry for entry in loose if entry.event.valid_on.first <= day])
        kept = self._log.kept
        assert kept is not None, "a timeline with new entries finds them itself"
        loose = (kept.arranged(read) if isinstance(read, type) else kept.arranged(*read)).loose
        return tuple([one for one in loose if one.position <= self.head and one.position not in self.annulled_by])


class Extended(Timeline):
    """A timeline with entries after its last entry that need not be stored.

    It shares the sorted lists and the remembered values of `base` that no new entry affects.
    """

    def __init__(self, base: Timeline, new: Sequence[Entry[Event]]) -> None:
        super().__init__(base._log.extended(new), base.readings)
        self.day = base.day
        self._base, self._added = base, new
        self._annuls = any(isinstance(entry.event, EntryAnnulled) for entry in new)
        self._new = by_class(entry for entry in new if self._may_see(entry.event))
        self._new_with: dict[type[Event], dict[str, list[Entry[Any]]]] = {}
        self._of_tag: dict[type[Event], dict[str, list[Entry[Any]]]] = {}

    @cached_property
    def annulled_by(self) -> Mapping[int, int]:
        return annulled_by(self._log.of(EntryAnnulled)) if self._annuls else self._base.annulled_by

    @cached_property
    def _turned(self) -> set[Any]:
        """What a new entry changes: classes where a new entry annuls or restores one, else every `Read` of a new entry.

        The entries as recorded, of the classes and the tags of new entries, are part of it.
        """
        classes: set[Any] = {*map(type, (entry.event for entry in self._added))}
        recorded = {AsRecorded(event) for event in classes}
        if self._annuls:
            turned = self.annulled_by.keys() ^ self._base.annulled_by.keys()
            return classes | recorded | {type(self.at(position).event) for position in turned}
        found = classes | recorded | {(event, RECORDED) for event in classes}
        for event, added in by_class(self._added).items():
            for tag in self._new_tags(event) if self.day is None else by_tag(added):
                found |= {(event, tag), (event, f"{RECORDED}{tag}"), AsRecorded(tag)}
        return found

    def until(self, head: int) -> Timeline:
        if head <= self._base.head:
            return self._base.until(head)
        return self._base.extended(self._added[: head - self._base.head])

    def seen_on(self, day: date) -> Timeline:
        return self if day == self.day else self._base.seen_on(day).extended(self._added)

    def under(self, readings: Mapping[str, str]) -> Timeline:
        return self._base.under(readings).extended(self._added) if readings else self

    def settled(self) -> Timeline:
        stored = _view(self._log.settled(), self.readings, self.day)
        memo = stored._memo
        assert memo is not None, "a timeline whose entries are stored shares its memo"
        for (_, asked), known in list(self._own.items()):
            if known.at.head == self.head:
                memo.keep(asked, known)
        return stored

    def _recall(self, asked: Asked, at: At) -> Known | None:
        if (known := self._own.get((at.on, asked))) is not None:
            return known
        known = self._base._recall(asked, At(self._base.head, at.day, at.on))
        if known is None or not self._leaves(known):
            return None
        return self._own.setdefault((at.on, asked), known)

    def _leaves(self, known: Known) -> bool:
        """Whether no new entry can change a value that is remembered for the timeline without the new entries."""
        if not self._annuls:
            return self._turned.isdisjoint(known.reads)
        return not any(
            isinstance(one, AsRecorded) or (one[0] if type(one) is tuple else one) in self._turned
            for one in known.reads
        )

    def _arranged(self, read: Read) -> list[Entry[Any]]:
        if self._is_anew(read):
            return self._anew(read) if isinstance(read, type) else self._anew_with(*read)
        base, new = self._base._placed(read), self._new_of(read)
        return merged(base, new, None) if new else base

    def _is_anew(self, read: Read) -> bool:
        """Whether the entries of a `Read` cannot be those of `base` and the new ones."""
        event = _class_of(read)
        return (self._annuls and event in self._turned) or (self.day is not None and event is AgreementProposed)

    def _new_of(self, read: Read) -> Sequence[Entry[Any]]:
        event = _class_of(read)
        new = self._new.get(event, ())
        return new if isinstance(read, type) or not new else self._new_tags(event).get(read[1], ())

    def _new_tags(self, event: type[Event]) -> dict[str, list[Entry[Any]]]:
        """Maps each tag of the new entries of a class to those that have it."""
        if (found := self._new_with.get(event)) is None:
            found = self._new_with[event] = by_tag(self._new.get(event, ()))
        return found

    def _anew(self, event: type[Event]) -> list[Entry[Any]]:
        """Returns the entries of a class from the log itself."""
        standing = [one for one in self._log.of(event) if one.position not in self.annulled_by]
        day = None if event is EntryAnnulled else self.day
        seen = [one for one in standing if day is None or one.event.valid_on.first <= day]
        return sorted(standing if event is AgreementProposed and not seen else seen, key=order)

    def _anew_with(self, event: type[Event], tag: str) -> list[Entry[Any]]:
        """Returns the entries of a class and a tag, of which the whole class is indexed once."""
        if (with_tag := self._of_tag.get(event)) is None:
            with_tag = self._of_tag[event] = by_tag(self._placed(event))
        return with_tag.get(tag, [])

    def _all_loose_of(self, read: Read) -> Sequence[Entry[Any]]:
        if self._is_anew(read):
            return tuple(filter(is_loose, self._placed(read)))
        return (*self._base._loose_of(read), *filter(is_loose, self._new_of(read)))

    def _may_see(self, event: Event) -> bool:
        """Whether an event may be included in a timeline of `day`.

        An agreement proposal dated after `day` may be included: if no proposal is dated `day` or earlier, all are
        included.
        """
        return self.day is None or event.valid_on.first <= self.day or isinstance(event, AgreementProposed)


class Varied(Timeline):
    """A timeline in which one loose entry of `base` is moved to its earliest day.

    It shares the sorted lists and the remembered values of `base` that the entry does not affect.
    """

    def __init__(self, base: Timeline, entry: Entry[Any]) -> None:
        super().__init__(base._log, base.readings)
        self.day = base.day
        self._base, self._late, self._early = base, entry, at_earliest(entry)
        self._moved = frozenset(reads_of_days(entry.event))

    @property
    def moved(self) -> Move | None:
        return Move(self._base, self._base.at(self._early.position), self._early)

    @cached_property
    def annulled_by(self) -> Mapping[int, int]:
        return self._base.annulled_by

    def until(self, head: int) -> Timeline:
        return self._base.until(head)

    def under(self, readings: Mapping[str, str]) -> Timeline:
        return self._base.under(readings) if readings else self

    def placed(self, entry: Entry[E]) -> Entry[E]:
        early: Entry[Any] = self._early
        return early if early.position == entry.position else self._base.placed(entry)

    def _recall(self, asked: Asked, at: At) -> Known | None:
        if (known := self._own.get((at.on, asked))) is not None:
            return known
        known = self._base._recall(asked, at)
        return known if known is not None and self._moved.isdisjoint(known.reads) else None

    def _keep(self, asked: Asked, known: Known) -> Known:
        if self._moved.isdisjoint(known.reads):
            return self._base._keep(asked, known)
        self._own[known.at.on, asked] = known
        return known

    def _placed(self, read: Read) -> list[Entry[Any]]:
        if read not in self._moved:
            return self._base._placed(read)
        if (found := self._of.get(read)) is None:
            found = list(self._base._placed(read))
            place = bisect_left(found, order(self._late), key=order)
            if found[place : place + 1] == [self._late]:  # an entry that is not seen on the day may be asked about, too
                del found[place]
            insort(found, self._early, key=order)
            self._of[read] = found
        return found

    def _loose_of(self, read: Read) -> Sequence[Entry[Any]]:
        if read not in self._moved:
            return self._base._loose_of(read)
        return [entry for entry in self._base._loose_of(read) if entry.position != self._late.position]


class Past(Timeline):
    """The entries of the `whole` timeline whose latest possible valid day is `on` or earlier.

    Every agreement proposal is included, whatever its valid day, because a proposal has no effect by itself. What a
    question looks up, and the remembered values, are recorded on `whole`, so that `whole` can try loose entries at
    their earliest day.
    """

    def __init__(self, whole: Timeline, on: date) -> None:
        super().__init__(whole._log, whole.readings)
        self.day = whole.day
        self.whole, self._on = whole, on
        self._past_at = At(whole.head, whole.day or date.max, on)

    @property
    def on(self) -> date:
        """The last day on which an entry counts. A value that is computed from it is remembered for that day alone."""
        note(self.whole, (EXACT_DAY,))
        return self._on

    @property
    def moved(self) -> Move | None:
        move = self.whole.moved
        if move is None:
            return None
        was, now = (entry if entry and _last(entry) <= self._on else None for entry in (move.was, move.now))
        return Move(past(move.before, self._on), was, now)

    @cached_property
    def annulled_by(self) -> Mapping[int, int]:
        return self.whole.annulled_by

    def placed(self, entry: Entry[E]) -> Entry[E]:
        return self.whole.placed(entry)

    def of(self, event: type[E], tag: str | None = None) -> Sequence[Entry[E]]:
        found = self.whole.of(event, tag)
        return found if event is AgreementProposed else found[: bisect_right(found, self._on, key=_last)]

    def as_recorded(self, event: type[E], tag: str = "") -> Sequence[Entry[E]]:
        return self.of(event, tag or None)  # which entries belong to the past depends on their days

    def all_of(self, event: type[E]) -> Sequence[Entry[E]]:
        return self.whole.all_of(event)

    def about(self, tag: str) -> Sequence[Entry[Event]]:
        return self.whole.about(tag)

    def known(self, asked: Asked) -> Known:
        note(self.whole, ((in_the_past, self._on, *asked),))
        return self.whole._known(asked, self._past_at)


def past(timeline: Timeline, on: date) -> Past:
    """Returns the timeline limited to the day `on`, or to its present limit if that day is earlier than `on`."""
    if isinstance(timeline, Past):
        return Past(timeline.whole, min(on, timeline._on))
    return Past(timeline, on)


def _view(log: Log, readings: Mapping[str, str], day: date | None, whole: Timeline | None = None) -> Timeline:
    """Returns the timeline of a log, of those kept for its cache if all its entries are stored."""
    kept = log.kept
    if kept is None:
        return Timeline(log, readings, day, whole)
    assumed = tuple(sorted(readings.items()))
    every = kept.view((log.head, None, assumed), lambda: Timeline(log, readings))
    return every if day is None else kept.view((log.head, day, assumed), lambda: Timeline(log, readings, day, every))


def _class_of(read: Read) -> type[Event]:
    return read if isinstance(read, type) else read[0]


def _last(entry: Entry[Event]) -> date:
    return entry.event.valid_on.last


def remembered(compute: Callable[[Timeline, *About], T]) -> Callable[[Timeline, *About], T]:
    """Decorates a function of a timeline and hashable arguments: the timeline remembers each value.

    A value is reused in every timeline of the same log in which the entries that it depends on are the same.
    """
    alone = (compute,)  # the call without arguments

    @wraps(compute)
    def value_of(timeline: Timeline, *about: *About) -> T:
        asked = (compute, *about) if about else alone
        question = ANSWERING.get()
        value: T
        if question is None or question.of is not timeline:
            value = timeline.known(asked).value
            return value
        try:
            value = question.answered[asked]
        except KeyError:
            question.answered[asked] = value = timeline.known(asked).value
        return value

    return value_of
