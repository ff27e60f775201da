"""Rules that flag implausible days: before the act that an event rests on, or after the day the event was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.costs import CostBorne, PaymentMade, PopulationPublished
from ledger.events.groups import (
    GroupChanged,
    GroupCreated,
    GroupMemberAppointed,
    GroupMet,
    GroupOfficerAssigned,
    GroupRecommended,
    GroupReported,
)
from ledger.events.meetings import (
    ItemHandled,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    RecommendationAnswered,
    RecommendationMade,
    ReservationEntered,
)
from ledger.events.minutes import MinutesAdjusted, MinutesDispatched, MinutesSigned
from ledger.events.officials import ActivityHeld
from ledger.events.record import PaperIssued
from ledger.events.settlement import CommitmentMade
from ledger.messages import marked
from ledger.rules.finding import cannot_tell
from ledger.rules.row import Rules
from ledger.state.groups import half_year_span
from ledger.sweden import recorded_on
from ledger.timeline import order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

# (kind, beginnings, message): the field that holds the id of a group, meeting or recommendation; the events with which
# the group, meeting or recommendation begins; and the message of the finding.
_GROUP = (
    "group",
    (GroupCreated,),
    marked("{event} of {named} is dated {day}, before {named} was set up on {first}; is that intended?"),
)
_MEETING = (
    "meeting",
    (MeetingHeld,),
    marked("{event} of {named} is dated {day}, before {named} was held on {first}; is that intended?"),
)
_CALL = (
    "meeting",
    (MeetingCalled,),
    marked("{event} of {named} is dated {day}, before {named} was called on {first}; is that intended?"),
)
_RECOMMENDATION = (
    "recommendation",
    (RecommendationMade, GroupRecommended),
    marked("{event} of {named} is dated {day}, before {named} was made on {first}; is that intended?"),
)
RESTS_ON: dict[type[Event], tuple[str, tuple[type[Event], ...], str]] = {
    GroupChanged: _GROUP,
    GroupMemberAppointed: _GROUP,
    GroupOfficerAssigned: _GROUP,
    GroupMet: _GROUP,
    GroupReported: _GROUP,
    GroupRecommended: _GROUP,
    MeetingMoved: _CALL,
    MeetingCancelled: _CALL,
    ItemHandled: _MEETING,
    ReservationEntered: _MEETING,
    MinutesDispatched: _MEETING,
    RecommendationAnswered: _RECOMMENDATION,
}
# Acts that can only be recorded after they have happened. An appointment can be recorded before the day it begins.
HAPPENED: tuple[type[Event], ...] = (
    MeetingHeld,
    RecommendationMade,
    RecommendationAnswered,
    MinutesSigned,
    MinutesAdjusted,
    MinutesDispatched,
    GroupMet,
    GroupReported,
    GroupRecommended,
    ActivityHeld,
    PaymentMade,
    CostBorne,
    CommitmentMade,
    PaperIssued,
)


def after_what_it_rests_on(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an act is not dated before the act that it rests on, such as minutes dispatched before the meeting."""
    kind, beginnings, message = RESTS_ON[type(entry.event)]
    named = getattr(entry.event, kind)
    tag = f"{kind}:{named}"
    begins = [of[0] for event in beginnings if (of := timeline.of(event, tag))]
    first = min(begins, key=order) if len(begins) > 1 else begins[0] if begins else None
    if first is not None and entry.event.valid_on.last < first.event.valid_on.last:
        yield cannot_tell(
            message,
            event=entry.event.event_name,
            named=named,
            day=entry.event.valid_on.last,
            first=first.event.valid_on.last,
            entries=(first.position,),
        )


def happened_when_recorded(entry: Entry[Any], _: Timeline) -> Iterator[Finding]:
    """plausible: an act of a kind that can only be recorded afterwards is not dated after the day it was recorded."""
    recorded = recorded_on(entry.recorded_at)
    if entry.event.valid_on.first > recorded:
        yield cannot_tell("{event} is dated {day}, which is after the day it was recorded, {recorded}",
                          event=entry.event.event_name, day=entry.event.valid_on.first, recorded=recorded)  # fmt: skip


def about_days_that_have_been(entry: Entry[GroupReported | PopulationPublished], _: Timeline) -> Iterator[Finding]:
    """plausible: a report is not dated before its half-year begins, nor population figures before the day counted."""
    event = entry.event
    if isinstance(event, GroupReported):
        first, _last = half_year_span(event.half_year)
        message = marked(
            "the report of {what} was received on {day}, before its half-year begins, {first}; is that intended?"
        )
        what = event.half_year
    else:
        first, what = event.counted_on, "the figures"
        message = marked("the figures were published on {day}, before the day counted, {first}; is that intended?")
    if event.valid_on.last < first:
        yield cannot_tell(message, what=what, day=event.valid_on.last, first=first)


RULES = Rules(
    flags=(
        ("plausible", after_what_it_rests_on, tuple(RESTS_ON)),
        ("plausible", happened_when_recorded, HAPPENED),
        ("plausible", about_days_that_have_been, (GroupReported, PopulationPublished)),
    ),
)
