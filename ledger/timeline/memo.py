"""The values remembered for the timelines of one log, and what each value depends on. No rules and no database here.

A `Read` stands for the entries of an event class, or for those entries of the class that have a certain tag. While a
question is being answered, a context variable holds everything that the answer depends on, so that the dependencies of
two threads never mix.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import TypeIs

    from ledger.encoding import Entry
    from ledger.timeline.inexact import Read

    Asked = tuple[Callable[..., Any], *tuple[Any, ...]]  # a call: a remembered function and its arguments

T = TypeVar("T")

MOST = 150_000  # about so many values are remembered for a log, an item of a collection counted as a value, too
OF_A_CALL = 6  # at most this many values of one call, each for other days and positions


class AsRecorded(NamedTuple):
    """A dependency on the entries of a class, or with a tag, as they were recorded: their days do not matter."""

    of: Any


class ExactDay(NamedTuple):
    """A dependency on the very day of a `Past`: the value holds on that day alone."""


EXACT_DAY = ExactDay()


if TYPE_CHECKING:
    Seen = Read | Asked | AsRecorded | ExactDay


class At(NamedTuple):
    """Where a value was computed: from the first `head` entries, of those that may have become true by `day`, and of
    those that had certainly become true by `on`. `date.max` stands for no limit.
    """

    head: int
    day: date
    on: date


class Span(NamedTuple):
    """The timelines in which a value holds: head from `heads[0]` to before `heads[1]`, and so for `days` and `ons`.

    `None` as the end of `heads` means that nothing up to position `checked` ends the span.
    """

    heads: tuple[int, int | None]
    days: tuple[date, date]
    ons: tuple[date, date]
    checked: int

    def holds(self, at: At) -> bool:
        """Whether the value holds in the timeline at `at`. `date.max` is part of a span that ends with it."""
        first, end = self.heads
        return (
            first <= at.head
            and (end is None or at.head < end)
            and self.days[0] <= at.day
            and (at.day < self.days[1] or self.days[1] == date.max)
            and self.ons[0] <= at.on
            and (at.on < self.ons[1] or self.ons[1] == date.max)
        )


def in_the_past() -> None:
    """Marks the call of a function about a `Past`: `(in_the_past, on, function, *arguments)`. It is never called."""


class Known:
    """A remembered value and its dependencies.

    `seen` holds the direct dependencies: each `Read`, and calls of other remembered functions. `reads` holds every
    `Read` that the value, and `weighty`, depend on, directly or through other calls. `weighty` lists the loose entries
    that change the value when moved to their earliest day; `weighty` is None until that list is first computed. `at` is
    where the value was computed. `span` is None until the value is first asked for elsewhere.
    """

    __slots__ = ("at", "reads", "seen", "span", "used", "value", "weighty")

    def __init__(
        self,
        value: Any,
        seen: tuple[Seen, ...],
        reads: frozenset[Any],
        at: At,
        weighty: list[Entry[Any]] | None = None,
    ) -> None:
        self.value, self.seen, self.reads, self.at, self.weighty = value, seen, reads, at, weighty
        self.span: Span | None = None
        self.used = 0


class Question(NamedTuple):
    """A question being answered: its timeline (`of`), dependencies so far (`seen`) and enclosing question (`outer`).

    `answered` holds the remembered values of the timeline that the answer has used, so that each is looked up once.
    """

    of: object
    seen: set[Seen]
    answered: dict[Asked, Any]
    outer: Question | None


ANSWERING: ContextVar[Question | None] = ContextVar("ANSWERING", default=None)


def note(of: object, seen: Iterable[Seen]) -> None:
    """Adds dependencies to the innermost question that this thread is answering about a timeline, `of`.

    If this thread is answering no question about that timeline, the call does nothing.
    """
    question = ANSWERING.get()
    while question is not None and question.of is not of:
        question = question.outer
    if question is not None:
        question.seen.update(seen)


class Memo:
    """The remembered values of all timelines over the stored entries of one log, under the same readings.

    Several values of one call are kept, each with the span of heads and days in which it holds; the span follows from
    the entries that the value depends on. The values least recently used are dropped when there are too many: more
    than `MOST` or, if that is more, than half of `MOST` beyond what was left the last time.
    """

    def __init__(self, span_of: Callable[[Known], Span]) -> None:
        self._span_of = span_of
        self._of: dict[Asked, tuple[Known, ...]] = {}
        self._lock = Lock()
        self._shared: dict[Callable[[], Any], Any] = {}
        self._clock = 0
        self._kept = 0
        self._most = MOST

    def __len__(self) -> int:
        return self._kept

    def get(self, asked: Asked, at: At) -> Known | None:
        """Returns the remembered value of a call that holds at `at`, or None if no such value is remembered."""
        for known in self._of.get(asked, ()):
            if known.at == at or self._holds(known, at):
                known.used = self._clock
                return known
        return None

    def _holds(self, known: Known, at: At) -> bool:
        span = known.span
        if span is None or (span.heads[1] is None and at.head > span.checked):
            span = known.span = self._span_of(known)
        return span.holds(at)

    def keep(self, asked: Asked, known: Known) -> Known:
        """Remembers the value of a call and returns it.

        If another thread has remembered a value for the same place meanwhile, that earlier value is returned, unless
        it lacks the `weighty` list that `known` has.
        """
        with self._lock:
            others = self._of.get(asked, ())
            for other in others:
                if other.at == known.at and (known.weighty is None or other.weighty is not None):
                    return other
            self._clock += 1
            known.used = self._clock
            kept = tuple(other for other in others if other.at != known.at)
            if len(kept) == OF_A_CALL:
                kept = tuple(sorted(kept, key=_used)[1:])
            self._kept += _weight(known) - sum(map(_weight, others)) + sum(map(_weight, kept))
            self._of[asked] = (known, *kept)
            if self._kept > self._most:
                self._forget()
            return known

    def shared(self, make: Callable[[], T]) -> T:
        """Returns what `make` makes, which is made once."""
        with self._lock:
            if make not in self._shared:
                self._shared[make] = make()
            found: T = self._shared[make]
            return found

    def _forget(self) -> None:
        """Drops the half of the values that was used least recently."""
        every = sorted(known.used for of in self._of.values() for known in of)
        since = every[len(every) // 2]
        kept = {asked: tuple(one for one in of if one.used >= since) for asked, of in self._of.items()}
        self._of = {asked: of for asked, of in kept.items() if of}
        self._kept = sum(_weight(one) for of in self._of.values() for one in of)
        self._most = max(MOST, self._kept + MOST // 2)  # large values in use leave room for others


def _used(known: Known) -> int:
    return known.used


def _weight(known: Known) -> int:
    return 1 + len(known.value) if isinstance(known.value, tuple | list | dict) else 1


def is_read(seen: Seen) -> TypeIs[Read]:
    """Whether a dependency is a `Read`: a class, or a class with a tag."""
    one: Any = seen
    return isinstance(one, type) or (type(one) is tuple and isinstance(one[0], type))


def is_call(seen: Seen) -> TypeIs[Asked]:
    """Whether a dependency is the call of a remembered function."""
    one: Any = seen
    return type(one) is tuple and not isinstance(one[0], type)


def pruned(reads: Iterable[Any]) -> frozenset[Any]:
    """Returns `reads` without every (class, tag) pair whose class is also in `reads` by itself."""
    every = frozenset(reads)
    return frozenset(one for one in every if not (type(one) is tuple and one[0] in every))
