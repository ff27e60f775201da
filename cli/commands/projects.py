"""`liggare projects`: projects with their funding, and the costs borne."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@question
def projects(asked: Asked) -> None:
    """Projects, their funding, and costs borne.

    Shows grants, extra financing with the parties that have decided on it, and the costs that each party has borne, by
    year and kind.

    \b
    Example:  liggare projects --on 2025-06-30
    """
    from presentation import asking

    asked.answer(asking.projects(asked.asking))
