"""What a calendar holds as of a day: each meeting, cancelled ones too, and each deadline that has a due day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct

from ledger.events.meetings import AgendaItem
from ledger.events.record import EntryAnnulled
from ledger.rules.tables import OBLIGATIONS
from ledger.state.agreement import terms_on
from ledger.state.meetings import OF_A_SITTING, meetings_on, sitting_of
from ledger.timeline import order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.encoding import Entry
    from ledger.state.meetings import Sitting
    from ledger.timeline import Timeline

Status = Literal["called", "held", "cancelled", "annulled"]


class CalendarMeeting(Struct, frozen=True, kw_only=True):
    """A meeting on one day, which lies between `first` and `last`: a day known only loosely is two different ones.

    `starts_at` and `ends_at` are times of the day in Sweden, as 09:00, or None where none is recorded. The status is
    `annulled` if what called or held the meeting was annulled, and nothing has taken its place; the other fields are
    then those of before. `changes` is how many of the entries about the meeting came after the first, annulled entries
    and annulments included, so that it never falls. `created` and `changed` are when the first and the last of them
    were recorded, and `entries` their positions.
    """

    meeting: str
    status: Status
    first: date
    last: date
    starts_at: str | None
    ends_at: str | None
    place: str | None
    agenda: tuple[AgendaItem, ...]
    changes: int
    created: str
    changed: str
    entries: tuple[int, ...]


class CalendarDeadline(Struct, frozen=True, kw_only=True):
    """Something to do by the day `due`; `message` is a template over `values`. `met` is the day on which it was done,
    or None while it is to be done.
    """

    due: date
    message: str
    values: dict[str, Any]
    provision: str
    section: str | None
    subject: str
    met: date | None


class Calendar(Struct, frozen=True, kw_only=True):
    """The meetings, ordered by day and id, and the deadlines, ordered by day, provision, subject and sentence.

    `head` is how many entries are known, and `recorded_at` when the last of them was recorded, or None without any.
    """

    on: date
    known_at: str
    year: int | None
    until: date
    head: int
    recorded_at: str | None
    meetings: tuple[CalendarMeeting, ...]
    deadlines: tuple[CalendarDeadline, ...]


def calendar(timeline: Timeline, on: date, until: date, year: int | None = None) -> Calendar:
    """Returns what a calendar holds as of the day `on`, with the deadlines up to and including the day `until`.

    With `year`, the deadlines are those of that year, and the meetings those that are, or ever were to be, held in it:
    whoever has the year's file learns that a meeting was moved out of the year.
    """
    return Calendar(
        on=on,
        known_at=f"@{timeline.head}",
        year=year,
        until=until,
        head=timeline.head,
        recorded_at=timeline.at(timeline.head).recorded_at if timeline.head else None,
        meetings=tuple(_meetings(timeline, on, year)),
        deadlines=tuple(_deadlines(timeline, on, until, year)),
    )


def _meetings(timeline: Timeline, on: date, year: int | None) -> list[CalendarMeeting]:
    own: dict[str, list[Entry[Any]]] = {}
    for kind in OF_A_SITTING:
        for entry in _every(timeline, kind):
            if entry.event.valid_on.last <= on:
                own.setdefault(entry.event.meeting, []).append(entry)
    known, annulments = meetings_on(timeline, on), _annulments(timeline)
    found = []
    for meeting, entries in own.items():
        sat: Sitting | None = known.get(meeting)
        standing = sat is not None and sat.day is not None
        if sat is None or not standing:
            sat = _as_recorded(timeline, meeting, entries)
        if sat is None or sat.day is None or (year is not None and year not in _years(sat, entries)):
            continue
        found.append(_meeting(sat, _about(entries, annulments), standing=standing))
    return sorted(found, key=lambda one: (one.last, one.meeting))


def _every(timeline: Timeline, kind: type[Any]) -> Sequence[Entry[Any]]:
    return timeline.all_of(kind)


def _annulments(timeline: Timeline) -> dict[int, list[Entry[EntryAnnulled]]]:
    """Maps the position of each entry to the annulments that name it."""
    found: dict[int, list[Entry[EntryAnnulled]]] = {}
    for one in timeline.all_of(EntryAnnulled):
        found.setdefault(one.event.entry, []).append(one)
    return found


def _about(entries: Sequence[Entry[Any]], annulments: dict[int, list[Entry[EntryAnnulled]]]) -> list[Entry[Any]]:
    """Returns entries with the annulments of them, and the annulments of these, in order of position."""
    found = {one.position: one for one in entries}
    waiting = [*entries]
    while waiting:
        further = annulments.get(waiting.pop().position, [])
        waiting += further
        found |= {one.position: one for one in further}
    return [found[position] for position in sorted(found)]


def _as_recorded(timeline: Timeline, meeting: str, entries: Sequence[Entry[Any]]) -> Sitting | None:
    """Returns a meeting as if nothing about it had been annulled, or None if nothing was."""
    if not any(one.position in timeline.annulled_by for one in entries):
        return None
    return sitting_of(meeting, sorted(entries, key=order))


def _years(sat: Sitting, entries: Sequence[Entry[Any]]) -> set[int]:
    """Returns the years in which a meeting is held or planned, or was planned before."""
    planned = {one.event.meets_on.year for one in entries if "meets_on" in one.event.__struct_fields__}
    return planned | ({sat.day.year} if sat.day else set())


class _Span(NamedTuple):
    """When a meeting begins and ends, as times of the day, if that is known."""

    starts_at: str | None
    ends_at: str | None


def _meeting(sat: Sitting, about: Sequence[Entry[Any]], *, standing: bool) -> CalendarMeeting:
    assert sat.day is not None, "a meeting without a day stands in no calendar"
    status: Status = "held" if sat.held else "cancelled" if sat.cancelled else "called"
    span = _span(sat)
    return CalendarMeeting(
        meeting=sat.meeting,
        status=status if standing else "annulled",
        first=sat.held.event.valid_on.first if sat.held else sat.day,
        last=sat.day,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        place=sat.place,
        agenda=sat.agenda,
        changes=len(about) - 1,
        created=about[0].recorded_at,
        changed=about[-1].recorded_at,
        entries=tuple(one.position for one in about),
    )


def _span(sat: Sitting) -> _Span:
    """Returns the times of a meeting that was held as the minutes have them, else the time that the notice gives.

    There is none on a day that is known only loosely, and none of a notice for another day than it was held on. A time
    at which it was closed counts if it is later than that at which it began.
    """
    planned = sat.starts_at if sat.notice and sat.notice.meets_on == sat.day else None
    if sat.held is None:
        return _Span(planned, None)
    held = sat.held.event
    if held.valid_on.is_loose:
        return _Span(None, None)
    start = held.opened_at or planned
    return _Span(start, held.closed_at if start and held.closed_at and held.closed_at > start else None)


def _deadlines(timeline: Timeline, on: date, until: date, year: int | None) -> list[CalendarDeadline]:
    terms = terms_on(timeline, on)
    found = [
        CalendarDeadline(
            due=one.due,
            message=what.message,
            values=what.values,
            provision=one.provision,
            section=terms.section(one.provision) if terms else None,
            subject=one.subject,
            met=one.done.on if one.done else None,
        )
        for owing in OBLIGATIONS
        for one in owing(timeline, on, max(on, until))
        if one.due is not None and one.due <= until and year in {None, one.due.year}
        for what in one.to_do
    ]
    return sorted(found, key=lambda one: (one.due, one.provision, one.subject, one.message, [*_shown(one)]))


def _shown(one: CalendarDeadline) -> Iterator[str]:
    return map(str, one.values.values())
