"""`liggare settlement`: the accrued and remaining costs at the end of the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question, warn
from cli.session import question_day
from cli.suggestions import ids
from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted

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
    from ledger.rules.reference import party_kinds
    from projections.settlement import Supposed, settlement

    if ends_on is not None and if_withdraws is None:
        raise BadInput([(None, msg("--ends-on requires --if-withdraws PARTY, the party supposed to withdraw"))])
    if if_withdraws is not None and if_withdraws not in party_kinds(asked.timeline):
        what = msg("--if-withdraws: {value} is not a party to the agreement", value=quoted(if_withdraws))
        raise BadInput([(None, what)])
    end = question_day(ends_on, asked.on, "--ends-on") if ends_on is not None else None
    supposed = Supposed(if_withdraws, end) if if_withdraws is not None else None
    found = settlement(asked.timeline, asked.on, supposed)
    if supposed and not found.supposed:
        warn(
            msg(
                "--if-withdraws {party} changes nothing: the agreement ends on {end} without it",
                party=supposed.party, end=found.ended_on,
            )
        )  # fmt: skip
    asked.answer(found, "settlement:settlement")
