"""Who must do what by when, or since when it is open, and what fulfilled it; the finding and the deadline of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct, structs

from ledger.readings import Readings
from ledger.rules.finding import Finding
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Stands = Literal["ahead", "undone", "late", "done"]


class ToDo(NamedTuple):
    """What somebody is asked to do, as a template over named values."""

    message: str
    values: dict[str, Any]


class Done(NamedTuple):
    """The entry that fulfilled an obligation, and the day on which it did."""

    entry: int
    on: date


class Obligation(Struct, frozen=True, kw_only=True):
    """What somebody must do by the agreement, as a day knows it.

    who: the party, group or person that must; None where the text names nobody, or no rule asks.
    due: the last day to do it in time; None where the text sets none. since: the day from which it is open then, or
    from which it is late where that is not the day after `due`.
    done: what fulfilled it by the day. to_do: what is to be done while nothing has, each a deadline by itself.
    says: the finding by how the obligation stands, without what stands here; where it says nothing, there is none.
    entries: what it rests on, by position, beside `done`. readings: as of a finding.
    """

    provision: str
    subject: str
    who: str | None = None
    due: date | None = None
    since: date | None = None
    done: Done | None = None
    to_do: tuple[ToDo, ...] = ()
    says: dict[Stands, Finding] = {}
    entries: tuple[int, ...] = ()
    readings: Readings = ()

    def stands_on(self, on: date) -> Stands:
        """How it stands on the day that it is told for. What the text sets no day for is never late."""
        if self.done is not None:
            return "late" if self.due is not None and self.done.on > self.due else "done"
        if self.due is not None:
            return "ahead" if on <= self.due else "undone"
        return "ahead" if self.since is not None and on < self.since else "undone"

    @property
    def late_since(self) -> date | None:
        """The first day on which it is late, or open where no day is set."""
        return self.since or (self.due + DAY if self.due else None)


def to_do(message: str, **values: Any) -> tuple[ToDo, ...]:
    """One thing to do."""
    return (ToDo(message, values),)


def findings(obligations: Iterable[Obligation], on: date) -> Iterator[Finding]:
    """What is said of each as it stands: undone after its day, late, done in time; of what is ahead, mostly nothing."""
    for one in obligations:
        found = one.says.get(one.stands_on(on))
        if found is not None:
            yield structs.replace(
                found,
                subject=one.subject,
                since=one.late_since if found.verdict == "breach" else None,
                entries=tuple(dict.fromkeys((*one.entries, *([one.done.entry] if one.done else [])))),
                readings=one.readings,
            )


def deadlines(obligations: Iterable[Obligation]) -> Iterator[tuple[Obligation, ToDo]]:
    """What is to be done of each that nothing has fulfilled."""
    for one in obligations:
        for what in () if one.done else one.to_do:
            yield one, what
