"""`liggare diff`: the differences between two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import two

if TYPE_CHECKING:
    from cli.question import Two


@click.command()
@click.option("--all", "every", is_flag=True, help="Show long lists in full.")
@two
def diff(compared: Two, every: bool) -> None:
    """The differences between two answers.

    Compares two days, or the record at two moments, and describes the differences section by section.

    \b
    Example:  liggare diff --known-at @40..@55
              liggare diff --on 2024-01-01..2024-12-31
    """
    from presentation import asking

    compared.answer(asking.diff(compared.sides, every=every))
