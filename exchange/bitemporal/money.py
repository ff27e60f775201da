"""Tables of the money that depend on more than one entry: the level of a year, the shares of it, and what is claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exchange.bitemporal.body import ALWAYS
from exchange.bitemporal.facts import Column, Fact, Table, stepped
from ledger.events.agreement import EVENTS as OF_THE_AGREEMENT
from ledger.events.agreement import AgreementProposed
from ledger.events.costs import CostLevelSet, IndexationAgreed, IndexPublished, InstalmentClaimed, PopulationPublished
from ledger.messages import marked
from ledger.state.agreement import proposals
from ledger.state.costs.claims import claims
from ledger.state.costs.levels import level
from ledger.state.costs.shares import shares
from ledger.state.costs.years import due_day
from ledger.timeline import Past, past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from ledger.timeline import Timeline

YEAR = Column("year", "INTEGER")
PARTY = Column("party", of="party")
OF_THE_LEVEL: tuple[type[Any], ...] = (
    *OF_THE_AGREEMENT.values(), CostLevelSet, IndexPublished, IndexationAgreed
)  # fmt: skip
OF_THE_SHARES = (*OF_THE_LEVEL, PopulationPublished)
OF_A_CLAIM = (*OF_THE_AGREEMENT.values(), InstalmentClaimed)


def _years(timeline: Timeline) -> Iterable[str]:
    """Returns the years from the first base year to the year after the last that an entry on costs names."""
    based = [entry.event.terms.numbers.base_year for entry in timeline.all_of(AgreementProposed)]
    named = [entry.event.year for event in (CostLevelSet, IndexationAgreed, InstalmentClaimed)
             for entry in timeline.all_of(event)]  # fmt: skip
    named += [entry.event.reference_year for entry in timeline.all_of(IndexPublished)]
    named += [entry.event.counted_on.year for entry in timeline.all_of(PopulationPublished)]
    every = [*based, *named]
    return map(str, range(min(every), max(every) + 2)) if every else ()


def _as_of(
    timeline: Timeline, events: Iterable[type[Any]], said: Callable[[Past], Iterable[Fact]]
) -> Iterator[Fact]:
    """Yields what is said from the entries that have become true, from each day on which one of `events` has."""
    days = {ALWAYS, *(entry.event.valid_on.last for event in events for entry in timeline.of(event))}

    def of_day(day: date) -> Iterable[Fact]:
        return said(past(timeline, day))

    yield from stepped(days, of_day)


def _level(timeline: Timeline, year: str) -> Iterator[Fact]:
    def said(then: Past) -> Iterator[Fact]:
        step = level(then, int(year)) if proposals(then) else None
        if step is not None and step.level is not None:
            yield Fact((int(year), step.level, step.why, step.change, step.entry), ALWAYS, None, step.entry)

    for fact in _as_of(timeline, OF_THE_LEVEL, said):
        yield fact._replace(values=fact.values[:-1])


def _shares(timeline: Timeline, year: str) -> Iterator[Fact]:
    def said(then: Past) -> Iterator[Fact]:
        found = shares(then, int(year)) if proposals(then) else None
        for party, amount in ((found and found.shares) or {}).items():
            entry = found.publication.position if found and found.publication else None
            yield Fact((int(year), party, amount, entry), ALWAYS, None, entry)

    for fact in _as_of(timeline, OF_THE_SHARES, said):
        yield fact._replace(values=fact.values[:-1])


def _claims(timeline: Timeline, year: str) -> Iterator[Fact]:
    def said(then: Past) -> Iterator[Fact]:
        for (of, instalment), entry in claims(then).items():
            due = due_day(then, of, instalment) if of == int(year) else None
            if due is None:
                continue
            for party, amount in entry.event.amounts.items():
                on = max(due, entry.event.valid_on.last)
                yield Fact((of, instalment, party, amount, str(due), str(on), entry.position), on, None, entry.position)

    for fact in _as_of(timeline, OF_A_CLAIM, said):
        yield fact._replace(values=fact.values[:-1])


TABLES = (
    Table(
        "cost_levels",
        marked("The level of each year, from the day on which the record gives it. No row: it cannot be told."),
        (YEAR, Column("level", "INTEGER", marked("in öre")), Column("why"), Column("change")),
        _years,
        _level,
    ),
    Table(
        "cost_shares",
        marked("The municipalities' shares of the level of each year, from the day on which the record gives them."),
        (YEAR, PARTY, Column("amount", "INTEGER", marked("in öre"))),
        _years,
        _shares,
    ),
    Table(
        "claims",
        marked("Instalments claimed from the municipalities. Of two claims of one, that recorded first applies."),
        (YEAR, Column("instalment", "INTEGER"), PARTY,
         Column("amount", "INTEGER", marked("in öre; below zero is a credit")),
         Column("due"), Column("counts_from", about=marked("the due day, or the day of the claim if that is later"))),
        _years,
        _claims,
    ),
)  # fmt: skip
