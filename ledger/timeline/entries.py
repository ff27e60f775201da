"""The entries of a log, fetched on first use and cached: by class, by tag, by position, or all. No SQL here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date
from functools import cached_property
from itertools import islice
from operator import attrgetter
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ledger.events.record import EntryAnnulled
from ledger.events.shape import share_ids, tags_of
from ledger.timeline.arranged import RECENT, Arranged
from ledger.timeline.inexact import RECORDED
from ledger.timeline.memo import EXACT_DAY, AsRecorded, Memo, Span
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline.memo import Known

    Readings = tuple[tuple[str, str], ...]
    View = tuple[int, date | None, Readings]

T = TypeVar("T")

READINGS = 4  # assumptions about readings whose remembered values are kept
MANY = 1_000  # when more than this many entries are added at once, what follows from them is dropped, not extended
VIEWS = 8  # timelines, each of another head, day or readings, that are kept

_position = attrgetter("position")


class Fetch(Protocol):
    """Iterates over the entries with after < position <= until, in order of position.

    `event` limits the iteration to the entries of one class, and `tag` to the entries with one tag.
    """

    def __call__(
        self, after: int, until: int, *, event: type[Event] | None = None, tag: str | None = None
    ) -> Iterator[Entry[Any]]: ...


class Kept:
    """An append-only cache of the first `head` entries, by class, by tag and by position.

    A cached list of a class or tag holds all its entries up to `head`. Several threads may read the cache while another
    thread calls `grow`.
    """

    def __init__(self, head: int, fetch: Fetch) -> None:
        self.head = head
        self._fetch = fetch
        self._lock = Lock()  # the lock guards writes to the cache, and is never held during a fetch
        self._whole: list[Entry[Any]] | None = None
        self._of: dict[type[Event], list[Entry[Any]]] = {}
        self._about: dict[str, list[Entry[Any]]] = {}
        self._all_tags = False
        self._at: dict[int, Entry[Any]] = {}
        self._arranged: dict[type[Event], Arranged] = {}
        self._arranged_with: dict[type[Event], dict[str, Arranged]] = {}
        self._annulled: tuple[tuple[int, Mapping[int, int]], ...] = ()
        self._memos: dict[Readings, Memo] = {}
        self._views: dict[View, Any] = {}

    def whole(self) -> list[Entry[Any]]:
        """Returns the cached list of all entries, in order of position. Callers must not change the returned list."""
        return self._fetched(self.hold) if self._whole is None else self._whole

    def hold(self, entries: Sequence[Entry[Any]]) -> list[Entry[Any]]:
        """Caches `entries` as the complete log, and returns the cached list."""
        self._of = by_class(entries)
        self._whole = whole = list(entries)
        return whole

    def of(self, event: type[Event]) -> list[Entry[Any]]:
        """Returns the cached list of a class's entries, in order of position. Callers must not change the list."""
        is_whole = self._whole is not None  # read before `_of`, because `hold` sets `_of` before `_whole`
        if (found := self._of.get(event)) is not None:
            return found
        if is_whole:
            return []
        return self._fetched(lambda fetched: self._of.setdefault(event, fetched), event=event)

    def about(self, tag: str) -> list[Entry[Any]]:
        """Returns the cached list of a tag's entries, in order of position. Callers must not change the list."""
        if self._whole is not None and not self._all_tags:
            with self._lock:
                self._about, self._all_tags = by_tag(self._whole), True
        is_whole = self._all_tags
        if (found := self._about.get(tag)) is not None:
            return found
        if is_whole:
            return []
        return self._fetched(lambda fetched: self._about.setdefault(tag, fetched) if fetched else [], tag=tag)

    def _fetched(self, keep: Callable[[list[Entry[Any]]], list[Entry[Any]]], **of: Any) -> list[Entry[Any]]:
        """Fetches all entries, or the entries of one class or tag (`of`), and passes them to `keep`.

        If `head` grows during a fetch, the added entries are fetched too, so that `keep` receives a complete list.
        """
        found: list[Entry[Any]] = []
        after = 0
        while True:
            until = self.head
            new = [*self._fetch(after, until, **of)]
            for entry in new if of else ():  # a question keeps classes; what reads the whole log is done with it soon
                share_ids(entry.event)
            found += new
            with self._lock:
                if until == self.head:
                    return keep(found)
            after = until

    def at(self, position: int) -> Entry[Any]:
        """Returns the entry at a position from 1 to `head`."""
        if self._whole is not None:
            return self._whole[position - 1]
        if (known := self._at.get(position)) is None:
            [known] = self._held(position) or self._fetch(position - 1, position)
            self._at[position] = known
        return known

    def _held(self, position: int) -> list[Entry[Any]]:
        """Returns a list with the entry at a position if its class is cached; otherwise an empty list."""
        for entries in list(self._of.values()):
            place = bisect_left(entries, position, key=_position)
            if place < len(entries) and entries[place].position == position:
                return [entries[place]]
        return []

    def arranged(self, event: type[Event], tag: str | None = None) -> Arranged:
        """Returns the entries of a class, or of a class and a tag, in a form that gives their timeline order."""
        self.of(event)
        with self._lock:
            whole = self._arranged.get(event)
            if whole is None:  # the list is looked up again, because another thread may have begun it meanwhile
                whole = self._arranged[event] = Arranged(self._of.get(event, [])[:])
            if tag is None:
                return whole
            with_tag = self._arranged_with.get(event)
            if with_tag is None:
                found = by_tag(whole.entries)
                with_tag = self._arranged_with[event] = {one: Arranged(of) for one, of in found.items()}
            return with_tag.get(tag) or Arranged([])

    def annulled_by(self, head: int) -> Mapping[int, int]:
        """Maps each position up to `head` that is annulled by then to the position of the annulment that takes it out.

        The same mapping is returned for all heads between two annulments.
        """
        annulments = self.of(EntryAnnulled)
        number = bisect_right(annulments, head, key=_position)
        for known, found in self._annulled:
            if known == number:
                return found
        found = annulled_by(annulments[:number])
        self._annulled = ((number, found), *self._annulled[: RECENT - 1])
        return found

    def memo(self, readings: Mapping[str, str]) -> Memo:
        """Returns the memo that all timelines over the stored entries share under the same readings."""
        key = tuple(sorted(readings.items()))
        with self._lock:
            found = self._memos.pop(key, None)
            if found is None:
                found = Memo(self.span_of)
            while len(self._memos) >= READINGS:
                del self._memos[next(iter(self._memos))]
            self._memos[key] = found
            return found

    def view(self, view: View, make: Callable[[], T]) -> T:
        """Returns the timeline kept for `view`, and makes it with `make` on first use.

        Few timelines are kept. One that is dropped is released from its variants, which refer to it, since commands run
        without the garbage collector.
        """
        with self._lock:
            known = self._views.pop(view, None)
        found: T = make() if known is None else known
        with self._lock:
            self._views[view] = found
            while len(self._views) > VIEWS:
                self._views.pop(next(iter(self._views))).release()
        return found

    def span_of(self, known: Known) -> Span:
        """Returns the timelines in which a remembered value holds: those in which what it depends on is the same."""
        head, day, on = known.at
        positions, days, ons = [], [], []
        checked = self.head  # before the entries are looked up: another thread may add some, or drop what is arranged
        arranged = [self._dependency(one) for one in known.reads if one is not EXACT_DAY]
        arranged.append((self.arranged(EntryAnnulled), False))
        with self._lock:
            for one, is_dated in arranged:
                positions.append(one.near_position(head))
                if is_dated:
                    seen, turned = one.near_days(day, on)
                    days.append(seen)
                    ons.append(turned)
        if EXACT_DAY in known.reads:
            ons.append((on, on if on == date.max else on + DAY))
        return Span(
            heads=(
                max((first for first, _ in positions), default=0),
                min((end for _, end in positions if end), default=None),
            ),
            days=(max((first for first, _ in days), default=date.min), min((end for _, end in days), default=date.max)),
            ons=(max((first for first, _ in ons), default=date.min), min((end for _, end in ons), default=date.max)),
            checked=checked,
        )

    def _dependency(self, one: Any) -> tuple[Arranged, bool]:
        """Returns the entries that a dependency stands for, and whether their days matter."""
        if isinstance(one, AsRecorded):
            return (self.arranged(one.of) if isinstance(one.of, type) else Arranged(self.about(one.of))), False
        event, tag = (one, None) if isinstance(one, type) else one
        return self.arranged(event, (tag or "").removeprefix(RECORDED) or None), True

    def passing(self, event: type[Event] | None, after: int, until: int) -> Iterator[Entry[Any]]:
        """Iterates over the entries of a class, or over all entries if `event` is None, with after < position <= until.

        If these entries are not cached, they are streamed from the store, and the cache stays as it is.
        """
        if self._whole is None and event not in self._of:
            return self._fetch(after, until, event=event)
        found = self.whole() if event is None else self.of(event)
        first, end = (bisect_right(found, position, key=_position) for position in (after, until))
        return islice(found, first, end)

    def grow(self, following: Sequence[Entry[Any]]) -> None:
        """Advances `head` past `following`, and appends these entries to the cached lists of their classes and tags.

        Entries of `following` up to `head` are skipped, because another thread may already have added them.
        """
        with self._lock:
            new = [entry for entry in following if entry.position > self.head]
            if not new:
                return
            self.head += len(new)
            self._at[self.head] = new[-1]
            if self._whole is not None:
                self._whole += new
            if len(new) > MANY and not self._all_tags:
                self._about = {}
            for tag, entries in by_tag(new).items() if self._about or self._all_tags else ():
                if tag in self._about or self._all_tags:
                    self._about.setdefault(tag, []).extend(entries)
            for event, entries in by_class(new).items():
                if event in self._of or self._whole is not None:
                    self._of.setdefault(event, []).extend(entries)
                self._arrange(event, entries)

    def _arrange(self, event: type[Event], new: Sequence[Entry[Any]]) -> None:
        """Adds new entries to what is arranged of their class. If they are many, it is dropped, and arranged anew when
        it is asked for.
        """
        if len(new) > MANY:
            self._arranged.pop(event, None)
            self._arranged_with.pop(event, None)
        if (arranged := self._arranged.get(event)) is not None:
            for entry in new:
                arranged.add(entry)
        if (with_tag := self._arranged_with.get(event)) is not None:
            for entry in new:
                for tag in tags_of(entry.event):
                    with_tag.setdefault(tag, Arranged([])).add(entry)


class Log:
    """An immutable sequence: the first `stored` entries of a cache, then `new` entries that may not be stored yet."""

    def __init__(self, kept: Kept, stored: int, new: Sequence[Entry[Any]] = ()) -> None:
        self._kept = kept
        self._stored = stored
        self._new = new
        self._new_of: dict[type[Event], list[Entry[Any]]] = by_class(new)

    @property
    def head(self) -> int:
        return self._stored + len(self._new)

    @property
    def kept(self) -> Kept | None:
        """The cache that holds all entries of this log, or None if some of them may not be stored yet."""
        return None if self._new else self._kept

    def whole(self) -> list[Entry[Any]]:
        """Returns all entries, in order of position, in a new list."""
        return [*self._of_stored(self._kept.whole()), *self._new]

    def of(self, event: type[Event]) -> list[Entry[Any]]:
        """Returns the entries of one class, in order of position, in a new list."""
        return self._of_stored(self._kept.of(event)) + self._new_of.get(event, [])

    def passing(self, event: type[Event] | None, after: int) -> Iterator[Entry[Any]]:
        """Streams the entries of one class, or all entries if `event` is None, with position > after.

        Streaming adds no entry to the cache.
        """
        if after < self._stored:
            yield from self._kept.passing(event, after, self._stored)
        new = self._new if event is None else self._new_of.get(event, ())
        yield from (entry for entry in new if entry.position > after)

    def about(self, tag: str) -> list[Entry[Any]]:
        """Returns the entries with a tag, in order of position, in a new list."""
        return self._of_stored(self._kept.about(tag)) + self._new_about.get(tag, [])

    @cached_property
    def _new_about(self) -> dict[str, list[Entry[Any]]]:
        return by_tag(self._new)

    def at(self, position: int) -> Entry[Any]:
        """Returns the entry at a position from 1 to `head`."""
        return self._kept.at(position) if position <= self._stored else self._new[position - self._stored - 1]

    def until(self, head: int) -> Log:
        """Returns the log of the first `head` entries."""
        return Log(self._kept, min(head, self._stored), self._new[: max(0, head - self._stored)])

    def advanced(self, entries: int) -> Log:
        """Returns a log that is longer by the next stored entries of the cache, `entries` in number."""
        assert not self._new, "a log advances over stored entries alone"
        assert self._stored + entries <= self._kept.head, "a log advances over entries that are there"
        return Log(self._kept, self._stored + entries)

    def extended(self, new: Sequence[Entry[Any]]) -> Log:
        """Returns a log with `new` entries after the last entry of this log."""
        return Log(self._kept, self._stored, [*self._new, *new])

    def settled(self) -> Log:
        """Moves the `new` entries of this log to the cache and returns an equal log without `new` entries.

        Call `settled` only after the `new` entries have been stored. The cache keeps a new entry only if the whole log,
        the entry's class or one of the entry's tags is cached, or if the entry is the last of the log.
        """
        if not self._new:
            return self
        self._kept.grow(self._new)
        return Log(self._kept, self.head)

    def _of_stored(self, entries: list[Entry[Any]]) -> list[Entry[Any]]:
        """Returns a copy of a cached list without the entries after position `_stored`.

        The list is copied first and the copy is cut, because another thread may append to the cached list meanwhile.
        """
        found = entries[:]
        if found and found[-1].position > self._stored:
            del found[bisect_right(found, self._stored, key=_position) :]
        return found


def at_hand(entries: Sequence[Entry[Any]]) -> Log:
    """Returns a log over entries in memory. The entries start at position 1 and have no gaps."""
    kept = Kept(len(entries), _nothing)
    kept.hold(entries)
    return Log(kept, len(entries))


def _nothing(*_: object, **__: object) -> Iterator[Entry[Any]]:
    raise AssertionError("what is at hand is not fetched")


def annulled_by(annulments: Sequence[Entry[EntryAnnulled]]) -> dict[int, int]:
    """Maps the position of each annulled entry to the position of the annulment that takes it out.

    The annulments are read from the last to the first, because an annulled annulment annuls nothing.
    """
    found: dict[int, int] = {}
    for entry in reversed(annulments):
        if entry.position not in found and entry.event.entry < entry.position:
            found.setdefault(entry.event.entry, entry.position)
    return found


def by_tag(entries: Iterable[Entry[Any]]) -> dict[str, list[Entry[Any]]]:
    """Maps each tag to the entries that have the tag, in the order given."""
    found: dict[str, list[Entry[Any]]] = defaultdict(list)
    for entry in entries:
        for tag in tags_of(entry.event):
            found[tag].append(entry)
    return found


def by_class(entries: Iterable[Entry[Any]]) -> dict[type[Event], list[Entry[Any]]]:
    """Maps each event class to the entries of that class, in the order given."""
    found: dict[type[Event], list[Entry[Any]]] = defaultdict(list)
    for entry in entries:
        found[type(entry.event)].append(entry)
    return dict(found)
