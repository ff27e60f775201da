"""Obligations: who must do what by when, and what fulfilled the duty.

Findings and deadlines are made from obligations.
"""

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
    """A task, as a message template over named values."""

    message: str
    values: dict[str, Any]


class Done(NamedTuple):
    """The entry that fulfilled an obligation, and the day on which it did."""

    entry: int
    on: date


class Obligation(Struct, frozen=True, kw_only=True, gc=False):
    """A duty under the agreement, as the record shows the duty on a day.

    `who` is the party, group or person that has the duty, or None if the agreement names nobody, or if no rule needs
    the name. `due` is the last day to fulfil the duty in time, or None if the agreement sets no day. If `due` is None,
    `since` is the first day on which the duty is open. If `due` is a day, `since` is the first day on which the duty is
    late, where that is not the day after `due`. `done` names the entry that has fulfilled the duty by the day. `to_do`
    holds the tasks while the duty is unfulfilled. Each task in `to_do` is a deadline of its own. `says` maps a state of
    the duty to its finding, without the fields that the obligation itself holds. A state that is not in `says` has no
    finding. `entries` holds the positions of the entries that the duty rests on, apart from the entry in `done`.
    `readings` holds the readings that the finding depends on.
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
        """Returns the state of the duty on `on`, the day that the obligation was built for.

        A duty without a due day is never late.
        """
        if self.done is not None:
            return "late" if self.due is not None and self.done.on > self.due else "done"
        if self.due is not None:
            return "ahead" if on <= self.due else "undone"
        return "ahead" if self.since is not None and on < self.since else "undone"

    @property
    def late_since(self) -> date | None:
        """The first day on which the duty is late or, if the duty has no due day, on which the duty is open."""
        return self.since or (self.due + DAY if self.due else None)


def to_do(message: str, **values: Any) -> tuple[ToDo, ...]:
    """Returns a tuple of one task."""
    return (ToDo(message, values),)


def findings(obligations: Iterable[Obligation], on: date) -> Iterator[Finding]:
    """Yields the finding of each obligation for its state on a day.

    An obligation whose state has no finding is skipped.
    """
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
    """Yields (obligation, task) for every task of the obligations that are not fulfilled."""
    for one in obligations:
        for what in () if one.done else one.to_do:
            yield one, what
