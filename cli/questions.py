"""The questions: each parses, asks a projection once, prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import question
from cli.session import question_day
from ledger.errors import BadInput

if TYPE_CHECKING:
    from cli.options import Asked


BREACH = 1  # the exit code of findings that name one


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


@click.command()
@question
def council(asked: Asked) -> None:
    """Members, posts, vacancies and experts on a day.

    \b
    Example:  liggare council --on 2024-05-01 --known-at 2024-06-30
    """
    from projections.council import council

    asked.answer(council(asked.timeline, asked.on, asked.names()), "seats:council")


@click.command()
@click.option("--since", metavar="DAY", help="Only what is so from this day or later.")
@click.option("--subject", metavar="KIND:ID", help="Only about this, as seat:sala/opposition-leader.")
@click.option("--provision", metavar="SLUG", help="Only of this provision, as size.")
@click.option("--all", "all_verdicts", is_flag=True, help="Every verdict, not only breaches.")
@question
def findings(asked: Asked, since: str | None, **narrowed: str) -> None:
    """The audit: what is not as agreed.

    Exits 1 when a breach is more than advisory. Flags stand for ever from their day; the rest while it lasts.

    \b
    Example:  liggare findings --on 2024-05-01
              liggare findings --all --provision vice-chairs
    """
    from projections.findings import Wanted, findings, unknown

    start = question_day(since, asked.on, "--since") if since else None
    wanted = Wanted(since=start, **narrowed)  # type: ignore[arg-type]
    _refuse(unknown(wanted, asked.timeline))
    found = findings(asked.timeline, asked.on, wanted, asked.names())
    asked.answer(found, "findings:findings")
    if any(one.verdict == "breach" and not one.advisory for one in found.findings):
        raise click.exceptions.Exit(BREACH)


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
    _refuse(unknown(wanted))
    asked.answer(history(asked.timeline, asked.names(), wanted), "record:history")
    whole = asked.ledger.timeline()
    asked.session.astray(whole.at(whole.head).recorded_at if whole.head else "")


def _refuse(problem: str | None) -> None:
    if problem is not None:
        raise BadInput([(None, problem)])
