"""Tables of the money that depend on more than one entry: the level of a year, its shares, and what is claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exchange.bitemporal.facts import ALWAYS, PARTY, AsOf, Column, Fact
from ledger.events.agreement import EVENTS as OF_THE_AGREEMENT
from ledger.events.agreement import AgreementProposed
from ledger.events.costs import CostLevelSet, IndexationAgreed, IndexPublished, InstalmentClaimed, PopulationPublished
from ledger.messages import marked
from ledger.state.agreement import proposals
from ledger.state.costs.claims import claims
from ledger.state.costs.levels import level
from ledger.state.costs.shares import shares
from ledger.state.costs.years import due_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.timeline import Past, Timeline

YEAR = Column("year", "INTEGER")
OF_THE_LEVEL: tuple[type[Any], ...] = (
    *OF_THE_AGREEMENT.values(), CostLevelSet, IndexPublished, IndexationAgreed
)  # fmt: skip
OF_THE_SHARES: tuple[type[Any], ...] = (*OF_THE_LEVEL, PopulationPublished)
OF_A_CLAIM: tuple[type[Any], ...] = (*OF_THE_AGREEMENT.values(), InstalmentClaimed)


def years(whole: Timeline) -> range:
    """Returns the years from the first base year to the year after the last that the terms or an entry on costs name.

    A year that no entry names is in the tables as soon as the entries before tell its level.
    """
    terms = [entry.event.terms.numbers for entry in whole.all_of(AgreementProposed)]
    named = [year for one in terms for year in (one.base_year, *one.frozen_years)]
    of_a_year: tuple[type[Any], ...] = (CostLevelSet, IndexationAgreed, InstalmentClaimed)
    named += [entry.event.year for event in of_a_year for entry in whole.all_of(event)]
    named += [entry.event.reference_year for entry in whole.all_of(IndexPublished)]
    named += [entry.event.counted_on.year for entry in whole.all_of(PopulationPublished)]
    return range(min(one.base_year for one in terms), max(named) + 2) if terms else range(0)


def _levels(then: Past, of: range) -> Iterator[Fact]:
    for year in of if proposals(then) else ():
        step = level(then, year)
        if step.level is not None:
            yield Fact((year, step.level, step.why, step.change), ALWAYS, None, step.entry)


def _shares(then: Past, of: range) -> Iterator[Fact]:
    for year in of if proposals(then) else ():
        found = shares(then, year)
        for party, amount in (found.shares or {}).items():
            yield Fact((year, party, amount), ALWAYS, None, found.publication.position if found.publication else None)


def _claims(then: Past, _: range) -> Iterator[Fact]:
    for (year, instalment), entry in claims(then).items():
        due = due_day(then, year, instalment)
        if due is not None:
            counts = str(max(due, entry.event.valid_on.last))
            for party, amount in entry.event.amounts.items():
                yield Fact((year, instalment, party, amount, str(due), counts), ALWAYS, None, entry.position)


TABLES = (
    AsOf(
        "cost_levels",
        marked("The level of each year, from the day on which the record gives it. No row: it cannot be told."),
        (YEAR, Column("level", "INTEGER", marked("in öre")), Column("why"), Column("change")),
        OF_THE_LEVEL,
        _levels,
    ),
    AsOf(
        "cost_shares",
        marked("The municipalities' shares of the level of each year, from the day on which the record gives them."),
        (YEAR, PARTY, Column("amount", "INTEGER", marked("in öre"))),
        OF_THE_SHARES,
        _shares,
    ),
    AsOf(
        "claims",
        marked("Instalments claimed from the municipalities. Of two claims of one, that recorded first applies."),
        (YEAR, Column("instalment", "INTEGER"), PARTY,
         Column("amount", "INTEGER", marked("in öre; below zero is a credit")),
         Column("due"), Column("counts_from", about=marked("the due day, or the day of the claim if that is later"))),
        OF_A_CLAIM,
        _claims,
    ),
)  # fmt: skip
