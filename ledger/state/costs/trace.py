"""What a replayed account would be with one loose payment at its earliest day, without replaying it all again."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ledger.encoding import Entry
from ledger.events.costs import PaymentMade
from ledger.state.costs.accounts import Claimed, pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ledger.state.costs.accounts import Account, Number, Replayed

SNAPSHOTS = 64  # at most as many copies of an account are kept


class Moment(NamedTuple):
    """A claim that is made or, if `kind` is 1, falls due. `entry` is the position of the claim."""

    on: date
    kind: int
    entry: int
    claim: Claimed | None


Step = Moment | Entry[PaymentMade]


def take(account: Account, step: Step) -> None:
    """Takes a step of an account's replay: a payment, a claim made, or a claim that falls due."""
    if isinstance(step, Entry):
        account.move(step)
        return
    if step.claim is not None:
        account.claim(step.claim)
    account.pour(step.on)


def in_order(step: Step) -> tuple[date, int, int]:
    """Returns the sort key of a step: by day, claims made, claims that fall due, payments, and then by position."""
    return (step.event.valid_on.last, 2, step.position) if isinstance(step, Entry) else step[:3]


class Trace:
    """What each step of an account's replay did, so as to tell whether moving a payment changes the account.

    A step is calm if, before and after it, no money is free and no credit is left to repay, and the step does no more
    than to book a payment wholly on one claim, to hold a payment for a claim to come, or to make a claim that takes all
    the money held for it. Calm steps may change places. A step is idle if it books nothing on any claim.
    """

    def __init__(self, account: Account, steps: Sequence[Step]) -> None:
        self._account, self._steps = account, steps
        self._places = [in_order(step) for step in steps]
        self._every = max(32, len(steps) // SNAPSHOTS)
        self._saved: list[Account] = []  # the account before each step whose place is a multiple of `_every`
        self._rough = [0]  # for each place, the number of steps before it that are not calm
        self._open: list[Number | None] = []  # the oldest open claim before each step
        self._left: dict[int, tuple[Number, int]] = {}  # the place of a calm payment → the claim, and what is left then
        self._held: dict[int, Number] = {}  # the place of a payment held → the claim to come
        self._takes_all: set[Number] = set()  # the claims that take all the money held for them, and are still open
        self._given_back = False  # whether any money is paid back to the party
        self._busy = 0  # the place after the last step that is not idle
        for place, step in enumerate(steps):
            if place % self._every == 0:
                self._saved.append(account.copied())
            self._open.append(account.first_open())
            calm = self._payment(place, step) if isinstance(step, Entry) else self._moment(place, step)
            self._rough.append(self._rough[-1] + (not calm))
        self._untidy = {number for number, due in account.dues.items()
                        if any(one.on > other.on for one, other in pairwise(pieces_of(due)))}  # fmt: skip

    def _quiet(self) -> bool:
        return not self._account.free and not self._account.has_credit()

    def _moment(self, place: int, step: Moment) -> bool:
        """Takes a step in which a claim is made or falls due, and returns whether the step is calm."""
        account, claim, booked, quiet = self._account, step.claim, self._account.booked, self._quiet()
        held = sum(one.names == claim.number for one in account.held) if claim else 0
        take(account, step)
        if claim or account.booked > booked:
            self._busy = place + 1
        calm = quiet and self._quiet() and account.booked == booked + held
        if claim and calm and account.dues[claim.number].left > 0:
            self._takes_all.add(claim.number)
        return calm

    def _payment(self, place: int, made: Entry[PaymentMade]) -> bool:
        """Takes a payment, and returns whether the step is calm."""
        account, event, booked, quiet = self._account, made.event, self._account.booked, self._quiet()
        number = (event.year, event.instalment) if event.year and event.instalment else self._open[place]
        pays, due = event.party == account.party, account.dues.get(number) if number else None
        take(account, made)
        if not account.books(event):
            return True
        self._given_back |= not pays
        if not pays or account.booked > booked:
            self._busy = place + 1
        if not (pays and number and quiet and self._quiet()):
            return False
        if due is None:
            self._held[place] = number
            return account.booked == booked
        left = account.dues[number].left
        self._left[place] = number, left
        return account.booked == booked + 1 and left == due.left - event.amount and due.claimed.amount > 0

    def same(self, was: Entry[PaymentMade], now: Entry[PaymentMade]) -> bool:
        """Returns True only if the account tells the same with a payment on another day."""
        event, regions = was.event, self._account.regions
        place, to = (bisect_left(self._places, in_order(one)) for one in (was, now))
        if regions.on(now.event.valid_on.last) != regions.on(event.valid_on.last):
            return False
        if to >= self._busy or not self._account.books(event):
            return True
        if place in self._held and self._held[place] not in self._account.dues and not self._given_back:
            return True
        if self._rough[place + 1] != self._rough[to]:
            return False
        if place in self._held:
            return self._held[place] in self._takes_all - self._untidy
        number, left = self._left[place]
        meant = bool(event.year and event.instalment) or self._open[to] == number
        return meant and left > 0 and number not in self._untidy

    def resumed(self, was: Entry[PaymentMade] | None, now: Entry[PaymentMade]) -> Replayed:
        """Returns the account with a payment as it is now, in place of the payment as it was, if it was there."""
        to = bisect_left(self._places, in_order(now))
        left_out = bisect_left(self._places, in_order(was)) if was else None
        saved = min(to // self._every, len(self._saved) - 1)
        account = self._saved[saved].copied() if self._saved else self._account.copied()
        for place in range(saved * self._every if self._saved else 0, to):
            take(account, self._steps[place])
        take(account, now)
        for place in range(to, len(self._steps)):
            if place != left_out:
                take(account, self._steps[place])
        return account.finished()
