"""The costs of a year: the cost level and its changes year by year, each municipality's share, and what was claimed and
paid.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct, structs

from ledger.state.agreement import proposals
from ledger.state.costs.claims import asked_of, claims, every_claim, instalments
from ledger.state.costs.dues import paid_for
from ledger.state.costs.levels import OF_THE_INDEX, Step, basis, level
from ledger.state.costs.payments import balance, made_for, paid, paying
from ledger.state.costs.shares import OF_THE_SHARES, Shares, shares
from ledger.state.costs.years import due_days
from ledger.timeline import past
from projections.agreement import Reading
from projections.missing import Missing, in_words
from projections.readings import readings_of_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events.costs import InstalmentClaimed, PaymentMade
    from ledger.state.costs.dues import Paid
    from ledger.timeline import Timeline

Amounts = dict[str, int]  # öre by municipality


class LevelStep(Struct, frozen=True, kw_only=True):
    """One year in the computation of the cost level. `why` is base, set, frozen, agreed or index; `change` is the raise
    in per cent.

    `level` is in öre, or None when the level cannot be computed. `change` is None in a year without a raise.
    """

    year: int
    level: int | None
    change: str | None
    why: str | None
    entry: int | None
    readings: dict[str, str]


class PopulationKey(Struct, frozen=True, kw_only=True):
    """The population figures by which the level is shared, counted on `day`."""

    day: date
    figures: dict[str, int]
    entry: int


class SecondClaim(Struct, frozen=True, kw_only=True):
    """A claim of an instalment that had already been claimed. A second claim has no effect.

    There are two claims of one instalment when, for example, a court quashes an annulment.
    """

    claimed: Amounts
    claimed_on: str
    level: int
    counted_on: date
    entry: int


class Instalment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An instalment of a year: the amounts claimed, and the amounts as computed now, in öre by municipality.

    `level` and `counted_on` are the cost level and the population day that the claim was based on. An amount in
    `computed` is below zero when the first instalment claimed more than the whole share.
    """

    number: int
    due: date
    claimed: Amounts
    entries: tuple[int, ...]
    claimed_on: str | None
    level: int | None
    counted_on: date | None
    computed: Amounts | None
    claimed_again: tuple[SecondClaim, ...] = ()


class Part(Struct, frozen=True, kw_only=True):
    """A municipality's part of an instalment. `status` is not-due, paid, late, short, unpaid, settled or credit.

    `paid` is in öre: the payments used for this part, plus the surplus of payments made for this part that no other
    part needs.
    """

    party: str
    instalment: int
    claimed: int
    paid: int
    due: date
    paid_on: date | None
    days_late: int
    status: str
    short: int
    over: int
    entries: tuple[int, ...]


class Payment(Struct, frozen=True, kw_only=True):
    """A payment that belongs to the year, either because it names the year or because it was made in the year.

    Balances leave out payments of purpose `other`.
    """

    on: str
    party: str
    to: str | None
    purpose: str
    instalment: int | None
    amount: int
    reference: str | None
    entry: int


class Costs(Struct, frozen=True, kw_only=True):
    """The costs of a year as of the day `on`. Amounts are in öre; amounts by party list the municipalities only.

    A figure that cannot be computed is None. `part` is the sum that all municipalities together bear of the level, and
    `rest` is the sum that remains for the Region. `paid` and `balance` concern the year alone, and `account` is the
    balance of all years.
    """

    year: int
    on: date
    known_at: str
    level: int | None
    basis: tuple[LevelStep, ...]
    part: int | None
    rest: int | None
    key: PopulationKey | None
    shares: Amounts | None
    instalments: tuple[Instalment, ...]
    paid: Amounts
    balance: Amounts
    account: Amounts
    parts: tuple[Part, ...]
    payments: tuple[Payment, ...]
    readings: dict[str, Reading]
    cannot_tell: tuple[Missing, ...]
    uncertain: tuple[int, ...] = ()


def costs(timeline: Timeline, year: int, on: date) -> Costs:
    """Returns the costs of a year as of the day `on`.

    `uncertain` holds the positions of the entries whose inexact day could change the answer. What each party paid and
    the list of payments are asked about one by one, so that a payment on an inexact day is tried only for its own.
    """
    seen = timeline.seen_on(on)
    (parties, answer), loose = seen.ask(lambda one: _but_money(past(one, on), year, on))
    payments, also = seen.ask(lambda one: made_for(past(one, on), year))
    uncertain = {*loose, *also}
    found = {}
    for party in parties:
        found[party], also = seen.ask(partial(_money_of, party=party, year=year, on=on))
        uncertain |= {*also}
    return structs.replace(
        answer,
        known_at=f"@{timeline.head}",
        paid={party: one.paid for party, one in found.items()},
        balance={party: one.balance for party, one in found.items()},
        account={party: one.account for party, one in found.items()},
        parts=tuple(part for number in (0, 1) for one in found.values() if (part := one.parts[number])),
        payments=tuple(_payment(timeline.at(position)) for position in payments),
        uncertain=tuple(sorted(uncertain)),
    )


def _but_money(then: Timeline, year: int, on: date) -> tuple[tuple[str, ...], Costs]:
    """Returns the municipalities of a year, and the costs of the year without what was paid."""
    found = shares(then, year)
    return municipalities(then, year), Costs(
        year=year,
        on=on,
        known_at="",
        level=level(then, year).level,
        basis=tuple(level_step(one) for one in basis(then, year)),
        part=found.part,
        rest=found.rest,
        key=_key(found),
        shares=found.shares,
        instalments=_instalments(then, year, found.shares),
        paid={},
        balance={},
        account={},
        parts=(),
        payments=(),
        readings=readings_of_year(then, year, *OF_THE_SHARES, *OF_THE_INDEX),
        cannot_tell=in_words(found.missing),
    )


class _Money(NamedTuple):
    """What a municipality paid for a year, its balance of the year and of all years, and its parts of both claims."""

    paid: int
    balance: int
    account: int
    parts: tuple[Part | None, ...]


def _money_of(timeline: Timeline, party: str, year: int, on: date) -> _Money:
    then = past(timeline, on)
    both = (paid_for(then, party, year, number, on) for number in (1, 2))
    return _Money(
        paid=paid(then, party, year),
        balance=balance(then, party, on, year),
        account=balance(then, party, on),
        parts=tuple(part_of(one) if one else None for one in both),
    )


def municipalities(timeline: Timeline, year: int) -> tuple[str, ...]:
    """Returns the ids of the municipalities listed in a year's costs, sorted.

    The list holds the municipalities of the year's terms, every party from which an instalment of the year was claimed,
    and every party other than a region that paid or received money for the year.
    """
    regions = {entry.event.terms.region() for entry in proposals(timeline).values()}
    return tuple(sorted({*asked_of(timeline, year, 1, 2), *(paying(timeline, year) - regions)}))


def level_step(one: Step) -> LevelStep:
    """Returns a year's step in the computation of the level, in the form in which answers give it."""
    return LevelStep(year=one.year, level=one.level, change=one.change, why=one.why, entry=one.entry,
                 readings=dict(one.readings))  # fmt: skip


def _key(found: Shares) -> PopulationKey | None:
    if found.publication is None:
        return None
    event = found.publication.event
    return PopulationKey(
        day=event.counted_on, figures=dict(sorted(event.figures.items())), entry=found.publication.position
    )


def _instalments(timeline: Timeline, year: int, amounts: Amounts | None) -> tuple[Instalment, ...]:
    computed = instalments(timeline, year, amounts) if amounts else (None, None)
    found = []
    for number, due in enumerate(due_days(timeline, year), 1):
        entry = claims(timeline).get((year, number))
        found.append(
            Instalment(
                number=number,
                due=due,
                claimed=dict(sorted(entry.event.amounts.items())) if entry else {},
                entries=(entry.position,) if entry else (),
                claimed_on=entry.event.valid_on.text if entry else None,
                level=entry.event.level if entry else None,
                counted_on=entry.event.counted_on if entry else None,
                computed=computed[number - 1],
                claimed_again=tuple(_again(timeline, year, number, entry)) if entry else (),
            )
        )
    return tuple(found)


def _again(timeline: Timeline, year: int, number: int, stands: Entry[InstalmentClaimed]) -> Iterator[SecondClaim]:
    """Yields the claims of an instalment other than the claim that takes effect, in order of day."""
    for one in every_claim(timeline)[year, number]:
        if one.position != stands.position:
            yield SecondClaim(
                claimed=dict(sorted(one.event.amounts.items())),
                claimed_on=one.event.valid_on.text,
                level=one.event.level,
                counted_on=one.event.counted_on,
                entry=one.position,
            )


def part_of(one: Paid) -> Part:
    """Returns a municipality's part of an instalment, in the form in which answers give it."""
    return Part(
        party=one.party,
        instalment=one.instalment,
        claimed=one.amount,
        paid=one.paid,
        due=one.due,
        paid_on=one.paid_on,
        days_late=one.days_late,
        status=one.status,
        short=one.short,
        over=one.over,
        entries=one.entries,
    )


def _payment(entry: Entry[Any]) -> Payment:
    event: PaymentMade = entry.event
    return Payment(
        on=event.valid_on.text,
        party=event.party,
        to=event.to,
        purpose=event.purpose,
        instalment=event.instalment,
        amount=event.amount,
        reference=event.reference,
        entry=entry.position,
    )


class Difference(Struct, frozen=True, kw_only=True):
    """How the assumed readings change the level and the shares; a figure is None unless it can be computed both under
    the assumed and under the recorded readings.
    """

    level: int | None
    part: int | None
    shares: dict[str, int] | None


def difference(assumed: Costs, recorded: Costs) -> Difference:
    """Returns the costs under the assumed readings minus the costs under the recorded readings."""
    return Difference(
        level=_less(assumed.level, recorded.level),
        part=_less(assumed.part, recorded.part),
        shares=None
        if assumed.shares is None or recorded.shares is None
        else {party: amount - recorded.shares.get(party, 0) for party, amount in assumed.shares.items()},
    )


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other
