"""The settlement at the end of the agreement: costs accrued, costs remaining, sums paid, and who owes whom. The
settlement can also be computed for a withdrawal that is only supposed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, structs

from ledger.encoding import Entry
from ledger.events.agreement import WithdrawalDecided
from ledger.messages import phrase
from ledger.state.agreement import withdrawals
from ledger.state.costs import missing
from ledger.state.costs.payments import netted
from ledger.state.costs.shares import OF_THE_SHARES
from ledger.state.settlement import OF_THE_END, Amounts, Remaining, Transfer, settle
from ledger.timeline import past
from ledger.values import Source, day
from projections.agreement import Reading
from projections.missing import Missing, in_words
from projections.readings import readings_of_day, readings_of_year

if TYPE_CHECKING:
    from ledger.state.settlement import Accrued, Settled
    from ledger.timeline import Timeline

NOT_ENDED = missing.Missing(phrase("an end: nobody has decided to withdraw"))


class Supposed(Struct, frozen=True):
    """A withdrawal that nobody has decided: `party` withdraws, and `ends_on` is the first day without the agreement.

    When `ends_on` is None, the reading `withdrawal-day` sets the day.
    """

    party: str
    ends_on: date | None


class Year(Struct, frozen=True, kw_only=True):
    """The cost of a year until the end of the agreement, in öre: the year's level times `elapsed`/`parts`, counted in
    days or months, and 1/1 for a whole year.

    `readings` are the readings behind the year's level and shares.
    """

    year: int
    level: int | None
    elapsed: int
    parts: int
    total: int | None
    part: int | None
    rest: int | None
    counted_on: date | None
    shares: Amounts | None
    readings: dict[str, str]
    entries: tuple[int, ...]


class RemainingCommitment(Struct, frozen=True, kw_only=True):
    """A commitment that lasts beyond the end of the agreement. `amount` is the whole cost of the commitment in öre. The
    commitment lasts `of` days, of which `days` come after the end. `remaining` is the cost of those days in öre.
    """

    commitment: str
    description: str
    amount: int
    entry: int
    since: date
    until: date
    released: str | None
    days: int
    of: int
    remaining: int


class Total(Struct, frozen=True, kw_only=True):
    """The sums over all parties, in öre. Balances sum to zero, and so do payments, since each payment has a payer and a
    payee.
    """

    accrued: int | None
    remaining: int | None
    paid: int | None
    balance: int | None


class Settlement(Struct, frozen=True, kw_only=True):
    """The settlement as of the day `on`. Amounts are in öre, by party; an amount that cannot be computed is None.

    `supposed` is true when nobody has decided the end, and the question supposed a withdrawal instead. `ended_on` is
    None when the agreement has no end, as when a supposed withdrawal would end nothing. `agreed_by` lists the parties
    that agreed to the settlement, or is None when no settlement is agreed or the entry does not record the parties.
    `difference` is the sum of the agreed shares minus the computed total.
    """

    on: date
    known_at: str
    ended_on: date | None
    withdrawn_by: tuple[str, ...]
    status: Literal["not-ended", "proposed", "agreed"]
    supposed: bool
    accrued: Amounts | None
    remaining: Amounts | None
    paid: Amounts | None
    balance: Amounts | None
    total: Total
    transfers: tuple[Transfer, ...] | None
    commitments: tuple[RemainingCommitment, ...]
    years: tuple[Year, ...]
    agreed: Amounts | None
    agreed_by: tuple[str, ...] | None
    difference: int | None
    readings: dict[str, Reading]
    entries: tuple[int, ...]
    cannot_tell: tuple[Missing, ...]
    uncertain: tuple[int, ...] = ()


def settlement(timeline: Timeline, on: date, supposed: Supposed | None = None) -> Settlement:
    """Returns the settlement as of the day `on`, or at the end that a supposed withdrawal would bring. Nothing is
    recorded.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    asked = timeline if supposed is None else timeline.extended([_withdrawal(timeline, on, supposed)])
    seen = asked.seen_on(on)
    answer, uncertain = seen.ask(lambda one: _answer(one, on, timeline.head))
    in_vain = supposed is not None and answer.ended_on is None
    if answer.ended_on is not None:  # the payments are asked about by themselves, since there may be many
        payments, also = seen.ask(lambda one: netted(past(one, on)))
        answer = structs.replace(answer, entries=tuple(sorted({*answer.entries, *payments})))
        uncertain = tuple(sorted({*uncertain, *also}))
    return structs.replace(answer, uncertain=uncertain, supposed=answer.supposed or in_vain)


def _withdrawal(timeline: Timeline, on: date, supposed: Supposed) -> Entry[WithdrawalDecided]:
    """Returns the supposed decision as if it were the next entry.

    The supposed decision is dated the day asked about, or the day of the end if the end is earlier.
    """
    decided = min(on, supposed.ends_on or on)
    event = WithdrawalDecided(
        valid_on=day(decided.isoformat()),
        source=Source(organ="assembly"),
        party=supposed.party,
        ends_on=supposed.ends_on,
    )
    return Entry(position=timeline.head + 1, recorded_at="", recorded_by="", key="", event=event)


def _answer(timeline: Timeline, on: date, head: int) -> Settlement:
    then = past(timeline, on)
    found = settle(then)
    if found is None:
        return _not_ended(on, head)
    agreed = found.agreed.event.shares if found.agreed else None
    supposed = any(entry > head for entry in found.end.entries)
    ended = on >= found.end.on or supposed
    return Settlement(
        on=on,
        known_at=f"@{head}",
        ended_on=found.end.on,
        withdrawn_by=found.end.parties,
        status="not-ended" if not ended else "agreed" if found.agreed else "proposed",
        supposed=supposed,
        accrued=found.accrued,
        remaining=found.remaining,
        paid=found.paid,
        balance=found.balance,
        total=Total(
            accrued=_sum(found.accrued),
            remaining=_sum(found.remaining),
            paid=_sum(found.paid),
            balance=_sum(found.balance),
        ),
        transfers=found.transfers,
        commitments=tuple(_commitment(one) for one in found.commitments),
        years=tuple(_year(one) for one in found.years),
        agreed=agreed,
        agreed_by=found.agreed.event.agreed_by if found.agreed else None,
        difference=None if agreed is None or found.total is None else sum(agreed.values()) - found.total,
        readings=_readings(then, found),
        entries=_entries(found, head),
        cannot_tell=in_words(found.missing),
    )


def _readings(timeline: Timeline, found: Settled) -> dict[str, Reading]:
    """Returns the readings behind the settlement, by question.

    The readings of the end apply as of the first day without the agreement. The readings of the shares apply as of the
    year of the end. The reading `withdrawal-day` applies as of the day of the decision, for a withdrawal that names no
    end.
    """
    told = readings_of_year(timeline, found.end.on.year, *OF_THE_SHARES)
    told |= readings_of_day(timeline, found.end.on, *OF_THE_END)
    for decided in (one.decided for one in withdrawals(timeline)):
        if decided.position in found.end.entries and decided.event.ends_on is None:
            told |= readings_of_day(timeline, decided.event.valid_on.last, "withdrawal-day")
    return told


def _not_ended(on: date, head: int) -> Settlement:
    return Settlement(
        on=on,
        known_at=f"@{head}",
        ended_on=None,
        withdrawn_by=(),
        status="not-ended",
        supposed=False,
        accrued=None,
        remaining=None,
        paid=None,
        balance=None,
        total=Total(accrued=None, remaining=None, paid=None, balance=None),
        transfers=None,
        commitments=(),
        years=(),
        agreed=None,
        agreed_by=None,
        difference=None,
        readings={},
        entries=(),
        cannot_tell=in_words([NOT_ENDED]),
    )


def _sum(amounts: Amounts | None) -> int | None:
    return None if amounts is None else sum(amounts.values())


def _commitment(one: Remaining) -> RemainingCommitment:
    event = one.commitment.event
    return RemainingCommitment(
        commitment=event.commitment,
        description=event.description,
        amount=event.amount,
        entry=one.commitment.position,
        since=event.since,
        until=event.until,
        released=one.released.event.valid_on.text if one.released else None,
        days=one.days,
        of=one.of,
        remaining=one.amount,
    )


def _year(one: Accrued) -> Year:
    by = one.shared.publication
    return Year(
        year=one.year,
        level=one.step.level,
        elapsed=one.elapsed,
        parts=one.parts,
        total=one.total,
        part=one.shared.part,
        rest=one.shared.rest,
        counted_on=by.event.counted_on if by else None,
        shares=one.shared.shares,
        readings=dict((*one.step.readings, *one.shared.readings)),
        entries=tuple(entry for entry in (one.step.entry, by.position if by else None) if entry),
    )


def _entries(found: Settled, head: int) -> tuple[int, ...]:
    """Returns the positions of the entries behind the figures except the payments, leaving out a supposed decision."""
    rested = {
        *found.end.entries,
        *([found.agreed.position] if found.agreed else []),
        *(entry for year in found.years for entry in _year(year).entries),
        *(one.commitment.position for one in found.commitments),
        *(one.released.position for one in found.commitments if one.released),
    }
    return tuple(sorted(entry for entry in rested if entry <= head))
