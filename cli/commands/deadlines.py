"""`liggare deadlines`: what is overdue, open and due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from cli.question import question
from cli.session import question_day
from ledger.errors import BadInput

if TYPE_CHECKING:
    from cli.question import Asked

AHEAD = timedelta(days=365)


@click.command()
@click.option("--until", metavar="DAY", help="What is due by this day, and all that is open.  [default: a year ahead]")
@question
def deadlines(asked: Asked, until: str | None) -> None:
    """The wheel of the year: what is due, and overdue.

    Minutes, notices, meetings, reports, seats, terms, the level. Where the text sets no day, it is open until done.

    \b
    Example:  liggare deadlines
              liggare deadlines --on 2025-03-01 --until 2025-12-31
    """
    from presentation.json_documents import deadlines_document
    from projections.deadlines import deadlines

    last = question_day(until, asked.on + AHEAD, "--until")
    if last < asked.on:
        raise BadInput([(None, f"--until: {last} comes before the day asked about, {asked.on}")])
    asked.answer(deadlines(asked.timeline, asked.on, last), "deadlines:deadlines", deadlines_document)
