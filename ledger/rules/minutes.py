"""What the agreement says of signing and adjusting minutes, act by act (section 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.events.meetings import MeetingHeld
from ledger.rules.finding import breach
from ledger.state.meetings import duty_on, sitting
from ledger.state.seats import seat_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events.meetings import MinutesAdjusted, MinutesDutyMoved, MinutesSigned
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline


def signed_by_who_has_the_duty(signed: Entry[MinutesSigned], timeline: Timeline) -> Iterator[Finding]:
    """minutes-signed (2.3): the minutes are signed by the chair of that meeting, or whom the duty was moved to."""
    yield from _by_who_has_it(signed, timeline, "signing")


def adjusted_by_who_has_the_duty(adjusted: Entry[MinutesAdjusted], timeline: Timeline) -> Iterator[Finding]:
    """minutes-adjusted (2.3): the minutes are adjusted by the member appointed, or whom the duty was moved to."""
    yield from _by_who_has_it(adjusted, timeline, "adjustment")


def _by_who_has_it(
    minutes: Entry[MinutesSigned] | Entry[MinutesAdjusted], timeline: Timeline, duty: str
) -> Iterator[Finding]:
    event, on = minutes.event, minutes.event.valid_on.last
    meeting = sitting(timeline, event.meeting)
    if meeting is None or (meeting.called is None and meeting.held is None):
        return  # not in the ledger: refused as a reference
    if meeting.held is None:
        yield breach("{meeting} has not been held, so it has no minutes", meeting=event.meeting)
        return
    has_it = duty_on(timeline, event.meeting, duty, on)
    if has_it is not None and has_it.person != event.by:
        yield breach(
            "{person} does not have the duty; {has_it} has it, and minutes-duty-moved passes it on",
            person=event.by,
            has_it=has_it.person,
            entries=(has_it.entry,),
        )
    if (held_on := meeting.held.event.valid_on.last) > on:
        yield breach(
            "{meeting} was held on {held}, so it has no minutes on {day}",
            meeting=event.meeting,
            held=held_on,
            day=on,
            entries=(meeting.held.position,),
        )


def duty_is_with_a_member(entry: Entry[MeetingHeld | MinutesDutyMoved], timeline: Timeline) -> Iterator[Finding]:
    """minutes-adjusted (2.3): a member is appointed to adjust the minutes, and a duty passes only to a member."""
    event, on = entry.event, entry.event.valid_on.last
    if isinstance(event, MeetingHeld):
        message = "{person} was appointed to adjust the minutes of {meeting} and is not a member on {day}"
        if seat_of(timeline, event.adjuster, on) is None:
            yield breach(message, person=event.adjuster, meeting=event.meeting, day=on)
    elif seat_of(timeline, event.to, on) is None:
        message = "the {duty} of the minutes of {meeting} passed to {person}, who is not a member on {day}"
        yield breach(message, duty=event.duty, person=event.to, meeting=event.meeting, day=on)


def adjusted_by_a_member(adjusted: Entry[MinutesAdjusted], timeline: Timeline) -> Iterator[Finding]:
    """minutes-adjusted (2.3): who adjusts is a member, on the day of the appointment or on that of the adjustment."""
    event, on = adjusted.event, adjusted.event.valid_on.last
    duty = duty_on(timeline, event.meeting, "adjustment", on)
    if duty is None or duty.person != event.by:
        return  # refused: another has the duty
    if seat_of(timeline, event.by, duty.since) is None and seat_of(timeline, event.by, on) is None:
        yield breach(
            "{person} adjusted the minutes of {meeting} and was not a member when appointed to, on {day}",
            person=event.by,
            meeting=event.meeting,
            day=duty.since,
            entries=(duty.entry,),
        )
