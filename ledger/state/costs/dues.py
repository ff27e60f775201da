"""What a municipality has paid toward each claim, and what it still owes (section 5: two-instalments).

No other module computes what is owed of a claim. The account behind it is replayed in `replaying`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from ledger.state.agreement import life
from ledger.state.costs.replaying import replayed
from ledger.state.settlement import agreed_for
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.state.costs.accounts import Due, Owed, Replayed
    from ledger.timeline import Timeline

# credit: money is to be repaid; settled: the agreed settlement covers the rest of the claim
Status = Literal["not-due", "paid", "late", "short", "unpaid", "credit", "settled"]


class Paid(Struct, frozen=True, kw_only=True):
    """How a party's part of a claim has been paid, seen on a day. Amounts are in öre.

    `paid_on` is the day on which the last öre was paid or a credit was repaid, or None until then. `paid_by` is the
    position of the payment on the day `paid_on`, or None. `days_late` is the number of days on which something was owed
    after the due day, or 0 while something is still owed. `since` is the first day on which something was owed after
    the due day, or None without such a day. `refunded` says whether a refund after the due day made an amount owed
    again from `since` on. `over` is what was paid beyond the claim and is not used for other claims. For a credit,
    `over` is the amount to repay. `entries` holds the positions of the claim and of the payments for it.
    """

    party: str
    year: int
    instalment: int
    amount: int
    due: date
    paid: int
    paid_on: date | None
    paid_by: int | None
    status: Status
    days_late: int
    since: date | None
    refunded: bool
    short: int
    over: int
    entries: tuple[int, ...]


class Agreed(NamedTuple):
    """What an agreed settlement covers of a party's account.

    `settled` says whether the settlement leaves the party nothing to pay, and `repaid` whether it leaves the party
    nothing to receive. `entries` holds the position of the settlement, if there is one.
    """

    settled: bool
    repaid: bool
    entries: tuple[int, ...]


def paid_for(timeline: Timeline, party: str, year: int, instalment: int, on: date) -> Paid | None:
    """Returns how a party has paid its part of an instalment, as seen on a day.

    Returns None if the instalment is not claimed from the party, or has no due day.
    """
    account = replayed(timeline, party)
    found = account.dues.get((year, instalment))
    return _stands(found, account, _agreed(timeline, party), party, on) if found else None


@remembered
def _agreed(timeline: Timeline, party: str) -> Agreed:
    end = life(timeline).end
    agreed = agreed_for(timeline, end) if end else None
    if agreed is None:
        return Agreed(settled=False, repaid=False, entries=())
    balance = agreed.event.shares.get(party, 0) - replayed(timeline, party).paid
    return Agreed(settled=balance <= 0, repaid=balance >= 0, entries=(agreed.position,))


def _stands(due: Due, account: Replayed, agreed: Agreed, party: str, on: date) -> Paid:
    """Returns, from the replayed account, how a claim stands on a day."""
    number, surplus, entries = due.claimed.number, account.over.get(due.claimed.number, 0), due.paying.entries
    owed, met = due.paying.owed, due.paying.met
    settled = agreed.settled if due.left > 0 else agreed.repaid and due.credit > 0
    left = 0 if settled else due.left
    status = _status(due, left, owed, on, settled=settled)
    return Paid(
        party=party,
        year=number[0],
        instalment=number[1],
        amount=due.claimed.amount,
        due=due.claimed.due,
        paid=due.claimed.amount - due.left + surplus,
        paid_on=met.on if met and status in {"paid", "late"} else None,
        paid_by=met.entry if met and status in {"paid", "late"} else None,
        status=status,
        days_late=sum((one.until - one.to_come).days for one in owed if one.until) if status == "late" else 0,
        since=None if not owed else owed[0].since if status == "late" else owed[-1].since,
        refunded=bool(owed) and owed[0 if status == "late" else -1].to_come > due.claimed.due,
        short=max(0, left),
        over=surplus + (0 if settled else due.credit),
        entries=(*entries, *agreed.entries) if settled else entries,
    )


def _status(due: Due, left: int, owed: tuple[Owed, ...], on: date, *, settled: bool) -> Status:
    """Returns the status of a claim from what is left of it and from the days on which something was owed."""
    if settled:
        return "settled"
    if left <= 0:
        return "credit" if due.credit else "late" if owed and due.claimed.amount > 0 else "paid"
    if on <= due.claimed.due:
        return "not-due"
    return "unpaid" if due.claimed.amount > 0 and left >= due.claimed.amount else "short"
