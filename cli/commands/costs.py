"""`liggare costs`: the level, shares, claims, payments and balances of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from cli.options import of_a_year
from cli.question import question
from cli.suggestions import ids
from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted

if TYPE_CHECKING:
    from cli.question import Asked
    from presentation.costs.year import YearOfCosts
    from projections.costs import Costs


@click.command("costs")
@click.option(
    "--explain", "explained", is_flag=True, help="Every step: level, raises, population, shares, claims, payments."
)
@click.option(
    "--party",
    metavar="PARTY",
    shell_complete=ids("party"),
    help="Only this municipality, with its account for the year.",
)
@of_a_year
@question
def costs_(asked: Asked, year: int | None, party: str | None, explained: bool) -> None:
    """Level, shares, claims, payments, balances of a year.

    All figures are as of a day. With --reading, also shows the difference from the figures under the recorded readings.

    \b
    Example:  liggare costs 2025
              liggare costs 2025 --party sala --on 2025-08-15
              liggare costs 2026 --explain --reading population-day=1-nov
    """
    from presentation.costs.year import YearOfCosts
    from projections.account import account
    from projections.costs import costs, difference

    if year is None:
        raise BadInput([(None, msg("the year is missing: liggare costs 2025"))])
    found = costs(asked.timeline, year, asked.on)
    if party is not None and party not in found.balance:
        raise BadInput([(None, _no_sharer(party, found))])
    told = YearOfCosts(
        found,
        explained,
        account(asked.timeline, party, asked.on, year) if party else None,
        difference(found, costs(asked.recorded, year, asked.on)) if asked.assumed else None,
    )
    asked.answer(told, "costs.year:costs", _document)


def _no_sharer(party: str, found: Costs) -> str:
    if not found.balance:
        return msg(
            "--party: {value} is not among those that share the cost: there are none in {year}",
            value=quoted(party), year=found.year,
        )  # fmt: skip
    return msg(
        "--party: {value} is not among those that share the cost: {parties}",
        value=quoted(party), parties=tuple(found.balance),
    )  # fmt: skip


def _document(told: YearOfCosts) -> dict[str, Any]:
    from presentation.json_documents import document

    beside = {"statement": told.account, "difference": told.difference}
    return document(told.costs) | {name: to_builtins(one) for name, one in beside.items() if one}
