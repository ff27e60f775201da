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
    """Who has adopted it, and what is in force.

    The adoption board, the version in force, what is pending, the terms and readings.

    \b
    Example:  liggare agreement --on 2023-03-01
              liggare agreement --on 2023-03-01 --known-at @12 --json
    """
    from projections.agreement import agreement

    asked.answer(agreement(asked.timeline, asked.on), "agreement:agreement")
