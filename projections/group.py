"""One collaboration group as of a day: its terms, members and officials, its meetings, its reports, and its entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.groups import GroupMet
from ledger.state.groups import group_of, half_years
from projections.council import name_on
from projections.groups import GroupOfDay, group_of_day
from projections.history import ToldEntry, Wanted, history
from projections.reports import Report, report
from projections.spans import without_spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.encoding import Entry
    from ledger.timeline import Timeline


class Met(Struct, frozen=True, kw_only=True):
    """A meeting of a group on the day `on`, as recorded. `present` maps each person present to the name of the day
    asked about, or to None once the name is disposed of.
    """

    on: str
    present: dict[str, str | None]
    entry: int


class HalfYear(Struct, frozen=True, kw_only=True):
    """A half-year, such as 2025H1, and the group's report for it."""

    half_year: str
    report: Report


class OneGroup(Struct, frozen=True, kw_only=True):
    """A group as of the day `on`. `standing` is None while the group has not been created.

    `members` and `officers` of `standing` are those of the day, so that a closed group has none. `reports` are those
    for each half-year from the group's first to its last, or to that of the day, the latest first. `entries` are the
    entries about the group, in order of position, later days included.
    """

    on: date
    known_at: str
    group: str
    standing: GroupOfDay | None
    meetings: tuple[Met, ...]
    reports: tuple[HalfYear, ...]
    entries: tuple[ToldEntry, ...]
    uncertain: tuple[int, ...] = ()


def group(timeline: Timeline, on: date, names: Mapping[int, str], which: str) -> OneGroup | None:
    """Returns a group as of a day, or None if no entry is about such a group.

    `names` maps the position of a person's registration to the name, and `uncertain` holds the positions of the entries
    whose inexact day could change the answer.
    """
    own = history(timeline, names, Wanted(about=f"group:{which}")).entries
    if not own:
        return None
    answer, uncertain = timeline.ask(lambda one: _group(one, on, names, which), without_spans)
    return structs.replace(answer, entries=own, uncertain=uncertain)


def _group(timeline: Timeline, on: date, names: Mapping[int, str], which: str) -> OneGroup:
    found = group_of(timeline, which)
    if found is None or found.since > on:
        return OneGroup(
            on=on, known_at=f"@{timeline.head}", group=which, standing=None, meetings=(), reports=(), entries=()
        )
    last = min(on, found.until - date.resolution) if found.until else on
    met = [one for one in timeline.of(GroupMet, f"group:{which}") if one.event.valid_on.last <= on]
    seen = timeline.seen_on(on)
    return OneGroup(
        on=on,
        known_at=f"@{timeline.head}",
        group=which,
        standing=group_of_day(timeline, found, on, names),
        meetings=tuple(_met(timeline, one, on, names) for one in met),
        reports=tuple(
            HalfYear(half_year=half, report=report(seen, found, half, on, names))
            for half in reversed(half_years(found.since, last))
        ),
        entries=(),
    )


def _met(timeline: Timeline, met: Entry[GroupMet], on: date, names: Mapping[int, str]) -> Met:
    return Met(
        on=met.event.valid_on.text,
        present={person: name_on(timeline, person, on, names) for person in met.event.present},
        entry=met.position,
    )
