"""Questions about meetings, groups and their reports, and what differs between two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import question, two
from cli.session import half_year_given
from presentation.documents import diff_document

if TYPE_CHECKING:
    from cli.options import Asked, Two


@click.command()
@click.option("--year", type=click.IntRange(1900, 2199), metavar="Y", help="The year.  [default: that of the day]")
@question
def meetings(asked: Asked, year: int | None) -> None:
    """A year's meetings: notices, minutes, recommendations.

    With presence, dispatch, each addressee's answer, and requests for meetings; also the items that stand over
    (adjourned or referred back, and on no agenda since), and the gaps in the paragraphs of the body's minutes.

    \b
    Example:  liggare meetings --year 2025
              liggare meetings --year 2025 --on 2025-06-30 --known-at 2025-07-01
    """
    from projections.meetings import meetings

    asked.answer(meetings(asked.timeline, asked.on, year or asked.on.year), "meetings:meetings")


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


@click.command()
@two
def diff(compared: Two) -> None:
    """What differs between two answers.

    Between two days, or what was learnt between two moments, in words, section by section.

    \b
    Example:  liggare diff --known-at @40..@55
              liggare diff --on 2024-01-01..2024-12-31
    """
    from projections.diff import diff

    days = (compared.first, compared.last)
    found = diff(compared.earlier, compared.later, days, compared.names())
    compared.answer(found, "diff:diff", diff_document)
