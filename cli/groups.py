"""`liggare groups` and `liggare reports`: the collaboration groups and their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import question
from cli.session import half_year_given

if TYPE_CHECKING:
    from cli.options import Asked


@click.command()
@question
def groups(asked: Asked) -> None:
    """The collaboration groups, with their people.

    On a day: their terms, members and officials.

    \b
    Example:  liggare groups --on 2025-03-01
    """
    from projections.groups import collaboration_groups

    asked.answer(collaboration_groups(asked.timeline, asked.on, asked.names()), "groups:groups")


@click.command()
@click.argument("half_year")
@question
def reports(asked: Asked, half_year: str) -> None:
    """The group reports of a half-year.

    Owed, received, late, missing or not yet due.

    \b
    Example:  liggare reports 2025H1
              liggare reports 2025H1 --on 2025-06-30
    """
    from projections.reports import reports

    found = reports(asked.timeline, half_year_given(half_year), asked.on, asked.names())
    asked.answer(found, "groups:reports")
