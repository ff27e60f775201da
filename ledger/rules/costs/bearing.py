"""Rules on costs outside the level: who bears them, who finances projects, and that payers are parties (section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.costs import CostBorne, PaymentMade, ProjectFunded
from ledger.messages import marked
from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.reference import party_kinds
from ledger.rules.row import Rules
from ledger.state.agreement import party_by, terms_on, version_on
from ledger.state.costs.projects import DECIDING, costs_borne, projects
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

OF_THE_REGION = ("secretariat", "archive", "administration")


def borne_by_the_region(borne: Entry[CostBorne], timeline: Timeline) -> Iterator[Finding]:
    """region-bears-secretariat (5): the Region bears the costs of secretariat, archive and administration."""
    terms = terms_on(timeline, borne.event.valid_on.last)
    region = terms.region() if terms else None
    if borne.event.borne_by != region:
        yield breach("{party} bore a cost of {kind}, {amount:kr}, which {region} bears", party=borne.event.borne_by,
                     kind=borne.event.kind, amount=borne.event.amount, region=region)  # fmt: skip


def paid_to_own_members(borne: Entry[CostBorne], _: Timeline) -> Iterator[Finding]:
    """own-members-paid (5): each party pays fees and compensation to its own members."""
    event = borne.event
    if event.for_party is None:
        yield cannot_tell("{party} paid fees of {amount:kr}; to whose members is not recorded (for-party)",
                          party=event.borne_by, amount=event.amount)  # fmt: skip
    elif event.for_party != event.borne_by:
        yield breach("{party} paid fees of {amount:kr} to members of {other}, which pays its own", party=event.borne_by,
                     amount=event.amount, other=event.for_party)  # fmt: skip


def nothing_borne_by_the_region(timeline: Timeline, on: date) -> Iterator[Finding]:
    """region-bears-secretariat (5): silent while no cost of secretariat, archive or administration is recorded."""
    yield from _nothing_borne(timeline, on, OF_THE_REGION)


def no_fees(timeline: Timeline, on: date) -> Iterator[Finding]:
    """own-members-paid (5): silent while no fees are recorded."""
    yield from _nothing_borne(timeline, on, ("fees",))


def _nothing_borne(timeline: Timeline, on: date, kinds: tuple[str, ...]) -> Iterator[Finding]:
    if version_on(timeline, on) is not None and not any(borne.kind in kinds for borne in costs_borne(timeline, on)):
        yield silent("no cost of {kinds} is recorded by {day}", kinds=kinds, day=on)


def financed_jointly(funded: Entry[ProjectFunded], _: Timeline) -> Iterator[Finding]:
    """projects (5): each party decides extra financing in its assembly or its executive board."""
    event = funded.event
    if event.kind == "extra-financing" and event.source.organ not in DECIDING:
        yield breach("extra financing of {amount:kr} was decided by {organ}, neither assembly nor executive-board",
                     amount=event.amount, organ=event.source.organ)  # fmt: skip


def financed_by_all(timeline: Timeline, on: date) -> Iterator[Finding]:
    """projects (5): extra financing is decided jointly by the Region and the municipalities."""
    terms = terms_on(timeline, on)
    parties = terms.party_ids() if terms else frozenset()
    there = [one for one in projects(timeline).values() if not one.until or on < one.until]
    for one in (each for each in there if each.jointly_by(on)):
        decided = {entry.event.funder for entry in one.jointly_by(on)}
        missing = tuple(sorted(parties - decided))
        message = marked("extra financing of {project} is decided by {decided}")
        values: dict[str, Any] = {"project": one.project, "decided": tuple(sorted(parties & decided))}
        said: dict[str, Any] = {"subject": f"project:{one.project}",
                                "entries": tuple(entry.position for entry in one.jointly_by(on))}  # fmt: skip
        first = one.jointly_by(on)[0].event.valid_on.last
        if missing and on > first:
            message = marked("extra financing of {project} is decided by {decided}, and not by {missing}")
            yield breach(message, since=first + DAY, advisory=True, missing=missing, **said, **values)
        else:
            yield passed(message, **said, **values)
    if not any(one.funded_by(on, "extra-financing") for one in there):
        yield passed("no project has extra financing on {day}", day=on)


def of_who_is_a_party(entry: Entry[PaymentMade | CostBorne | ProjectFunded], timeline: Timeline) -> Iterator[Finding]:
    """plausible: the payer, payee, bearer or funder is or has been a party to the agreement on the day."""
    event, on = entry.event, entry.event.valid_on.last
    named: tuple[str | None, ...]
    match event:
        case PaymentMade():
            named = event.party, event.to
        case CostBorne():
            named = event.borne_by, event.for_party
        case _:
            named = (event.funder,)
    for party in dict.fromkeys(named):
        if party is not None and not party_by(timeline, party, on) and party in party_kinds(timeline):
            yield cannot_tell("{party} is not a party to the agreement by {day}, the date of these {amount:kr}",
                              party=party, day=on, amount=event.amount)  # fmt: skip


RULES = Rules(
    flags=(
        ("region-bears-secretariat", borne_by_the_region, (CostBorne,)),
        ("own-members-paid", paid_to_own_members, (CostBorne,)),
        ("projects", financed_jointly, (ProjectFunded,)),
        ("plausible", of_who_is_a_party, (PaymentMade, CostBorne, ProjectFunded)),
    ),
    standing=(("projects", financed_by_all),),
    derived=(
        ("region-bears-secretariat", nothing_borne_by_the_region),
        ("own-members-paid", no_fees),
    ),
    applies={
        "region-bears-secretariat": {CostBorne: lambda borne: borne.kind in OF_THE_REGION},
        "own-members-paid": {CostBorne: lambda borne: borne.kind == "fees"},
        "projects": {ProjectFunded: lambda funded: funded.kind == "extra-financing"},
    },
)
