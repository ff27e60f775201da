"""The values remembered for a timeline, and the entries that each value depends on. No rules and no database here.

A `Read` stands for the entries of an event class, or for those entries of the class that have a certain tag. While a
question is being answered, a context variable holds every `Read` that the answer depends on, so that the dependencies
of two threads that question the same timeline never mix.
"""

from __future__ import annotations

from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import TypeIs

    from ledger.encoding import Entry
    from ledger.timeline.inexact import Read

    Asked = tuple[Callable[..., Any], *tuple[Any, ...]]  # a call: a remembered function and its arguments


class Known:
    """A remembered value and its dependencies.

    `seen` holds the direct dependencies: each `Read`, and calls of other remembered functions. `reads` holds every
    `Read` that the value depends on, directly or through other calls. `weighty` lists the loose entries that change the
    value when moved to their earliest day; `weighty` is None until that list is first computed.
    """

    __slots__ = ("reads", "seen", "value", "weighty")

    def __init__(self, value: Any, seen: set[Read | Asked], reads: set[Read]) -> None:
        self.value, self.seen, self.reads = value, seen, reads
        self.weighty: list[Entry[Any]] | None = None


class Question(NamedTuple):
    """A question being answered: its timeline (`of`), dependencies so far (`seen`) and enclosing question (`outer`)."""

    of: object
    seen: set[Read | Asked]
    outer: Question | None


ANSWERING: ContextVar[Question | None] = ContextVar("ANSWERING", default=None)


def note(of: object, seen: Iterable[Read | Asked]) -> None:
    """Adds dependencies to the innermost question that this thread is answering about a timeline, `of`.

    If this thread is answering no question about that timeline, the call does nothing.
    """
    question = ANSWERING.get()
    while question is not None and question.of is not of:
        question = question.outer
    if question is not None:
        question.seen.update(seen)


class Index(NamedTuple):
    """A reverse index from each `Read` to the calls that depend on it.

    All timelines that have grown from one timeline share the index. Callers must hold `lock` while they use the index.
    """

    lock: Lock
    read_by: dict[Read, set[Asked]]


class Memo:
    """The remembered values of one timeline, each stored under the call (function and arguments) that computed it.

    `keep` updates the index and the values under one lock, and `without` copies the values under the same lock, so that
    a copy made while another thread calls `keep` never holds a stale value.
    """

    def __init__(self, index: Index | None = None) -> None:
        self._index = index or Index(Lock(), {})
        self._of: dict[Asked, Known] = {}

    def get(self, asked: Asked) -> Known | None:
        """Returns the remembered value of a call, or None if no value is remembered."""
        return self._of.get(asked)

    def __getitem__(self, asked: Asked) -> Known:
        return self._of[asked]

    def keep(self, asked: Asked, known: Known) -> Known:
        """Remembers the value of a call and returns it.

        If another thread has remembered a value of the same call meanwhile, that earlier value is returned.
        """
        with self._index.lock:
            for read in known.reads:
                self._index.read_by.setdefault(read, set()).add(asked)
            return self._of.setdefault(asked, known)

    def without(self, touched: Iterable[Read]) -> Memo:
        """Returns a copy of the memo without the values that depend on a `Read` in `touched`."""
        copy = Memo(self._index)
        with self._index.lock:
            copy._of = dict(self._of)
            for read in touched if copy._of else ():
                for asked in self._index.read_by.get(read, ()):
                    copy._of.pop(asked, None)
        return copy


def is_read(seen: Read | Asked) -> TypeIs[Read]:
    """Whether a dependency is a `Read` (a class, or a class with a tag) and not the call of a remembered function."""
    return isinstance(seen, type) or isinstance(seen[0], type)


def pruned(reads: set[Read]) -> set[Read]:
    """Returns `reads` without every (class, tag) pair whose class is also in `reads` by itself."""
    return {read for read in reads if isinstance(read, type) or read[0] not in reads}
