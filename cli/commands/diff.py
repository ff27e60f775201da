"""`liggare diff`: the differences between two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import two
from presentation.json_documents import diff_document

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
    from projections.diff import diff

    days = (compared.first, compared.last)
    found = diff(compared.earlier, compared.later, days, compared.names())
    compared.answer(found, "diff:whole" if every else "diff:diff", diff_document)
