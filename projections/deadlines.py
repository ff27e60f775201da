"""The wheel of the year: what is overdue, what is open, and what is due by a day. The kinds stand in one table."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.state.agreement import terms_on, version_on
from projections.due import (
    Deadline,
    left_open,
    parties_leave,
    some_leave_before,
    terms_end,
    the_agreement_ends,
    versions_adopted,
)
from projections.due_economy import instalments_paid, level_assessed, level_raised
from projections.due_working import (
    meetings_called,
    meetings_of_the_year,
    minutes_finished,
    notices_sent,
    reports_received,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.timeline import Timeline

    Kind = Callable[[Timeline, date, date], Iterator[Deadline]]

# One a kind: what there is to do as the record stands on a day, `until` another.
KINDS: tuple[Kind, ...] = (
    versions_adopted,
    minutes_finished,
    meetings_called,
    notices_sent,
    meetings_of_the_year,
    reports_received,
    left_open,
    the_agreement_ends,
    parties_leave,
    terms_end,
    some_leave_before,
    level_assessed,
    level_raised,
    instalments_paid,
)


class Deadlines(Struct, frozen=True, kw_only=True):
    """What there is to do: what is overdue or open first, then by the day it is due, provision, subject, sentence.

    `version` is the one in force; without one, what it would make due is not told.
    """

    on: date
    known_at: str
    until: date
    version: int | None
    deadlines: tuple[Deadline, ...]
    uncertain: tuple[int, ...] = ()


def deadlines(timeline: Timeline, on: date, until: date) -> Deadlines:
    """The deadlines that a day knows of, until another; `uncertain` lists the loose entries that would change them."""
    answer, uncertain = timeline.ask(lambda one: _deadlines(one, on, until))
    return structs.replace(answer, uncertain=uncertain)


def _deadlines(timeline: Timeline, on: date, until: date) -> Deadlines:
    terms = terms_on(timeline, on)
    found = [
        structs.replace(
            one,
            overdue=one.due < on if one.due else one.since is not None and one.since <= on,
            section=terms.section(one.provision) if terms else None,
        )
        for kind in KINDS
        for one in kind(timeline, on, until)
        if one.due is None or one.due <= until
    ]
    found.sort(key=lambda one: _place(one, until))
    return Deadlines(
        on=on, known_at=f"@{timeline.head}", until=until, version=version_on(timeline, on), deadlines=tuple(found)
    )


def _place(one: Deadline, until: date) -> tuple[Any, ...]:
    named = [str(value) for value in one.values.values()]
    return not one.overdue, one.due or one.since or until, one.provision, one.subject, one.message, named
