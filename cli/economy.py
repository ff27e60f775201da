"""Questions about the money beside the level: who was present, projects, costs borne."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import question
from cli.session import half_year_given
from ledger.errors import BadInput

if TYPE_CHECKING:
    from cli.options import Asked


@click.command()
@click.option("--csv", "as_csv", is_flag=True, help="A row for each person and meeting, for payroll.")
@click.argument("half_year")
@question
def attendance(asked: Asked, half_year: str, as_csv: bool) -> None:
    """Who was present in a half-year, by party.

    At meetings of the body and of groups, and how often: each party pays its own members. Whoever was no member
    that day stands apart.

    \b
    Example:  liggare attendance 2025H1
              liggare attendance 2025H1 --csv > attendance.csv
    """
    from projections.attendance import attendance

    if as_csv and asked.as_json:
        raise BadInput([(None, "give either --csv or --json")])
    found = attendance(asked.timeline, half_year_given(half_year), asked.on, asked.names())
    asked.answer(found, "payroll:attendance" if as_csv else "tables_economy:attendance")


@click.command()
@question
def projects(asked: Asked) -> None:
    """Projects, their money, and costs borne.

    Grants and extra financing, which parties have decided it, and what each party has borne by year and kind.

    \b
    Example:  liggare projects --on 2025-06-30
    """
    from projections.projects import collaboration_projects

    asked.answer(collaboration_projects(asked.timeline, asked.on), "tables_economy:projects")
