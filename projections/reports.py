"""The semiannual group reports: which group owes a report for a half-year, and whether the report was
received in time.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.state.groups import Group, groups, half_year_span, report_owed, there_on
from projections.groups import GroupMember, member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.encoding import Entry
    from ledger.events.groups import GroupRecommended, GroupReported
    from ledger.timeline import Timeline


class GroupRecommendation(Struct, frozen=True, kw_only=True):
    """A recommendation that a group made."""

    recommendation: str
    text: str
    addressees: tuple[str, ...]
    on: str
    entry: int


class LaterVersion(Struct, frozen=True, kw_only=True):
    """A report received for a half-year after the group's first report. A later version does not change the `status` of
    the report.
    """

    received_on: date
    meeting: str | None
    summary: str
    entry: int


class Report(Struct, frozen=True, kw_only=True):
    """A group's report for a half-year. `status` is received, late, missing, not-due or not-owed, as of the day asked
    about.

    The report received first decides `status`. `later_versions` lists the reports received after the first, in the
    order received.
    """

    group: str
    name: str | None
    owed: bool
    status: str
    due: date
    received_on: date | None
    days_late: int | None
    meeting: str | None
    summary: str | None
    members: tuple[GroupMember, ...]
    recommendations: tuple[GroupRecommendation, ...]
    entries: tuple[int, ...]
    later_versions: tuple[LaterVersion, ...]


class Reports(Struct, frozen=True, kw_only=True):
    """The reports for a half-year of every group that existed in the half-year, ordered by group id."""

    half_year: str
    on: date
    known_at: str
    reports: tuple[Report, ...]
    uncertain: tuple[int, ...] = ()


def reports(timeline: Timeline, half_year: str, on: date, names: Mapping[int, str]) -> Reports:
    """Returns the group reports for a half-year such as 2024H1, as of the day `on`.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.seen_on(on).ask(lambda one: half_year_of(one, half_year, on, names))
    return structs.replace(answer, uncertain=uncertain)


def half_year_of(timeline: Timeline, half_year: str, on: date, names: Mapping[int, str]) -> Reports:
    """Returns the answer of `reports` without `uncertain`. Every inexact day is taken as its latest possible day."""
    first, last = half_year_span(half_year)
    own = [group for _, group in sorted(groups(timeline).items()) if group.exists(first, last) and group.since <= on]
    told = tuple(report(timeline, group, half_year, on, names) for group in own)
    return Reports(half_year=half_year, on=on, known_at=f"@{timeline.head}", reports=told)


def report(timeline: Timeline, group: Group, half_year: str, on: date, names: Mapping[int, str]) -> Report:
    """Returns a group's report for a half-year in which the group exists, as of the day `on`."""
    first, last = half_year_span(half_year)
    owed = report_owed(timeline, group, half_year)
    status = owed.status_on(on)
    received = owed.received if owed.received and owed.received.event.valid_on.last <= on else None
    day = min([on, last, *([group.until - date.resolution] if group.until else [])])
    later = [one for one in group.reports.get(half_year, ())[1:] if one.event.valid_on.last <= on]
    left = [one for one in group.recommendations if first <= one.event.valid_on.last <= min(last, on)]
    return Report(
        group=group.group,
        name=group.terms_on(day)["name"],
        owed=owed.owed,
        status=status,
        due=owed.due,
        received_on=received.event.valid_on.last if received else None,
        days_late=owed.days_late if received else None,
        meeting=received.event.meeting if received else None,
        summary=received.event.summary if received else None,
        members=tuple(member(timeline, place, day, names) for place in there_on(group.members, day)),
        recommendations=tuple(map(_recommendation, left)),
        entries=tuple(sorted({one.position for one in (group.created, received, *later, *left) if one})),
        later_versions=tuple(map(_later_version, later)),
    )


def _recommendation(left: Entry[GroupRecommended]) -> GroupRecommendation:
    event = left.event
    return GroupRecommendation(
        recommendation=event.recommendation,
        text=event.text,
        addressees=event.addressees,
        on=event.valid_on.text,
        entry=left.position,
    )


def _later_version(received: Entry[GroupReported]) -> LaterVersion:
    event = received.event
    return LaterVersion(
        received_on=event.valid_on.last, meeting=event.meeting, summary=event.summary, entry=received.position
    )
