"""`liggare replay`: the record act by act, and what each act changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.printing import print_json
from cli.question import question
from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import first_entries
from presentation.json_documents import replay_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.question import Asked
    from projections.replay import Act


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
    from projections.replay import replay

    first = 0 if start is None else _head(asked, "--from", start)
    last = asked.timeline.head if end is None else _head(asked, "--to", end)
    if first > last:
        raise BadInput([(None, msg("--from: @{first} comes after --to, @{last}", first=first, last=last))])
    acts = replay(asked.timeline.until(last), first, asked.on, asked.names())
    if asked.form == "json":
        _print_lines(asked, acts)
    else:
        _print_parts(asked, acts, first, last, every=every)


def _head(asked: Asked, option: str, text: str) -> int:
    """Returns the number N of `@N`.

    Raises BadInput for any other text, and if N exceeds the number of entries known at the moment asked about.
    """
    if (head := first_entries(text)) is None:
        what = msg("{option}: {value} is not @N, the first N entries, as @40", option=option, value=repr(text))
        raise BadInput([(None, what)])
    if head > asked.timeline.head:
        end = asked.timeline.head
        what = msg("{option}: @{entries} is beyond the end, @{end}", option=option, entries=head, end=end)
        raise BadInput([(None, what)])
    return head


def _print_lines(asked: Asked, acts: Iterator[Act]) -> None:
    """Prints each act as a line of JSON, and stops if a line cannot be written."""
    for act in asked.while_written(acts):
        print_json(replay_document(act) | ({"assumed": asked.assumed} if asked.assumed else {}))


def _print_parts(asked: Asked, acts: Iterator[Act], first: int, last: int, *, every: bool) -> None:
    """Prints the acts for people or as CSV, each as soon as it is computed."""
    from presentation.replay import table, told

    asked.print_pieces(told(acts, first, last, asked.on, every=every) if asked.form == "people" else table(acts))
