"""A party's account replayed by day from its claims and payments (section 5: two-instalments)."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from ledger.events.costs import PaymentMade
from ledger.state.costs.accounts import Account, Claimed
from ledger.state.costs.claims import claims
from ledger.state.costs.payments import regions
from ledger.state.costs.trace import Moment, Trace, in_order, take
from ledger.state.costs.years import due_day
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from typing import Any

    from ledger.encoding import Entry
    from ledger.state.costs.accounts import Replayed
    from ledger.state.costs.payments import Regions
    from ledger.state.costs.trace import Step
    from ledger.timeline import Timeline


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
    if (move := timeline.moved) is not None:
        was, now = (_own(entry, party) for entry in (move.was, move.now))
        trace = _traced(move.before, party, claimed, of) if now else None
        if now is None or trace is None or (was and trace.same(was, now)):
            return _replayed(move.before, party, claimed, of)
        return trace.resumed(was, now)
    account = Account(party, of)
    for step in _steps(_moments(claimed), payments):
        take(account, step)
    return account.finished()


def _own(entry: Entry[Any] | None, party: str) -> Entry[PaymentMade] | None:
    """Returns the entry if it is a payment that names the party as payer or payee."""
    event = entry.event if entry else None
    return entry if isinstance(event, PaymentMade) and party in {event.party, event.to} else None


def _moments(claimed: Iterable[Claimed]) -> list[Moment]:
    """Returns when claims are made and when they fall due, in order. On a day, claims are made before any falls due."""
    made = [Moment(one.on, 0, one.entry, one) for one in claimed]
    return sorted([*made, *(Moment(one.place[0], 1, one.entry, None) for one in claimed)], key=in_order)


def _steps(moments: Iterable[Moment], payments: Sequence[Entry[PaymentMade]]) -> Iterator[Step]:
    """Yields what happens to an account, in order of day. On a day, payments come last."""
    done = 0
    for moment in moments:
        until = bisect_left(payments, moment.on, done, key=_last)
        yield from payments[done:until]
        yield moment
        done = until
    yield from payments[done:]


def _last(entry: Entry[PaymentMade]) -> date:
    return entry.event.valid_on.last


@remembered
def _traced(timeline: Timeline, party: str, claimed: tuple[Claimed, ...], of: Regions) -> Trace:
    """Replays a party's account once more, and notes what each step did."""
    payments = timeline.of(PaymentMade, f"party:{party}")
    return Trace(Account(party, of), [*_steps(_moments(claimed), payments)])
