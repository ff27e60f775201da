"""A year's costs for people: the level, each municipality's share, what was claimed, paid and is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import counted
from presentation.blocks import columns, in_role, title
from presentation.costs.steps import RIGHT, again, explained, why
from presentation.phrases import foot
from presentation.words import kronor

if TYPE_CHECKING:
    from ledger.state.costs.missing import Missing
    from presentation.blocks import Part, Words
    from projections.account import Account, Line
    from projections.costs import Costs, Difference
    from projections.costs import Part as Claimed

Row = tuple["str | Words", ...]


class YearOfCosts(NamedTuple):
    """A year's costs, and what was asked for beside them."""

    costs: Costs
    explained: bool
    account: Account | None
    difference: Difference | None


def costs(told: YearOfCosts) -> list[Part]:
    """The answer as asked for: with its every step, for one municipality, against the readings recorded."""
    found = told.costs
    parts: list[Part] = [title(f"Costs of {found.year}, on {found.on}"), ""]
    if told.explained:
        parts += explained(found, told.account.party if told.account else None)
    else:
        parts += [*_level(found), _key(found), *_claims(found)]
    if told.account:
        parts += ["", *_account(told.account, found)]
    elif not told.explained:
        parts += ["", _shares(found, told.difference), *remarks(found.parts)]
    if told.difference:
        listed = {told.account.party} if told.account else set(found.balance) if told.explained else set()
        parts += ["", *_compared(told.difference, listed)]
    return [*parts, *_cannot_tell(found), *foot(found.known_at, found.uncertain)]


def _level(found: Costs) -> list[Part]:
    if not found.basis or found.level is None:
        return [in_role(f"The level of {found.year} cannot be told.", "open")]
    last = found.basis[-1]
    parts: list[Part] = [f"Level {kronor(found.level)}: {why(last)} [entry {last.entry}]."]
    if found.rest and found.part is not None:
        parts.append(f"The municipalities carry {kronor(found.part)} of it, the Region {kronor(found.rest)}.")
    return parts


def _key(found: Costs) -> Part:
    if found.key is None:
        return in_role("The population that it is shared by is not published.", "open")
    return f"Shared by the population of {found.key.day} [entry {found.key.entry}]."


def _claims(found: Costs) -> list[Part]:
    """A line for each instalment: claimed when, and on what."""
    lines: list[Part] = [
        f"Instalment {one.number}, due {one.due}: claimed on {one.claimed_on}, by the population of {one.counted_on}"
        f" [entry {one.entries[0]}]." if one.entries
        else in_role(f"Instalment {one.number}, due {one.due}: not claimed.", "quiet")
        for one in found.instalments
    ]  # fmt: skip
    return [*lines, *(line for one in found.instalments for line in again(one))]


def _shares(found: Costs, against: Difference | None) -> Part:
    names = ["Municipality", "Share", "Claimed", "Paid", "Balance"]
    claimed = {party: sum(one.claimed.get(party, 0) for one in found.instalments) for party in found.balance}
    rows: list[list[str | Words]] = [
        [party, _share(found, party), kronor(claimed[party]), kronor(found.paid[party]), owed(found.balance[party])]
        for party in found.balance
    ]
    shares = kronor(sum(found.shares.values())) if found.shares else ""
    sums = (claimed, found.paid)
    rows.append(["together", shares, *(kronor(sum(one.values())) for one in sums), owed(sum(found.balance.values()))])
    if against:
        names.append("Difference")
        deltas = [_delta(against.shares[party]) if against.shares else "" for party in found.balance]
        for row, delta in zip(rows, [*deltas, _delta(against.part)], strict=True):
            row.append(delta)
    return columns(*names, rows=rows, right=RIGHT)


def _share(found: Costs, party: str) -> str | Words:
    return kronor(found.shares.get(party, 0)) if found.shares else in_role("unknown", "open")


def owed(amount: int) -> Words:
    """A balance, in red while something is owed."""
    return in_role(kronor(amount), "wrong" if amount > 0 else "")


def remarks(parts: tuple[Claimed, ...]) -> list[Part]:
    """What was not paid in full, in time and to the öre, a line for each instalment and fault."""
    found: list[Part] = []
    for number in sorted({one.instalment for one in parts}):
        own = [one for one in parts if one.instalment == number]
        said = {
            "not paid": [one.party for one in own if one.status == "unpaid"],
            "short": [f"{one.party} by {kronor(one.short)}" for one in own if one.status == "short"],
            "late": [f"{_late(one)}, on {one.paid_on}" for one in own if one.status == "late"],
            "over": [f"{one.party} by {kronor(one.over)}" for one in own if one.over and one.status != "credit"],
            "to be repaid": [f"{one.party}, {kronor(one.over)}" for one in own if one.status == "credit"],
        }
        head = f"Instalment {number}, due {own[0].due}"
        found += [in_role(f"{head}, {what}: {'; '.join(who)}", "open") for what, who in said.items() if who]
    return found


def _late(one: Claimed) -> str:
    return f"{one.party} by {counted(one.days_late, 'day')}"


def _account(account: Account, found: Costs) -> list[Part]:
    rows: list[Row] = [
        (str(one.on), _what(one, found), kronor(one.amount) if one.what == "claim" else "",
         "" if one.what == "claim" else kronor(-one.amount),
         "not due yet" if one.what == "claim" and one.balance is None else
         "not counted" if one.balance is None else owed(one.balance), one.reference or "", str(one.entry))
        for one in account.lines
    ]  # fmt: skip
    rows.append(("", "together", kronor(account.claimed), kronor(account.paid), owed(account.balance), "", ""))
    heads = ("Day", "", "Claimed", "Paid", "Balance", "Reference", "Entry")
    parts: list[Part] = [title(f"Account of {account.party}"), columns(*heads, rows=rows, right=RIGHT)]
    parts += remarks(tuple(one for one in found.parts if one.party == account.party))
    share = found.shares[account.party] if found.shares and account.party in found.shares else None
    if share is not None:
        parts.append(f"Its share of {found.year} is {kronor(share)}; its balance of all years {_all(found, account)}.")
    return parts


def _all(found: Costs, account: Account) -> str:
    return kronor(found.account[account.party])


def _what(one: Line, found: Costs) -> str:
    if one.what == "claim":
        by = next((known.claimed_on for known in found.instalments if one.entry in known.entries), None)
        return f"instalment {one.instalment}, claimed {by}"
    of = f" {one.instalment}" if one.instalment else ""
    received = " received" if one.amount > 0 else ""
    return f"{'payment of instalment' if one.what == 'instalment' else one.what}{of}{received}"


def _compared(against: Difference, listed: set[str]) -> list[Part]:
    """The level, and the shares that no column tells of, against the readings recorded."""
    if against.level is None or against.shares is None:
        return [in_role("The difference to the readings recorded cannot be told.", "open")]
    if not any(against.shares.values()) and not against.level:
        return ["Nothing differs from what the readings recorded give."]
    shares = [f"  {party} {_delta(delta)}" for party, delta in against.shares.items() if party in listed]
    return [f"Against the readings recorded: level {_delta(against.level)}{', shares' if shares else ''}", *shares]


def _delta(amount: int | None) -> str:
    return "" if amount is None else f"{'+' if amount > 0 else ''}{kronor(amount)}"


def _cannot_tell(found: Costs) -> list[Part]:
    missing = untold(found.cannot_tell)
    return ["", *missing] if missing else []


def untold(missing: tuple[Missing, ...]) -> list[Part]:
    """What is missing, and what to record."""
    return [
        in_role(
            f"Cannot tell: there is no {one.what.removeprefix('a ')}{f'; {one.record}' if one.record else ''}.",
            "open",
        )
        for one in missing
    ]
