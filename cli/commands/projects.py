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
    """Projects, their money, and costs borne.

    Grants and extra financing, which parties have decided it, and what each party has borne by year and kind.

    \b
    Example:  liggare projects --on 2025-06-30
    """
    from projections.projects import collaboration_projects

    asked.answer(collaboration_projects(asked.timeline, asked.on), "costs.projects:projects")
