"""A half-year of the collaboration groups: what each was to do, did, recommended and reported."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.events.groups import GroupMet
from ledger.state.groups import groups, half_year_span
from ledger.state.meetings import answer_on
from ledger.values import DAY
from projections.council import name_on
from projections.group import Met
from projections.reports import GroupRecommendation, Report, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.state.groups import Group
    from ledger.timeline import Timeline


class Answered(Struct, frozen=True, kw_only=True):
    """A group's recommendation with the answer of each addressee; an answer is None while there is none."""

    made: GroupRecommendation
    answers: dict[str, str | None]


class GroupOfHalfYear(Struct, frozen=True, kw_only=True):
    """A group in a half-year, with its terms and members on the last day of it that is reached, and its report.

    `missing_since` is the first day on which a report that is owed and not received was missing, or None. `days` is how
    many days the report came after its last day, or has been missing; 0 for one in time or not owed.
    """

    report: Report
    kind: str
    since: date
    until: date | None
    assignment: str | None
    meetings: tuple[Met, ...]
    recommendations: tuple[Answered, ...]
    missing_since: date | None
    days: int


class HalfYearOfGroups(Struct, frozen=True, kw_only=True):
    """The groups that existed in a half-year such as 2025H1, by id, as of the day `on`."""

    half_year: str
    on: date
    known_at: str
    groups: tuple[GroupOfHalfYear, ...]
    uncertain: tuple[int, ...] = ()


def half_year(timeline: Timeline, half: str, on: date, names: Mapping[int, str]) -> HalfYearOfGroups:
    """Returns the groups of a half-year as of the day `on`; `names` maps the position of a person's registration to
    the name.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    found, uncertain = timeline.seen_on(on).ask(lambda one: _half_year(one, half, on, names))
    return HalfYearOfGroups(half_year=half, on=on, known_at=f"@{timeline.head}", groups=found, uncertain=uncertain)


def _half_year(timeline: Timeline, half: str, on: date, names: Mapping[int, str]) -> tuple[GroupOfHalfYear, ...]:
    first, last = half_year_span(half)
    own = (group for _, group in sorted(groups(timeline).items()) if group.exists(first, last) and group.since <= on)
    return tuple(_group(timeline, group, half, on, names) for group in own)


def _group(timeline: Timeline, group: Group, half: str, on: date, names: Mapping[int, str]) -> GroupOfHalfYear:
    first, last = half_year_span(half)
    day = min([on, last, *([group.until - DAY] if group.until else [])])
    told = report(timeline, group, half, on, names)
    met = [
        one
        for one in timeline.of(GroupMet, f"group:{group.group}")
        if first <= one.event.valid_on.last <= min(last, on)
    ]
    missing_since = told.due + DAY if told.status == "missing" else None
    return GroupOfHalfYear(
        report=told,
        kind=group.created.event.kind,
        since=group.since,
        until=group.until,
        assignment=group.terms_on(day)["assignment"],
        meetings=tuple(
            Met(
                on=one.event.valid_on.text,
                present={person: name_on(timeline, person, on, names) for person in one.event.present},
                entry=one.position,
            )
            for one in met
        ),
        recommendations=tuple(_answered(timeline, made, on) for made in told.recommendations),
        missing_since=missing_since,
        days=(on - told.due).days if missing_since else told.days_late or 0,
    )


def _answered(timeline: Timeline, made: GroupRecommendation, on: date) -> Answered:
    given = {one: answer_on(timeline, made.recommendation, one, on) for one in made.addressees}
    return Answered(made=made, answers={one: answer.event.answer if answer else None for one, answer in given.items()})
