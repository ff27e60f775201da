"""Replays a party's account, and replays it again only as far as a loose payment at its earliest day changes it."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from typing import TYPE_CHECKING

from ledger.encoding import Entry
from ledger.events.costs import PaymentMade
from ledger.state.costs.accounts import Account, Claimed
from ledger.state.costs.claims import claims
from ledger.state.costs.payments import regions
from ledger.state.costs.years import due_day
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.state.costs.accounts import Replayed
    from ledger.state.costs.payments import Regions
    from ledger.timeline import Timeline

Moment = tuple[date, tuple[int, int], Claimed | None]  # a day, the order within the day, and a claim made or None


@remembered
def replayed(timeline: Timeline, party: str) -> Replayed:
    """Returns a party's account after all its payments."""
    return _replayed(timeline, party, _claimed(timeline, party), regions(timeline))


def _claimed(timeline: Timeline, party: str) -> tuple[Claimed, ...]:
    """Returns the party's parts of the claims that have a due day."""
    return tuple(
        Claimed((year, instalment), amount, due, entry.event.valid_on.last, entry.position)
        for (year, instalment), entry in claims(timeline).items()
        if (amount := entry.event.amounts.get(party)) is not None
        and (due := due_day(timeline, year, instalment)) is not None
    )


@remembered
def _replayed(timeline: Timeline, party: str, claimed: tuple[Claimed, ...], of: Regions) -> Replayed:
    """Replays a party's claims and payments by day.

    The claims and the Region are arguments, so that the account does not depend on the terms as such.
    """
    payments = timeline.of(PaymentMade, f"party:{party}")
    account = Account(party, of)
    for step in _steps(_moments(claimed), payments):
        _take(account, step)
    return account.finished()


def _take(account: Account, step: Moment | Entry[PaymentMade]) -> None:
    if isinstance(step, Entry):
        account.move(step)
        return
    on, _, claim = step
    if claim is not None:
        account.claim(claim)
    account.pour(on)


def _moments(claimed: Iterable[Claimed]) -> list[Moment]:
    """Returns when claims are made and when they fall due, in order. On a day, claims are made before any falls due."""
    made: list[Moment] = [(one.on, (0, one.entry), one) for one in claimed]
    return sorted([*made, *((one.place[0], (1, one.entry), None) for one in claimed)], key=lambda one: one[:2])


def _steps(moments: Iterable[Moment], payments: Sequence[Entry[PaymentMade]]) -> Iterator[Moment | Entry[PaymentMade]]:
    """Yields what happens to an account, in order of day. On a day, payments come last."""
    done = 0
    for moment in moments:
        until = bisect_left(payments, moment[0], done, key=_last)
        yield from payments[done:until]
        yield moment
        done = until
    yield from payments[done:]


def _last(entry: Entry[PaymentMade]) -> date:
    return entry.event.valid_on.last
