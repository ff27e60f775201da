"""Collaboration projects and their funding, and the costs that each party has borne (section 5)."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events.costs import CostBorne, ProjectEnded, ProjectFunded, ProjectStarted
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.timeline import Timeline


_position = attrgetter("position")
DECIDING = ("assembly", "executive-board")  # the organs in which a party decides extra financing


class Project(Struct, frozen=True, kw_only=True):
    """A project on the days [since, until).

    `funded` holds the grants and the decisions on extra financing, on any day, in timeline order.
    """

    project: str
    started: Entry[ProjectStarted]
    since: date
    until: date | None
    ended: int | None
    funded: tuple[Entry[ProjectFunded], ...]
    entries: tuple[Entry[ProjectStarted] | Entry[ProjectEnded] | Entry[ProjectFunded], ...]

    def funded_by(self, on: date, kind: str) -> tuple[Entry[ProjectFunded], ...]:
        """Returns the grants, or the decisions on extra financing, dated no later than a day."""
        return tuple(one for one in self.funded if one.event.kind == kind and one.event.valid_on.last <= on)

    def jointly_by(self, on: date) -> tuple[Entry[ProjectFunded], ...]:
        """Returns the decisions on extra financing that an assembly or executive board made on or before a day."""
        return tuple(one for one in self.funded_by(on, "extra-financing") if one.event.source.organ in DECIDING)


@remembered
def projects(timeline: Timeline) -> dict[str, Project]:
    """Maps the id of every project ever started to the project.

    Entries on a project that never started are left out.
    """
    found = {}
    for started in timeline.of(ProjectStarted):
        tag = f"project:{started.event.project}"
        ended, funded = timeline.of(ProjectEnded, tag), timeline.of(ProjectFunded, tag)
        found[started.event.project] = Project(
            project=started.event.project,
            started=started,
            since=started.event.valid_on.last,
            until=ended[0].event.valid_on.last if ended else None,
            ended=ended[0].position if ended else None,
            funded=tuple(funded),
            entries=(started, *ended[:1], *funded),
        )
    return found


class Borne(Struct, frozen=True, kw_only=True, order=True):
    """A group of costs: those of a year, a kind, a bearer and a party.

    `for_party` is empty if the costs name no party.
    """

    year: int
    kind: str
    borne_by: str
    for_party: str


@remembered
def costs_borne(timeline: Timeline, on: date) -> dict[Borne, list[Entry[CostBorne]]]:
    """Returns the costs borne on or before a day, grouped by year, kind, bearer and party of the members.

    Each group is in order of position, so that a loose cost at its earliest day mostly changes nothing.
    """
    entries, move = timeline.of(CostBorne), timeline.moved
    if move is None:
        return _grouped({}, sorted((one for one in entries if one.event.valid_on.last <= on), key=_position))
    before = costs_borne(move.before, on)
    was, now = (
        [one] if one and isinstance(one.event, CostBorne) and one.event.valid_on.last <= on else []
        for one in (move.was, move.now)
    )
    if [_group_of(one.event) for one in was] == [_group_of(one.event) for one in now]:
        return before
    found = dict(before)
    for entry in was:
        found[_group_of(entry.event)] = [one for one in found[_group_of(entry.event)] if one.position != entry.position]
    return {of: costs for of, costs in _grouped(found, now).items() if costs}


def _grouped(
    known: dict[Borne, list[Entry[CostBorne]]], new: list[Entry[CostBorne]]
) -> dict[Borne, list[Entry[CostBorne]]]:
    """Returns the groups with the new entries, ordered by group, without changing the lists of `known`."""
    come: dict[Borne, list[Entry[CostBorne]]] = {}
    for entry in new:
        come.setdefault(_group_of(entry.event), []).append(entry)
    found = known | {of: sorted([*known.get(of, ()), *costs], key=_position) for of, costs in come.items()}
    return dict(sorted(found.items()))


def _group_of(event: CostBorne) -> Borne:
    year = event.valid_on.last.year
    return Borne(year=year, kind=event.kind, borne_by=event.borne_by, for_party=event.for_party or "")
