"""`liggare history`: the entries of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question, refuse_unknown

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@click.option("--event", metavar="NAME", help="Only entries of this event, as member-appointed.")
@click.option("--entry", type=int, metavar="N", help="Only this entry.")
@click.option("--about", metavar="TAG", help="Only entries that name this, as party:sala or person:p1.")
@question
def history(asked: Asked, **narrowed: str) -> None:
    """The entries, annulled ones struck out.

    By position, each with its source, when and by whom it was recorded, and what annulled it.

    \b
    Example:  liggare history --about person:p7
    """
    from projections.history import Wanted, history, unknown

    wanted = Wanted(on=asked.on if asked.day_given else None, **narrowed)  # type: ignore[arg-type]
    refuse_unknown(unknown(wanted))
    asked.answer(history(asked.timeline, asked.names(), wanted), "record:history")
    whole = asked.ledger.timeline()
    asked.session.astray(whole.at(whole.head).recorded_at if whole.head else "")
