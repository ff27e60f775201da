"""`liggare council`: the body and its seats on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@question
def council(asked: Asked) -> None:
    """Members, posts, vacancies and experts on a day.

    \b
    Example:  liggare council --on 2024-05-01 --known-at 2024-06-30
    """
    from presentation import asking

    asked.answer(asking.council(asked.asking))
