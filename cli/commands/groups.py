"""`liggare groups`: the collaboration groups on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@question
def groups(asked: Asked) -> None:
    """The collaboration groups, with their people.

    Shows each group's terms, members and officials on a day.

    \b
    Example:  liggare groups --on 2025-03-01
    """
    from presentation import asking

    asked.answer(asking.groups(asked.asking))
