"""The payments of each party, and its balance of payments and claims (section 5: two-instalments)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events.costs import PaymentMade
from ledger.state.agreement import terms_by_day
from ledger.state.costs.claims import claims
from ledger.state.costs.years import due_day
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.terms import Terms
    from ledger.timeline import Timeline


class Moved(Struct, frozen=True, kw_only=True):
    """A payment that a party made or received. `amount` is in öre, and negative if the party received the payment."""

    party: str
    on: date
    amount: int
    year: int
    entry: Entry[PaymentMade]

    @property
    def netted(self) -> bool:
        """Whether the payment is part of the balance. A payment for the purpose `other` is not part of the balance."""
        return self.entry.event.purpose != "other"


def payee(timeline: Timeline, made: PaymentMade) -> str | None:
    """Returns the payee of a payment: the party it names, else the Region by the terms of the day."""
    return _payee(terms_by_day(timeline), made)


def _payee(terms_on: Callable[[date], Terms | None], made: PaymentMade) -> str | None:
    if made.to:
        return made.to
    terms = terms_on(made.valid_on.last)
    return terms.region() if terms else None


@remembered
def moves(timeline: Timeline) -> dict[str, tuple[Moved, ...]]:
    """Maps each party to the payments it made or received, in timeline order.

    A payment that names no year belongs to the year of its day.
    """
    found: dict[str, list[Moved]] = defaultdict(list)
    terms_on = terms_by_day(timeline)
    for entry in timeline.of(PaymentMade):
        event, on = entry.event, entry.event.valid_on.last
        for party, amount in ((event.party, event.amount), (_payee(terms_on, event), -event.amount)):
            if party is not None:
                year = event.year or on.year
                found[party].append(Moved(party=party, on=on, amount=amount, year=year, entry=entry))
    return {party: tuple(made) for party, made in found.items()}


def paid(timeline: Timeline, party: str, year: int | None = None) -> int:
    """Returns what a party has paid minus what it has received, in öre, for one year or for all years.

    Payments for the purpose `other` are left out.
    """
    return sum(one.amount for one in moves(timeline).get(party, ()) if one.netted and year in {None, one.year})


def claimed_and_due(timeline: Timeline, party: str, on: date, year: int | None = None) -> int:
    """Returns what is claimed from a party in instalments due on or before a day, in öre, for one or all years."""
    return sum(
        entry.event.amounts.get(party, 0)
        for (of, instalment), entry in claims(timeline).items()
        if year in {None, of} and is_due(timeline, of, instalment, on)
    )


def is_due(timeline: Timeline, year: int, instalment: int, on: date) -> bool:
    """Returns whether an instalment has a due day no later than `on`."""
    due = due_day(timeline, year, instalment)
    return due is not None and due <= on


def balance(timeline: Timeline, party: str, on: date, year: int | None = None) -> int:
    """Returns what is claimed from a party and due on or before a day, minus what the party has paid, in öre.

    A positive balance is owed by the party.
    """
    return claimed_and_due(timeline, party, on, year) - paid(timeline, party, year)


@remembered
def paid_before(timeline: Timeline) -> dict[int, int]:
    """Maps each payment to what its payee had paid before the payment minus what the payee had received, in öre."""
    totals: dict[str | None, int] = defaultdict(int)
    found = {}
    terms_on = terms_by_day(timeline)
    for made in timeline.of(PaymentMade):
        to = _payee(terms_on, made.event)
        found[made.position] = totals[to]
        if made.event.purpose != "other":
            totals[made.event.party] += made.event.amount
            totals[to] -= made.event.amount
    return found
