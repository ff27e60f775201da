"""What was paid, by whom and for what, and where each claim stands on a day (section 5: two-instalments)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events.economy import PaymentMade
from ledger.state.agreement import terms_on
from ledger.state.claims import claims
from ledger.state.years import due_day
from ledger.timeline import derived

if TYPE_CHECKING:
    from ledger.timeline import Timeline

Status = Literal["not-due", "paid", "late", "short", "unpaid", "credit"]  # credit: to be repaid, or not yet


class Moved(Struct, frozen=True, kw_only=True):
    """A payment as it touches one party's account: öre paid out, below zero when received. `other` is not netted."""

    party: str
    on: date
    amount: int
    year: int
    entry: Entry[PaymentMade]

    @property
    def netted(self) -> bool:
        return self.entry.event.purpose != "other"


class Paid(Struct, frozen=True, kw_only=True):
    """How a party's part of a claim was paid by a day. `paid_on`: when the last öre of it had come, None until then.

    A credit (an amount below zero) is nothing that the party pays: it stands in the balance until it is repaid.
    entries: the claim and what was paid for it.
    """

    party: str
    year: int
    instalment: int
    amount: int
    due: date
    paid: int
    paid_on: date | None
    status: Status
    entries: tuple[int, ...]

    @property
    def days_late(self) -> int:
        """Days from the due day until all was paid; 0 in time, or while something is unpaid."""
        return max(0, (self.paid_on - self.due).days) if self.paid_on else 0

    @property
    def over(self) -> int:
        return max(0, self.paid - self.amount)

    @property
    def short(self) -> int:
        return max(0, self.amount - self.paid)


def payee(timeline: Timeline, made: PaymentMade) -> str | None:
    """Who is paid: whom the payment names, else the Region of the day's terms."""
    terms = terms_on(timeline, made.valid_on.last)
    return made.to or (terms.region() if terms else None)


@derived
def moves(timeline: Timeline) -> dict[str, tuple[Moved, ...]]:
    """Party → the payments it made or received, in timeline order. One that names no year is of its day's."""
    found: dict[str, list[Moved]] = defaultdict(list)
    for entry in timeline.of(PaymentMade):
        event, on = entry.event, entry.event.valid_on.last
        for party, amount in ((event.party, event.amount), (payee(timeline, event), -event.amount)):
            if party is not None:
                year = event.year or on.year
                found[party].append(Moved(party=party, on=on, amount=amount, year=year, entry=entry))
    return {party: tuple(made) for party, made in found.items()}


def paid(timeline: Timeline, party: str, year: int | None = None) -> int:
    """Öre paid out minus received, for instalments, refunds and settlement; of one year, or of all."""
    return sum(one.amount for one in moves(timeline).get(party, ()) if one.netted and year in {None, one.year})


def claimed_and_due(timeline: Timeline, party: str, on: date, year: int | None = None) -> int:
    """Öre claimed of a party in instalments due by a day; of one year, or of all."""
    return sum(
        entry.event.amounts.get(party, 0)
        for (of, instalment), entry in claims(timeline).items()
        if year in {None, of} and is_due(timeline, of, instalment, on)
    )


def is_due(timeline: Timeline, year: int, instalment: int, on: date) -> bool:
    due = due_day(timeline, year, instalment)
    return due is not None and due <= on


def balance(timeline: Timeline, party: str, on: date, year: int | None = None) -> int:
    """Claimed and due by a day, minus paid: above zero is owed."""
    return claimed_and_due(timeline, party, on, year) - paid(timeline, party, year)


@derived
def _for_instalments(timeline: Timeline) -> dict[tuple[str, int | None, int | None], list[Moved]]:
    """(party, year, instalment) → what was paid for it, and what was refunded of it; None where that is not said."""
    found: dict[tuple[str, int | None, int | None], list[Moved]] = defaultdict(list)
    for party, made in moves(timeline).items():
        for one in made:
            event = one.entry.event
            if event.purpose in {"instalment", "refund"}:
                found[party, event.year, event.instalment].append(one)
    return dict(found)


def paid_for(timeline: Timeline, party: str, year: int, instalment: int, on: date) -> Paid | None:
    """How a party's part of an instalment stands on a day; None when it was not claimed, or has no due day."""
    entry, due = claims(timeline).get((year, instalment)), due_day(timeline, year, instalment)
    amount = entry.event.amounts.get(party) if entry else None
    if entry is None or due is None or amount is None:
        return None
    made = _for_instalments(timeline).get((party, year, instalment), [])
    total, paid_on = 0, due if amount <= 0 else None
    for one in made:
        before, total = total, total + one.amount
        if amount < 0:
            continue
        if total < amount:
            paid_on = None
        elif before < amount:
            paid_on = one.on
    return Paid(
        party=party,
        year=year,
        instalment=instalment,
        amount=amount,
        due=due,
        paid=total,
        paid_on=paid_on,
        status="credit" if total > amount and amount < 0 else _status(total, amount, due, paid_on, on),
        entries=(entry.position, *(one.entry.position for one in made)),
    )


def _status(total: int, amount: int, due: date, paid_on: date | None, on: date) -> Status:
    if paid_on is not None:
        return "late" if paid_on > due else "paid"
    if on <= due:
        return "not-due"
    return "short" if 0 < total < amount else "unpaid"
