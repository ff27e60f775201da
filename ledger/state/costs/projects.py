"""Collaboration projects and their funding, and the costs that each party has borne (section 5)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events.costs import CostBorne, ProjectEnded, ProjectFunded, ProjectStarted
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.timeline import Timeline


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


def costs_borne(timeline: Timeline, on: date) -> dict[Borne, list[Entry[CostBorne]]]:
    """Returns the costs borne on or before a day, grouped by year, kind, bearer and party of the members.

    Each group is in timeline order.
    """
    found: dict[Borne, list[Entry[CostBorne]]] = {}
    for entry in timeline.of(CostBorne):
        event, day = entry.event, entry.event.valid_on.last
        if day <= on:
            of = Borne(year=day.year, kind=event.kind, borne_by=event.borne_by, for_party=event.for_party or "")
            found.setdefault(of, []).append(entry)
    return dict(sorted(found.items()))
