"""A bank's notification of payments (camt.054) as payments of the parties: matched by reference, or else listed.

Source: ISO 20022, camt.054.001.02 and camt.054.001.08, as used in the Swedish Common Interpretation of ISO 20022
Payment Messages. Nothing is guessed from names or amounts. The bank's own reference (AcctSvcrRef) goes along, so that
a payment counts once in whatever file it comes.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from exchange.claimants import Claimants
from exchange.incoming import Incoming
from exchange.notified import Money, entries, version_of
from exchange.paying import (
    DEBIT,
    SEK,
    Unsplit,
    bank_references,
    in_sek,
    payment_of,
    refuse_other_sum,
    split,
)
from ledger.errors import BadInput
from ledger.events.costs import PaymentMade
from ledger.messages import filled, marked, msg
from ledger.values import Source, day
from recording.line_faults import Faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exchange.claimants import Claimed, Taken
    from exchange.notified import Account, Booked, Transaction
    from exchange.paying import Payment
    from ledger.timeline import Timeline
    from recording.line_faults import Lines

MOST_NAMED = 20  # payments that a sentence about how the file was read names
WHY = {  # why a payment is not recorded, as programs read it → the sentence
    "reversal": marked("it takes a payment back, and is none itself"),
    "debit": marked("money went out"),
    "not-booked": marked("it is not booked (Sts)"),
    "no-day": marked("it has no booking day (BookgDt)"),
    "no-details": marked("the bank does not say what it consists of"),
    "currency": marked("it is in another currency, and the bank does not say how much it is in SEK (CntrValAmt)"),
    "return": marked("it is money that was sent and came back"),
    "other-account": marked("its account is none of those that --account names"),
    "no-reference": marked("it has no reference"),
    "several-references": marked("it has several references, and their parts are not exactly the payment"),
    "no-claim": marked("its reference is of no claim that is recorded"),
    "not-the-region": marked("its reference is of a claim of the Region, and the account is another party's"),
    "other-payer": marked("its reference is of a claim on one party, and the payer is another by its number"),
    "twice": marked("it stands before in the file, by the bank's own reference"),
    "contradiction": marked("another payment of the file has the same reference of the bank, and says otherwise"),
}


IN_SEK = Money(SEK, "")  # of a payment whose amount in öre is known
SOURCE = Source(organ="official")


class Unrecorded(NamedTuple):
    """A payment that is not recorded, and why. `command` records it, if it may be of one claim, and `reverses` is the
    place of the payment in the file, and `entry` the position of the entry, that it takes back.
    """

    payment: Payment
    why: str
    command: str | None
    reverses: str | None
    entry: int | None

    def fields(self) -> dict[str, Any]:
        """Returns it as data for programs."""
        fields = {"payment": self.payment.number, "why": self.why, **self.payment.fields(), "suggestion": self.command}
        if self.why == "reversal":
            fields |= {"reverses": self.reverses, "reverses_entry": self.entry}
        return fields


class _Matched(NamedTuple):
    """A payment that is matched with a claim."""

    payment: Payment
    claim: Claimed
    end_to_end: str
    event: PaymentMade


def parse_camt(data: bytes, timeline: Timeline, accounts: Sequence[str] = ()) -> Incoming:
    """Returns the payments of a camt.054 file that are matched with claims, and lists what is not recorded.

    `accounts` are the numbers of the Region's accounts, as they are written. Raises BadInput, with the place of every
    fault, for a file that cannot be read or that contradicts itself, and for an account whose owner is no party.
    """
    version = version_of(data)
    return _Reading(Claimants(timeline, accounts)).of(data, version)


class _Reading:
    """The reading of one file: what is matched, what is left, and the reversals, which wait for all payments."""

    def __init__(self, known: Claimants) -> None:
        self.known = known
        self.faults = Faults()
        self.number = 0
        self.matched: list[_Matched] = []
        self.left: list[tuple[str, Unrecorded]] = []
        self.back: list[tuple[Payment, tuple[str, ...], str | None]] = []
        self.in_sek: list[str] = []

    def of(self, data: bytes, version: str) -> Incoming:
        accounts: dict[Account, Taken | None] = {}
        for account, number, entry in entries(data, self.faults):
            try:
                if account not in accounts:
                    accounts[account] = None
                    accounts[account] = self.known.taken(account)
                if taken := accounts[account]:
                    self._entry(entry, taken)
            except ValueError as error:
                place = f"Ntry {entry.number}" if accounts[account] else f"Ntfctn {number}, Acct"
                self.faults.add(None, f"{place}: {error}")
        whose = [taken for taken in accounts.values() if taken]
        if len({one.number for one in accounts}) > 1 and any(one.is_assumed for one in whose):
            what = msg(
                "the file has several accounts, and nothing tells whose they are: name the Region's by --account"
            )
            self.faults.add(None, what)
        if not accounts and not self.faults.told:
            self.faults.add(None, msg("there is nothing to record: it has no entry (Ntry)"))
        if self.faults.told:
            raise BadInput(self.faults.told, self.faults.unsaid)
        said = tuple(dict.fromkeys(one.said for one in whose if one.said))
        kept = self._once()
        for payment, references, to in self.back:
            self._reversal(payment, references, to)
        self.left.sort(key=lambda one: one[1].payment.number)
        lines: Lines = [(one.payment.number, one.event) for one in kept]
        return Incoming(
            lines, (*self._summary(version), *said, *self._told(kept)),
            tuple(what for what, _ in self.left), details=tuple(one for _, one in self.left),
        )  # fmt: skip

    def _entry(self, entry: Booked, taken: Taken) -> None:
        """Takes in an entry, with its transactions. Raises ValueError if it contradicts itself."""
        transactions = [one for group in entry.groups for one in group.transactions]
        why = _why_not(entry, taken, transactions)
        if why is None:
            return self._transactions(entry, taken, transactions)
        for place, one in enumerate(transactions or [None], 1):
            self.number += 1
            payment = payment_of(entry, one, place, len(transactions))._replace(number=self.number)
            if why == "reversal":
                own = (one.bank, one.end_to_end, one.own) if one else ()
                self.back.append((payment, tuple(filter(None, (*own, entry.bank))), taken.party))
            else:
                self._leave(why, payment)
        return None

    def _transactions(self, entry: Booked, taken: Taken, transactions: list[Transaction]) -> None:
        refuse_other_sum(entry, transactions)
        count = len(transactions)
        references = bank_references(entry, transactions)
        for place, (one, bank) in enumerate(zip(transactions, references, strict=True), 1):
            self.number += 1
            payment = payment_of(entry, one, place, count, bank)._replace(number=self.number)
            ore = in_sek(entry, one, alone=count == 1)
            if one.direction == DEBIT or one.is_return or ore is None:
                why = "debit" if one.direction == DEBIT else "return" if one.is_return else "currency"
                self._leave(why, payment)
                continue
            if entry.amount.currency != SEK:
                self.in_sek.append(payment.place)
            self._parts(payment._replace(ore=ore, money=payment.money if payment.money.currency != SEK else IN_SEK),
                        ore, one, taken)  # fmt: skip

    def _parts(self, payment: Payment, whole: int, transaction: Transaction, taken: Taken) -> None:
        """Takes in what a transaction pays, in a part for each reference."""
        try:
            parts = split(transaction, whole, self.known.claimed)
        except Unsplit as error:
            return self._leave(error.why, payment)
        for reference, ore in parts:
            bank = f"{payment.bank}/{reference}" if payment.bank and len(parts) > 1 else payment.bank
            own = payment._replace(ore=ore, reference=reference, bank=bank)
            claim = self.known.claimed.get(reference)
            why = self._why_unmatched(own, claim, taken)
            if claim is not None and not why:
                self.matched.append(_Matched(own, claim, transaction.end_to_end, _event(own, claim, taken)))
                continue
            if claim is not None or taken.party != self.known.region:
                self._leave(why, own)
            elif (entry := self.known.recorded(own)) is not None:
                self._leave(why, own, advice=msg("entry {entry} is probably its payment", entry=entry), entry=entry)
            else:
                self._leave(why, own, self.known.fitting(own.payer_number, ore), taken.party)
        return None

    def _why_unmatched(self, payment: Payment, claim: Claimed | None, taken: Taken) -> str:
        """Returns why a payment is not recorded; "" if it is of its claim."""
        if claim is None:
            return "no-claim" if payment.reference else "no-reference"
        if taken.party != self.known.region or taken.party == claim.party:
            return "not-the-region"
        payer = self.known.of_number.get(payment.payer_number)
        return "other-payer" if payer and payer != claim.party else ""

    def _once(self) -> list[_Matched]:
        """Returns the payments, each once. Of those with one reference of the bank, the later are listed if all say the
        same, and all are listed if they do not.
        """
        counts = Counter(one.event.bank_reference for one in self.matched)
        of: dict[tuple[str | None, str | None], list[_Matched]] = {}
        kept: list[_Matched] = []
        for one in self.matched:
            bank = one.event.bank_reference
            if bank is None or counts[bank] == 1:
                kept.append(one)
            else:
                of.setdefault((one.event.to, bank), []).append(one)
        for alike in of.values():
            same = len({_said(one.event) for one in alike}) == 1
            kept += alike[:1] if same else []
            for one in alike[1:] if same else alike:
                self._leave("twice" if same else "contradiction", one.payment)
        return sorted(kept, key=lambda one: one.payment.number)

    def _reversal(self, payment: Payment, references: Sequence[str], to: str | None) -> None:
        """Lists a reversal, with the payment to the same party that it takes back if one of the references finds it."""
        matched = (self._by_reference.get((to, one)) for one in references)
        in_file = next((one for one in matched if one), None)
        bank = in_file.event.bank_reference if in_file else None
        sought = (*references, *([bank] if bank else []))
        recorded = next((found for one in sought if (found := self.known.entry_of(to, one))), None)
        if recorded is not None:
            advice = msg("it takes back the payment in entry {entry}: annul that entry", entry=recorded)
        elif in_file is not None:
            advice = msg("it takes back {place}: annul the entry of that payment", place=in_file.payment.place)
        else:
            advice = msg("the payment that it takes back is not found: find it, and annul its entry")
        place = in_file.payment.place if in_file else None
        self._leave("reversal", payment, advice=advice, reverses=place, entry=recorded)

    @cached_property
    def _by_reference(self) -> dict[tuple[str | None, str], _Matched | None]:
        """Maps the payee with the bank's reference, and with the payer's EndToEndId, of each matched payment to the
        payment, or to None if several have it.
        """
        found: dict[tuple[str | None, str], _Matched | None] = {}
        for one in self.matched:
            for reference in {one.end_to_end, one.event.bank_reference} - {"", None}:
                key = one.event.to, str(reference)
                found[key] = one if key not in found else None
        return found

    def _leave(
        self, why: str, payment: Payment, fitting: Claimed | None = None, to: str | None = None, *, advice: str = "",
        reverses: str | None = None, entry: int | None = None,
    ) -> None:  # fmt: skip
        """Lists a payment that is not recorded, and how to record it as the payment of a claim that fits."""
        command = payment.command(fitting.party, to, fitting.year, fitting.instalment) if fitting else None
        if command:
            advice = msg("by its payer and amount it may be of one open claim: {command}", command=command)
        sentence = msg("{payment}: {why}", payment=payment.told(), why=filled(WHY[why], {}))
        said = msg("{said}; {advice}", said=sentence, advice=advice) if advice else sentence
        self.left.append((said, Unrecorded(payment, why, command, reverses, entry)))

    def _summary(self, version: str) -> tuple[str, ...]:
        return (
            msg("{payments:payment} in {version}, by the booking day (BookgDt), when the bank has the money on the "
                "payee's account", payments=self.number, version=version),
        )  # fmt: skip

    def _told(self, kept: Sequence[_Matched]) -> tuple[str, ...]:
        """Returns what of the payments is to be looked at: other days, amounts and currencies."""
        other_day = [one for one in kept if one.payment.value_on not in {None, one.payment.booked_on}]
        days = [f"{one.payment.place} ({one.payment.booked_on}, {one.payment.value_on})"
                for one in other_day[:MOST_NAMED]]  # fmt: skip
        other_amount = [one for one in kept if one.event.amount != one.claim.amount]
        amounts = [
            msg("{place}: {party} pays {amount:kr}, and {claimed:kr} is claimed", place=one.payment.place,
                party=one.claim.party, amount=one.event.amount, claimed=one.claim.amount)
            for one in other_amount[:MOST_NAMED]
        ]  # fmt: skip
        by_day = msg("the value day (ValDt) is another than the booking day: {places}",
                     places=_few(days, len(other_day)))  # fmt: skip
        in_sek = msg("the amount in SEK is the counter value (CntrValAmt) of {places}",
                     places=_few(self.in_sek[:MOST_NAMED], len(self.in_sek)))  # fmt: skip
        more = len(other_amount) - MOST_NAMED
        return (
            *([by_day] if days else []),
            *([in_sek] if self.in_sek else []),
            *amounts,
            *([msg("and {more:grouped} more of another amount than claimed", more=more)] if more > 0 else []),
        )


def _few(shown: Sequence[str], count: int) -> str:
    """Returns some places, and how many more there are."""
    places, more = ", ".join(shown), count - len(shown)
    return msg("{places} and {more:grouped} more", places=places, more=more) if more > 0 else places


def _why_not(entry: Booked, taken: Taken, transactions: Sequence[Transaction]) -> str | None:
    """Returns why no payment of an entry is recorded, or None."""
    if not taken.is_ours:
        return "other-account"
    if entry.status != "BOOK":
        return "not-booked"
    if entry.is_reversal:
        return "reversal"
    if entry.direction == DEBIT:
        return "debit"
    entry.amount.ore()
    if not transactions:
        return "no-details"
    return "no-day" if entry.booked_on is None else None


def _event(payment: Payment, claim: Claimed, taken: Taken) -> PaymentMade:
    assert payment.booked_on is not None, "what has no booking day is listed"
    assert payment.ore is not None, "what has no amount in SEK is listed"
    return PaymentMade(
        valid_on=day(str(payment.booked_on)), source=SOURCE, party=claim.party, to=taken.party,
        purpose="instalment", year=claim.year, instalment=claim.instalment, amount=payment.ore,
        reference=payment.reference, bank_reference=payment.bank,
    )  # fmt: skip


def _said(event: PaymentMade) -> tuple[Any, ...]:
    return event.party, event.valid_on.text, event.amount, event.reference
