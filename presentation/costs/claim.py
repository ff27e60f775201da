"""A claim of an instalment as blocks: each municipality's amount, and the figures behind the amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import kronor, msg
from presentation.blocks import columns, number, open_, title, whole
from presentation.phrases import doubt
from presentation.words import in_order, party_text

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.claim import ClaimBasis


def claimed(found: ClaimBasis) -> list[Part]:
    """Returns the level and the population behind a claim, and then the amount claimed from each municipality."""
    amounts = found.amounts or {}
    rows = [(party_text(party), kronor(amounts[party])) for party in in_order(sorted(amounts))]
    rows.append((msg("together"), kronor(sum(amounts.values()))))
    parts: list[Part] = ["", title(_head(found)), *_basis(found)]
    parts += [columns(whole("Municipality"), number("Claimed"), rows=rows)]
    credits_ = [
        msg(
            "{party} was claimed {amount:kr} too much in instalment 1: a credit, due like a claim",
            party=party, amount=-amount,
        )
        for party, amount in sorted(amounts.items())
        if amount < 0
    ]  # fmt: skip
    return [*parts, *(open_(one) for one in credits_), *doubt(found.uncertain)]


def _head(found: ClaimBasis) -> str:
    if found.due:
        return msg("Instalment {number} of {year}, due {due}", number=found.instalment, year=found.year, due=found.due)
    return msg("Instalment {number} of {year}", number=found.instalment, year=found.year)


def _basis(found: ClaimBasis) -> list[Part]:
    parts: list[Part] = [
        msg(
            "Level {level:kr} [entry {level_entry}], by the population of {counted_on} [entry {key_entry}].",
            level=found.level, level_entry=found.level_entry, counted_on=found.counted_on, key_entry=found.key_entry,
        )
    ]  # fmt: skip
    if found.level_of != found.year:
        earlier = msg(
            "This is the level of {year}, since the index is not known yet. The difference goes into instalment 2.",
            year=found.level_of,
        )
        parts.append(open_(earlier))
    if found.awaits:
        awaited = msg(
            "The population of {day} is not published yet; the difference goes into instalment 2.", day=found.awaits
        )
        parts.append(open_(awaited))
    return parts
