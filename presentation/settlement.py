"""The settlement at the end, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import counted
from presentation.blocks import columns, in_role, title
from presentation.costs.year import untold
from presentation.phrases import foot, read_as
from presentation.words import kronor

if TYPE_CHECKING:
    from presentation.blocks import Part, Words
    from projections.settlement import Commitment, Settlement, Year

Row = tuple["str | Words", ...]
RIGHT = ("Accrued", "Remaining", "Agreed", "Paid", "Balance", "Level", "Cost", "Whole cost", "Amount", "Days", "Entry")


def settlement(answer: Settlement) -> list[Part]:
    """Who owes whom, and what it is made of."""
    parts: list[Part] = [title(_head(answer)), *_status(answer)]
    if answer.ended_on is not None:
        parts += ["", _parties(answer), *_transfers(answer), *_years(answer), *_commitments(answer)]
        parts += _readings(answer)
    missing = answer.cannot_tell if answer.ended_on else ()
    parts += untold(missing)
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _head(answer: Settlement) -> str:
    who = " and ".join(answer.withdrawn_by)
    withdraw = "withdraws" if len(answer.withdrawn_by) == 1 else "withdraw"
    if answer.ended_on is None:
        return f"Settlement on {answer.on}: the agreement has not ended, and nobody has decided to withdraw"
    if answer.supposed:
        return f"Settlement if {who} {withdraw} and the agreement ends on {answer.ended_on}; nothing is recorded"
    ended = f"ended on {answer.ended_on}, for {who} withdrew"
    ends = ended if answer.on >= answer.ended_on else f"ends on {answer.ended_on}, for {who} {withdraw}"
    return f"Settlement on {answer.on}: the agreement {ends}"


def _status(answer: Settlement) -> list[Part]:
    if answer.status == "agreed":
        said = ["Agreed: what each bears is what the settlement agreed says, not what is computed."]
        if answer.agreed_by:
            said.append(f"Agreed by {', '.join(sorted(answer.agreed_by))}.")
        if answer.difference:
            said.append(f"The shares agreed differ from what is computed by {_signed(answer.difference)} together.")
        return [in_role(one, "open" if one.startswith("The") else "done") for one in said]
    if answer.ended_on is None:
        if answer.supposed:
            return [
                in_role("Such a withdrawal would end nothing: no version with that party is in force then.", "open")
            ]
        return ["See what it would be: --if-withdraws PARTY --ends-on DAY"]
    said = ["Proposed: the parties agree on it separately."] if answer.status == "proposed" else ["As it stands."]
    return [in_role(said[0], "open")]


def _signed(amount: int) -> str:
    return f"{'+' if amount > 0 else ''}{kronor(amount)}"


def _parties(answer: Settlement) -> Part:
    columns_of = [("Accrued", answer.accrued, answer.total.accrued), ("Remaining", answer.remaining,
                  answer.total.remaining), ("Paid", answer.paid, answer.total.paid),
                  ("Balance", answer.balance, answer.total.balance)]  # fmt: skip
    if answer.agreed is not None:
        columns_of.insert(2, ("Agreed", answer.agreed, sum(answer.agreed.values())))
    parties = answer.accrued or answer.paid or {}
    rows: list[Row] = [
        (party, *(_amount(amounts.get(party, 0) if amounts is not None else None) for _, amounts, _ in columns_of))
        for party in parties
    ]
    rows.append(("together", *(_amount(total) for _, _, total in columns_of)))
    return columns("Party", *(name for name, _, _ in columns_of), rows=rows, right=RIGHT)


def _amount(amount: int | None) -> str | Words:
    return in_role("unknown", "open") if amount is None else kronor(amount)


def _transfers(answer: Settlement) -> list[Part]:
    if answer.transfers is None:
        return []
    rows = [(one.from_, one.to, kronor(one.amount)) for one in answer.transfers]
    if not rows:
        return ["", "Nobody owes anything."]
    return ["", title("Who pays whom"), columns("From", "To", "Amount", rows=rows, right=RIGHT)]


def _years(answer: Settlement) -> list[Part]:
    rows = [_year(one) for one in answer.years if one.elapsed]
    heads = ("Year", "Level", "Until the end", "Cost", "Population of", "Entries")
    return ["", title("Accrued"), columns(*heads, rows=rows, right=RIGHT)] if rows else []


def _year(one: Year) -> Row:
    unit = "the year" if one.parts == 1 else f"{one.elapsed} of {one.parts} {'months' if one.parts == 12 else 'days'}"
    return (str(one.year), _amount(one.level), unit, _amount(one.total), str(one.counted_on or ""),
            ", ".join(map(str, one.entries)))  # fmt: skip


def _commitments(answer: Settlement) -> list[Part]:
    rows = [_commitment(one) for one in answer.commitments]
    heads = ("Commitment", "", "Days", "Whole cost", "After the end", "Remaining", "Entry")
    return ["", title("Remaining"), columns(*heads, rows=rows, right=RIGHT)] if rows else []


def _commitment(one: Commitment) -> Row:
    released = f", released {one.released}" if one.released else ""
    span = f"{one.since} to {one.until}{released}"
    return (one.commitment, one.description, span, kronor(one.amount), f"{one.days} of {counted(one.of, 'day')}",
            kronor(one.remaining), str(one.entry))  # fmt: skip


def _readings(answer: Settlement) -> list[Part]:
    """Those of the end, and of each year those that it is read otherwise by. What nothing rests on is left out."""
    of_end = {question: one.reading for question, one in answer.readings.items()}
    of_years = {one.year: one.readings for one in answer.years if one.elapsed}
    if of_years and not answer.commitments:  # then the end shares nothing itself
        of_end |= {name: reading for name, reading in of_years[max(of_years)].items() if name in of_end}
    return ["", *read_as(of_end, of_years)]
