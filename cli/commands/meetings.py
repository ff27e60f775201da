"""`liggare meetings`: the meetings of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import of_a_year
from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@of_a_year
@question
def meetings(asked: Asked, year: int | None) -> None:
    """A year's meetings: notices, minutes, recommendations.

    The default year is that of the day asked about. Also shows attendance, dispatch, each addressee's answer, requests
    for meetings, the items left over (adjourned or referred back, and on no agenda since), and the gaps in the
    paragraph numbers (§) of the minutes.

    \b
    Example:  liggare meetings 2025
              liggare meetings 2025 --on 2025-06-30 --known-at 2025-07-01
    """
    from presentation import asking

    asked.answer(asking.meetings(asked.asking, year))
