"""The settlement at the end of the agreement, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import kronor, marked, msg, together
from ledger.values import MONTHS
from presentation.blocks import columns, entries, in_role, number, open_, text, title, whole
from presentation.costs.year import untold
from presentation.phrases import foot, read_as
from presentation.words import hint, in_order, party_text

if TYPE_CHECKING:
    from presentation.blocks import Part, Words
    from projections.settlement import RemainingCommitment, Settlement, Year

Row = tuple["str | Words", ...]


def settlement(answer: Settlement) -> list[Part]:
    """Returns each party's balance, who pays whom, and the years and commitments behind the figures."""
    parts: list[Part] = [title(_head(answer)), *standing(answer)]
    if answer.ended_on is not None:
        parts += ["", *figures(answer), *_readings(answer)]
    missing = answer.cannot_tell if answer.ended_on else ()
    parts += untold(missing)
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def figures(answer: Settlement) -> list[Part]:
    """Returns the tables of a settlement: the balances, who pays whom, and the years and commitments behind them."""
    return [_parties(answer), *_transfers(answer), *_years(answer), *_commitments(answer)]


def sentence(answer: Settlement) -> str:
    """Returns what settles the balances at the end of the agreement, in one sentence."""
    end = answer.ended_on
    if end is None:
        return msg("On {on:long} there was nothing to settle: no end of the agreement was known.", on=answer.on)
    if answer.transfers is None:
        return msg("What the parties owe at the end of the agreement, on {end:long}, is unknown.", end=end)
    if not answer.transfers:
        return msg("At the end of the agreement, on {end:long}, nobody owes anything.", end=end)
    if answer.supposed:
        return msg(
            "If {parties} withdrew and the agreement ended on {end:long}, {transfers:payment|payments} would settle"
            " what the parties owe, {amount:kr} in all.",
            parties=together(map(party_text, answer.withdrawn_by)), end=end, transfers=len(answer.transfers),
            amount=sum(one.amount for one in answer.transfers),
        )  # fmt: skip
    return msg(
        "At the end of the agreement, on {end:long}, {transfers:payment settles|payments settle} what the parties owe,"
        " {amount:kr} in all.",
        end=end, transfers=len(answer.transfers), amount=sum(one.amount for one in answer.transfers),
    )  # fmt: skip


def _head(answer: Settlement) -> str:
    on, end, by = answer.on, answer.ended_on, answer.withdrawn_by
    parties = together(map(party_text, by))
    if end is None:
        return msg("Settlement on {on}: the agreement has not ended, and nobody has decided to withdraw", on=on)
    if answer.supposed:
        return msg(
            "Settlement if {parties} {by:?withdraws|withdraw} and the agreement ends on {end}; nothing is recorded",
            parties=parties, by=by, end=end,
        )  # fmt: skip
    if on >= end:
        return msg(
            "Settlement on {on}: the agreement ended on {end}, because {parties} withdrew",
            on=on,
            end=end,
            parties=parties,
        )
    return msg(
        "Settlement on {on}: the agreement ends on {end}, because {parties} {by:?withdraws|withdraw}",
        on=on, end=end, parties=parties, by=by,
    )  # fmt: skip


def standing(answer: Settlement) -> list[Part]:
    """Returns the lines that say whether a settlement is agreed, proposed or only supposed."""
    if answer.status == "agreed":
        return _agreed(answer)
    if answer.ended_on is None:
        if answer.supposed:
            nothing = msg("This withdrawal would end nothing: no version with that party would be in force then.")
            return [open_(nothing)]
        option = marked("See what it would be: --if-withdraws PARTY --ends-on DAY")
        return [hint(option, marked("Choose a party above to see what it would be if that party withdrew."))]
    proposed = answer.status == "proposed"
    return [open_(msg("Proposed: the parties agree on it separately.") if proposed else msg("As things stand."))]


def _agreed(answer: Settlement) -> list[Part]:
    agreed = msg("Agreed: each party bears what the settlement agreed states, not what is computed.")
    parts: list[Part] = [in_role(agreed, "done")]
    if answer.agreed_by:
        parts.append(in_role(msg("Agreed by {parties}.", parties=tuple(sorted(answer.agreed_by))), "done"))
    if answer.difference:
        differ = msg(
            "The shares agreed differ from the computed shares by {difference} together.",
            difference=_signed(answer.difference),
        )
        parts.append(open_(differ))
    return parts


def _signed(amount: int) -> str:
    return f"{'+' if amount > 0 else ''}{kronor(amount)}"


def _parties(answer: Settlement) -> Part:
    columns_of = [
        (number("Accrued"), answer.accrued, answer.total.accrued),
        (number("Remaining"), answer.remaining, answer.total.remaining),
        (number("Paid"), answer.paid, answer.total.paid),
        (number("Balance", keep=True), answer.balance, answer.total.balance),
    ]
    if answer.agreed is not None:
        columns_of.insert(2, (number("Agreed", keep=True), answer.agreed, sum(answer.agreed.values())))
    parties = answer.accrued or answer.paid or {}
    rows: list[Row] = [
        (
            party_text(party),
            *(_amount(amounts.get(party, 0) if amounts is not None else None) for _, amounts, _ in columns_of),
        )
        for party in in_order(parties)
    ]
    rows.append((msg("together"), *(_amount(total) for _, _, total in columns_of)))
    return columns(whole("Party"), *(head for head, _, _ in columns_of), rows=rows)


def _amount(amount: int | None) -> str | Words:
    return open_(msg("unknown")) if amount is None else kronor(amount)


def _transfers(answer: Settlement) -> list[Part]:
    if answer.transfers is None:
        return []
    rows = [(party_text(one.from_), party_text(one.to), kronor(one.amount)) for one in answer.transfers]
    if not rows:
        return ["", msg("Nobody owes anything.")]
    return ["", title(msg("Who pays whom")), columns(whole("From"), whole("To"), number("Amount"), rows=rows)]


def _years(answer: Settlement) -> list[Part]:
    rows = [_year(one) for one in answer.years if one.elapsed]
    heads = (whole("Year"), number("Level"), whole("Until the end", keep=True), number("Cost", keep=True),
             whole("Population of"), entries("Entries", right=False))  # fmt: skip
    return ["", title(msg("Accrued")), columns(*heads, rows=rows)] if rows else []


def _year(one: Year) -> Row:
    return (str(one.year), _amount(one.level), _elapsed(one), _amount(one.total), str(one.counted_on or ""),
            ", ".join(map(str, one.entries)))  # fmt: skip


def _elapsed(one: Year) -> str:
    if one.parts == 1:
        return msg("the year")
    if one.parts == MONTHS:
        return msg("{elapsed} of {parts} months", elapsed=one.elapsed, parts=one.parts)
    return msg("{elapsed} of {parts} days", elapsed=one.elapsed, parts=one.parts)


def _commitments(answer: Settlement) -> list[Part]:
    rows = [_commitment(one) for one in answer.commitments]
    heads = (whole("Commitment"), text("Description"), whole("Period"), number("Whole cost"),
             whole("After the end", keep=True), number("Remaining", keep=True), entries("Entry"))  # fmt: skip
    return ["", title(msg("Remaining")), columns(*heads, rows=rows)] if rows else []


def _commitment(one: RemainingCommitment) -> Row:
    after = msg("{days} of {of:day|days}", days=one.days, of=one.of)
    return (one.commitment, one.description, _span(one), kronor(one.amount), after, kronor(one.remaining),
            str(one.entry))  # fmt: skip


def _span(one: RemainingCommitment) -> str:
    if one.released:
        return msg("{since} to {until}, released {day}", since=one.since, until=one.until, day=one.released)
    return msg("{since} to {until}", since=one.since, until=one.until)


def _readings(answer: Settlement) -> list[Part]:
    """Returns the readings of the end, and the readings of each year that differ from the readings of the end.

    Readings that affect no figure are left out.
    """
    of_end = {question: one.reading for question, one in answer.readings.items()}
    of_years = {one.year: one.readings for one in answer.years if one.elapsed}
    if of_years and not answer.commitments:  # without commitments, the end itself has no cost to share
        of_end |= {name: reading for name, reading in of_years[max(of_years)].items() if name in of_end}
    return ["", *read_as(of_end, of_years)]
