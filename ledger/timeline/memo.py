"""What follows from a timeline: computed once while what it was read from stays the same, and the days it hangs on."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import TypeIs

    from ledger.encoding import Entry
    from ledger.timeline.inexact import Read
    from ledger.timeline.timeline import Timeline

    Asked = tuple[Callable[..., Any], *tuple[Any, ...]]  # a derived function, and what it was asked about

T = TypeVar("T")
About = TypeVarTuple("About")


class Known:
    """A derived value. `seen` is what it was read from at first hand, other derived values among it, `reads` all that
    it was read from; `weighty` are the loose entries that, at their earliest, make it another, once anyone has asked.
    """

    __slots__ = ("reads", "seen", "value", "weighty")

    def __init__(self, value: Any, seen: set[Read | Asked], reads: set[Read]) -> None:
        self.value, self.seen, self.reads = value, seen, reads
        self.weighty: list[Entry[Any]] | None = None


def derived(compute: Callable[[Timeline, *About], T]) -> Callable[[Timeline, *About], T]:
    """A function of the timeline, and of what it is asked about, computed once while what it reads stays the same."""

    @wraps(compute)
    def value_of(timeline: Timeline, *about: *About) -> T:
        value: T = timeline.known((compute, *about)).value
        return value

    return value_of


def is_read(seen: Read | Asked) -> TypeIs[Read]:
    """Whether what was seen is a class, or its entries with a tag, and no derived value."""
    return isinstance(seen, type) or isinstance(seen[0], type)


def pruned(reads: set[Read]) -> set[Read]:
    """The same without the tags of classes that were read as a whole."""
    return {read for read in reads if isinstance(read, type) or read[0] not in reads}
