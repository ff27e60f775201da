"""The settlement at the end of the agreement: accrued, remaining and paid costs, and transfers (section 7)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events.settlement import CommitmentMade, CommitmentReleased, SettlementAgreed
from ledger.readings import Readings
from ledger.state.agreement import End, end_seen_on, life, proposals, reading_on, terms_on
from ledger.state.costs.apportion import apportioned, half_up
from ledger.state.costs.levels import Step, level
from ledger.state.costs.missing import Missing, each_once
from ledger.state.costs.payments import paid
from ledger.state.costs.shares import OF_THE_SHARES, UNITS, Shares, publication, shared, shares
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.timeline import Timeline


Amounts = dict[str, int]  # party → öre
OF_THE_END = ("accrual", "first-year", "remaining-key", "municipal-share", "rounding")  # as read on the day of the end


class Transfer(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A payment in öre from one party to another."""

    from_: str
    to: str
    amount: int


class Remaining(Struct, frozen=True, kw_only=True):
    """A commitment whose cost continues after the end of the agreement.

    The commitment lasts `of` days, of which `days` come after the end. The cost of those days is `amount` öre.
    """

    commitment: Entry[CommitmentMade]
    released: Entry[CommitmentReleased] | None
    days: int
    of: int
    amount: int


class Settled(Struct, frozen=True, kw_only=True):
    """The settlement at an end of the agreement. Amounts are in öre by party, the Region last.

    An amount that cannot be computed, because an input is in `missing`, is None.
    `agreed` is the settlement that the parties agreed for this end, or None. With an agreed settlement, a balance is
    the party's agreed share minus what the party has paid.
    """

    end: End
    years: tuple[Accrued, ...]
    commitments: tuple[Remaining, ...]
    accrued: Amounts | None
    remaining: Amounts | None
    paid: Amounts
    agreed: Entry[SettlementAgreed] | None
    balance: Amounts | None
    transfers: tuple[Transfer, ...] | None
    readings: Readings
    missing: tuple[Missing, ...]

    @property
    def total(self) -> int | None:
        """The accrued and remaining costs of all parties in öre, or None if either is unknown."""
        if self.accrued is None or self.remaining is None:
            return None
        return sum(self.accrued.values()) + sum(self.remaining.values())


def settle(timeline: Timeline) -> Settled | None:
    """Returns the settlement at the end of the agreement, or None if the agreement has no end."""
    end = life(timeline).end
    return _settled(timeline, end) if end else None


@remembered
def _settled(timeline: Timeline, end: End) -> Settled:
    """Returns the settlement at an end, as computed or, if the parties have agreed on one, as agreed."""
    years, costs = accrued_years(timeline, end.on), remaining_costs(timeline, end.on)
    region, agreed = _region(timeline, end.on), agreed_for(timeline, end)
    accrued = _accrued(years, region)
    remaining, unknown = _remaining(timeline, costs, end.on, region)
    others = {*agreed.event.shares} - parties_in_force(timeline) if agreed else set()
    parties = sorted({*parties_in_force(timeline), *others}, key=lambda party: (party == region, party))
    sums = {party: paid(timeline, party) for party in parties}
    owed = _owed(agreed, parties, accrued, remaining)
    balance = _balanced(owed, sums, region) if owed is not None else None
    return Settled(
        end=end,
        years=years,
        commitments=costs,
        accrued=_each(parties, accrued),
        remaining=_each(parties, remaining),
        paid=sums,
        agreed=agreed,
        balance=balance,
        transfers=transfers(balance) if balance is not None else None,
        readings=tuple((question, reading_on(timeline, question, end.on)[0]) for question in OF_THE_END),
        missing=each_once(*(one.missing for one in years), unknown),
    )


def agreed_for(timeline: Timeline, end: End) -> Entry[SettlementAgreed] | None:
    """Returns the last settlement that was agreed while this end was the agreement's end, or None if there is none.

    A settlement agreed for an end that was taken back or moved to another day does not settle this end.
    """
    for agreed in reversed(timeline.of(SettlementAgreed)):
        seen = end_seen_on(timeline, agreed.event.valid_on.last)
        if seen is not None and seen.on == end.on:
            return agreed
    return None


def remaining_costs(timeline: Timeline, end: date) -> tuple[Remaining, ...]:
    """Returns the commitments made before the end that still cost something after the end.

    A commitment costs something until the day on which it runs out or is released.
    """
    released = {one.event.commitment: one for one in reversed(timeline.of(CommitmentReleased))}
    found = []
    made_before = [one for one in timeline.of(CommitmentMade) if one.event.valid_on.last < end]
    for entry in sorted(made_before, key=lambda one: one.event.commitment):
        made, release = entry.event, released.get(entry.event.commitment)
        until = min(made.until, release.event.valid_on.last) if release else made.until
        days, of = (until - max(made.since, end)).days, (made.until - made.since).days
        if days > 0:
            amount = half_up(Fraction(made.amount * days, of))
            found.append(Remaining(commitment=entry, released=release, days=days, of=of, amount=amount))
    return tuple(found)


def transfers(balance: Amounts) -> tuple[Transfer, ...]:
    """Returns payments that clear balances summing to zero, from the largest debtor to the largest creditor.

    Ties are broken by party id. At most n - 1 payments clear n balances.
    """
    left, found = {party: amount for party, amount in sorted(balance.items()) if amount}, []
    while left:
        debtor = max(left, key=lambda party: left[party])
        creditor = min(left, key=lambda party: left[party])
        amount = min(left[debtor], -left[creditor])
        found.append(Transfer(from_=debtor, to=creditor, amount=amount))
        left[debtor] -= amount
        left[creditor] += amount
        left = {party: amount for party, amount in left.items() if amount}
    return tuple(found)


def _region(timeline: Timeline, on: date) -> str | None:
    terms = terms_on(timeline, on)
    return terms.region() if terms else None


def parties_in_force(timeline: Timeline) -> frozenset[str]:
    """Returns every party to a version that was in force: the parties to the settlement."""
    known = proposals(timeline)
    return frozenset(party for one in life(timeline).in_force for party in known[one.version].event.terms.party_ids())


def _accrued(years: tuple[Accrued, ...], region: str | None) -> Amounts | None:
    """Returns the accrued costs by party: the sum of the years' shares, and for the Region what the shares leave.

    Returns None if the shares of any year are missing.
    """
    found: Amounts = {}
    rest = 0
    for year in years:
        if year.elapsed == 0:
            continue
        if year.shared.shares is None or year.shared.rest is None:
            return None
        rest += year.shared.rest
        for party, amount in year.shared.shares.items():
            found[party] = found.get(party, 0) + amount
    return {**found, region: rest} if region else found


def _remaining(
    timeline: Timeline, costs: tuple[Remaining, ...], end: date, region: str | None
) -> tuple[Amounts | None, tuple[Missing, ...]]:
    """Returns the remaining costs by party, shared under the reading of `remaining-key` on the day of the end.

    The second value that is returned holds the missing inputs.
    """
    total, terms = sum(one.amount for one in costs), terms_on(timeline, end)
    if terms is None or region is None:
        return None, ()
    if total == 0:
        return dict.fromkeys((*terms.municipalities(), region), 0), ()
    if reading_on(timeline, "remaining-key", end)[0] == "equal":
        unit = UNITS[reading_on(timeline, "rounding", end)[0]]
        alike = apportioned(half_up(Fraction(total), unit), dict.fromkeys(terms.party_ids(), 1), unit)
        return {party: alike[party] for party in (*terms.municipalities(), region)}, ()
    readings = tuple((question, reading_on(timeline, question, end)[0]) for question in OF_THE_SHARES)
    by = publication(timeline, end.year)
    found = shared(timeline, end.year, total, by, readings=readings, among=terms.municipalities())
    if found.shares is None or found.rest is None:
        return None, found.missing
    return {**found.shares, region: found.rest}, ()


def _owed(
    agreed: Entry[SettlementAgreed] | None, parties: list[str], accrued: Amounts | None, remaining: Amounts | None
) -> Amounts | None:
    """Returns what each party finally bears: its share in the agreed settlement, else its accrued and remaining costs.

    A party without a share in the agreed settlement bears 0.
    """
    if agreed is not None:
        return _each(parties, agreed.event.shares)
    if accrued is None or remaining is None:
        return None
    return {party: accrued.get(party, 0) + remaining.get(party, 0) for party in parties}


def _each(parties: list[str], amounts: Amounts | None) -> Amounts | None:
    return None if amounts is None else {party: amounts.get(party, 0) for party in parties}


def _balanced(owed: Amounts, sums: Amounts, region: str | None) -> Amounts:
    """Returns what each party finally bears minus what the party has paid.

    The Region is the payee, so its balance clears the balances of the others.
    """
    balance = {party: amount - sums[party] for party, amount in owed.items() if party != region}
    return {**balance, region: -sum(balance.values())} if region else balance


class Accrued(Struct, frozen=True, kw_only=True):
    """The cost of a year until the end: `elapsed` of `parts` of the year's level, in days or months.

    A whole year has `elapsed` 1 and `parts` 1.
    """

    year: int
    step: Step
    elapsed: int
    parts: int
    total: int | None
    shared: Shares
    missing: tuple[Missing, ...]


def accrued_years(timeline: Timeline, end: date) -> tuple[Accrued, ...]:
    """Returns the accrued cost of each year from the start of the agreement until the end.

    The day `end` itself costs nothing.
    """
    in_force = life(timeline).in_force
    start = in_force[0].since if in_force else end
    return tuple(accrued_in(timeline, year, start, end) for year in range(start.year, end.year + 1))


def accrued_in(timeline: Timeline, year: int, start: date, end: date) -> Accrued:
    """Returns the cost of a year from `start` until the end.

    The readings accrual and first-year are those of the day of the end.
    """
    step = level(timeline, year)
    elapsed, parts = _elapsed(timeline, year, start, end)
    if elapsed == parts:
        whole = shares(timeline, year)
        return Accrued(year=year, step=step, elapsed=1, parts=1, total=step.level, shared=whole, missing=whole.missing)
    if elapsed == 0:
        total: int | None = 0
    else:
        total = None if step.level is None else half_up(Fraction(step.level * elapsed, parts))
    part = shared(timeline, year, total, publication(timeline, year))
    missing = each_once(step.missing, part.missing) if elapsed else ()
    return Accrued(year=year, step=step, elapsed=elapsed, parts=parts, total=total, shared=part, missing=missing)


def _elapsed(timeline: Timeline, year: int, start: date, end: date) -> tuple[int, int]:
    """Returns how much of a year had passed by the end, as (elapsed, parts) in days or months."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    if year == start.year and reading_on(timeline, "first-year", end)[0] == "from-start":
        first = start
    last = min(after, end)
    if end < after and reading_on(timeline, "accrual", end)[0] == "months":
        return _full_months(first, last), 12
    return max(0, (last - first).days), (after - date(year, 1, 1)).days


def _full_months(first: date, until: date) -> int:
    """Returns the number of calendar months wholly in [first, until).

    `until` is in the same year as `first`, or is the 1 January after.
    """
    begun = first.month if first.day == 1 else first.month + 1
    return max(0, until.month - begun)
