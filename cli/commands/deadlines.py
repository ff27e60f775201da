"""`liggare deadlines`: the tasks that are overdue, open or due later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question
from presentation.parameters import question_day

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@click.option("--until", metavar="DAY", help="List tasks due by this day, and all open tasks.  [default: a year ahead]")
@question
def deadlines(asked: Asked, until: str | None) -> None:
    """The wheel of the year: what is due, and overdue.

    Covers minutes, notices, meetings, reports, seats, terms and the level. A task for which the agreement sets no day
    is open until it is done.

    \b
    Example:  liggare deadlines
              liggare deadlines --on 2025-03-01 --until 2025-12-31
    """
    from presentation import asking

    last = None if until is None else question_day(until, asked.on, "--until")
    asked.answer(asking.deadlines(asked.asking, until=last))
