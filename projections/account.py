"""A party's account with the Region: claims and payments in order of day, with the balance after each line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.state.costs.claims import claims
from ledger.state.costs.payments import Moved, dated, moves
from ledger.state.costs.years import due_day
from ledger.timeline import past

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.timeline import Timeline


class Line(Struct, frozen=True, kw_only=True):
    """One line of an account: a claim, dated the day it falls due, or a payment, dated the day it was made.

    A claim made after its due day is dated the day it was made. `what` is "claim" or the purpose of the payment:
    instalment, refund, settlement or other. `amount` is in öre, above zero when claimed from the party or received by
    the party, and below zero when paid by the party. `balance` is what the party owes after the line, in öre. `balance`
    is None for a claim that is not yet due, and for a payment of purpose `other`, which is left out of every balance.
    """

    on: date
    what: str
    year: int
    instalment: int | None
    amount: int
    balance: int | None
    reference: str | None
    entry: int


class Account(Struct, frozen=True, kw_only=True):
    """A party's account with the Region as of the day `on`, for one year or, when `year` is None, for all years.

    `lines` are ordered by day; on the same day, claims come before payments. `claimed`, `paid` (net of what the party
    received) and `balance` are in öre.
    """

    party: str
    year: int | None
    on: date
    known_at: str
    lines: tuple[Line, ...]
    claimed: int
    paid: int
    balance: int
    uncertain: tuple[int, ...] = ()


def account(timeline: Timeline, party: str, on: date, year: int | None = None) -> Account:
    """Returns the account of `party` as of the day `on`, for one year or, when `year` is None, for all years.

    `uncertain` holds the positions of the entries whose inexact day could change the answer: the days of its claims, or
    the days of its payments, from which all else follows.
    """
    seen = timeline.seen_on(on)
    _, of_claims = seen.ask(lambda one: sorted(_claimed(past(one, on), party, year), key=_in_order))
    _, of_payments = seen.ask(lambda one: dated(past(one, on), party, year))
    return structs.replace(_account(seen, party, on, year), uncertain=tuple(sorted({*of_claims, *of_payments})))


def _account(timeline: Timeline, party: str, on: date, year: int | None) -> Account:
    then = past(timeline, on)
    lines, claimed, paid = [], 0, 0
    for one in sorted([*_claimed(then, party, year), *_moved(then, party, year)], key=_in_order):
        if one.what == "other" or one.on > on:
            lines.append(one)
            continue
        if one.what == "claim":
            claimed += one.amount
        else:
            paid -= one.amount
        lines.append(structs.replace(one, balance=claimed - paid))
    return Account(party=party, year=year, on=on, known_at=f"@{timeline.head}", lines=tuple(lines), claimed=claimed,
                   paid=paid, balance=claimed - paid)  # fmt: skip


def _claimed(timeline: Timeline, party: str, year: int | None) -> Iterator[Line]:
    for (of, instalment), entry in claims(timeline).items():
        due, amount = due_day(timeline, of, instalment), entry.event.amounts.get(party)
        if due is not None and amount is not None and year in {None, of}:
            on = max(due, entry.event.valid_on.last)
            yield Line(on=on, what="claim", year=of, instalment=instalment, amount=amount, balance=None,
                       reference=None, entry=entry.position)  # fmt: skip


def _moved(timeline: Timeline, party: str, year: int | None) -> Iterator[Line]:
    for one in moves(timeline, party):
        if year in {None, one.year}:
            yield _payment(one)


def _payment(moved: Moved) -> Line:
    event = moved.entry.event
    return Line(
        on=moved.on,
        what=event.purpose,
        year=moved.year,
        instalment=event.instalment,
        amount=-moved.amount,
        balance=None,
        reference=event.reference,
        entry=moved.entry.position,
    )


def _in_order(line: Line) -> tuple[date, bool, int]:
    return line.on, line.what != "claim", line.entry
