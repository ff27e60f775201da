"""The reports of every group by half-year: received, late, missing, not yet owed or not owed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.state.groups import groups, half_year_span, half_years, report_owed

if TYPE_CHECKING:
    from ledger.state.groups import Group
    from ledger.timeline import Timeline


class Reported(Struct, frozen=True, kw_only=True):
    """A group's report for a half-year. `status` is that of `projections.reports.Report`."""

    half_year: str
    status: str
    due: date
    received_on: date | None


class GroupReporting(Struct, frozen=True, kw_only=True):
    """A group, by its id and its name on the day, with its report of each half-year in which it existed."""

    group: str
    name: str | None
    reports: tuple[Reported, ...]


class Reporting(Struct, frozen=True, kw_only=True):
    """The reports as of the day `on`: the half-years in order, up to that of the day, and the groups by id."""

    on: date
    known_at: str
    half_years: tuple[str, ...]
    groups: tuple[GroupReporting, ...]


def reporting(timeline: Timeline, on: date) -> Reporting:
    """Returns the reports of all groups that exist by the day `on`. Inexact days are taken at their latest."""
    seen = timeline.seen_on(on)
    own = [group for _, group in sorted(groups(seen).items()) if group.since <= on]
    return Reporting(
        on=on,
        known_at=f"@{timeline.head}",
        half_years=tuple(half_years(min(group.since for group in own), on)) if own else (),
        groups=tuple(_group(seen, group, on) for group in own),
    )


def _group(timeline: Timeline, group: Group, on: date) -> GroupReporting:
    halves = [half for half in half_years(group.since, on) if group.exists(*half_year_span(half))]
    day = min([on, *([group.until - date.resolution] if group.until else [])])
    return GroupReporting(
        group=group.group,
        name=group.terms_on(day)["name"],
        reports=tuple(_reported(timeline, group, half, on) for half in halves),
    )


def _reported(timeline: Timeline, group: Group, half_year: str, on: date) -> Reported:
    owed = report_owed(timeline, group, half_year)
    received = owed.received.event.valid_on.last if owed.received else None
    return Reported(
        half_year=half_year,
        status=owed.status_on(on),
        due=owed.due,
        received_on=received if received and received <= on else None,
    )
