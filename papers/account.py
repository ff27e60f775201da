"""The account of a party with the Region (kontoutdrag): what was claimed and paid, and the balance after each line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.messages import filled, kronor, marked, msg
from ledger.rules.reference import party_kinds
from ledger.state.agreement import terms_on
from ledger.values import quoted
from papers.notice import not_recorded
from papers.paper import Paper
from presentation.asking import NoSuch, settlement
from presentation.blocks import columns, entries, number, open_, text, title, whole
from presentation.costs.year import owed
from presentation.phrases import doubt
from projections.account import account as found_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.state.settlement import Amounts
    from papers.paper import Ordered, Piece
    from presentation.blocks import Words
    from projections.account import Account, Line
    from projections.settlement import Settlement

WHAT = {  # what a line is, by its purpose and by whether the party received the money
    ("claim", True): marked("instalment {number} of {year}"),
    ("claim", False): marked("credit of instalment {number} of {year}"),
    ("instalment", False): marked("payment of instalment {number} of {year}"),
    ("instalment", True): marked("payment of instalment {number} of {year} received"),
    ("refund", False): marked("refund for {year}"),
    ("refund", True): marked("refund for {year} received"),
    ("settlement", False): marked("settlement"),
    ("settlement", True): marked("settlement received"),
    ("other", False): marked("other"),
    ("other", True): marked("other received"),
}


def account(ordered: Ordered) -> Paper:
    """Returns the account of a party for all years. Raises NoSuch for a party that no version of the agreement has, and
    BadInput for the Region, with which the accounts are.
    """
    asked, party = ordered.asked, ordered.which
    kinds = party_kinds(asked.timeline)
    if party not in kinds:
        raise NoSuch([(None, msg("no version of the agreement has a party {value}", value=quoted(party)))])
    terms = terms_on(asked.timeline, asked.on)
    region = terms.region() if terms else None
    if party == region:
        raise BadInput([(None, msg("{party:party} has no account: the accounts are with it", party=party))])
    found = found_account(asked.timeline, party, asked.on)
    years = sorted({one.year for one in found.lines})
    settled: Settlement = settlement(asked).found
    by_year = [found_account(asked.timeline, party, asked.on, year) for year in years]
    return Paper(
        kind="account",
        title=msg("Account of {party:party}", party=party),
        sender=region,
        facts=tuple(_facts(found, region, settled)),
        body=(*_settled(found, settled), *_years(by_year, found), *_lines(found), *doubt(_uncertain(found, settled))),
    )


def _uncertain(found: Account, settled: Settlement) -> tuple[int, ...]:
    return tuple(sorted({*found.uncertain, *settled.uncertain}))


def _facts(found: Account, region: str | None, settled: Settlement) -> Iterator[tuple[str, str | Words]]:
    yield msg("Party"), msg("{party:party}", party=found.party)
    yield msg("With"), msg("{party:party}", party=region) if region else not_recorded()
    yield msg("Day"), msg("{day:long}", day=found.on)
    yield msg("Claimed"), kronor(found.claimed)
    yield msg("Paid"), kronor(found.paid)
    if settled.status == "not-ended":
        yield _balance(found.balance), title(kronor(abs(found.balance)))
        return
    yield msg("Balance of this account"), kronor(found.balance)
    by = msg("By the settlement agreed") if settled.status == "agreed" else msg("By the settlement proposed")
    yield by, _by_settlement(settled.balance, found.party)


def _by_settlement(balance: Amounts | None, party: str) -> str | Words:
    """Returns what a party has to pay or to get by a settlement."""
    if balance is None:
        return open_(msg("unknown"))
    owes = balance.get(party, 0)
    if not owes:
        return title(msg("nothing to pay"))
    return title(msg("to pay {amount:kr}", amount=owes) if owes > 0 else msg("to get {amount:kr}", amount=-owes))


def _settled(found: Account, settled: Settlement) -> Iterator[Piece]:
    """Yields that the account is no demand any more, once the agreement has ended."""
    if settled.status == "agreed":
        yield open_(msg("The agreement has ended, and the parties have agreed on a settlement. It says what"
                        " {party:party} pays or gets, and not the balance of this account.",
                        party=found.party))  # fmt: skip
    elif settled.status == "proposed":
        yield open_(msg("The agreement has ended. What {party:party} pays or gets is for the parties to agree on in a"
                        " settlement, and not what the balance of this account says.", party=found.party))  # fmt: skip


def _balance(balance: int) -> str:
    """Returns what the balance is called: what the party owes, or what it has paid too much."""
    return msg("To its credit") if balance < 0 else msg("Owed")


def _years(by_year: list[Account], found: Account) -> Iterator[Piece]:
    if not by_year:
        yield open_(msg("Nothing is claimed or paid by this day."))
        return
    rows: list[tuple[str | Words, ...]] = [
        (str(one.year), kronor(one.claimed), kronor(one.paid), owed(one.balance)) for one in by_year
    ]
    rows.append((msg("together"), kronor(found.claimed), kronor(found.paid), owed(found.balance)))
    yield title(msg("By year"))
    yield columns(whole("Year"), number("Claimed"), number("Paid"), number("Balance", keep=True), rows=rows)


def _lines(found: Account) -> Iterator[Piece]:
    if not found.lines:
        return
    rows: list[tuple[str | Words, ...]] = [
        (str(one.on), _what(one), kronor(one.amount) if one.what == "claim" else "",
         "" if one.what == "claim" else kronor(-one.amount), _after(one), str(one.entry))
        for one in found.lines
    ]  # fmt: skip
    heads = (whole("Day"), text("What", keep=True), number("Claimed"), number("Paid"), number("Balance", keep=True),
             entries("Entry"))  # fmt: skip
    yield title(msg("Claims and payments"))
    yield columns(*heads, rows=rows)
    if any(one.balance is None for one in found.lines):
        yield msg("A claim counts from its due day, and a payment for other things in no balance.")
    yield msg("A balance above zero is owed by the party, and one below zero is to its credit.")


def _what(one: Line) -> str:
    said = filled(WHAT[one.what, one.amount > 0], {"number": one.instalment, "year": one.year})
    return msg("{what}, reference {reference}", what=said, reference=one.reference) if one.reference else said


def _after(one: Line) -> str | Words:
    """Returns the balance after a line, or why it has none."""
    if one.balance is not None:
        return owed(one.balance)
    return msg("not due yet") if one.what == "claim" else msg("not counted")
