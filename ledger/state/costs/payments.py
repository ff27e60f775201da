"""The payments of each party, and its balance of payments and claims (section 5: two-instalments).

Payments are folded party by party. When a loose payment is moved to its earliest day, the sums are derived from those
before the move, so that many loose payments cost no more each than a few.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events.costs import PaymentMade
from ledger.state.agreement import life, proposals
from ledger.state.costs.claims import claims
from ledger.state.costs.years import due_day
from ledger.timeline import order, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.timeline import Timeline

_GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")  # blanks and hyphens


class Regions(NamedTuple):
    """The Region by the terms of each day: `ids[n]` from the day `days[n]` on. Both are empty without any terms.

    The Region is the payee of a payment that names no payee. An id in `ids` is None if the terms have no Region.
    """

    days: tuple[date, ...]
    ids: tuple[str | None, ...]

    def on(self, day: date) -> str | None:
        """Returns the Region on a day, or None if the terms of the day have no Region."""
        if len(self.ids) < 2:
            return self.ids[0] if self.ids else None
        return self.ids[bisect_right(self.days, day) - 1]


class Moved(Struct, frozen=True, kw_only=True):
    """A payment that a party made or received. `amount` is in öre, and negative if the party received the payment."""

    party: str
    on: date
    amount: int
    year: int
    entry: Entry[PaymentMade]


@remembered
def regions(timeline: Timeline) -> Regions:
    """Returns the Region by the terms of each day."""
    known, in_force = proposals(timeline), life(timeline).in_force
    if not known:
        return Regions((), ())
    days, ids = [date.min], [known[min(known)].event.terms.region()]
    for one in in_force:
        region = known[one.version].event.terms.region()
        if region != ids[-1]:
            days.append(one.since)
            ids.append(region)
    return Regions(tuple(days), tuple(ids))


def payee(timeline: Timeline, made: PaymentMade) -> str | None:
    """Returns the payee of a payment: the party it names, else the Region by the terms of the day."""
    return made.to or regions(timeline).on(made.valid_on.last)


def unnamed_payee(timeline: Timeline, party: str) -> Regions | None:
    """Returns `regions` if the party can be the payee of a payment that names none, or else None.

    The payments of a party that never was the Region do not depend on the terms.
    """
    found = regions(timeline)
    return found if party in found.ids else None


def payments_of(timeline: Timeline, party: str, unnamed: Regions | None) -> Sequence[Entry[PaymentMade]]:
    """Returns, in timeline order, the payments that a party made or may have received."""
    return timeline.of(PaymentMade, f"party:{party}" if unnamed is None else None)


def one_spelling(reference: str | None) -> str | None:
    """Returns a reference as it is compared: without blanks and hyphens, and without the word OCR before digits."""
    if reference is None:
        return None
    plain = _GAPS.sub("", normalize("NFKC", reference)).casefold()
    number = plain.removeprefix("ocr").lstrip(":.")
    return (number if number.isdecimal() else plain) or reference


def is_netted(event: PaymentMade) -> bool:
    """Returns whether a payment is part of a balance. A payment for the purpose `other` is not."""
    return event.purpose != "other"


def year_of(event: PaymentMade) -> int:
    """Returns the year that a payment belongs to: the year it names, or else the year of its day."""
    return event.year or event.valid_on.last.year


def _net(event: PaymentMade, party: str, unnamed: Regions | None) -> int:
    """Returns what a party paid by a payment minus what it received by it, in öre."""
    to = event.to or (unnamed.on(event.valid_on.last) if unnamed else None)
    return (event.amount if event.party == party else 0) - (event.amount if to == party else 0)


def moves(timeline: Timeline, party: str) -> Iterator[Moved]:
    """Yields the payments that a party made or received, in timeline order."""
    unnamed = unnamed_payee(timeline, party)
    for entry in payments_of(timeline, party, unnamed):
        yield from _moves_in(entry, party, unnamed)


def _moves_in(entry: Entry[PaymentMade], party: str, unnamed: Regions | None) -> Iterator[Moved]:
    event, on = entry.event, entry.event.valid_on.last
    to = event.to or (unnamed.on(on) if unnamed else None)
    for one, amount in ((event.party, event.amount), (to, -event.amount)):
        if one == party:
            yield Moved(party=party, on=on, amount=amount, year=year_of(event), entry=entry)


def dated(timeline: Timeline, party: str, year: int | None = None) -> dict[int, tuple[date, ...]]:
    """Maps each payment that a party made or received, for one year or for all years, to its day.

    A payment by a party to itself has its day twice.
    """
    return _dated(timeline, party, unnamed_payee(timeline, party), year)


@remembered
def _dated(timeline: Timeline, party: str, unnamed: Regions | None, year: int | None) -> dict[int, tuple[date, ...]]:
    payments, move = payments_of(timeline, party, unnamed), timeline.moved
    found: dict[int, tuple[date, ...]] = {}
    if move is not None:
        found = dict(_dated(move.before, party, unnamed, year))
        for one in (move.was, move.now):
            found.pop(one.position if one else 0, None)
        payments = [move.now] if move.now and isinstance(move.now.event, PaymentMade) else ()
    for entry in payments:
        if days := tuple(one.on for one in _moves_in(entry, party, unnamed) if year in {None, one.year}):
            found[entry.position] = days
    return found


def paid(timeline: Timeline, party: str, year: int | None = None) -> int:
    """Returns what a party has paid minus what it has received, in öre, for one year or for all years.

    Payments for the purpose `other` are left out.
    """
    return _paid(timeline, party, unnamed_payee(timeline, party), year)


@remembered
def _paid(timeline: Timeline, party: str, unnamed: Regions | None, year: int | None) -> int:
    by_year = _paid_by_year(timeline, party, unnamed)
    return sum(by_year.values()) if year is None else by_year.get(year, 0)


@remembered
def _paid_by_year(timeline: Timeline, party: str, unnamed: Regions | None) -> dict[int, int]:
    """Maps each year to what a party has paid minus what it has received, in öre."""
    payments, move = payments_of(timeline, party, unnamed), timeline.moved
    found: dict[int, int] = defaultdict(int)
    if move is None:
        _add(found, payments, party, unnamed)
    else:
        found |= _paid_by_year(move.before, party, unnamed)
        _add(found, _payments_in(move.now), party, unnamed)
        _add(found, _payments_in(move.was), party, unnamed, sign=-1)
    return dict(found)


def _add(
    sums: dict[int, int], payments: Iterable[Entry[PaymentMade]], party: str, unnamed: Regions | None, sign: int = 1
) -> None:
    for entry in payments:
        event = entry.event
        if event.purpose != "other":
            sums[event.year or event.valid_on.last.year] += sign * _net(event, party, unnamed)


def _payments_in(entry: Entry[Any] | None, of: int | None = None) -> list[Entry[PaymentMade]]:
    """Returns a list of the entry if it is a payment in the balance, or if it is a payment of the year `of`."""
    return [entry] if entry and isinstance(entry.event, PaymentMade) and _is_of(entry.event, of) else []


@remembered
def netted(timeline: Timeline) -> tuple[int, ...]:
    """Returns the positions, in rising order, of the payments that are part of a balance."""
    payments, move = timeline.of(PaymentMade), timeline.moved
    if move is None:
        return tuple(sorted([entry.position for entry in payments if is_netted(entry.event)]))
    before = netted(move.before)
    gone, come = ({entry.position for entry in _payments_in(one)} for one in (move.was, move.now))
    return before if gone == come else tuple(sorted({*before} - gone | come))


@remembered
def made_for(timeline: Timeline, year: int) -> tuple[int, ...]:
    """Returns the positions, in timeline order, of the payments of a year, whatever their purpose."""
    payments, move = timeline.of(PaymentMade), timeline.moved
    if move is None:
        return tuple([entry.position for entry in payments if _is_of(entry.event, year)])
    before = made_for(move.before, year)
    found = list(before)
    for entry in _payments_in(move.was, of=year):
        del found[_place(before, entry, move.before)]
    for entry in _payments_in(move.now, of=year):
        found.insert(_place(before, entry, move.before), entry.position)
    return before if found == list(before) else tuple(found)


def _place(positions: Sequence[int], entry: Entry[PaymentMade], timeline: Timeline) -> int:
    """Returns the place of an entry among positions in timeline order."""
    return bisect_left(positions, order(entry), key=lambda position: order(timeline.at(position)))


def _is_of(event: PaymentMade, year: int | None) -> bool:
    return is_netted(event) if year is None else (event.year or event.valid_on.last.year) == year


def paying(timeline: Timeline, year: int | None = None) -> frozenset[str]:
    """Returns the parties that made or received a payment in the balance of a year, or of any year.

    If the Region never was another party, it is left out as the payee of payments that name none.
    """
    found, of = {party for party, payments in _paying(timeline, year).items() if payments}, regions(timeline)
    if len({*of.ids}) > 1:
        every = (one.event for one in timeline.of(PaymentMade) if _is_of(one.event, year))
        unnamed = [made for made in every if is_netted(made) and not made.to]
        found |= {to for made in unnamed if (to := of.on(made.valid_on.last))}
    return frozenset(found)


@remembered
def _paying(timeline: Timeline, year: int | None) -> dict[str, int]:
    """Maps each party to the number of payments in the balance of a year, or of any year, that name the party."""
    payments, move = timeline.of(PaymentMade), timeline.moved
    if move is None:
        return _counted(entry for entry in payments if _is_of(entry.event, year))
    found = dict(_paying(move.before, year))
    for party, come in _counted(_payments_in(move.now, of=year)).items():
        found[party] = found.get(party, 0) + come
    for party, gone in _counted(_payments_in(move.was, of=year)).items():
        found[party] -= gone
    return found


def _counted(payments: Iterable[Entry[PaymentMade]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for event in (entry.event for entry in payments):
        if is_netted(event):
            found.update([event.party, event.to] if event.to else [event.party])
    return found


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


def paid_before(timeline: Timeline, made: Entry[PaymentMade]) -> int:
    """Returns what the payee of a payment had paid before it minus what the payee had received, in öre."""
    party = payee(timeline, made.event)
    if party is None:
        return 0
    unnamed, place = unnamed_payee(timeline, party), order(made)
    payments, move = payments_of(timeline, party, unnamed), timeline.moved
    if move is None:
        return _running(timeline, party, unnamed)[bisect_left(payments, place, key=order)]
    payments = payments_of(move.before, party, unnamed)
    found = _running(move.before, party, unnamed)[bisect_left(payments, place, key=order)]
    for moved, sign in ((move.now, 1), (move.was, -1)):
        others = [one for one in _payments_in(moved) if one.position != made.position and order(one) < place]
        found += sign * sum(_net(one.event, party, unnamed) for one in others)
    return found


@remembered
def _running(timeline: Timeline, party: str, unnamed: Regions | None) -> list[int]:
    """Returns what a party had paid minus what it had received before each of its payments, and after the last."""
    payments = payments_of(timeline, party, unnamed)
    return [0, *accumulate(_net(one.event, party, unnamed) if is_netted(one.event) else 0 for one in payments)]
