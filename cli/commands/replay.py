"""`liggare replay`: the record act by act, and what each act changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.printing import print_json
from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@click.option("--from", "start", metavar="@A", help="Begin with what was recorded after the first A entries.")
@click.option("--to", "end", metavar="@B", help="End with entry B.  [default: the last]")
@click.option("--all", "every", is_flag=True, help="Name every change, and long lists whole.")
@question
def replay(asked: Asked, start: str | None, end: str | None, every: bool) -> None:
    """The record act by act, and what each act changed.

    In recorded order, in the agreement, the body, the groups and the money of one day: --on DAY, or today. Acts are
    printed as they are read. With --json there is one document a line.

    \b
    Example:  liggare replay --from @100 --to @110
              liggare replay --on 2025-06-30 --json
    """
    from presentation import asking

    answer = asking.replay(asked.asking, start, end, every=every)
    if asked.form == "json":
        for document in asked.while_written(answer.documents(asked.assumed)):
            print_json(document)
    else:
        asked.stream(answer)
