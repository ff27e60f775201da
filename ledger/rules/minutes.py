"""What the agreement says of signing and adjusting minutes, act by act (section 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.rules.finding import breach
from ledger.state.meetings import duty_on, sitting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events.meetings import MinutesAdjusted, MinutesSigned
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
