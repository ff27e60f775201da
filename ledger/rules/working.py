"""What should be so on a day with meetings, minutes and reports; what was owed before the end goes on after it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.events.meetings import MeetingRequested
from ledger.readings import Readings
from ledger.rules.finding import breach, passed, silent
from ledger.rules.meetings import weight
from ledger.rules.minutes import adjusted_by_a_member
from ledger.state import read_as
from ledger.state.agreement import life, terms_on, version_on
from ledger.state.groups import groups, half_years, report_owed
from ledger.state.meetings import Meeting, meetings_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.state.meetings import Duty
    from ledger.timeline import Timeline

DAY = timedelta(days=1)


class Counted(Struct, frozen=True):
    """A year's meetings by a day: the entries of those held, how many are called and to come, how many there shall be.

    `extra` are the entries of the held ones that do not count, because they were held only on request. `unsaid` are the
    meetings whose day has passed, and of which nothing is recorded since their notice.
    """

    held: tuple[int, ...]
    extra: tuple[int, ...]
    called: int
    unsaid: tuple[str, ...]
    required: int
    readings: Readings


def counted(timeline: Timeline, year: int, on: date) -> Counted:
    """What six-meetings counts, by the number and the reading (requested-counts) of the year's last day, or of `on`."""
    judged = min(date(year, 12, 31), on)
    terms = terms_on(timeline, judged)
    readings = read_as.of_day(timeline, judged, "requested-counts")
    own = [one for one in meetings_on(timeline, on).values() if one.day and one.day.year == year]
    counting = own if ("requested-counts", "yes") in readings else [one for one in own if not one.extra]
    held = {one.held.position for one in counting if one.held}
    return Counted(
        held=tuple(sorted(held)),
        extra=tuple(sorted({one.held.position for one in own if one.held} - held)),
        called=sum(not meeting.unsaid(on) for meeting in counting if meeting.awaited),
        unsaid=tuple(sorted(meeting.meeting for meeting in own if meeting.unsaid(on))),
        required=terms.numbers.meetings_per_year if terms else 0,
        readings=readings,
    )


def six_meetings(timeline: Timeline, on: date) -> Iterator[Finding]:
    """six-meetings (2.3): at least six meetings a year; judged from 1 January after, for a whole year in force."""
    known = life(timeline)
    last = min(on, known.end.on - DAY) if known.end else on
    for year in range(known.in_force[0].since.year, last.year + 1):
        count = counted(timeline, year, on)
        held, required, subject = len(count.held), count.required, f"year:{year}"
        values: dict[str, Any] = {"held": held, "required": required, "year": year}
        readings = count.readings + read_as.of_edges(timeline, date(year, 1, 1), date(year, 12, 31))
        rests_on: dict[str, Any] = {"subject": subject, "entries": count.held, "readings": readings}
        whole = known.in_force[0].since <= date(year, 1, 1) and (known.end is None or known.end.on > date(year, 12, 31))
        if not whole:
            message = "meetings held in {year}, a year only partly in force: {held}"
            yield silent(message, held=held, year=year, **rests_on)
        elif year == on.year:
            message = "{held} of {required} held in {year}, {called} called"
            if count.unsaid:
                message += "; not recorded as held, moved or cancelled: {unsaid}"
                values["unsaid"] = count.unsaid
            yield passed(message, called=count.called, **rests_on, **values)
        elif held < required <= held + len(count.extra):
            message = (
                "{held} of {required:meeting} {required:?was|were} held in {year}; {extra} held on request would "
                "count, too, if requested-counts were read as yes"
            )
            rests_on["entries"] = tuple(sorted((*count.held, *count.extra)))
            since = date(year + 1, 1, 1)
            yield breach(message, since=since, advisory=True, extra=len(count.extra), **rests_on, **values)
        elif held < required:
            message, since = "{held} of {required:meeting} {required:?was|were} held in {year}", date(year + 1, 1, 1)
            yield breach(message, since=since, **rests_on, **values)
        else:
            message = "{held:meeting} {held:?was|were} held in {year}, at least {required}"
            yield passed(message, **rests_on, **values)


def requests_met(timeline: Timeline, on: date) -> Iterator[Finding]:
    """requested-meeting (2.3): a meeting is held when the chair, or at least a third of the members, request it."""
    called_for: dict[str, list[Meeting]] = {}
    for meeting in meetings_on(timeline, on).values():
        for request in meeting.requests:
            called_for.setdefault(request, []).append(meeting)
    for requested in timeline.of(MeetingRequested):
        day, request = requested.event.valid_on.last, requested.event.request
        if day >= on or version_on(timeline, day) is None:
            continue
        weighed = weight(requested, timeline)
        values: dict[str, Any] = {"request": request, "count": weighed.count, "of": weighed.of}
        subject, entries, readings = f"request:{request}", (requested.position,), weighed.readings
        own = called_for.get(request, [])
        answer = next((one for one in own if one.held or one.awaited), None)
        if not weighed.binding:
            message = "{request}, by {count} of {of}, does not bind"
            yield passed(message, subject=subject, entries=entries, readings=readings, **values)
        elif answer is not None:
            message = "{request}, by {count} of {of}, was answered by {meeting}"
            yield passed(message, subject=subject, entries=entries, readings=readings, meeting=answer.meeting, **values)
        else:
            reopened = [one.cancelled for one in own if one.cancelled]
            yield breach(
                "{request}, by {count} of {of}, binds, and no meeting is called for it; a call naming it answers it",
                subject=subject,
                since=max([day + DAY, *(one.event.valid_on.last for one in reopened)]),
                entries=(*entries, *(one.position for one in reopened)),
                advisory=True,
                readings=readings,
                **values,
            )


def _held_in_force(timeline: Timeline, on: date) -> Iterator[tuple[Meeting, Entry[Any], date]]:
    for meeting in meetings_on(timeline, on).values():
        if meeting.held is not None:
            held_on = meeting.held.event.valid_on.last
            if version_on(timeline, held_on) is not None:
                yield meeting, meeting.held, held_on


def minutes_signed(timeline: Timeline, on: date) -> Iterator[Finding]:
    """minutes-signed (2.3): minutes are kept, and signed by the meeting's chair. No day is set."""
    for meeting, held, held_on in _held_in_force(timeline, on):
        if meeting.signed is not None:
            yield _finished(meeting, meeting.signed, "signed")
        elif on > held_on:
            yield _unfinished(meeting, held, meeting.signing, "signed")


def minutes_adjusted(timeline: Timeline, on: date) -> Iterator[Finding]:
    """minutes-adjusted (2.3): minutes are adjusted by an appointed member. No day is set."""
    for meeting, held, held_on in _held_in_force(timeline, on):
        if meeting.adjusted is not None:
            if not any(adjusted_by_a_member(meeting.adjusted, timeline)):  # else that is flagged, and is no pass
                yield _finished(meeting, meeting.adjusted, "adjusted")
        elif on > held_on:
            yield _unfinished(meeting, held, meeting.adjustment, "adjusted")


def _unfinished(meeting: Meeting, held: Entry[Any], duty: Duty | None, done: str) -> Finding:
    held_on: date = held.event.valid_on.last
    message = "the minutes of {meeting}, held on {day}, are not {done}; {duty} has the duty"
    partly: dict[str, Any] = {}
    if done == "adjusted" and meeting.adjusted_items:
        message = (
            "the minutes of {meeting}, held on {day}, are {done} only for {items:?item|items} {items}; {duty} has the "
            "duty"
        )
        partly["items"] = tuple(map(str, sorted(meeting.adjusted_items)))
    return breach(
        message,
        subject=f"meeting:{meeting.meeting}",
        since=held_on + DAY,
        entries=tuple(dict.fromkeys([held.position, *([duty.entry] if duty else [])])),
        advisory=True,
        meeting=meeting.meeting,
        day=held_on,
        done=done,
        duty=duty.person if duty else None,
        **partly,
    )


def _finished(meeting: Meeting, entry: Entry[Event], done: str) -> Finding:
    message, on = "the minutes of {meeting} were {done} on {day}", entry.event.valid_on.last
    subject = f"meeting:{meeting.meeting}"
    return passed(message, subject=subject, entries=(entry.position,), meeting=meeting.meeting, done=done, day=on)


def recipients(timeline: Timeline, meeting: Meeting) -> list[str]:
    """Whom a held meeting's minutes go to: the parties, and whoever an item on its agenda concerns."""
    terms = terms_on(timeline, meeting.held_on) if meeting.held_on else None
    if terms is None:
        return []
    concerned = [one for item in meeting.agenda for one in item.concerns or ()]
    return list(dict.fromkeys([*(party.id for party in terms.parties), *concerned]))


def minutes_dispatched(timeline: Timeline, on: date) -> Iterator[Finding]:
    """minutes-dispatched (2.3): minutes go to every executive board and to whoever a matter concerns. No day is set."""
    for meeting, held, _ in _held_in_force(timeline, on):
        if meeting.adjusted is None:
            continue
        adjusted, wanted = meeting.adjusted.event.valid_on.last, recipients(timeline, meeting)
        missing = tuple(one for one in wanted if one not in meeting.dispatched)
        if not missing:
            sent = [meeting.dispatched[one] for one in wanted]
            yield _finished(meeting, max(sent, key=lambda one: one.event.valid_on.last), "sent to all")
        elif on > adjusted:
            yield breach(
                "the minutes of {meeting}, adjusted on {day}, are not sent to {missing}",
                subject=f"meeting:{meeting.meeting}",
                since=adjusted + DAY,
                entries=(held.position, meeting.adjusted.position),
                advisory=True,
                meeting=meeting.meeting,
                day=adjusted,
                missing=missing,
            )


def reports_received(timeline: Timeline, on: date) -> Iterator[Finding]:
    """group-reports (3): each group reports back to the body twice a year; a late report stays late."""
    for group in groups(timeline).values():
        for half_year in half_years(group.since, min(on, group.until or on)):
            report = report_owed(timeline, group, half_year)
            status = report.status_on(on)
            values: dict[str, Any] = {"group": group.group, "half_year": half_year, "due": report.due}
            rests_on: dict[str, Any] = {"subject": f"group:{group.group}/{half_year}", "readings": report.readings}
            entries = (group.created.position, *([report.received.position] if report.received else []))
            if status == "late":
                message = "{group} reported for {half_year} after its last day, {due}; days late: {days}"
                since = report.due + DAY
                yield breach(message, since=since, entries=entries, days=report.days_late, **rests_on, **values)
            elif status == "missing":
                message = "{group} has not reported for {half_year}, due on {due}"
                yield breach(message, since=report.due + DAY, entries=entries[:1], **rests_on, **values)
            elif status == "received":
                yield passed("{group} reported for {half_year}", entries=entries, **rests_on, **values)
