"""`liggare explain`: a provision, and how it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question, refuse_unknown, warn_of_nothing_about
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
    from presentation.json_documents import explain_document
    from projections.explain import explain, unknown

    refuse_unknown(unknown(provision, subject))
    found = explain(asked.timeline, asked.on, asked.names(), provision, subject)
    warn_of_nothing_about(asked, subject, found=bool(found.findings))
    asked.answer(found, "explain:explain", explain_document)
