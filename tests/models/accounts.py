"""A second implementation of what is paid toward each claim: whole classes of entries are replayed at each question.

It is slow and simple: what the program derives for a loose payment at its earliest day is compared with it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events.costs import PaymentMade
from ledger.state.agreement import life, terms_on
from ledger.state.costs.claims import claims
from ledger.state.costs.dues import Paid, Status
from ledger.state.costs.payments import claimed_and_due
from ledger.state.costs.years import due_day
from ledger.state.settlement import agreed_for
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.events.costs import InstalmentClaimed
    from ledger.timeline import Timeline

Number = tuple[int, int]  # (year, instalment)


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
    return _payee(timeline, made)


def _payee(timeline: Timeline, made: PaymentMade) -> str | None:
    if made.to:
        return made.to
    terms = terms_on(timeline, made.valid_on.last)
    return terms.region() if terms else None


def moves(timeline: Timeline) -> dict[str, tuple[Moved, ...]]:
    """Maps each party to the payments it made or received, in timeline order.

    A payment that names no year belongs to the year of its day.
    """
    found: dict[str, list[Moved]] = defaultdict(list)
    for entry in timeline.of(PaymentMade):
        event, on = entry.event, entry.event.valid_on.last
        for party, amount in ((event.party, event.amount), (_payee(timeline, event), -event.amount)):
            if party is not None:
                year = event.year or on.year
                found[party].append(Moved(party=party, on=on, amount=amount, year=year, entry=entry))
    return {party: tuple(made) for party, made in found.items()}


def paid(timeline: Timeline, party: str, year: int | None = None) -> int:
    """Returns what a party has paid minus what it has received, in öre, for one year or for all years.

    Payments for the purpose `other` are left out.
    """
    return sum(one.amount for one in moves(timeline).get(party, ()) if one.netted and year in {None, one.year})


def balance(timeline: Timeline, party: str, on: date, year: int | None = None) -> int:
    """Returns what is claimed from a party and due on or before a day, minus what the party has paid, in öre.

    A positive balance is owed by the party.
    """
    return claimed_and_due(timeline, party, on, year) - paid(timeline, party, year)


def paid_before(timeline: Timeline) -> dict[int, int]:
    """Maps each payment to what its payee had paid before the payment minus what the payee had received, in öre."""
    totals: dict[str | None, int] = defaultdict(int)
    found = {}
    for made in timeline.of(PaymentMade):
        to = _payee(timeline, made.event)
        found[made.position] = totals[to]
        if made.event.purpose != "other":
            totals[made.event.party] += made.event.amount
            totals[to] -= made.event.amount
    return found


class Money(NamedTuple):
    """An amount in öre received by an entry on a day, negative if the amount is paid back.

    `names` is the instalment that the payment names, or None.
    """

    on: date
    amount: int
    entry: int
    names: Number | None


class Owed(NamedTuple):
    """Days after the due day on which an amount was owed, [since, until).

    `until` is None while the amount is owed. `to_come` is the day by which the amount should have been paid.
    """

    since: date
    to_come: date
    until: date | None


@dataclass
class Due:
    """A party's part of a claim while its payments are replayed. `came` holds the payments in the order replayed."""

    number: Number
    amount: int
    due: date
    made: Entry[InstalmentClaimed]
    left: int  # öre still to be paid; below zero, öre of a credit to be repaid
    came: list[Money] = field(default_factory=list)

    @property
    def place(self) -> tuple[date, Number]:
        """The place of the claim in the order of payment: (day, number), the oldest first.

        The day in `place` is the due day, or the day of the claim if that is later.
        """
        return max(self.due, self.made.event.valid_on.last), self.number

    @property
    def credit(self) -> int:
        """The öre to be repaid; 0 if there is no credit."""
        return max(0, -self.left)

    def takes(self, money: Money) -> None:
        """Books money on the claim: what is left of the claim falls by the amount."""
        self.came.append(money)
        self.left -= money.amount


@dataclass
class Account:
    """A party's claims and its unused money: `held` for an instalment not claimed yet, or `free` for any claim."""

    dues: list[Due] = field(default_factory=list)
    held: list[Money] = field(default_factory=list)
    free: list[Money] = field(default_factory=list)
    named: list[tuple[Number, int]] = field(default_factory=list)  # (instalment named, position) of payments

    def claim(self, due: Due) -> None:
        """Adds a claim and pays it from the money held for it. Held money beyond the claim becomes free money."""
        self.dues.append(due)
        self.dues.sort(key=lambda one: one.place)
        mine = [one for one in self.held if one.names == due.number]
        self.held = [one for one in self.held if one.names != due.number]
        for one in mine:
            rest = self._toward(due, one)
            if rest:
                on = max(one.on, due.made.event.valid_on.last) if self._open() else one.on
                self.free.append(one._replace(amount=rest, on=on))

    def receive(self, money: Money) -> None:
        """Adds a payment to the instalment that the payment names, or to the free money.

        The part of the payment that the claim does not need becomes free money.
        """
        due = self._named(money.names)
        if money.names is not None and due is None:
            self.held.append(money)
            return
        rest = self._toward(due, money) if due else money.amount
        if rest:
            self.free.append(money._replace(amount=rest))

    def pour(self, on: date) -> None:
        """Uses free money, then credits that are due, to pay open claims, the oldest first."""
        credits_due = [one for one in self.dues if one.credit and one.place[0] <= on]
        if not (self.free or credits_due):
            return
        for due in self._open():
            while due.left > 0 and self.free:
                one = self.free.pop(0)
                rest = self._toward(due, one)
                if rest:
                    self.free.insert(0, one._replace(amount=rest))
            for other in credits_due:
                part = min(due.left, other.credit)
                if part > 0:
                    due.takes(Money(on, part, other.made.position, None))
                    other.takes(Money(on, -part, due.made.position, None))

    def give_back(self, money: Money, *, reopens: bool) -> None:
        """Takes money that is paid back to the party from the account: first from credits, then from unused money.

        Money that names an instalment is taken from that instalment, and then from other claims that the instalment's
        surplus has paid. If `reopens` is true, the rest is taken from paid claims, which become open again.
        """
        due = self._named(money.names)
        left = money.amount
        for one in [due] if due else self.dues:
            part = min(left, one.credit)
            if part:
                one.takes(money._replace(amount=-part))
                left -= part
        names = {money.names} if money.names else {None, *(one.number for one in self.dues)}
        left = self._take(self.free, left, names)
        left = self._take(self.held, left, names if money.names else {one.names for one in self.held})
        if money.names:
            for one in reversed(self.dues):
                lent = sum(piece.amount for piece in one.came if piece.names == money.names) if one is not due else 0
                left -= self._reopen(one, money, min(left, max(0, lent)))
        if reopens:
            paid = [one for one in reversed(self.dues) if one.amount < 0 or one.left < one.amount]
            for one in [due] if due else paid:
                part = left if one.amount <= 0 or due else min(left, one.amount - one.left)
                left -= self._reopen(one, money, part)

    @staticmethod
    def _reopen(due: Due, money: Money, part: int) -> int:
        if part:
            due.takes(money._replace(amount=-part))
        return part

    @staticmethod
    def _take(lots: list[Money], left: int, names: Iterable[Number | None]) -> int:
        """Takes up to `left` öre from the lots that name one of `names`, the last lot first.

        Returns the öre that are left to take.
        """
        for place in reversed(range(len(lots))):
            if lots[place].names in names:
                part = min(left, lots[place].amount)
                left -= part
                lots[place] = lots[place]._replace(amount=lots[place].amount - part)
        lots[:] = [one for one in lots if one.amount]
        return left

    @staticmethod
    def _toward(due: Due, money: Money) -> int:
        """Pays a claim from some money, as far as the claim needs it, and returns the rest of the money in öre."""
        part = min(money.amount, max(0, due.left))
        if part:
            due.takes(money._replace(amount=part))
        return money.amount - part

    def _open(self) -> list[Due]:
        return [one for one in self.dues if one.left > 0]

    def _named(self, number: Number | None) -> Due | None:
        return next((one for one in self.dues if one.number == number), None)


class SettledAccount(NamedTuple):
    """A party's account after all its payments, and what an agreed settlement covers.

    `settled` says whether the settlement leaves the party nothing to pay.
    `repaid` says whether the settlement leaves the party nothing to receive.
    `agreed` holds the position of the settlement, if there is one.
    """

    account: Account
    settled: bool
    repaid: bool
    agreed: tuple[int, ...]


def paid_for(timeline: Timeline, party: str, year: int, instalment: int, on: date) -> Paid | None:
    """Returns how a party has paid its part of an instalment, as seen on a day.

    Returns None if the instalment is not claimed from the party, or has no due day.
    """
    told = _told(timeline, party)
    found = next((one for one in told.account.dues if one.number == (year, instalment)), None)
    return _stands(found, told, party, on) if found else None


def _told(timeline: Timeline, party: str) -> SettledAccount:
    """Replays a party's claims and payments by day, and returns its account and what an agreed settlement covers."""
    account, paid = Account(), 0
    for on, _, what in sorted(_moments(timeline, party), key=lambda one: one[:2]):
        if isinstance(what, Due):
            account.claim(what)
        elif what is not None and what.event.purpose != "other":
            pays = what.event.party == party
            paid += what.event.amount if pays else -what.event.amount
            _move(account, timeline, what, pays=pays)
        account.pour(on)
    end = life(timeline).end
    agreed = agreed_for(timeline, end) if end else None
    if agreed is None:
        return SettledAccount(account, settled=False, repaid=False, agreed=())
    balance = agreed.event.shares.get(party, 0) - paid
    return SettledAccount(account, settled=balance <= 0, repaid=balance >= 0, agreed=(agreed.position,))


def _moments(timeline: Timeline, party: str) -> Iterator[tuple[date, tuple[int, int], Due | Entry[PaymentMade] | None]]:
    """Yields what happens to a party's account as (day, order, event): claims made, claims due, and payments.

    The order sorts events on the same day. The event is None when a claim falls due.
    """
    for (year, instalment), entry in claims(timeline).items():
        amount, due = entry.event.amounts.get(party), due_day(timeline, year, instalment)
        if amount is not None and due is not None:
            claim = Due((year, instalment), amount, due, entry, amount)
            yield entry.event.valid_on.last, (0, entry.position), claim
            yield claim.place[0], (1, entry.position), None
    for place, made in enumerate(timeline.of(PaymentMade, f"party:{party}")):
        yield made.event.valid_on.last, (2, place), made


def _move(account: Account, timeline: Timeline, made: Entry[PaymentMade], *, pays: bool) -> None:
    """Books a payment on a party's account.

    A payment in settlement is booked whether or not the Region is the other party. Any other payment is booked only if
    the Region makes or receives the payment. A payment between municipalities that is not booked is still in their
    balances.
    """
    event, on = made.event, made.event.valid_on.last
    terms = terms_on(timeline, on)
    other = payee(timeline, event) if pays else event.party
    if event.purpose != "settlement" and (terms is None or other != terms.region()):
        return
    names: Number | None = (event.year, event.instalment) if event.year and event.instalment else None
    if names is None and not pays:
        names = next((one.number for one in account.dues if one.number[0] == event.year and one.credit), None)
    if names:
        account.named.append((names, made.position))
    money = Money(on, event.amount, made.position, names)
    if pays:
        account.receive(money)
    else:
        account.give_back(money, reopens=event.purpose != "settlement")


def _stands(due: Due, told: SettledAccount, party: str, on: date) -> Paid:
    """Returns, from the replayed account, how a claim stands on a day."""
    mine = [one for one in told.account.free if one.names == due.number]
    owed, met = _owed(due)
    settled = told.settled if due.left > 0 else told.repaid and due.credit > 0
    left = 0 if settled else due.left
    over = sum(one.amount for one in mine) + (0 if settled else due.credit)
    status = _status(due, left, owed, on, settled=settled)
    named = {entry for number, entry in told.account.named if number == due.number}
    entries = (due.made.position, *sorted({*named, *(one.entry for one in due.came)}))
    return Paid(
        party=party,
        year=due.number[0],
        instalment=due.number[1],
        amount=due.amount,
        due=due.due,
        paid=due.amount - due.left + sum(one.amount for one in mine),
        paid_on=met.on if met and status in {"paid", "late"} else None,
        paid_by=met.entry if met and status in {"paid", "late"} else None,
        status=status,
        days_late=sum((one.until - one.to_come).days for one in owed if one.until) if status == "late" else 0,
        since=None if not owed else owed[0].since if status == "late" else owed[-1].since,
        refunded=bool(owed) and owed[0 if status == "late" else -1].to_come > due.due,
        short=max(0, left),
        over=over,
        entries=(*entries, *told.agreed) if settled else entries,
    )


def _owed(due: Due) -> tuple[list[Owed], Money | None]:
    """Returns the days after the due day on which something was owed, and the payment that met the claim.

    For a credit, the payment is the one that repaid the credit. The payment is None if no payment has met the claim.
    """
    left, since = due.amount, date.min if due.amount > 0 else None
    met: Money | None = None
    found: list[Owed] = []
    for on, of_the_day in groupby(sorted(due.came, key=lambda one: one.on), key=lambda one: one.on):
        same = list(of_the_day)
        before, left = left, left - sum(one.amount for one in same)
        if since is None and left > 0:
            since = on
        elif since is not None and left <= 0:
            if on > due.due:
                found.append(Owed(max(since, due.due + DAY), max(since, due.due), on))
            since = None
        if (before > 0 >= left) or (due.amount < 0 and before < 0 <= left):
            met = same[-1]
        elif left < 0 and due.amount < 0:
            met = None
    if since is not None:
        found.append(Owed(max(since, due.due + DAY), max(since, due.due), None))
    return found, met


def _status(due: Due, left: int, owed: list[Owed], on: date, *, settled: bool) -> Status:
    """Returns the status of a claim from what is left of it and from the days on which something was owed."""
    if settled:
        return "settled"
    if left <= 0:
        return "credit" if due.credit else "late" if owed and due.amount > 0 else "paid"
    if on <= due.due:
        return "not-due"
    return "unpaid" if due.amount > 0 and left >= due.amount else "short"
