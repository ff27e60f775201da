"""Questions about a timeline: what they depend on, what is remembered, and which loose entries may change answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from ledger.events.agreement import AgreementProposed, EntryIntoForceFixed
from ledger.timeline.inexact import RECORDED, is_loose
from ledger.timeline.memo import ANSWERING, At, Known, Question, Span, in_the_past, is_call, is_read, note, pruned

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline.entries import Log
    from ledger.timeline.inexact import Read
    from ledger.timeline.memo import Asked, Memo, Seen

T = TypeVar("T")
About = TypeVarTuple("About")


class Answering(ABC):
    """What a timeline needs to answer questions and to remember values. `Timeline` gives it the entries."""

    head: int
    day: date | None
    readings: Mapping[str, str]
    _log: Log
    _own: dict[tuple[date, Asked], Known]  # values that hold in this timeline alone

    @property
    @abstractmethod
    def annulled_by(self) -> Mapping[int, int]:
        """Maps the position of each annulled entry to the position of the annulment that takes it out."""

    @abstractmethod
    def with_earliest(self, entry: Entry[Any]) -> Any:
        """Returns this timeline with the loose `entry` moved to its earliest day."""

    @abstractmethod
    def _placed(self, read: Read) -> list[Entry[Any]]:
        """Returns the entries of a `Read` in timeline order, without annulled entries."""

    @abstractmethod
    def _loose_of(self, read: Read) -> Sequence[Entry[Any]]:
        """Returns the loose entries of a `Read` that are not annulled, in no particular order."""

    @cached_property
    def _memo(self) -> Memo | None:
        """What is remembered for all timelines over the same stored entries. None if this timeline is not one."""
        kept = self._log.kept
        return None if kept is None else kept.memo(self.readings)

    @cached_property
    def _at(self) -> At:
        return At(self.head, self.day or date.max, date.max)

    def known(self, asked: Asked) -> Known:
        """Returns the remembered value of a call with its dependencies, and computes the value on first use."""
        note(self, (asked,))
        return self._known(asked, self._at)

    def _known(self, asked: Asked, at: At) -> Known:
        if (known := self._recall(asked, at)) is not None:
            return known
        compute, *about = asked
        value, seen = self.watched(lambda one: compute(one if at.on == date.max else one.limited_to(at.on), *about))
        return self._keep(asked, Known(value, tuple(seen), pruned(self.reads_behind(seen)), at))

    def _recall(self, asked: Asked, at: At) -> Known | None:
        """Returns the value of a call that is remembered for this timeline, or None."""
        if self._memo is not None:
            return self._memo.get(asked, at)
        return self._own.get((at.on, asked))

    def _keep(self, asked: Asked, known: Known) -> Known:
        if self._memo is not None:
            return self._memo.keep(asked, known)
        self._own[known.at.on, asked] = known
        return known

    def loose(self, seen: Iterable[Seen], own: Entry[Any] | None = None) -> list[Entry[Any]]:
        """Returns, in order of position, the loose entries that may change an answer.

        `seen` holds the dependencies of the answer, and `own` is the entry that the answer is about. For a call of a
        remembered function in `seen`, only the loose entries that change the call's value are returned.
        """
        found: dict[int, Entry[Any]] = {}
        for one in seen:
            if is_read(one):
                if not _is_recorded(one) and (loose := self._loose_of(one)):
                    found |= {entry.position: entry for entry in loose}
            elif is_call(one) and (weighty := self._weighty(one)):
                found |= {entry.position: entry for entry in weighty}
        if own is not None and is_loose(own) and own.position not in self.annulled_by:
            found[own.position] = own
        return [found[position] for position in sorted(found) if not self._is_settled(found[position].event)]

    def ask(
        self, question: Callable[[Any], T], essence: Callable[[T], Any] = lambda answer: answer
    ) -> tuple[T, tuple[int, ...]]:
        """Returns the answer with every loose entry at its latest day, and the positions of the decisive loose entries.

        A loose entry is decisive if the answer changes when only that entry is moved to its earliest day. Answers are
        compared by the part that `essence` extracts.
        """
        answer, loose = self.weighed(question)
        kept = essence(answer) if loose else None
        return answer, tuple(one.position for one in loose if essence(self.asked_earlier(question, one)) != kept)

    def asked_earlier(self, question: Callable[[Any], T], entry: Entry[Any]) -> T:
        """Returns the answer with the loose `entry` moved to its earliest day. What the answer depends on is noted."""
        earlier: Answering = self.with_earliest(entry)
        answer, seen = earlier.watched(question)
        note(self, earlier.reads_behind(seen))
        return answer

    def weighed(self, question: Callable[[Any], T], own: Entry[Any] | None = None) -> tuple[T, list[Entry[Any]]]:
        """Returns the answer and, in order of position, the loose entries that may change the answer at their earliest
        day.

        `own` is the entry that the question is about, if any.
        """
        answer, seen = self.watched(question)
        note(self, seen)
        return answer, self.loose(seen, own)

    def shared(self, make: Callable[[], T]) -> T:
        """Returns what `make` makes, once for all timelines over the same stored entries under the same readings."""
        memo = self._memo
        return make() if memo is None else memo.shared(make)

    def span_around(self, reads: frozenset[Any]) -> Span:
        """Returns the timelines in which a value holds that was computed in this one from `reads`."""
        kept = self._log.kept
        at = self._at
        if kept is None:
            return Span((self.head, self.head + 1), (at.day, at.day), (at.on, at.on), self.head)
        return kept.span_of(Known(None, (), reads, at))

    def holds(self, span: Span) -> bool:
        """Whether a value with this span holds in this timeline."""
        return span.holds(self._at) and (span.heads[1] is not None or self.head <= span.checked)

    def traced(
        self, question: Callable[[Any], T], lasting: Collection[Callable[..., Any]] = ()
    ) -> tuple[T, frozenset[Any]]:
        """Returns the answer, and everything that the answer depends on, directly or through remembered values.

        Calls of the functions in `lasting` are left out: what the answer takes from their values never changes.
        """
        answer, seen = self.watched(question)
        note(self, seen)
        return answer, pruned(self.reads_behind(one for one in seen if not (is_call(one) and one[0] in lasting)))

    def watched(self, question: Callable[[Any], T]) -> tuple[T, set[Seen]]:
        watched = Question(self, set(), {}, ANSWERING.get())
        before = ANSWERING.set(watched)
        try:
            return question(self), watched.seen
        finally:
            ANSWERING.reset(before)

    def reads_behind(self, seen: Iterable[Seen]) -> set[Any]:
        found: set[Any] = set()
        for one in seen:
            if is_call(one):
                found |= self.recalled(one).reads
            else:
                found.add(one)
        return found

    def recalled(self, asked: Asked) -> Known:
        """Returns the value of a call that a question depends on, without noting the call again."""
        call: Any = asked[2:] if asked[0] is in_the_past else asked
        return self._known(call, self._at_of(asked))

    def _at_of(self, asked: Asked) -> At:
        """Returns where the value of a call that a question depends on is computed."""
        return At(self.head, self._at.day, asked[1]) if asked[0] is in_the_past else self._at

    def _weighty(self, asked: Asked) -> list[Entry[Any]]:
        """Returns the loose entries that change the value of a call.

        The calls that it depends on are weighed first, one by one, so that a long chain of calls recurses no deeper
        than a short one.
        """
        waiting, begun = [asked], set[Any]()
        while waiting:
            call = waiting[-1]
            known = self.recalled(call)
            if known.weighty is None and call not in begun:
                begun.add(call)
                waiting += filter(is_call, known.seen)
                continue
            found = self._weigh(call, known) if known.weighty is None else known.weighty
            waiting.pop()
        return found

    def _weigh(self, asked: Asked, known: Known) -> list[Entry[Any]]:
        """Returns the loose entries that change the value of a call, and remembers them with the value."""
        loose, also = self.watched(lambda one: one.loose(known.seen))
        moved = [self.with_earliest(one).recalled(asked) for one in loose]
        weighty = [one for one, other in zip(loose, moved, strict=True) if other.value != known.value]
        behind = self.reads_behind({*also, *filter(is_call, known.seen)}).union(*(one.reads for one in moved))
        if (reads := pruned(known.reads | behind)) == known.reads:
            known.weighty = weighty  # the list holds wherever the value does
        else:
            call: Any = asked[2:] if asked[0] is in_the_past else asked
            self._keep(call, Known(known.value, known.seen, reads, self._at_of(asked), weighty))
        return weighty

    def _is_settled(self, event: Event) -> bool:
        """Whether only the start day of a proposal is loose, and a start day has been fixed for the same version."""
        if not isinstance(event, AgreementProposed) or event.valid_on.is_loose:
            return False
        note(self, (EntryIntoForceFixed,))
        return any(fixed.event.version == event.version for fixed in self._placed(EntryIntoForceFixed))


def _is_recorded(read: Read) -> bool:
    return not isinstance(read, type) and read[1].startswith(RECORDED)
