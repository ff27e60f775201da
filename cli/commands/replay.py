"""`liggare replay`: the record act by act, and what each changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from cli.printing import print_json, show, show_csv
from cli.question import question
from ledger.errors import BadInput
from presentation.json_documents import replay_document

if TYPE_CHECKING:
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
    printed as they are read, with --json one document a line.

    \b
    Example:  liggare replay --from @100 --to @110
              liggare replay --on 2025-06-30 --json
    """
    from presentation.phrases import people, under
    from presentation.replay import ending, heading
    from presentation.words import showing
    from projections.replay import replay

    last = _head(asked, "--to", end) if end else asked.timeline.head
    first = _head(asked, "--from", start) if start else 0
    if first > last:
        raise BadInput([(None, f"--from: @{first} comes after --to, @{last}")])
    act = None
    with showing(people(asked.timeline, asked.on, asked.names)):
        if asked.form == "people":
            show(*heading(first, last, asked.on))
        for act in replay(asked.timeline.until(last), first, asked.on, asked.names()):
            _print(act, asked, width=len(str(last)), every=every, headed=act.entries[0] == first + 1)
            if asked.session.unwritten:
                return
        below = under(asked.assumed) if asked.assumed else []
        if asked.form == "people":
            show(*ending(act, f"@{last}"), *below)
        elif below and asked.form != "json":
            show_csv(*below, excel=asked.form == "csv-excel", continued=True)


def _head(asked: Asked, option: str, text: str) -> int:
    """The number of entries that @N names; BadInput for anything else, and beyond what is known."""
    head = int(text[1:]) if re.fullmatch(r"@\d{1,15}", text, re.ASCII) else None
    if head is None:
        raise BadInput([(None, f"{option}: {text!r} is not @N, the first N entries, as @40")])
    if head > asked.timeline.head:
        raise BadInput([(None, f"{option}: @{head} is beyond the end, @{asked.timeline.head}")])
    return head


def _print(act: Act, asked: Asked, *, width: int, every: bool, headed: bool) -> None:
    from presentation.replay import act as blocks
    from presentation.replay import rows

    if asked.form == "json":
        print_json(replay_document(act) | ({"assumed": asked.assumed} if asked.assumed else {}))
    elif asked.form == "people":
        show(*blocks(act, width, every=every))
    else:
        show_csv(rows(act, headed=headed), excel=asked.form == "csv-excel", continued=not headed)
