"""What is to be done by a day about meetings, notices, minutes and reports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ledger.state.agreement import end_seen_on, life, terms_on, version_on
from ledger.state.groups import groups, half_years, report_owed
from ledger.state.meetings import Meeting, counted, is_extra, meetings, meetings_on
from ledger.state.minutes import recipients
from ledger.values import DAY
from projections.due import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events.meetings import MeetingCalled
    from ledger.timeline import Timeline

ADJUSTED_WITHIN = timedelta(days=14)  # kommunallagen 5:69, for assemblies and committees; no rule for the body


def minutes_finished(timeline: Timeline, on: date, _: date) -> Iterator[Deadline]:
    """minutes-signed, minutes-adjusted, minutes-dispatched (2.3): no day is set; open from the day after."""
    for meeting in meetings_on(timeline, on).values():
        held_on = meeting.held_on
        if meeting.held is None or held_on is None or version_on(timeline, held_on) is None:
            continue
        values: dict[str, Any] = {"meeting": meeting.meeting, "held": held_on}
        about: dict[str, Any] = {"subject": _subject(meeting), "since": held_on + DAY}
        if meeting.signed is None and meeting.signing:
            message = "sign the minutes of {meeting}, held on {held}: {person} has the duty"
            duty = meeting.signing
            yield Deadline(message=message, values=values | {"person": duty.person}, provision="minutes-signed",
                           entries=_once(meeting.held.position, duty.entry), **about)  # fmt: skip
        if meeting.adjusted is None and meeting.adjustment:
            message = (
                "adjust the minutes of {meeting}, held on {held}: {person} has the duty "
                "(kommunallagen 5:69 would give until {day})"
            )
            duty, day = meeting.adjustment, held_on + ADJUSTED_WITHIN
            yield Deadline(message=message, values=values | {"person": duty.person, "day": day},
                           provision="minutes-adjusted", entries=_once(meeting.held.position, duty.entry),
                           **about)  # fmt: skip
        yield from _dispatches(timeline, meeting)


def _dispatches(timeline: Timeline, meeting: Meeting) -> Iterator[Deadline]:
    if meeting.adjusted is None or meeting.held is None:
        return
    for recipient in recipients(timeline, meeting):
        if recipient not in meeting.dispatched:
            yield Deadline(
                message="send the minutes of {meeting} to {recipient}",
                values={"meeting": meeting.meeting, "recipient": recipient},
                provision="minutes-dispatched",
                subject=_subject(meeting),
                since=meeting.adjusted.event.valid_on.last + DAY,
                entries=(meeting.held.position, meeting.adjusted.position),
            )


def meetings_called(timeline: Timeline, on: date, _: date) -> Iterator[Deadline]:
    """six-meetings (2.3): a meeting that is called is held, and what became of it is recorded."""
    end = end_seen_on(timeline, on)
    for meeting in meetings_on(timeline, on).values():
        if not meeting.awaited or meeting.day is None or meeting.called is None:
            continue
        provision, message = "six-meetings", "hold {meeting}"
        if end and meeting.day >= end.on:
            provision, message = "in-force", "cancel {meeting}, called for {day}: the agreement has ended by then"
        elif meeting.day < on:
            message = "record that {meeting} was held on {day}, or that it was moved or cancelled"
        yield Deadline(
            due=meeting.day,
            message=message,
            values={"meeting": meeting.meeting, "day": meeting.day},
            provision=provision,
            subject=_subject(meeting),
            entries=(meeting.called.position,),
        )


def notices_sent(timeline: Timeline, on: date, _: date) -> Iterator[Deadline]:
    """notice (2.3): the notice of a meeting that is planned, its call recorded for a later day, goes out in time."""
    terms, end = terms_on(timeline, on), end_seen_on(timeline, on)
    if terms is None:
        return
    for called in _planned(timeline, on):
        if end and called.event.meets_on >= end.on:
            continue
        yield Deadline(
            due=called.event.meets_on - timedelta(days=terms.numbers.notice_days),
            message="send the notice of {meeting}, which is to be held on {day}",
            values={"meeting": called.event.meeting, "day": called.event.meets_on},
            provision="notice",
            subject=f"meeting:{called.event.meeting}",
            entries=(called.position,),
        )


def _planned(timeline: Timeline, on: date) -> list[Entry[MeetingCalled]]:
    """The calls recorded for a day to come."""
    calls = [one.called for one in meetings(timeline).values() if one.called and not one.cancelled]
    return [called for called in calls if called.event.valid_on.last > on]


def meetings_of_the_year(timeline: Timeline, on: date, until: date) -> Iterator[Deadline]:
    """six-meetings, notice (2.3): how many are still to be held in a year wholly in force, and called in time."""
    known, end = life(timeline), end_seen_on(timeline, on)
    for year in range(on.year, until.year + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        whole = known.in_force and known.in_force[0].since <= first and (end is None or end.on > last)
        terms = terms_on(timeline, min(on, last))
        if not whole or terms is None:
            continue
        count, days = counted(timeline, year, on), terms.numbers.notice_days
        held = len(count.held)
        counts_extra = ("requested-counts", "yes") in count.readings
        ahead = [called.event for called in _planned(timeline, on) if called.event.meets_on.year == year]
        planned = sum(counts_extra or not is_extra(call) for call in ahead)
        missing = count.required - held - count.called - planned
        values: dict[str, Any] = {"year": year, "required": count.required}
        about: dict[str, Any] = {"subject": f"year:{year}", "entries": count.held, "readings": count.readings}
        if held < count.required:
            message = "hold {count} more of the {required:meeting} of {year}: {held} held, {called} called"
            yield Deadline(due=last, message=message, provision="six-meetings",
                           values=values | {"count": count.required - held, "held": held, "called": count.called},
                           **about)  # fmt: skip
        if missing > 0:
            message = "call {count} more of the {required:meeting} of {year}: the last day for a notice of {days:day}"
            yield Deadline(due=last - timedelta(days=days), message=message, provision="notice",
                           values=values | {"count": missing, "days": days}, **about)  # fmt: skip


def reports_received(timeline: Timeline, on: date, until: date) -> Iterator[Deadline]:
    """group-reports (3): each group's report is received by the last day for its half-year."""
    end = end_seen_on(timeline, on)
    last = min(until, end.on - DAY) if end else until
    for group in groups(timeline).values():
        for half_year in half_years(group.since, last):
            report = report_owed(timeline, group, half_year)
            if report.status_on(on) in {"missing", "not-due"}:
                yield Deadline(
                    due=report.due,
                    message="receive {group}'s report for {half_year}",
                    values={"group": group.group, "half_year": half_year},
                    provision="group-reports",
                    subject=f"group:{group.group}/{half_year}",
                    entries=(group.created.position,),
                    readings=report.readings,
                )


def _subject(meeting: Meeting) -> str:
    return f"meeting:{meeting.meeting}"


def _once(*entries: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(entries))
