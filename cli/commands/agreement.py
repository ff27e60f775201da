"""`liggare agreement`: the version in force, and the parties that have adopted it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@question
def agreement(asked: Asked) -> None:
    """The version in force, and who has adopted it.

    Shows each party's decision, the version in force, pending versions, the terms and the readings.

    \b
    Example:  liggare agreement --on 2023-03-01
              liggare agreement --on 2023-03-01 --known-at @12 --json
    """
    from presentation import asking

    asked.answer(asking.agreement(asked.asking))
