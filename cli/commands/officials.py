"""`liggare officials`: the management group, and the officials who support the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@question
def officials(asked: Asked) -> None:
    """The management group, and who supports the groups.

    Shows the holder of each office on a day, the vacant offices, and the officials of each collaboration group.

    \b
    Example:  liggare officials --on 2025-03-01
    """
    from presentation import asking

    asked.answer(asking.officials(asked.asking))
