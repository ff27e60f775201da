"""How answers are set for people: columns and lines, in colour on a terminal. What they say is not decided here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Part = str | Text | Table

WIDE = 400  # where there is no terminal, no line is broken for us
RIGHT = frozenset({"Entry"})
WHOLE = RIGHT | {"Seat", "Bloc", "From", "To", "On", "Assembly", "Event"}  # never broken over two lines


def styled(text: str, style: str) -> Text:
    """Text in a style, and safe to print."""
    return Text(visible(text), style=style)


def title(text: str) -> Text:
    return styled(text, "bold")


def columns(*names: str, rows: Iterable[Sequence[str | Text]]) -> Table:
    """A table with a heading. Where the terminal is narrow, the columns of names and sentences give way."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold", justify="right" if name in RIGHT else "left", no_wrap=name in WHOLE)
    for row in rows:
        table.add_row(*map(_cell, row))
    return table


def grid(rows: Iterable[Sequence[str | Text]], *widths: int) -> Table:
    """Columns without a heading: those with a width keep it, the last takes the rest and breaks between words."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for width in widths:
        table.add_column(min_width=width, no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    return table


def show(*parts: Part) -> None:
    """Prints the parts, one under the other."""
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, emoji=False, markup=False)
    with console.capture() as captured:
        for part in parts:
            console.print(Text(visible(part)) if isinstance(part, str) else part)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    sys.stdout.write("\n".join(lines) + "\n")


def _cell(cell: str | Text) -> Text:
    return Text(visible(cell)) if isinstance(cell, str) else cell
