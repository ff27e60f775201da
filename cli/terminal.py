"""How answers look on a terminal: rich breaks lines to its width, and knows which colours it has."""

from __future__ import annotations

import re
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.parts import GAP, Columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.parts import Words


_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?: \d{3})*,\d\d)")  # the blanks within an amount
# The columns whose words are never broken: where a terminal is narrow, those of names and sentences give way.
WHOLE = frozenset({"Entry", "Seat", "Bloc", "From", "To", "On", "Assembly", "Event"})


def lines_of(parts: Iterable[Words | Columns]) -> list[str]:
    """The lines that show the parts, one under the other."""
    width, height = get_terminal_size()  # rich takes no width of a terminal that calls itself dumb, as an editor's does
    console = Console(width=width, height=height, highlight=False, emoji=False, markup=False)
    with console.capture() as captured:
        for part in parts:
            console.print(_table(part) if isinstance(part, Columns) else _text(part))
    return captured.get().splitlines()


def _text(words: Words) -> Text:
    """The words; of an amount only the unit may fall to the next line."""
    return Text.assemble(*((_THOUSANDS.sub("\u00a0", text), style) for text, style in words.runs))


def _table(part: Columns) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold", show_header=bool(part.names))
    for name in part.names:
        justify: Literal["right", "left"] = "right" if name in part.right else "left"
        table.add_column(name, overflow="fold", justify=justify, no_wrap=name in WHOLE)
    for width in part.widths:
        table.add_column(min_width=width, no_wrap=True)
    if not part.names:
        table.add_column(overflow="fold")
    for row in part.rows:
        table.add_row(*map(_text, row))
    return table
