"""A claim for people: each municipality's amount, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presentation.blocks import columns, in_role, title
from presentation.phrases import doubt
from presentation.words import kronor

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.claim import Basis


def claimed(found: Basis) -> list[Part]:
    """The amounts under the level and the population that they rest on."""
    due = f", due {found.due}" if found.due else ""
    amounts = found.amounts or {}
    rows = [(party, kronor(amount)) for party, amount in sorted(amounts.items())]
    rows.append(("together", kronor(sum(amounts.values()))))
    parts: list[Part] = ["", title(f"Instalment {found.instalment} of {found.year}{due}"), *_basis(found)]
    parts += [columns("Municipality", "Claimed", rows=rows, right=("Claimed",))]
    parts += [
        in_role(f"{party} was claimed {kronor(-amount)} too much in instalment 1: a credit, due like a claim", "open")
        for party, amount in sorted(amounts.items())
        if amount < 0
    ]
    return [*parts, *doubt(found.uncertain)]


def _basis(found: Basis) -> list[Part]:
    level = f"Level {kronor(found.level)} [entry {found.level_entry}]" if found.level is not None else ""
    parts: list[Part] = [f"{level}, by the population of {found.counted_on} [entry {found.key_entry}]."]
    if found.level_of != found.year:
        told = (
            f"That is the level of {found.level_of}: the index is not read yet. What it changes lands in instalment 2."
        )
        parts.append(in_role(told, "open"))
    if found.awaits:
        told = f"That of {found.awaits} is not published yet; what it changes lands in instalment 2."
        parts.append(in_role(told, "open"))
    return parts
