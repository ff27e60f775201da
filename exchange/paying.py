"""The payments of a bank's entries: amounts in öre, the bank's reference of each, and what each says that it pays.

Nothing here knows the ledger. See `exchange.notified` for the source of the elements that are named.
"""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.messages import kronor, msg
from ledger.values import quoted

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import date

    from exchange.notified import Booked, Money, Part, Transaction

SEK, DEBIT = "SEK", "DBIT"
LONGEST_REFERENCE = 35  # characters, Max35Text of the standard


class Payment(NamedTuple):
    """A payment as the bank tells it. `ore` is None where the amount in SEK is not known, and `bank` is the bank's own
    reference, made unique in its entry. `number` is its number among the payments of the file, `entry` that of its
    Ntry, and `transaction` that of its TxDtls in the entry, or 0 if it is the only one.
    """

    number: int
    entry: int
    transaction: int
    booked_on: date | None
    value_on: date | None
    money: Money
    ore: int | None
    payer: str
    payer_number: str
    reference: str
    bank: str | None

    @property
    def place(self) -> str:
        """The element that the payment is."""
        return f"Ntry {self.entry}" + (f", TxDtls {self.transaction}" if self.transaction else "")

    def told(self) -> str:
        """Returns the place and what is known of the payment, for people."""
        amount = f"{self.money.text} {self.money.currency}" if self.ore is None else kronor(self.ore)
        reference = msg("reference {reference}", reference=quoted(self.reference)) if self.reference else ""
        parts = (self.booked_on and str(self.booked_on), amount, quoted(self.payer) if self.payer else "", reference)
        return f"{self.place}: {', '.join(one for one in parts if one)}"

    def fields(self) -> dict[str, Any]:
        """Returns what is known of the payment, as data for programs. `amount` is in öre, or None."""
        return {
            "place": self.place,
            "day": self.booked_on and str(self.booked_on),
            "value_day": self.value_on and str(self.value_on),
            "amount": self.ore,
            "stated": self.money.text or None,
            "currency": self.money.currency,
            "payer": self.payer or None,
            "payer_number": self.payer_number or None,
            "reference": self.reference or None,
            "bank_reference": self.bank,
        }

    def command(self, party: str, to: str | None, year: int, instalment: int) -> str:
        """Returns the command that records the payment as one of a claim."""
        given = {
            "on": self.booked_on,
            "organ": "official",
            "party": party,
            "to": to,
            "year": year,
            "instalment": instalment,
            "amount": self.ore,
            "reference": self.reference,
            "bank-reference": self.bank,
        }
        return shlex.join(
            ["liggare", "record", "payment-made", *(f"--{name}={value}" for name, value in given.items() if value)]
        )


class Unsplit(Exception):
    """Why what a transaction pays cannot be told apart: a word of `exchange.camt.WHY`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def payment_of(entry: Booked, transaction: Transaction | None, place: int, of: int, bank: str | None = None) -> Payment:
    """Returns an entry, or a transaction, the `place`th of `of` in the entry, as a payment without a number."""
    money = entry.amount
    if transaction is not None and of > 1:
        money = transaction.amount or transaction.equivalent or money
    ore = None
    if money.currency == SEK:
        try:
            ore = money.ore()
        except ValueError:  # only told: what is recorded is read anew
            ore = None
    references = transaction.parts if transaction else ()
    return Payment(
        number=0,
        entry=entry.number,
        transaction=place if of > 1 else 0,
        booked_on=entry.booked_on,
        value_on=entry.value_on,
        money=money,
        ore=ore,
        payer=transaction.payer if transaction else "",
        payer_number=transaction.payer_number if transaction else "",
        reference=references[0].reference if references else " ".join(transaction.free) if transaction else "",
        bank=bank or (transaction.bank if transaction else "") or entry.bank or None,
    )


def bank_references(entry: Booked, transactions: Sequence[Transaction]) -> list[str | None]:
    """Returns the bank's own reference of each transaction of an entry: its AcctSvcrRef, or else the entry's.

    Where several transactions have the same, the payer's EndToEndId or the TxId is added if it is of one transaction
    only, and else the place in the entry, so that each has another. Raises ValueError for one that is too long.
    """
    given = [one.bank or entry.bank for one in transactions]
    shared = Counter(given)
    end_to_end, own = Counter(one.end_to_end for one in transactions), Counter(one.own for one in transactions)
    found: list[str | None] = []
    for place, (bank, one) in enumerate(zip(given, transactions, strict=True), 1):
        if len(bank) > LONGEST_REFERENCE:
            raise ValueError(msg("{element}: {value} is longer than {most} characters",
                                 element="AcctSvcrRef", value=quoted(bank), most=LONGEST_REFERENCE))  # fmt: skip
        if bank and shared[bank] > 1:
            told = one.end_to_end if end_to_end[one.end_to_end] == 1 else one.own if own[one.own] == 1 else ""
            bank = f"{bank}/{told or f'#{place}'}"  # noqa: PLW2901 - the same, made unique
        found.append(bank or None)
    return found


def refuse_other_sum(entry: Booked, transactions: Sequence[Transaction]) -> None:
    """Raises ValueError unless the transactions of an entry add up to it, by the amounts in the entry's currency."""
    entry.amount.ore()
    if len(transactions) == 1 and not _in_currency(entry, transactions[0]):
        return
    told = 0
    for group in entry.groups:
        own = 0
        for place, one in enumerate(group.transactions, 1):
            money = _in_currency(entry, one)
            if money is None:
                if entry.amount.currency != SEK:
                    return  # it is not recorded without an amount in SEK, and nothing is to be added up
                raise ValueError(msg("TxDtls {place} has no amount in {currency}",
                                     place=place, currency=entry.amount.currency))  # fmt: skip
            own += money.ore() * (-1 if one.direction == DEBIT else 1)
        if group.total and group.total.currency in {"", entry.amount.currency} and group.total.ore() != abs(own):
            raise ValueError(_other_sum(own, group.total.ore()))
        told += own
    if told != entry.amount.ore():
        raise ValueError(_other_sum(told, entry.amount.ore()))


def _other_sum(told: int, said: int) -> str:
    return msg("the transactions (TxDtls) add up to {sum:kr}, and the bank says {said:kr}", sum=told, said=said)


def _in_currency(entry: Booked, one: Transaction) -> Money | None:
    return next((money for money in (one.amount, one.equivalent) if money and money.currency == entry.amount.currency),
                None)  # fmt: skip


def in_sek(entry: Booked, one: Transaction, *, alone: bool) -> int | None:
    """Returns the amount of a transaction in öre, as the bank says it, or None if it does not say it in SEK."""
    if entry.amount.currency == SEK:
        money = _in_currency(entry, one) or (entry.amount if alone else None)
    else:
        said = (one.equivalent, entry.equivalent if alone else None)
        money = next((money for money in said if money and money.currency == SEK), None)
    return money.ore() if money else None


def split(transaction: Transaction, ore: int, known: Container[str]) -> list[tuple[str, int]]:
    """Returns (reference, öre) for each thing that a transaction pays; a reference is "" if there is none.

    `known` holds the references of claims. Parts with one reference are one, and a credit note (CREN) is taken from the
    part with its reference, or from the only part. Raises Unsplit where the parts are not the payment exactly.
    """
    parts = [one._replace(reference=_as_known(one.reference, known))
             for one in transaction.parts if one.reference or one.amount or one.is_credit]  # fmt: skip
    if not any(one.reference or one.is_credit for one in parts):
        free = sorted({found for one in transaction.free if (found := _as_known(one, known)) in known})
        if len(free) > 1:
            raise Unsplit("several-references")
        return [(free[0] if free else " ".join(transaction.free), ore)]
    if len({one.reference for one in parts}) == 1 and not any(one.amount or one.is_credit for one in parts):
        return [(parts[0].reference, ore)]
    if len(parts) == 1 and not parts[0].is_credit and parts[0].amount and _ore(parts[0]) == ore:
        return [(parts[0].reference, ore)]
    invoices = {one.reference for one in parts if not one.is_credit}
    only = next(iter(invoices)) if len(invoices) == 1 else ""
    sums: Counter[str] = Counter()
    for one in parts:
        reference = one.reference if one.reference in invoices else only
        if not reference:
            raise Unsplit("several-references")
        sums[reference] += -_ore(one) if one.is_credit else _ore(one)
    if sum(sums.values()) != ore or min(sums.values()) <= 0:
        raise Unsplit("several-references")
    return list(sums.items())


def _as_known(reference: str, known: Container[str]) -> str:
    """Returns a reference as a claim has it, if only blanks differ, or else as it is."""
    found = reference.replace(" ", "")
    return found if found in known else reference


def _ore(part: Part) -> int:
    if part.amount is None or part.amount.currency != SEK:
        raise Unsplit("several-references")
    return part.amount.ore()
