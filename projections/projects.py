"""The collaboration projects with their grants and extra financing, and the costs that each party has borne."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.state.agreement import terms_on
from ledger.state.costs.projects import Project, costs_borne, projects
from projections.spans import loose_day, without_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.encoding import Entry
    from ledger.events.costs import CostBorne, ProjectFunded
    from ledger.state.costs.projects import Borne
    from ledger.timeline import Timeline


class Funding(Struct, frozen=True, kw_only=True):
    """Money granted to a project, in öre, and the organ that decided the funding."""

    funder: str
    amount: int
    on: str
    organ: str
    entry: int


class Funded(Struct, frozen=True, kw_only=True):
    """A project that runs during [since, until), with its funding up to the day asked about.

    `decided` lists the parties that have decided extra financing in their assembly or board. `awaiting` lists the other
    parties as soon as some extra financing is recorded, since the parties decide jointly (projects). `since_day` and
    `until_day` are the Days of the start and of the end as recorded if inexact, otherwise None.
    """

    project: str
    title: str
    group: str | None
    since: date
    until: date | None
    grants: tuple[Funding, ...]
    extra_financing: tuple[Funding, ...]
    total: int
    decided: tuple[str, ...]
    awaiting: tuple[str, ...]
    entries: tuple[int, ...]
    since_day: str | None
    until_day: str | None


class Cost(Struct, frozen=True, kw_only=True):
    """The sum in öre that a party bore of one kind of cost in a year.

    `for_party` is the party whose members the cost was for, or None when the entries do not state a party.
    """

    year: int
    kind: str
    borne_by: str
    for_party: str | None
    amount: int
    entries: tuple[int, ...]


class Projects(Struct, frozen=True, kw_only=True):
    """The projects started on or before the day `on`, ordered by first day and id, and the costs, ordered by year,
    kind, bearer and `for_party`.
    """

    on: date
    known_at: str
    projects: tuple[Funded, ...]
    costs: tuple[Cost, ...]
    uncertain: tuple[int, ...] = ()


def collaboration_projects(timeline: Timeline, on: date) -> Projects:
    """Returns the projects and the costs borne as of the day `on`.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, of_projects = timeline.ask(lambda one: _projects(one, on), without_spans)
    borne, of_costs = timeline.ask(lambda one: costs_borne(one, on))
    costs = tuple(_cost(of, entries) for of, entries in borne.items())
    return structs.replace(answer, costs=costs, uncertain=tuple(sorted({*of_projects, *of_costs})))


def _projects(timeline: Timeline, on: date) -> Projects:
    terms = terms_on(timeline, on)
    region = terms.region() if terms else None
    parties = sorted(terms.party_ids() if terms else (), key=lambda party: (party == region, party))
    started = [one for one in projects(timeline).values() if one.since <= on]
    started.sort(key=lambda one: (one.since, one.project))
    return Projects(
        on=on,
        known_at=f"@{timeline.head}",
        projects=tuple(_told(timeline, one, on, parties) for one in started),
        costs=(),
    )


def _cost(of: Borne, entries: Sequence[Entry[CostBorne]]) -> Cost:
    return Cost(
        year=of.year,
        kind=of.kind,
        borne_by=of.borne_by,
        for_party=of.for_party or None,
        amount=sum(one.event.amount for one in entries),
        entries=tuple(one.position for one in entries),
    )


def _told(timeline: Timeline, one: Project, on: date, parties: Sequence[str]) -> Funded:
    grants, extra = one.funded_by(on, "external-grant"), one.funded_by(on, "extra-financing")
    decided = {entry.event.funder for entry in one.jointly_by(on)}
    return Funded(
        project=one.project,
        title=one.started.event.title,
        group=one.started.event.group,
        since=one.since,
        until=one.until,
        grants=_funding(timeline, grants),
        extra_financing=_funding(timeline, extra),
        total=sum(money.event.amount for money in (*grants, *extra)),
        decided=tuple(party for party in parties if party in decided),
        awaiting=tuple(party for party in parties if party not in decided) if extra else (),
        entries=tuple(sorted(entry.position for entry in one.entries if entry.event.valid_on.last <= on)),
        since_day=loose_day(timeline, one.started.position),
        until_day=loose_day(timeline, one.ended),
    )


def _funding(timeline: Timeline, entries: Iterable[Entry[ProjectFunded]]) -> tuple[Funding, ...]:
    return tuple(
        Funding(
            funder=entry.event.funder,
            amount=entry.event.amount,
            on=timeline.at(entry.position).event.valid_on.text,
            organ=entry.event.source.organ,
            entry=entry.position,
        )
        for entry in entries
    )
