"""`liggare findings`: the audit of every entry, and of the day itself, against the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question
from cli.suggestions import provisions, subjects
from presentation.parameters import question_day

if TYPE_CHECKING:
    from cli.question import Asked

BREACH = 1  # the exit code when a breach that is more than advisory is found


@click.command()
@click.option("--since", metavar="DAY", help="Only findings that begin on this day or later.")
@click.option(
    "--subject",
    metavar="KIND:ID",
    shell_complete=subjects,
    help="Only this subject, such as seat:sala/opposition-leader.",
)
@click.option("--provision", metavar="SLUG", shell_complete=provisions, help="Only this provision, such as size.")
@click.option("--all", "all_verdicts", is_flag=True, help="Show every verdict, not only breaches.")
@question
def findings(asked: Asked, since: str | None, **narrowed: str) -> None:
    """The audit: breaches of the agreement.

    Exits 1 if a breach is more than advisory. A flag on an act holds from its day on, for ever; any other finding holds
    for as long as its cause lasts.

    \b
    Example:  liggare findings --on 2024-05-01
              liggare findings --all --provision vice-chairs
    """
    from presentation import asking

    start = question_day(since, asked.on, "--since") if since is not None else None
    answer = asking.findings(asked.asking, since=start, **narrowed)  # type: ignore[arg-type]
    asked.answer(answer)
    if any(one.verdict == "breach" and not one.advisory for one in answer.found.findings):
        raise click.exceptions.Exit(BREACH)
