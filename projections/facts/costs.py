"""The facts about costs on a day: levels, shares, claims, balances and the settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.messages import marked
from ledger.state.agreement import terms_on
from ledger.state.costs.claims import claims
from ledger.state.costs.levels import OF_THE_INDEX, basis, first_year, level, reference_year, starts_anew
from ledger.state.costs.payments import balance, is_due, paying
from ledger.state.costs.shares import OF_THE_SHARES, publication_day, shares
from ledger.state.costs.years import year_reading
from ledger.state.settlement import OF_THE_END, settle
from ledger.timeline import past, remembered
from projections.facts.agreement import VERSION, WITHDRAWALS
from projections.facts.fact import Fact, FactId, Ground, read_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ledger.state.settlement import Settled
    from ledger.timeline import Timeline


NETTED = ("instalment", "refund", "settlement")  # only payments for these purposes change a balance


def costs_facts(timeline: Timeline, on: date, _: Mapping[int, str]) -> Iterator[tuple[FactId, Fact]]:
    """Yields the facts about costs, from the first year with a level to the year after `on`.

    The year after `on` is included because its figures may be known before that year begins. New terms do not remove
    the facts of earlier years.
    """
    then = past(timeline, on)
    yield from _of_years(then, on.year + 1)
    for (year, instalment), entry in sorted(claims(then).items()):
        amounts = entry.event.amounts
        said: dict[str, Any] = {"year": year, "instalment": instalment, "amount": sum(amounts.values()),
                                "day": entry.event.valid_on.text, "amounts": amounts}  # fmt: skip
        grounds = (Ground(("instalment-claimed",), (), (("year", year), ("instalment", instalment))),)
        message = marked("instalment {instalment} of {year} is claimed, {amount:kr} together, on {day:when}")
        yield ("claim", year, instalment), Fact(message, said, grounds, (entry.position,))
    yield from _balances(then, on)
    if settled := settle(then):
        yield from _settlement(then, settled)


@remembered
def _of_years(then: Timeline, last: int) -> list[tuple[FactId, Fact]]:
    """Returns the facts about the levels and the shares of the years up to `last`."""
    return [fact for year, grounds in _of_levels(then, last) for fact in _of_year(then, year, grounds)]


def _of_year(then: Timeline, year: int, grounds: tuple[Ground, ...]) -> Iterator[tuple[FactId, Fact]]:
    step = level(then, year)
    if step.level is None:
        return
    said: dict[str, Any] = {"year": year, "amount": step.level}
    entries = (step.entry,) if step.entry else ()
    yield ("level", year), Fact(marked("the level of {year} is {amount:kr}"), said, grounds, entries)
    found, grounds = shares(then, year), (*grounds, *_of_shares(then, year))
    for party, share in (found.shares or {}).items():
        said = {"party": party, "year": year, "amount": share}
        entries = (found.publication.position,) if found.publication else ()
        message = marked("the share of {party} in {year} is {amount:kr}")
        yield ("share", year, party), Fact(message, said, grounds, entries)


def _of_levels(then: Timeline, last: int) -> Iterator[tuple[int, tuple[Ground, ...]]]:
    """Yields each year up to `last` with the grounds of its level: the entries that may set or raise the level of that
    year or of an earlier year.
    """
    first, figures = last, list[tuple[str, range]]()
    for year in range(min(first_year(then), last), last + 1):
        if year > first_year(then) and level(then, year).why != "base" and not starts_anew(then, year):
            raised = [year]
        else:
            first, *raised = [step.year for step in basis(then, year)]
            figures = []
        for one in raised:
            _add(figures, year_reading(then, "index-series", one), reference_year(then, one))
        steps = range(first, year + 1)
        yield year, (
            Ground(("cost-level-set", "indexation-agreed"), (), (("year", steps),)),
            *(Ground(("index-published",), (), (("series", series), ("reference_year", of)))
              for series, of in figures),
            Ground(VERSION),
            *read_as(*OF_THE_INDEX),
        )  # fmt: skip


def _add(figures: list[tuple[str, range]], series: str, year: int) -> None:
    """Adds a year to the years of a series, which are kept as ranges since they mostly follow each other."""
    if figures and figures[-1][0] == series and figures[-1][1].stop == year:
        figures[-1] = series, range(figures[-1][1].start, year + 1)
    else:
        figures.append((series, range(year, year + 1)))


def _of_shares(then: Timeline, year: int) -> tuple[Ground, ...]:
    """Returns the grounds of a year's shares: the population published and the readings adopted."""
    counted = publication_day(then, year)
    by = (("counted_on", counted),) if counted else ()
    return Ground(("population-published",), (), by), *read_as(*OF_THE_SHARES)


def _balances(then: Timeline, on: date) -> Iterator[tuple[FactId, Fact]]:
    """Yields the balance, over all years, of each municipality that has a due claim or a payment in the balance."""
    due = {one: entry for one, entry in claims(then).items() if is_due(then, *one, on)}
    terms = terms_on(then, on)
    region = terms.region() if terms else None
    claimed = {party for entry in due.values() for party in entry.event.amounts}
    for party in sorted({*paying(then), *claimed} - {region}):
        said = {"party": party, "amount": balance(then, party, on)}
        entries = tuple(sorted(entry.position for entry in due.values() if party in entry.event.amounts))
        grounds = (Ground(("instalment-claimed",), (f"party:{party}",)), *_of_payments(f"party:{party}"))
        yield ("balance", party), Fact(marked("the balance of {party} is {amount:kr}"), said, grounds, entries[-1:])


def _of_payments(*tags: str) -> tuple[Ground, ...]:
    return tuple(Ground(("payment-made",), tags, (("purpose", purpose),)) for purpose in NETTED)


def _settlement(then: Timeline, found: Settled) -> Iterator[tuple[FactId, Fact]]:
    """Yields each party's balance at the end of the agreement, whether that end is past or still to come, and the
    settlement agreed for the end.
    """
    if found.agreed:
        said: dict[str, Any] = {"day": found.agreed.event.valid_on.text, "shares": found.agreed.event.shares}
        grounds: tuple[Ground, ...] = (Ground(("settlement-agreed", *WITHDRAWALS)),)
        yield (
            ("settlement",),
            Fact(marked("the settlement is agreed, on {day:when}"), said, grounds, (found.agreed.position,)),
        )
    terms = terms_on(then, found.end.on)
    region = terms.region() if terms else None
    *_, (_, of_level) = _of_levels(then, found.end.on.year)
    rests = (
        Ground(("commitment-made", "commitment-released", "settlement-agreed", *WITHDRAWALS)),
        *of_level,
        *(ground for one in found.years for ground in _of_shares(then, one.year)),
        *read_as(*OF_THE_END, "withdrawal-day", "withdrawal-organ"),
    )
    for party, amount in (found.balance or {}).items():
        said = {"party": party, "amount": amount}
        grounds = (*rests, *_of_payments(*([] if party == region else [f"party:{party}"])))
        message = marked("the balance of {party} in the settlement is {amount:kr}")
        yield ("settlement", party), Fact(message, said, grounds, found.end.entries)
