"""`liggare costs`: the level, shares, claims, payments and balances of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import of_a_year
from cli.question import question
from cli.suggestions import ids
from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from cli.question import Asked


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
    from presentation import asking

    if year is None:
        raise BadInput([(None, msg("the year is missing: liggare costs 2025"))])
    asked.answer(asking.costs(asked.asking, year, party=party, explained=explained))
