"""`liggare activities`: the consultations, theme days, conferences and seminars held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@question
def activities(asked: Asked) -> None:
    """Consultations, theme days, conferences and seminars.

    Lists every activity held by the day, with its kind, title, place and organisers.

    \b
    Example:  liggare activities --on 2025-12-31
    """
    from presentation import asking

    asked.answer(asking.activities(asked.asking))
