"""The wheel of the year: every deadline that is overdue or open, or that falls due by a given day, from the obligations
of every chapter of the agreement.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.readings import Readings
from ledger.rules.obligation import Obligation, ToDo, to_do
from ledger.rules.obligation import deadlines as awaited
from ledger.rules.tables import LASTING, OBLIGATIONS, OPEN, STANDING
from ledger.state.agreement import life, terms_on, version_from, version_on
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.rules.row import Owing
    from ledger.timeline import Timeline

AHEAD = timedelta(days=365)  # how far ahead deadlines are listed unless a last day is given


class Deadline(Struct, frozen=True, kw_only=True):
    """Something that somebody must do: `message` is a template over `values`.

    `due` is the last day on which the task can be done in time, or None when the agreement sets no day. `since` is the
    first day on which a task without a due day is open. `overdue` is true when the due day has passed, or when a task
    without a due day is open. `entries` are the positions of the entries behind the deadline. `readings` are (question,
    reading) pairs that the deadline depends on.
    """

    due: date | None
    message: str
    values: dict[str, Any]
    provision: str
    subject: str
    since: date | None
    entries: tuple[int, ...]
    readings: Readings
    section: str | None
    overdue: bool


class Deadlines(Struct, frozen=True, kw_only=True):
    """The deadlines as of the day `on`, up to and including the day `until`.

    Tasks that are `overdue` come first, and then all other tasks; both groups are ordered by day, provision, subject
    and sentence. `version` is the version of the agreement in force, or None. Without a version in force, duties that
    depend on terms in force are not listed.
    """

    on: date
    known_at: str
    until: date
    version: int | None
    deadlines: tuple[Deadline, ...]
    uncertain: tuple[int, ...] = ()


def deadlines(timeline: Timeline, on: date, until: date) -> Deadlines:
    """Returns the deadlines as of the day `on`, up to and including the day `until`.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.ask(lambda one: _deadlines(one, on, until))
    return structs.replace(answer, uncertain=uncertain)


def _deadlines(timeline: Timeline, on: date, until: date) -> Deadlines:
    terms = terms_on(timeline, on)
    found = [
        Deadline(
            due=one.due,
            message=what.message,
            values=what.values,
            provision=one.provision,
            subject=one.subject,
            since=None if one.due else one.since,
            entries=one.entries,
            readings=one.readings,
            section=terms.section(one.provision) if terms else None,
            overdue=one.due < on if one.due else one.since is not None and one.since <= on,
        )
        for owing in (*OBLIGATIONS, left_open)
        for one, what in _awaited(timeline, owing, on, until)
        if one.due is None or one.due <= until
    ]
    found.sort(key=lambda one: _place(one, until))
    return Deadlines(
        on=on, known_at=f"@{timeline.head}", until=until, version=version_on(timeline, on), deadlines=tuple(found)
    )


@remembered
def _awaited(timeline: Timeline, owing: Owing, on: date, until: date) -> tuple[tuple[Obligation, ToDo], ...]:
    """Returns the tasks of one function's obligations. They are remembered, so that for a loose entry only those are
    computed again that depend on it.
    """
    return tuple(awaited(owing(timeline, on, until)))


def _place(one: Deadline, until: date) -> tuple[Any, ...]:
    named = [str(value) for value in one.values.values()]
    return not one.overdue, one.due or one.since or until, one.provision, one.subject, one.message, named


def left_open(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """Yields an obligation for each breach of a standing rule that somebody can still remedy, for as long as the breach
    lasts.
    """
    begun = version_from(life(timeline).in_force, on) is not None
    for slug, rule in (*(STANDING if version_on(timeline, on) else ()), *(LASTING if begun else ())):
        for found in rule(timeline, on) if slug in OPEN else ():
            if found.verdict == "breach":
                yield Obligation(
                    to_do=to_do(OPEN[slug] or found.message, **found.values),
                    provision=slug,
                    subject=found.subject or "body:body",
                    since=found.since,
                    entries=found.entries,
                    readings=found.readings,
                )
