"""The costs of a year step by step: level, raises, population key, shares, claims and payments, each with its entry."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.messages import filled, grouped, kronor, marked, msg, term
from presentation.blocks import columns, entries, in_role, number, open_, text, title, whole
from presentation.phrases import read_as
from presentation.words import alphabetical, in_order, party_text

if TYPE_CHECKING:
    from presentation.blocks import Part, Role, Words
    from projections.costs import Costs, Instalment, LevelStep, Payment
    from projections.costs import Part as Claimed

Row = tuple["str | Words", ...]


def explained(found: Costs, party: str | None) -> list[Part]:
    """Returns all steps of a year's costs, for every municipality or, when `party` is given, for that municipality
    alone.
    """
    return [*_levels(found), "", *_shares(found, party), *_claims(found, party), *_payments(found, party)]


def _levels(found: Costs) -> list[Part]:
    rows: list[Row] = [
        (str(step.year), kronor(step.level) if step.level is not None else open_(msg("unknown")), why(step),
         str(step.entry or ""))
        for step in found.basis
    ]  # fmt: skip
    of_years = {step.year: step.readings for step in found.basis if step.readings}
    told = read_as(of_years[max(of_years)], of_years) if of_years else []
    heads = (whole("Year"), number("Level", keep=True), text("How it came about"), entries("Entry"))
    return [title(msg("Level")), *told, columns(*heads, rows=rows)]


def _shares(found: Costs, party: str | None) -> list[Part]:
    parts: list[Part] = [title(msg("Shares"))]
    read = {question: one.reading for question, one in found.readings.items()}
    parts += read_as({name: read[name] for name in ("municipal-share", "population-day", "rounding")}, {})
    if found.part is not None:
        if found.rest:
            parts.append(
                msg(
                    "The municipalities carry {part:kr} together, the Region {rest:kr}.",
                    part=found.part, rest=found.rest,
                )
            )  # fmt: skip
        else:
            parts.append(msg("The municipalities carry {part:kr} together.", part=found.part))
    if found.key is None or found.shares is None or found.part is None:
        return [*parts, open_(msg("The shares are unknown."))]
    total = sum(found.key.figures[one] for one in found.shares)
    population = msg(
        "Population of {day}: {total} together [entry {entry}].", day=found.key.day, total=total, entry=found.key.entry
    )
    rows = [
        (party_text(one), str(found.key.figures[one]), exact(Fraction(found.part * found.key.figures[one], total)),
         kronor(found.shares[one]))
        for one in in_order(found.shares)
        if party in {None, one}
    ]  # fmt: skip
    heads = (whole("Municipality"), number("Population"), number("Exact"), number("Share", keep=True))
    return [*parts, population, columns(*heads, rows=rows)]


def exact(ore: Fraction) -> str:
    """Returns a share before rounding, in kronor, truncated after six decimals."""
    millionths = ore.numerator * 10_000 // ore.denominator
    whole, rest = divmod(millionths, 1_000_000)
    return f"{grouped(whole)},{rest:06d}"


def _claims(found: Costs, party: str | None) -> list[Part]:
    parts: list[Part] = []
    for one in found.instalments:
        parts += ["", title(msg("Instalment {number}, due {due}", number=one.number, due=one.due))]
        if not one.entries:
            parts.append(in_role(_not_claimed(_of(one.computed, party)), "quiet"))
            continue
        claimed = msg(
            "Claimed on {claimed_on}, on level {level:kr} and the population of {counted_on} [entry {entry}].",
            claimed_on=one.claimed_on, level=one.level, counted_on=one.counted_on, entry=one.entries[0],
        )  # fmt: skip
        parts += [claimed, *again(one)]
        claims = [part for part in found.parts if part.instalment == one.number and party in {None, part.party}]
        rows = [_claim(part) for part in sorted(claims, key=lambda part: alphabetical(part.party))]
        heads = (whole("Municipality"), number("Claimed", keep=True), number("Paid"), text("", keep=True),
                 entries("Entries", right=False))  # fmt: skip
        parts.append(columns(*heads, rows=rows))
    return parts


def _not_claimed(computed: int | None) -> str:
    if computed is None:
        return msg("Not claimed.")
    return msg("Not claimed; as now computed it would be {computed:kr}.", computed=computed)


def _of(amounts: dict[str, int] | None, party: str | None) -> int | None:
    if amounts is None:
        return None
    return sum(amounts.values()) if party is None else amounts.get(party)


def _claim(one: Claimed) -> Row:
    entries = ", ".join(map(str, one.entries))
    return party_text(one.party), kronor(one.claimed), kronor(one.paid), stands(one), entries


def stands(one: Claimed) -> Words:
    """Returns what became of a claim: paid, late, short, not paid, or to be repaid."""
    said = filled(STANDS[_standing(one)], {
        "paid_on": one.paid_on, "days": one.days_late, "short": one.short, "over": one.over,
    })  # fmt: skip
    if one.over and one.status != "credit":
        said = msg("{stands}, {over:kr} over", stands=said, over=one.over)
    role: Role = "" if one.status in {"paid", "not-due"} else "open"
    return in_role(said, role)


STANDS = {
    "not-due": marked("not due yet"),
    "paid": marked("paid on {paid_on}"),
    "repaid": marked("repaid on {paid_on}"),
    "nothing": marked("nothing to pay"),
    "late": marked("paid on {paid_on}, {days:day|days} late"),
    "short": marked("{short:kr} short"),
    "unpaid": marked("not paid"),
    "credit": marked("{over:kr} to be repaid"),
    "settled": marked("went into the settlement"),
}


def _standing(one: Claimed) -> str:
    """Returns the key of `STANDS` that describes the status of a claim."""
    if one.status == "paid" and not one.paid_on:
        return "nothing"
    return "repaid" if one.status == "paid" and one.claimed < 0 else one.status


def _payments(found: Costs, party: str | None) -> list[Part]:
    own = [one for one in found.payments if party in {None, one.party, one.to}]
    if not own:
        return []
    rows = [
        (one.on, party_text(one.party), party_text(one.to) if one.to else msg("the Region"), _purpose(one),
         kronor(one.amount), one.reference or "", str(one.entry))
        for one in own
    ]  # fmt: skip
    heads = (whole("Day"), whole("From", keep=True), whole("To"), whole("For"), number("Amount", keep=True),
             whole("Reference"), entries("Entry"))  # fmt: skip
    return ["", title(msg("Payments")), columns(*heads, rows=rows)]


def _purpose(one: Payment) -> str:
    if one.instalment:
        return msg("{purpose} {instalment}", purpose=one.purpose, instalment=one.instalment)
    return term("purpose", one.purpose)


WHY = {
    "base": marked("the level that the terms state"),
    "set": marked("set anew"),
    "frozen": marked("not raised: the terms say so"),
    "agreed": marked("raised by {change:decimal} %, as agreed"),
    "index": marked("raised by {change:decimal} %, by the index"),
}


def why(step: LevelStep) -> str:
    """Returns in words how a year's level came about."""
    return filled(WHY[step.why], {"change": step.change}) if step.why else msg("unknown")


def again(one: Instalment) -> list[Part]:
    """Returns a line for each claim of an instalment other than the claim that takes effect."""
    lines = [
        msg(
            "Instalment {number} is claimed again on {day}, {amount:kr} together [entry {entry}]; entry {first},"
            " recorded before it, counts.",
            number=one.number, day=other.claimed_on, amount=sum(other.claimed.values()), entry=other.entry,
            first=one.entries[0],
        )
        for other in one.claimed_again
    ]  # fmt: skip
    return [open_(line) for line in lines]
