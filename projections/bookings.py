"""What a party books in a year: the claims of instalments, and the payments to and from it, entry by entry."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.events.costs import PaymentMade
from ledger.state.costs.claims import claims, every_claim
from ledger.state.costs.payments import payee, regions
from ledger.sweden import recorded_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.encoding import Entry
    from ledger.timeline import Timeline


class Booking(NamedTuple):
    """What one entry gives a party to book, dated the entry's valid day.

    `what` is "claim" or the purpose of a payment: instalment, refund, settlement or other. `amounts` maps each other
    party to what is claimed from it or received from it, in öre; an amount is below zero when it is owed or paid to the
    other party. `year` is the year that the claim or the payment names, and is None for a payment that names none.
    """

    entry: int
    on: date
    recorded_on: date
    what: str
    year: int | None
    instalment: int | None
    amounts: dict[str, int]
    reference: str | None


class Bookings(NamedTuple):
    """The bookings of a party that are dated within a year, by day and then by entry.

    `loose` holds the positions of the entries that may be dated within the year, and whose day is not known exactly.
    `again` holds the positions of claims of an instalment that another entry had claimed before: they have no effect.
    `elsewhere` maps each entry that names the year, and is dated within another, to the year that it is dated within.
    """

    party: str
    year: int
    bookings: tuple[Booking, ...]
    loose: tuple[int, ...]
    again: tuple[int, ...]
    elsewhere: Mapping[int, int]


def region_of_year(timeline: Timeline, year: int) -> str | None:
    """Returns the Region by the terms of the last day of a year, or None if the terms name none."""
    return regions(timeline).on(date(year, 12, 31))


def bookings(timeline: Timeline, party: str, year: int, instalment: int | None = None) -> Bookings:
    """Returns what a party books in a year; with `instalment`, only what belongs to that instalment of the year.

    An annulled entry is not booked, and neither is a payment between two other parties. A year is a calendar year.
    """
    found: list[Booking] = []
    loose: list[int] = []
    elsewhere: dict[int, int] = {}
    for entry, amounts in _concerning(timeline, party):
        event, day = entry.event, entry.event.valid_on
        if instalment is not None and (event.year, event.instalment) != (year, instalment):
            continue
        if day.first.year > year or day.last.year < year:
            if event.year == year:
                elsewhere[entry.position] = day.last.year
        elif day.is_loose:
            loose.append(entry.position)
        else:
            found.append(_booking(entry, amounts))
    return Bookings(
        party=party,
        year=year,
        bookings=tuple(sorted(found, key=lambda one: (one.on, one.entry))),
        loose=tuple(sorted(loose)),
        again=tuple(sorted(_again(timeline, year, instalment))),
        elsewhere=dict(sorted(elsewhere.items())),
    )


def _concerning(timeline: Timeline, party: str) -> Iterator[tuple[Entry[Any], dict[str, int]]]:
    """Yields each claim and payment that concerns a party, with the amounts of `Booking`."""
    for claim in claims(timeline).values():
        asked, region = claim.event.amounts, regions(timeline).on(claim.event.valid_on.last)
        if party == region:
            if owed := {one: amount for one, amount in sorted(asked.items()) if amount}:
                yield claim, owed
        elif region is not None and asked.get(party):
            yield claim, {region: -asked[party]}
    for payment in timeline.of(PaymentMade):
        payer, to = payment.event.party, payee(timeline, payment.event)
        if to == party:
            yield payment, {payer: payment.event.amount}
        elif payer == party and to is not None:
            yield payment, {to: -payment.event.amount}


def _booking(entry: Entry[Any], amounts: dict[str, int]) -> Booking:
    event = entry.event
    is_payment = isinstance(event, PaymentMade)
    return Booking(
        entry=entry.position,
        on=event.valid_on.last,
        recorded_on=recorded_on(entry.recorded_at),
        what=event.purpose if is_payment else "claim",
        year=event.year,
        instalment=event.instalment,
        amounts=amounts,
        reference=event.reference if is_payment else None,
    )


def _again(timeline: Timeline, year: int, instalment: int | None) -> Iterator[int]:
    stands = {entry.position for entry in claims(timeline).values()}
    for (of, number), entries in every_claim(timeline).items():
        if of == year and instalment in {None, number}:
            yield from (one.position for one in entries if one.position not in stands)
