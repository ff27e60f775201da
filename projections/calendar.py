"""What a calendar holds as of a day: each meeting, cancelled ones too, and each deadline that has a due day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct, structs

from ledger.events.meetings import AgendaItem, MeetingCalled, MeetingHeld
from ledger.events.record import EntryAnnulled
from ledger.rules.tables import OBLIGATIONS
from ledger.state.agreement import terms_on
from ledger.state.meetings import OF_A_SITTING, meeting_on, meetings_on
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.encoding import Entry
    from ledger.rules.obligation import Obligation
    from ledger.rules.row import Owing
    from ledger.state.meetings import Sitting
    from ledger.timeline import Timeline

Status = Literal["called", "held", "cancelled", "annulled"]

# The values that tell duties of one provision and subject apart. They stand in identifiers that others hold: add to
# them only what tells apart duties that had the same identifier, and never take one away.
WHICH = ("version", "year", "half_year", "instalment", "recipient", "reference", "person")


class CalendarMeeting(Struct, frozen=True, kw_only=True):
    """A meeting on one day, which lies between `first` and `last`: a day known only loosely is two different ones.

    `starts_at` and `ends_at` are times of the day in Sweden, as 09:00, or None where none is recorded. The status is
    `annulled` if what called or held the meeting was annulled, and nothing has taken its place; the other fields are
    then those of just before. `changes` is how many of the entries about the meeting came after the first, annulled
    entries and annulments included, so that it never falls. `created` and `changed` are when the first and the last of
    them were recorded, and `entries` their positions.
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
    or None while it is to be done; the message then says what was done, where the rules say it. `duty` names the duty
    for ever, whatever becomes of its day and its message, and no other deadline of the calendar.
    """

    duty: str
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
    `uncertain` holds the positions of the entries whose inexact day could change what the calendar holds.
    """

    on: date
    known_at: str
    year: int | None
    until: date
    head: int
    recorded_at: str | None
    meetings: tuple[CalendarMeeting, ...]
    deadlines: tuple[CalendarDeadline, ...]
    uncertain: tuple[int, ...] = ()


def calendar(timeline: Timeline, on: date, until: date, year: int | None = None) -> Calendar:
    """Returns what a calendar holds as of the day `on`, with the deadlines up to and including the day `until`.

    With `year`, the deadlines are those of that year, and the meetings those that are, or ever were to be, held in it:
    whoever has the year's file learns that a meeting was moved out of the year.
    """
    meetings, loose = _meetings(timeline, on, year)
    due, decisive = timeline.ask(lambda one: _deadlines(one, on, until, year))
    return Calendar(
        on=on,
        known_at=f"@{timeline.head}",
        year=year,
        until=until,
        head=timeline.head,
        recorded_at=timeline.at(timeline.head).recorded_at if timeline.head else None,
        meetings=tuple(meetings),
        deadlines=tuple(due),
        uncertain=tuple(sorted({*loose, *decisive})),
    )


def _meetings(timeline: Timeline, on: date, year: int | None) -> tuple[list[CalendarMeeting], list[int]]:
    """Returns the meetings, and the positions of the entries whose inexact day could change them. Of each meeting, its
    own entries are tried alone: no other's day matters to it.
    """
    own: dict[str, list[Entry[Any]]] = {}
    for kind in OF_A_SITTING:
        for entry in _every(timeline, kind):
            own.setdefault(entry.event.meeting, []).append(entry)
    known, annulments = meetings_on(timeline, on), _annulments(timeline)
    found: list[CalendarMeeting] = []
    uncertain: list[int] = []
    for meeting, entries in own.items():
        given = _Given(meeting, entries, annulments, on, year)
        told = _told(timeline, given, known.get(meeting))
        found += [told] if told else []
        loose = (one for one in entries if one.event.valid_on.is_loose)
        uncertain += [one.position for one in loose if timeline.asked_earlier(given.told, one) != told]
    return sorted(found, key=lambda one: (one.last, one.meeting)), uncertain


class _Given(NamedTuple):
    """A meeting with its entries of `OF_A_SITTING` as recorded, the annulments of every entry, the day asked about,
    and the year, if only the meetings of one are wanted.
    """

    meeting: str
    entries: Sequence[Entry[Any]]
    annulments: dict[int, list[Entry[EntryAnnulled]]]
    on: date
    year: int | None

    def told(self, timeline: Timeline) -> CalendarMeeting | None:
        """Returns the meeting, or None if the calendar does not hold it."""
        return _told(timeline, self, meeting_on(timeline, self.meeting, self.on))


def _told(timeline: Timeline, given: _Given, sat: Sitting | None) -> CalendarMeeting | None:
    """Returns a meeting, as it stands in `sat`, or None if the calendar does not hold it."""
    entries = [one for one in given.entries if timeline.placed(one).event.valid_on.last <= given.on]
    if not entries:
        return None
    about = _about(entries, given.annulments)
    standing = sat is not None and sat.day is not None
    if not standing:
        sat = _before_it_was_annulled(timeline, given.meeting, about, given.on)
    if sat is None or sat.day is None or (given.year is not None and given.year not in _years(sat, entries)):
        return None
    return _meeting(sat, about, standing=standing)


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


def _before_it_was_annulled(timeline: Timeline, meeting: str, about: Sequence[Entry[Any]], on: date) -> Sitting | None:
    """Returns a meeting as it stood before what called or held it was annulled the last time, or None if nothing was.

    `about` are the entries about it, annulments included.
    """
    gave_a_day = {one.position for one in about if isinstance(one.event, MeetingCalled | MeetingHeld)}
    for one in reversed(about):
        if isinstance(one.event, EntryAnnulled) and one.event.entry in gave_a_day:
            before = meeting_on(timeline.until(one.position - 1), meeting, on)
            if before is not None and before.day is not None:
                return before
    return None


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


@remembered
def _owed(timeline: Timeline, owing: Owing, on: date, until: date) -> tuple[Obligation, ...]:
    """Returns the obligations that one function gives. They are remembered, so that for a loose entry only those are
    computed again that depend on it.
    """
    return tuple(owing(timeline, on, until))


def _deadlines(timeline: Timeline, on: date, until: date, year: int | None) -> list[CalendarDeadline]:
    terms = terms_on(timeline, on)
    found = [
        deadline
        for owing in OBLIGATIONS
        for one in _owed(timeline, owing, on, max(on, until))
        if one.due is not None and one.due <= until and year in {None, one.due.year}
        for deadline in _of(one, one.due, terms.section(one.provision) if terms else None, on)
    ]
    found.sort(key=lambda one: (one.due, one.provision, one.subject, one.message, [*map(str, one.values.values())]))
    return _one_of_each(found)


def _of(one: Obligation, due: date, section: str | None, on: date) -> Iterator[CalendarDeadline]:
    """Yields a deadline for each task of an obligation. That of a fulfilled one says what was done, if a rule says."""
    judged = one.says.get(one.stands_on(on)) if one.done else None
    for what in one.to_do:
        which = [f"{name}={what.values[name]}" for name in WHICH if name in what.values]
        yield CalendarDeadline(
            duty=" ".join([one.provision, one.subject, *which]),
            due=due,
            message=judged.message if judged else what.message,
            values=judged.values if judged else what.values,
            provision=one.provision,
            section=section,
            subject=one.subject,
            met=one.done.on if one.done else None,
        )


def _one_of_each(found: list[CalendarDeadline]) -> list[CalendarDeadline]:
    """Returns the deadlines, each duty once: not those that are met where the duty is open again, as one to pay that
    has become one to pay back. Were several open under one name, the second and later ones would have a number in it.
    """
    still_open = {one.duty for one in found if not one.met}
    times: dict[str, int] = {}
    kept = []
    for one in found:
        if one.met and (one.duty in still_open or one.duty in times):
            continue
        times[one.duty] = number = times.get(one.duty, 0) + 1
        kept.append(one if number == 1 else structs.replace(one, duty=f"{one.duty} #{number}"))
    return kept
