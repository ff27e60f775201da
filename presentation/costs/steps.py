"""A year's costs step by step: level, raises, key, shares, claims, payments, each with its entry."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.errors import counted
from presentation.blocks import columns, in_role, title
from presentation.phrases import read_as
from presentation.words import kronor

if TYPE_CHECKING:
    from presentation.blocks import Part, Role, Words
    from projections.costs import Basis, Costs, Instalment
    from projections.costs import Part as Claimed

Row = tuple["str | Words", ...]


def explained(found: Costs, party: str | None) -> list[Part]:
    """All steps, for all municipalities or for one."""
    return [*_levels(found), "", *_shares(found, party), *_claims(found, party), *_payments(found, party)]


def _levels(found: Costs) -> list[Part]:
    rows: list[Row] = [
        (str(step.year), kronor(step.level) if step.level is not None else in_role("unknown", "open"), why(step),
         str(step.entry or ""))
        for step in found.basis
    ]  # fmt: skip
    of_years = {step.year: step.readings for step in found.basis if step.readings}
    told = read_as(of_years[max(of_years)], of_years) if of_years else []
    return [title("Level"), *told, columns("Year", "Level", "", "Entry", rows=rows, right=("Level", *RIGHT))]


def _shares(found: Costs, party: str | None) -> list[Part]:
    parts: list[Part] = [title("Shares")]
    read = {question: one.reading for question, one in found.readings.items()}
    parts += read_as({name: read[name] for name in ("municipal-share", "population-day", "rounding")}, {})
    if found.part is not None:
        rest = f", the Region {kronor(found.rest)}" if found.rest else ""
        parts.append(f"The municipalities carry {kronor(found.part)} together{rest}.")
    if found.key is None or found.shares is None or found.part is None:
        return [*parts, in_role("The shares cannot be told.", "open")]
    total = sum(found.key.figures[one] for one in found.shares)
    parts.append(f"Population of {found.key.day}: {total} together [entry {found.key.entry}].")
    rows = [
        (one, str(found.key.figures[one]), _exact(Fraction(found.part * found.key.figures[one], total)), kronor(share))
        for one, share in found.shares.items()
        if party in {None, one}
    ]
    return [*parts, columns("Municipality", "Population", "Exact", "Share", rows=rows, right=("Exact", *RIGHT))]


def _exact(ore: Fraction) -> str:
    """The share before it is rounded, cut after six decimals of a krona."""
    millionths = ore.numerator * 10_000 // ore.denominator
    whole, rest = divmod(millionths, 1_000_000)
    return f"{whole:,}".replace(",", " ") + f",{rest:06d}"


def _claims(found: Costs, party: str | None) -> list[Part]:
    parts: list[Part] = []
    for one in found.instalments:
        parts += ["", title(f"Instalment {one.number}, due {one.due}")]
        if not one.entries:
            computed = _of(one.computed, party)
            told = f"; as now computed it would be {kronor(computed)}" if computed is not None else ""
            parts.append(in_role(f"Not claimed{told}.", "quiet"))
            continue
        level = f"level {kronor(one.level)}" if one.level is not None else ""
        parts.append(f"Claimed on {one.claimed_on}, on {level} and the population of {one.counted_on}"
                     f" [entry {one.entries[0]}].")  # fmt: skip
        parts += again(one)
        rows = [_claim(part) for part in found.parts if part.instalment == one.number and party in {None, part.party}]
        parts.append(columns("Municipality", "Claimed", "Paid", "", "Entries", rows=rows, right=RIGHT))
    return parts


def _of(amounts: dict[str, int] | None, party: str | None) -> int | None:
    if amounts is None:
        return None
    return sum(amounts.values()) if party is None else amounts.get(party)


def _claim(one: Claimed) -> Row:
    stands = {
        "not-due": "not due yet",
        "paid": f"{'repaid' if one.claimed < 0 else 'paid'} on {one.paid_on}" if one.paid_on else "nothing to pay",
        "late": f"paid on {one.paid_on}, {counted(one.days_late, 'day')} late",
        "short": f"{kronor(one.short)} short",
        "unpaid": "not paid",
        "credit": f"{kronor(one.over)} to be repaid",
        "settled": "went into the settlement",
    }[one.status]
    over = f", {kronor(one.over)} over" if one.over and one.status != "credit" else ""
    role: Role = "" if one.status in {"paid", "not-due"} else "open"
    entries = ", ".join(map(str, one.entries))
    return one.party, kronor(one.claimed), kronor(one.paid), in_role(stands + over, role), entries


def _payments(found: Costs, party: str | None) -> list[Part]:
    own = [one for one in found.payments if party in {None, one.party, one.to}]
    if not own:
        return []
    rows = [
        (one.on, one.party, one.to or "the Region", one.purpose + (f" {one.instalment}" if one.instalment else ""),
         kronor(one.amount), one.reference or "", str(one.entry))
        for one in own
    ]  # fmt: skip
    heads = ("Day", "From", "To", "For", "Amount", "Reference", "Entry")
    return ["", title("Payments"), columns(*heads, rows=rows, right=("Amount", "Entry"))]


WHY = {
    "base": "the level that the terms state",
    "set": "set anew",
    "frozen": "not raised: the terms say so",
    "agreed": "raised by {change} %, as agreed",
    "index": "raised by {change} %, by the index",
}


RIGHT = ("Population", "Share", "Claimed", "Paid", "Balance", "Difference", "Entry")


def why(step: Basis) -> str:
    """How a year's level came about, in words."""
    return WHY[step.why].format(change=step.change) if step.why else "cannot be told"


def again(one: Instalment) -> list[Part]:
    """A line for each claim of an instalment beside the one that counts."""
    return [
        in_role(
            f"Instalment {one.number} is claimed again on {other.claimed_on}, {kronor(sum(other.claimed.values()))}"
            f" together [entry {other.entry}]; entry {one.entries[0]}, recorded before it, counts.",
            "open",
        )
        for other in one.claimed_again
    ]
