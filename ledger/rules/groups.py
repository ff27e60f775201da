"""Rules on the collaboration groups: how they are set up and closed, their reports and recommendations (section 3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.events.groups import (
    GroupClosed,
    GroupCreated,
    GroupMemberReleased,
    GroupOfficerReleased,
    GroupRecommended,
    GroupReported,
)
from ledger.messages import marked, phrase
from ledger.rules.finding import breach, cannot_tell, passed
from ledger.rules.obligation import Done, Obligation, to_do
from ledger.rules.row import Rules
from ledger.state.agreement import end_seen_on
from ledger.state.groups import groups, half_year_span, half_years, released, report_owed
from ledger.state.meetings import sitting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.rules.obligation import Stands
    from ledger.state.groups import Owed
    from ledger.timeline import Timeline


def decided_at_a_meeting(entry: Entry[GroupCreated | GroupClosed], timeline: Timeline) -> Iterator[Finding]:
    """groups-set-up-by-body (3): the body sets up or closes a group at a meeting that was held."""
    event = entry.event
    created = isinstance(event, GroupCreated)
    if event.meeting is None:
        message = marked("no meeting is given that decided to close {group}; annul it, and record it with its meeting")
        if created:
            message = marked(
                "no meeting is given that decided to set up {group}; annul it, and record it with its meeting"
            )
        yield cannot_tell(message, group=event.group)
        return
    meeting = sitting(timeline, event.meeting)
    if meeting is None or meeting.held is None:
        message = marked("{group} was closed at {meeting}, which has not been held")
        if created:
            message = marked("{group} was set up at {meeting}, which has not been held")
        yield breach(message, group=event.group, meeting=event.meeting)


def set_up_with_its_terms(created: Entry[GroupCreated], _: Timeline) -> Iterator[Finding]:
    """group-terms (3): assignment, composition and working forms are decided when a group is set up."""
    event = created.event
    terms = {
        phrase("assignment"): event.assignment,
        phrase("composition"): event.composition,
        phrase("working forms"): event.working_forms,
    }
    missing = tuple(name for name, text in terms.items() if text is None)
    if missing:
        yield breach("{group} was set up without {missing}", group=event.group, missing=missing)


def leaves_a_group(entry: Entry[GroupMemberReleased | GroupOfficerReleased], timeline: Timeline) -> Iterator[Finding]:
    """reference: only a member of a group, or an official who supports the group, can leave the group."""
    event = entry.event
    if not timeline.of(GroupCreated, f"group:{event.group}"):
        return  # a group not in the ledger is refused by a reference rule
    message = marked("{person:who} is not a member of {group} the day before {day}")
    if isinstance(event, GroupOfficerReleased):
        message = marked("{person:who} does not support {group} the day before {day}")
    if entry.position not in released(timeline, event.group):
        yield breach(message, person=event.person, group=event.group, day=event.valid_on.last)


def reported_once(reported: Entry[GroupReported], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a group reports once for a half-year.

    The first report applies, and a further report is kept as a later version of the first.
    """
    event = reported.event
    for first in timeline.of(GroupReported, f"group:{event.group}"):
        if first.event.half_year == event.half_year and first.position < reported.position:
            message = marked(
                "{group} has reported for {half_year} already, on {first} (entry {entry}); this one, of {day}, is kept "
                "as a later version"
            )
            if reported.event.valid_on.last < first.event.valid_on.last:
                message = marked(
                    "{group} has two reports for {half_year}: that of {first} (entry {entry}) is kept as a later "
                    "version of this one, of {day}"
                )
            yield cannot_tell(message, group=event.group, half_year=event.half_year, first=first.event.valid_on.last,
                              entry=first.position, day=event.valid_on.last, entries=(first.position,))  # fmt: skip
            return


def recommended_by_groups(timeline: Timeline, on: date) -> Iterator[Finding]:
    """group-recommendations (3): groups may leave recommendations to the body and to the deciding organs."""
    for left in timeline.of(GroupRecommended):
        event, day = left.event, left.event.valid_on.last
        if day <= on:
            message = marked("{group} left {left} to {addressees} on {day}")
            yield passed(
                message,
                subject=f"group:{event.group}",
                since=day,
                entries=(left.position,),
                group=event.group,
                left=event.recommendation,
                addressees=event.addressees,
                day=day,
            )


def reports_received(timeline: Timeline, on: date, until: date) -> Iterator[Obligation]:
    """group-reports (3): each group reports back to the body twice a year. A report received late stays a breach."""
    end = end_seen_on(timeline, on)
    for group in groups(timeline).values():
        for half_year in half_years(group.since, min(until, group.until or until)):
            report = report_owed(timeline, group, half_year)
            received = report.received
            done = received is not None and received.event.valid_on.last <= on
            if not report.owed and not done:
                continue
            comes = end is None or half_year_span(half_year)[0] < end.on
            named: dict[str, Any] = {"group": group.group, "half_year": half_year}
            yield Obligation(
                provision="group-reports",
                subject=f"group:{group.group}/{half_year}",
                who=group.group,
                due=report.due if report.owed else None,
                done=Done(received.position, received.event.valid_on.last) if received and done else None,
                to_do=to_do("receive {group}'s report for {half_year}", **named) if comes else (),
                says=_of_report(report, **named, due=report.due),
                entries=(group.created.position,),
                readings=report.readings,
            )


def _of_report(report: Owed, **values: Any) -> dict[Stands, Finding]:
    """Maps each state of a group's duty to report to the finding in that state."""
    late = marked("{group} reported for {half_year} after its last day, {due}; days late: {days}")
    return {
        "undone": breach("{group} has not reported for {half_year}, due on {due}", **values),
        "late": breach(late, days=report.days_late, **values),
        "done": passed("{group} reported for {half_year}", **values),
    }


RULES = Rules(
    forbids=(("reference", leaves_a_group, (GroupMemberReleased, GroupOfficerReleased)),),
    flags=(
        ("plausible", reported_once, (GroupReported,)),
        ("groups-set-up-by-body", decided_at_a_meeting, (GroupCreated, GroupClosed)),
        ("group-terms", set_up_with_its_terms, (GroupCreated,)),
    ),
    derived=(("group-recommendations", recommended_by_groups),),
    owed=(("group-reports", reports_received),),
)
