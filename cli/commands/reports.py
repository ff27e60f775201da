"""`liggare reports`: the group reports for a half-year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question
from cli.suggestions import half_years
from presentation.parameters import half_year_given

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
    from presentation import asking

    asked.answer(asking.reports(asked.asking, half_year_given(half_year)))
