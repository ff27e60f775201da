"""`liggare history`: the entries of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.options import ENTRY, Number
from cli.question import question
from cli.suggestions import events, tags
from ledger.messages import marked
from presentation.parameters import days_given

if TYPE_CHECKING:
    from cli.question import Asked

LATE = Number(marked("{value} is not a number of days, such as 30."), 0)


@click.command()
@click.option(
    "--event", metavar="NAME", shell_complete=events, help="Only entries of this event, such as member-appointed."
)
@click.option("--entry", type=ENTRY, metavar="N", help="Only this entry.")
@click.option(
    "--about", metavar="TAG", shell_complete=tags, help="Only entries that name this, such as party:sala or person:p1."
)
@click.option("--by", metavar="ID", help="Only entries recorded under this id.")
@click.option("--recorded", metavar="A..B", help="Only entries recorded from day A to day B; either may be left out.")
@click.option("--late", type=LATE, metavar="DAYS", help="Only entries recorded at least DAYS days late.")
@question
def history(asked: Asked, recorded: str | None, **narrowed: Any) -> None:
    """The entries, with annulled entries struck out.

    Lists entries by position, each with its source, when and by whom it was recorded, and the entry that annulled it.

    \b
    Example:  liggare history --about person:p7
              liggare history --recorded 2025-01-01..2025-01-31 --late 30
    """
    from presentation import asking

    days = days_given(recorded, asked.session.today(), "--recorded")
    on = asked.on if asked.day_given else None
    asked.stream(asking.history(asked.asking, on=on, recorded=days, **narrowed))
    whole = asked.ledger.timeline()
    asked.session.astray(whole.at(whole.head).recorded_at if whole.head else "")
