"""The costs of a year as blocks: the level, the shares, and what was claimed, paid and is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import filled, kronor, listed, marked, msg
from presentation.blocks import columns, entries, in_role, number, open_, text, title, whole
from presentation.costs.steps import again, explained, why
from presentation.phrases import foot
from presentation.words import ON_A_PAGE, in_order, party_text

if TYPE_CHECKING:
    from presentation.blocks import Part, Words
    from projections.account import Account, Line
    from projections.costs import Costs, Difference
    from projections.costs import Part as Claimed
    from projections.missing import Missing

Row = tuple["str | Words", ...]


class YearOfCosts(NamedTuple):
    """The costs of a year, and the additions to print: every step, one party's account, a comparison of readings."""

    costs: Costs
    explained: bool
    account: Account | None
    difference: Difference | None


def costs(told: YearOfCosts) -> list[Part]:
    """Returns the costs of a year with the additions asked for.

    The possible additions are every step of the costs, the account of one municipality, and the difference from the
    recorded readings.
    """
    found = told.costs
    head = title(msg("Costs of {year}, on {on}", year=found.year, on=found.on))
    return [head, "", *body(told), *foot(found.known_at, found.uncertain)]


def body(told: YearOfCosts) -> list[Part]:
    """Returns what `costs` does, without its title and its foot."""
    found = told.costs
    parts: list[Part] = []
    account = _account(told.account, found) if told.account else []
    if account and ON_A_PAGE.get():  # in a terminal, the last lines are those that a reader sees
        parts += [*account, ""]
    if told.explained:
        parts += explained(found, told.account.party if told.account else None)
    else:
        parts += [*_level(found), _key(found), *_claims(found)]
    if account and not ON_A_PAGE.get():
        parts += ["", *account]
    elif not (account or told.explained):
        parts += ["", _shares(found, told.difference), *remarks(found.parts)]
    if told.difference:
        sharers = {told.account.party} if told.account else set(found.balance) if told.explained else set()
        parts += ["", *_compared(told.difference, sharers)]
    return [*parts, *_cannot_tell(found)]


def sentence(told: YearOfCosts) -> str:
    """Returns what the year costs, all parties or the one asked about, and how much was claimed and paid, in one
    sentence.
    """
    found = told.costs
    if told.account:
        return _sentence_of_one(found, told.account)
    if found.level is None:
        return msg("On {on:long} the level of {year} was unknown.", on=found.on, year=found.year)
    claimed = sum(sum(one.claimed.values()) for one in found.instalments)
    return msg(
        "The level of {year} is {level:kr}; {claimed:kr} had been claimed and {paid:kr} paid by {on:long}.",
        year=found.year, level=found.level, on=found.on, claimed=claimed, paid=sum(found.paid.values()),
    )  # fmt: skip


def _sentence_of_one(found: Costs, account: Account) -> str:
    party, on = party_text(account.party), found.on
    if not found.shares:
        return msg("On {on:long} the share of {party} in {year} was unknown.", on=on, party=party, year=found.year)
    return msg(
        "The share of {party} in {year} is {share:kr}; {claimed:kr} had been claimed and {paid:kr} paid by {on:long}.",
        party=party, year=found.year, share=found.shares.get(account.party, 0), on=on,
        claimed=sum(one.claimed.get(account.party, 0) for one in found.instalments),
        paid=found.paid.get(account.party, 0),
    )  # fmt: skip


def _level(found: Costs) -> list[Part]:
    if not found.basis or found.level is None:
        return [open_(msg("The level of {year} is unknown.", year=found.year))]
    last = found.basis[-1]
    parts: list[Part] = [
        msg("Level {level:kr}: {why} [entry {entry}].", level=found.level, why=why(last), entry=last.entry)
    ]
    if found.rest and found.part is not None:
        parts.append(
            msg("The municipalities carry {part:kr} of it, the Region {rest:kr}.", part=found.part, rest=found.rest)
        )
    return parts


def _key(found: Costs) -> Part:
    if found.key is None:
        return open_(msg("The population by which it is shared is not published."))
    return msg("Shared by the population of {day} [entry {entry}].", day=found.key.day, entry=found.key.entry)


def _claims(found: Costs) -> list[Part]:
    """Returns a line for each instalment: the day of the claim and the population used."""
    lines: list[Part] = [
        msg(
            "Instalment {number}, due {due}: claimed on {claimed_on}, by the population of {counted_on}"
            " [entry {entry}].",
            number=one.number, due=one.due, claimed_on=one.claimed_on, counted_on=one.counted_on, entry=one.entries[0],
        ) if one.entries
        else in_role(msg("Instalment {number}, due {due}: not claimed.", number=one.number, due=one.due), "quiet")
        for one in found.instalments
    ]  # fmt: skip
    return [*lines, *(line for one in found.instalments for line in again(one))]


def _shares(found: Costs, against: Difference | None) -> Part:
    heads = [whole("Municipality"), number("Share", keep=True), number("Claimed"), number("Paid"),
             number("Balance", keep=True)]  # fmt: skip
    parties = in_order(found.balance)
    claimed = {party: sum(one.claimed.get(party, 0) for one in found.instalments) for party in parties}
    rows: list[list[str | Words]] = [
        [party_text(party), _share(found, party), kronor(claimed[party]), kronor(found.paid[party]),
         owed(found.balance[party])]
        for party in parties
    ]  # fmt: skip
    shares = kronor(sum(found.shares.values())) if found.shares else ""
    sums = (claimed, found.paid)
    rows.append(
        [msg("together"), shares, *(kronor(sum(one.values())) for one in sums), owed(sum(found.balance.values()))]
    )
    if against:
        heads.append(number("Difference", keep=True))
        deltas = [_delta(against.shares.get(party, 0)) if against.shares else "" for party in parties]
        for row, delta in zip(rows, [*deltas, _delta(against.part if against.shares else None)], strict=True):
            row.append(delta)
    return columns(*heads, rows=rows)


def _share(found: Costs, party: str) -> str | Words:
    return kronor(found.shares.get(party, 0)) if found.shares else open_(msg("unknown"))


def owed(amount: int) -> Words:
    """Returns a balance as text, in the role `wrong` while the party owes something."""
    return in_role(kronor(amount), "wrong" if amount > 0 else "")


def remarks(parts: tuple[Claimed, ...]) -> list[Part]:
    """Returns a line for each instalment and fault: not paid, short, late, overpaid, or to be repaid."""
    found: list[Part] = []
    for number_ in sorted({one.instalment for one in parts}):
        own = [one for one in parts if one.instalment == number_]
        for message, each in _faults(own):
            told = "; ".join(each) if any(", " in one for one in each) else listed(each)
            line = filled(message, {"number": number_, "due": own[0].due, "each": told})
            found += [open_(line)] if each else []
    return found


def _faults(parts: list[Claimed]) -> list[tuple[str, list[str]]]:
    """Returns (message, municipalities concerned) for each kind of fault in payments, even when no municipality is
    concerned.
    """
    return [
        (marked("Instalment {number}, due {due}, not paid: {each}"),
         [party_text(one.party) for one in parts if one.status == "unpaid"]),
        (marked("Instalment {number}, due {due}, short: {each}"),
         [msg("{party} by {short:kr}", party=one.party, short=one.short) for one in parts if one.status == "short"]),
        (marked("Instalment {number}, due {due}, late: {each}"),
         [msg("{party} by {days:day|days}, on {paid_on}", party=one.party, days=one.days_late, paid_on=one.paid_on)
          for one in parts if one.status == "late"]),
        (marked("Instalment {number}, due {due}, over: {each}"),
         [msg("{party} by {over:kr}", party=one.party, over=one.over)
          for one in parts if one.over and one.status != "credit"]),
        (marked("Instalment {number}, due {due}, to be repaid: {each}"),
         [msg("{party}, {over:kr}", party=one.party, over=one.over) for one in parts if one.status == "credit"]),
    ]  # fmt: skip


def _account(account: Account, found: Costs) -> list[Part]:
    rows: list[Row] = [
        (str(one.on), _what(one, found), kronor(one.amount) if one.what == "claim" else "",
         "" if one.what == "claim" else kronor(-one.amount), _after(one), one.reference or "", str(one.entry))
        for one in account.lines
    ]  # fmt: skip
    rows.append(("", msg("together"), kronor(account.claimed), kronor(account.paid), owed(account.balance), "", ""))
    heads = (whole("Day"), text("", keep=True), number("Claimed", keep=True), number("Paid"),
             number("Balance", keep=True), whole("Reference"), entries("Entry"))  # fmt: skip
    parts: list[Part] = [title(msg("Account of {party}", party=account.party)), columns(*heads, rows=rows)]
    parts += remarks(tuple(one for one in found.parts if one.party == account.party))
    share = found.shares[account.party] if found.shares and account.party in found.shares else None
    if share is not None:
        told = msg(
            "Its share of {year} is {share:kr}; its balance of all years {balance:kr}.",
            year=found.year, share=share, balance=found.account[account.party],
        )  # fmt: skip
        parts.append(told)
    return parts


def _after(one: Line) -> str | Words:
    """Returns the balance after a line of an account, or why the line has no balance."""
    if one.balance is not None:
        return owed(one.balance)
    return msg("not due yet") if one.what == "claim" else msg("not counted")


RECEIVED = {
    "refund": marked("refund received"),
    "settlement": marked("settlement received"),
    "other": marked("other received"),
}
PAID = {"refund": marked("refund"), "settlement": marked("settlement"), "other": marked("other")}


def _what(one: Line, found: Costs) -> str:
    if one.what == "claim":
        by = next((known.claimed_on for known in found.instalments if one.entry in known.entries), one.on)
        return msg("instalment {number}, claimed {day}", number=one.instalment, day=by)
    if one.what != "instalment":
        return filled((RECEIVED if one.amount > 0 else PAID)[one.what], {})
    if one.amount > 0:
        return msg("payment of instalment {number} received", number=one.instalment)
    return msg("payment of instalment {number}", number=one.instalment)


def _compared(against: Difference, sharers: set[str]) -> list[Part]:
    """Returns how the level, and the shares that no column shows, differ from those under the recorded readings."""
    if against.level is None or against.shares is None:
        return [open_(msg("The difference from the recorded readings is unknown."))]
    if not any(against.shares.values()) and not against.level:
        return [msg("Nothing differs from the figures under the recorded readings.")]
    shares = [f"  {party_text(party)} {_delta(delta)}" for party, delta in against.shares.items() if party in sharers]
    level = _delta(against.level)
    if shares:
        return [msg("Compared with the recorded readings: level {level}, shares", level=level), *shares]
    return [msg("Compared with the recorded readings: level {level}", level=level)]


def _delta(amount: int | None) -> str:
    return "" if amount is None else f"{'+' if amount > 0 else ''}{kronor(amount)}"


def _cannot_tell(found: Costs) -> list[Part]:
    missing = untold(found.cannot_tell)
    return ["", *missing] if missing else []


ARTICLE = marked("a ")  # at the beginning of what is missing; it is left out after `there is no`


def untold(missing: tuple[Missing, ...]) -> list[Part]:
    """Returns a line for each missing input, with the event that would supply the input if that event is known."""
    article = filled(ARTICLE, {})
    return [open_(_untold(one.what.removeprefix(article), one.text or one.record)) for one in missing]


def _untold(what: str, record: str) -> str:
    if record:
        return msg("Cannot tell: there is no {what}; {record}.", what=what, record=record)
    return msg("Cannot tell: there is no {what}.", what=what)
