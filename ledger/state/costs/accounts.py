"""A party's account with the Region while it is replayed: which money pays which claim (section 5: two-instalments).

Money that names an instalment goes to that instalment. Money that names no instalment, and any surplus, goes to the
oldest open claim, as does a credit once it is due.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import Struct

from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.encoding import Entry
    from ledger.events.costs import PaymentMade
    from ledger.state.costs.payments import Regions

Number = tuple[int, int]  # (year, instalment)
Pieces: TypeAlias = "tuple[Money, Pieces | None]"  # the latest piece of money, and those before it
Positions: TypeAlias = "tuple[int, Positions | None]"  # the latest position, and those before it


class Money(Struct, frozen=True, gc=False):
    """An amount in öre received by an entry on a day, negative if the amount is paid back.

    `names` is the instalment that the payment names, or None.
    """

    on: date
    amount: int
    entry: int
    names: Number | None

    def part(self, amount: int) -> Money:
        """Returns the same money with another amount."""
        return Money(self.on, amount, self.entry, self.names)


class Owed(NamedTuple):
    """Days after the due day on which an amount was owed, [since, until).

    `until` is None while the amount is owed. `to_come` is the day by which the amount should have been paid.
    """

    since: date
    to_come: date
    until: date | None


class Claimed(NamedTuple):
    """A party's part of a claim made on the day `on` by the entry `entry`. `amount` is in öre."""

    number: Number
    amount: int
    due: date
    on: date
    entry: int

    @property
    def place(self) -> tuple[date, Number]:
        """The place of the claim in the order of payment: (day, number), the oldest first.

        The day in `place` is the due day, or the day of the claim if that is later.
        """
        return max(self.due, self.on), self.number


class Paying(Struct, frozen=True):
    """How a claim has been paid: the days on which something was `owed` after the due day, and the payment that `met`
    the claim.

    For a credit, `met` is the payment that repaid the credit. `met` is None if no payment has met the claim. `entries`
    holds the positions of the claim, and then of the payments for it in order.
    """

    owed: tuple[Owed, ...]
    met: Money | None
    entries: tuple[int, ...]


class Due(Struct, frozen=True, dict=True, eq=False):
    """A party's part of a claim while its payments are replayed. A payment makes a new Due, so accounts share Dues.

    `left` is in öre: what is still to be paid or, below zero, what is still to be repaid of a credit. `came` holds the
    money booked on the claim, and `named` the positions of the payments that name it: each as (latest, those before).
    """

    claimed: Claimed
    left: int
    came: Pieces | None = None
    named: Positions | None = None

    @property
    def credit(self) -> int:
        """The öre to be repaid; 0 if there is no credit."""
        return max(0, -self.left)

    @cached_property
    def paying(self) -> Paying:
        """How the claim has been paid."""
        return _paying(self)

    def __eq__(self, other: object) -> bool:
        """Whether two claims are paid alike, as far as an answer tells."""
        return isinstance(other, Due) and (
            self is other or ((self.claimed, self.left, self.paying) == (other.claimed, other.left, other.paying))
        )

    __hash__ = None  # type: ignore[assignment]


class Replayed(Struct, frozen=True):
    """A party's account after all its payments: its claims by number, and in öre what it `paid` in all.

    `over` maps an instalment to the money that names it and is not used for any claim.
    """

    dues: dict[Number, Due]
    over: dict[Number | None, int]
    paid: int


@dataclass
class Account:
    """A party's claims, its credits and open claims in order of payment, and its unused money.

    Unused money is `held` for an instalment not claimed yet, or `free` for any claim. `named` maps an instalment not
    claimed yet to the positions of the payments that name it. `lent` maps (claim, another instalment) to the money of
    that instalment that pays the claim.
    """

    party: str
    regions: Regions
    dues: dict[Number, Due] = field(default_factory=dict)
    in_order: list[Number] = field(default_factory=list)
    credits: list[Number] = field(default_factory=list)
    open: list[Number] = field(default_factory=list)
    held: list[Money] = field(default_factory=list)
    free: list[Money] = field(default_factory=list)
    named: dict[Number, Positions] = field(default_factory=dict)
    lent: dict[tuple[Number, Number], int] = field(default_factory=dict)
    paid: int = 0
    booked: int = 0  # how many times money was booked on a claim

    def copied(self) -> Account:
        """Returns a copy that can be replayed further."""
        return Account(
            self.party, self.regions, dict(self.dues), list(self.in_order), list(self.credits), list(self.open),
            list(self.held), list(self.free), dict(self.named), dict(self.lent), self.paid,
            self.booked,
        )  # fmt: skip

    def finished(self) -> Replayed:
        """Returns the account as an answer needs it."""
        over: dict[Number | None, int] = {}
        for one in self.free:
            over[one.names] = over.get(one.names, 0) + one.amount
        return Replayed(self.dues, over, self.paid)

    def books(self, event: PaymentMade) -> bool:
        """Returns whether a payment of or to the party is booked on its account.

        A payment in settlement is booked whether or not the Region is the other party. Any other payment is booked only
        if the Region makes or receives the payment, and not if its purpose is `other`.
        """
        if event.purpose in {"settlement", "other"}:
            return event.purpose == "settlement"
        region = self.regions.on(event.valid_on.last)
        other = (event.to or region) if event.party == self.party else event.party
        return other == region and bool(self.regions.ids)

    def first_open(self) -> Number | None:
        """Returns the oldest claim of which something is left to pay, or None."""
        return next((one for one in self.open if self.dues[one].left > 0), None)

    def has_credit(self) -> bool:
        """Returns whether something of a credit is left to repay."""
        return any(self.dues[one].left < 0 for one in self.credits)

    def move(self, made: Entry[PaymentMade]) -> None:
        """Books a payment that the party made or received, if it is to be booked, and pays open claims from it.

        A payment between municipalities that is not booked is still in their balances.
        """
        event = made.event
        if event.purpose == "other":
            return
        on, amount, pays = event.valid_on.last, event.amount, event.party == self.party
        self.paid += amount if pays else -amount
        if not self.books(event):
            return
        names: Number | None = (event.year, event.instalment) if event.year and event.instalment else None
        if pays:
            self._receive(Money(on, amount, made.position, names))
        else:
            credits_of = (one for one in self.in_order if one[0] == event.year and self.dues[one].left < 0)
            names = names or next(credits_of, None)
            self._give_back(Money(on, amount, made.position, names), reopens=event.purpose != "settlement")
        self.pour(on)

    def claim(self, claimed: Claimed) -> None:
        """Adds a claim and pays it from the money held for it. Held money beyond the claim becomes free money."""
        number = claimed.number
        self.dues[number] = Due(claimed, claimed.amount, named=self.named.pop(number, None))
        insort(self.in_order, number, key=lambda one: self.dues[one].claimed.place)
        if claimed.amount < 0:
            insort(self.credits, number, key=lambda one: self.dues[one].claimed.place)
        mine = [one for one in self.held if one.names == number]
        self.held = [one for one in self.held if one.names != number]
        self._find_open()
        for one in mine:
            rest = self._toward(number, one)
            if rest:
                on = max(one.on, claimed.on) if any(self.dues[one].left > 0 for one in self.open) else one.on
                self.free.append(Money(on, rest, one.entry, one.names))

    def pour(self, on: date) -> None:
        """Uses free money, then credits that are due, to pay open claims, the oldest first."""
        if not (self.free or self.credits):
            return
        due = [one for one in self.credits if self.dues[one].left < 0 and self.dues[one].claimed.place[0] <= on]
        for number in self.open:
            while self.free and self.dues[number].left > 0:
                one = self.free.pop(0)
                rest = self._toward(number, one)
                if rest:
                    self.free.insert(0, one.part(rest))
            for other in due:
                part = min(self.dues[number].left, self.dues[other].credit)
                if part > 0:
                    self._book(number, Money(on, part, self.dues[other].claimed.entry, None))
                    self._book(other, Money(on, -part, self.dues[number].claimed.entry, None))
        self.open = [one for one in self.open if self.dues[one].left > 0]

    def _receive(self, money: Money) -> None:
        """Adds a payment to the instalment that the payment names, or to the free money.

        The part of the payment that the claim does not need becomes free money.
        """
        number = money.names
        if number is None:
            self.free.append(money)
        elif number not in self.dues:
            self.held.append(money)
            self._name(number, money.entry)
        else:
            rest = self._toward(number, money)
            if rest == money.amount:
                self._name(number, money.entry)
            if rest:
                self.free.append(money.part(rest))

    def _give_back(self, money: Money, *, reopens: bool) -> None:
        """Takes money that is paid back to the party from the account: first from credits, then from unused money.

        Money that names an instalment is taken from that instalment, and then from other claims that the instalment's
        surplus has paid. If `reopens` is true, the rest is taken from paid claims, which become open again.
        """
        own = money.names if money.names in self.dues else None
        left = money.amount
        for number in [own] if own else self.in_order:
            part = min(left, self.dues[number].credit)
            left -= self._take_from(number, money, part)
        names = {money.names} if money.names else {None, *self.dues}
        left = self._take(self.free, left, names)
        left = self._take(self.held, left, names if money.names else {one.names for one in self.held})
        if money.names and left:
            for number in reversed(self.in_order):
                lent = self.lent.get((number, money.names), 0)
                left -= self._take_from(number, money, min(left, max(0, lent)))
        if reopens:
            for number in [own] if own else list(reversed(self.in_order)):
                due = self.dues[number]
                if own or due.claimed.amount <= 0:
                    part = left if own or due.claimed.amount < 0 else 0
                else:
                    part = min(left, max(0, due.claimed.amount - due.left))
                left -= self._take_from(number, money, part)
        if money.names and (own is None or not _is_latest(self.dues[own], money.entry)):
            self._name(money.names, money.entry)
        self._find_open()

    def _take_from(self, number: Number, money: Money, part: int) -> int:
        if part:
            self._book(number, money.part(-part))
        return part

    @staticmethod
    def _take(lots: list[Money], left: int, names: Iterable[Number | None]) -> int:
        """Takes up to `left` öre from the lots that name one of `names`, the last lot first.

        Returns the öre that are left to take.
        """
        for place in reversed(range(len(lots))):
            if not left:
                break
            if lots[place].names in names:
                part = min(left, lots[place].amount)
                left -= part
                lots[place] = lots[place].part(lots[place].amount - part)
        lots[:] = [one for one in lots if one.amount]
        return left

    def _toward(self, number: Number, money: Money) -> int:
        """Pays a claim from some money, as far as the claim needs it, and returns the rest of the money in öre."""
        part = min(money.amount, max(0, self.dues[number].left))
        if part:
            self._book(number, money if part == money.amount else money.part(part))
        return money.amount - part

    def _book(self, number: Number, money: Money) -> None:
        """Books money on a claim: what is left of the claim falls by the amount."""
        due = self.dues[number]
        self.booked += 1
        self.dues[number] = Due(due.claimed, due.left - money.amount, (money, due.came), due.named)
        if money.names is not None and money.names != number:
            self.lent[number, money.names] = self.lent.get((number, money.names), 0) + money.amount

    def _name(self, number: Number, entry: int) -> None:
        """Notes that a payment names an instalment."""
        if (due := self.dues.get(number)) is None:
            self.named[number] = (entry, self.named.get(number))
        else:
            self.dues[number] = Due(due.claimed, due.left, due.came, (entry, due.named))

    def _find_open(self) -> None:
        self.open = [one for one in self.in_order if self.dues[one].left > 0]


def _is_latest(due: Due, entry: int) -> bool:
    """Returns whether the money booked last on a claim is that of an entry."""
    return due.came is not None and due.came[0].entry == entry


def pieces_of(due: Due) -> list[Money]:
    """Returns the money booked on a claim in the order booked."""
    found, came = [], due.came
    while came is not None:
        found.append(came[0])
        came = came[1]
    found.reverse()
    return found


def _paying(due: Due) -> Paying:
    pieces = sorted(pieces_of(due), key=attrgetter("on"))
    entries, named = {one.entry for one in pieces}, due.named
    while named is not None:
        entries.add(named[0])
        named = named[1]
    owed, met = _owed(due.claimed, pieces)
    return Paying(tuple(owed), met, (due.claimed.entry, *sorted(entries)))


def _owed(claimed: Claimed, pieces: Iterable[Money]) -> tuple[list[Owed], Money | None]:
    """Returns the days after the due day on which something was owed, and the payment that met the claim."""
    left, since = claimed.amount, date.min if claimed.amount > 0 else None
    met: Money | None = None
    found: list[Owed] = []
    for on, of_the_day in groupby(pieces, key=attrgetter("on")):
        same = list(of_the_day)
        before, left = left, left - sum(one.amount for one in same)
        if since is None and left > 0:
            since = on
        elif since is not None and left <= 0:
            if on > claimed.due:
                found.append(Owed(max(since, claimed.due + DAY), max(since, claimed.due), on))
            since = None
        if (before > 0 >= left) or (claimed.amount < 0 and before < 0 <= left):
            met = same[-1]
        elif left < 0 and claimed.amount < 0:
            met = None
    if since is not None:
        found.append(Owed(max(since, claimed.due + DAY), max(since, claimed.due), None))
    return found, met
