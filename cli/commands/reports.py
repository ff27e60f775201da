"""`liggare reports`: the group reports for a half-year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question
from cli.session import half_year_given
from cli.suggestions import half_years

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@click.argument("half_year", shell_complete=half_years)
@question
def reports(asked: Asked, half_year: str) -> None:
    """The group reports of a half-year.

    Shows whether each report is owed, received, late, missing or not yet due.

    \b
    Example:  liggare reports 2025H1
              liggare reports 2025H1 --on 2025-06-30
    """
    from projections.reports import reports

    found = reports(asked.timeline, half_year_given(half_year), asked.on, asked.names())
    asked.answer(found, "groups:reports")
