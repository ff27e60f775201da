"""How answers look on a terminal: rich breaks lines to its width, and knows which colours it has."""

from __future__ import annotations

import re
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from presentation.blocks import GAP, Columns, in_role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presentation.blocks import Part, Role, Words

LOOKS: dict[Role, str] = {
    "": "",
    "title": "bold",
    "done": "green",
    "open": "yellow",
    "wrong": "red",
    "quiet": "dim",
    "struck": "strike dim",
}
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?: \d{3})*,\d\d)")  # the blanks within an amount
# The columns whose words are never broken: where a terminal is narrow, those of names and sentences give way.
WHOLE = frozenset({"Entry", "Seat", "Bloc", "From", "To", "On", "Assembly", "Event"})


def lines_of(parts: Iterable[Part]) -> list[str]:
    """The lines that show the parts, one under the other."""
    width, height = get_terminal_size()  # rich takes no width of a terminal that calls itself dumb, as an editor's does
    console = Console(width=width, height=height, highlight=False, emoji=False, markup=False)
    with console.capture() as captured:
        for part in parts:
            words = in_role(part, "") if isinstance(part, str) else part
            console.print(_table(words) if isinstance(words, Columns) else _text(words))
    return captured.get().splitlines()


def _text(words: Words) -> Text:
    """The words; of an amount only the unit may fall to the next line."""
    return Text.assemble(*((_THOUSANDS.sub("\u00a0", text), LOOKS[role]) for text, role in words.runs))


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
