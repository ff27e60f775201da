"""`liggare settlement`: the accrued and remaining costs at the end of the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question
from cli.suggestions import ids
from presentation.parameters import question_day

if TYPE_CHECKING:
    from cli.question import Asked


@click.command("settlement")
@click.option("--ends-on", metavar="DAY", help="With --if-withdraws: the first day without the agreement.")
@click.option(
    "--if-withdraws",
    metavar="PARTY",
    shell_complete=ids("party"),
    help="Suppose that this party withdraws; nothing is recorded.",
)
@question
def settlement_(asked: Asked, if_withdraws: str | None, ends_on: str | None) -> None:
    """Accrued and remaining costs at the end, and who owes whom.

    The settlement is a proposal until the parties agree on one. --if-withdraws computes it for an end that nobody has
    decided.

    \b
    Example:  liggare settlement --on 2026-03-01
              liggare settlement --if-withdraws sala --ends-on 2027-01-01
    """
    from presentation import asking

    end = question_day(ends_on, asked.on, "--ends-on") if ends_on is not None else None
    asked.answer(asking.settlement(asked.asking, if_withdraws=if_withdraws, ends_on=end))
