"""Whose payments a bank's are, by what the ledger knows: references of claims, organisation numbers, open claims."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from ledger.events.costs import PaymentMade
from ledger.messages import msg
from ledger.state.agreement import proposals
from ledger.state.costs.claims import claims
from ledger.state.costs.dues import paid_for
from ledger.state.costs.payments import payee
from ledger.values import LATEST, quoted
from projections.reference_number import reference_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from exchange.notified import Account
    from exchange.paying import Payment
    from ledger.timeline import Timeline


_PLAIN = re.compile(r"[0-9A-Za-z -]{1,40}", re.ASCII)


class Claimed(NamedTuple):
    """A party's part of a claim, in öre."""

    year: int
    instalment: Literal[1, 2]
    party: str
    amount: int


class Taken(NamedTuple):
    """Whose account it is taken to be, and what is said of that. `is_ours` is false where its payments are not to be
    recorded, and `is_assumed` true where nothing tells whose it is.
    """

    party: str | None
    is_ours: bool
    said: str
    is_assumed: bool = False


class Claimants:
    """What a ledger knows of who pays. `accounts` are the numbers of the Region's accounts, as they are written."""

    def __init__(self, timeline: Timeline, accounts: Sequence[str]) -> None:
        self.timeline = timeline
        self.accounts = {plain(one) for one in accounts}
        self.region: str | None = None
        self.of_number: dict[str, str | None] = {}  # organisation number → party; None if it is of two
        self.of_name: dict[str, str | None] = {}
        for entry in proposals(timeline).values():
            self.region = entry.event.terms.region() or self.region
            for party in entry.event.terms.parties:
                keys = ((self.of_number, plain(party.organisation_number)), (self.of_name, party.name.casefold()))
                for names, key in keys:
                    names[key] = party.id if names.get(key, party.id) == party.id else None

    @cached_property
    def claimed(self) -> dict[str, Claimed]:
        """Maps the reference number of each recorded claim to what is claimed, as `reference_number.claim_of` does."""
        found: dict[str, Claimed] = {}
        for entry in claims(self.timeline).values():
            year, instalment = entry.event.year, entry.event.instalment
            for party, amount in entry.event.amounts.items():
                number = reference_of(self.timeline, year, instalment, party, entry.event.valid_on.last)
                if number:
                    found.setdefault(number, Claimed(year, instalment, party, amount))
        return found

    @cached_property
    def _open(self) -> dict[tuple[str, int], list[Claimed]]:
        """Maps (party, öre) to the claims on the party of which exactly so much is not paid."""
        found: dict[tuple[str, int], list[Claimed]] = {}
        for entry in claims(self.timeline).values():
            year, instalment = entry.event.year, entry.event.instalment
            for party, amount in entry.event.amounts.items():
                paid = paid_for(self.timeline, party, year, instalment, LATEST)
                rest = amount - (paid.paid if paid else 0)
                if rest > 0:
                    found.setdefault((party, rest), []).append(Claimed(year, instalment, party, amount))
        return found

    @cached_property
    def _positions(self) -> dict[tuple[str | None, str], int]:
        payments = self.timeline.of(PaymentMade)
        return {(payee(self.timeline, one.event), one.event.bank_reference): one.position for one in payments
                if one.event.bank_reference}  # fmt: skip

    @cached_property
    def _alike(self) -> dict[tuple[str, date, int], int]:
        """Maps (party, day, öre) to the last payment to the Region without a reference of the bank."""
        payments = (one for one in self.timeline.of(PaymentMade) if not one.event.bank_reference)
        return {(one.event.party, one.event.valid_on.last, one.event.amount): one.position for one in payments
                if payee(self.timeline, one.event) == self.region}  # fmt: skip

    def entry_of(self, to: str | None, bank: str) -> int | None:
        """Returns the position of the payment to a party to which its bank gave a reference, or None."""
        return self._positions.get((to, bank))

    def recorded(self, payment: Payment) -> int | None:
        """Returns the position of the entry that a payment to the Region is recorded in, by the bank's reference or,
        where the entry has none, by payer, day and amount; or None.
        """
        party = self.of_number.get(payment.payer_number)
        if payment.bank and (found := self.entry_of(self.region, payment.bank)):
            return found
        if party is None or payment.booked_on is None or payment.ore is None:
            return None
        return self._alike.get((party, payment.booked_on, payment.ore))

    def fitting(self, payer_number: str, ore: int) -> Claimed | None:
        """Returns the one open claim on the party with an organisation number whose rest is an amount, or None."""
        party = self.of_number.get(payer_number)
        found = self._open.get((party, ore), []) if party else []
        return found[0] if len(found) == 1 else None

    def taken(self, account: Account) -> Taken:
        """Returns whose account an account is taken to be.

        An account that is given as the Region's is; else the owner decides, by the organisation number or the name.
        Where nothing tells the owner, it is the Region's, by assumption. Raises ValueError for an account without a
        number, and for an owner that is no party.
        """
        if not account.number:
            raise ValueError(msg("{element} is missing", element="Id"))
        shown = account.number if _PLAIN.fullmatch(account.number) else quoted(account.number)
        if self.accounts:
            if account.number and plain(account.number) in self.accounts:
                return Taken(self.region, is_ours=True, said=msg("account {account}: the Region's", account=shown))
            owner = self._owner(account)
            return Taken(owner, is_ours=bool(owner), said=_said(owner, shown))
        owner = self._owner(account)
        if owner:
            return Taken(owner, is_ours=True, said=_said(owner, shown))
        if account.owner or account.owner_number:
            named = quoted(" ".join(one for one in (account.owner, account.owner_number) if one))
            raise ValueError(msg("the owner of account {account}, {owner}, is no party: if it is the Region's, say"
                                 " so by --account", account=shown, owner=named))  # fmt: skip
        said = msg("taken as the Region's account {account}", account=shown)
        return Taken(self.region, is_ours=True, said=said, is_assumed=True)

    def _owner(self, account: Account) -> str | None:
        if account.owner_number:
            return self.of_number.get(account.owner_number)
        return self.of_name.get(account.owner.casefold()) if account.owner else None


def _said(owner: str | None, account: str) -> str:
    return msg("account {account}: {party:party}, by its owner", account=account, party=owner) if owner else ""


def plain(number: str) -> str:
    """Returns the number of an account or an organisation without spaces and hyphens, for comparison."""
    return re.sub(r"[\s\-\u2010-\u2015\u2212]", "", number).upper()
