"""What was computed from a timeline, and what each question reads, which decides how long the answer stays right.

A question that is being answered carries what it has read in a context variable, so that of two threads that ask the
same timeline neither writes into what the other has read.
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

    Asked = tuple[Callable[..., Any], *tuple[Any, ...]]  # a remembered function, and its arguments


class Known:
    """A remembered value. `seen` is what it was read from directly, other remembered values among it; `reads` is all
    that it was read from; `weighty` are the loose entries that change it at their earliest day, once they were asked
    for.
    """

    __slots__ = ("reads", "seen", "value", "weighty")

    def __init__(self, value: Any, seen: set[Read | Asked], reads: set[Read]) -> None:
        self.value, self.seen, self.reads = value, seen, reads
        self.weighty: list[Entry[Any]] | None = None


class Question(NamedTuple):
    """A question that is being answered: of what, what it has read so far, and the question that asked it."""

    of: object
    seen: set[Read | Asked]
    outer: Question | None


ANSWERING: ContextVar[Question | None] = ContextVar("ANSWERING", default=None)


def note(of: object, seen: Iterable[Read | Asked]) -> None:
    """Notes that the innermost question to `of` in this thread has read these; without one, nothing."""
    question = ANSWERING.get()
    while question is not None and question.of is not of:
        question = question.outer
    if question is not None:
        question.seen.update(seen)


class Index(NamedTuple):
    """Which values were read from what, for all timelines that grew from one. `lock` is held while it is used."""

    lock: Lock
    read_by: dict[Read, set[Asked]]


class Memo:
    """The remembered values of one timeline, by what was asked. No copy is made between the two steps by which a value
    is remembered, so a timeline that grows meanwhile never keeps a value that it should forget.
    """

    def __init__(self, index: Index | None = None) -> None:
        self._index = index or Index(Lock(), {})
        self._of: dict[Asked, Known] = {}

    def get(self, asked: Asked) -> Known | None:
        return self._of.get(asked)

    def __getitem__(self, asked: Asked) -> Known:
        return self._of[asked]

    def keep(self, asked: Asked, known: Known) -> Known:
        """Remembers a value. Another thread may have remembered the same meanwhile, which then is returned."""
        with self._index.lock:
            for read in known.reads:
                self._index.read_by.setdefault(read, set()).add(asked)
            return self._of.setdefault(asked, known)

    def without(self, touched: Iterable[Read]) -> Memo:
        """A copy that has forgotten all that was read from these."""
        copy = Memo(self._index)
        with self._index.lock:
            copy._of = dict(self._of)
            for read in touched if copy._of else ():
                for asked in self._index.read_by.get(read, ()):
                    copy._of.pop(asked, None)
        return copy


def is_read(seen: Read | Asked) -> TypeIs[Read]:
    """Whether what was seen is a class, or its entries with a tag, and no remembered value."""
    return isinstance(seen, type) or isinstance(seen[0], type)


def pruned(reads: set[Read]) -> set[Read]:
    """The same without the tags of classes that were read as a whole."""
    return {read for read in reads if isinstance(read, type) or read[0] not in reads}
