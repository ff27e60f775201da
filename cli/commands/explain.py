"""`liggare explain`: a provision, and how it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question
from cli.suggestions import provisions, subjects

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@click.argument("provision", shell_complete=provisions)
@click.option(
    "--subject", metavar="KIND:ID", shell_complete=subjects, help="Only this subject, such as meeting:srb-2025-1."
)
@question
def explain(asked: Asked, provision: str, subject: str | None) -> None:
    """A provision, and how it was judged.

    PROVISION is the name of a provision, or of a gap in the agreement, such as quorum. Shows what the provision says
    in our words, how it is enforced, its findings with the entries behind them, and how its ambiguous passages are
    read.

    \b
    Example:  liggare explain notice --on 2025-03-01
              liggare explain group-reports --subject group:kultur/2025H1
    """
    from presentation import asking

    asked.answer(asking.explain(asked.asking, provision, subject=subject))
