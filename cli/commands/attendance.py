"""`liggare attendance`: who was present in a half-year, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question
from cli.suggestions import half_years
from ledger.messages import msg
from presentation.parameters import half_year_given

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@click.argument("half_year", shell_complete=half_years)
@question
def attendance(asked: Asked, half_year: str) -> None:
    """Who was present in a half-year, by party.

    Counts meetings of the body and of groups for each person, since each party pays its own members. Persons who
    were no member on the day are listed separately. As CSV, there is a row for each person and meeting, for payroll.

    \b
    Example:  liggare attendance 2025H1
              liggare attendance 2025H1 --csv > attendance.csv
    """
    from presentation import asking

    answer = asking.attendance(asked.asking, half_year_given(half_year))
    asked.answer(answer)
    if asked.form in {"csv", "csv-excel", "xlsx"} and (uncertain := answer.found.uncertain):
        doubt = msg("not certain: the day is inexact in {entries:?entry|entries} {entries}", entries=uncertain)
        click.echo(f"liggare: {doubt}", err=True)
