"""Blocks as text for a terminal. The library rich breaks lines at the terminal's width and chooses among
its colours.
"""

from __future__ import annotations

import re
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from presentation.blocks import GAP, Columns, in_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from presentation.blocks import Column, Part, Role, Words

LOOKS: dict[Role, str] = {
    "": "",
    "title": "bold",
    "done": "green",
    "open": "yellow",
    "wrong": "red",
    "quiet": "dim",
    "struck": "strike dim",
}
_WITHIN_AMOUNTS = re.compile(r"(?<=\d) (?=\d{3}(?: \d{3})*,\d\d)|(?<=\d,\d\d) (?=kr\b)")
_HELD = "\ufdd0"  # replaces a space at which no line may break, because rich breaks at U+00A0 as well
LEAST = 28  # the least width, in characters, at which a column of sentences is easy to read
INDENT = 4  # the number of spaces before values printed under their row, unless the terminal is very narrow


def lines_of(parts: Iterable[Part]) -> list[str]:
    """Returns the lines that show the parts at the width of the terminal, in order."""
    width, height = get_terminal_size()  # rich ignores the width of a "dumb" terminal, such as an editor's
    console = Console(width=width, height=height, highlight=False, emoji=False, markup=False)
    with console.capture() as captured:
        for part in parts:
            if isinstance(part, Columns):
                console.print(*_table(part, console), sep="\n", no_wrap=True, overflow="ignore", crop=False)
            else:
                console.print(_text(in_role(part, "") if isinstance(part, str) else part))
    return captured.get().replace(_HELD, " ").splitlines()


def _text(words: Words) -> Text:
    """Returns the words as rich text in which no amount can be broken across lines."""
    return Text.assemble(*((_WITHIN_AMOUNTS.sub(_HELD, text), LOOKS[role]) for text, role in words.runs))


def _table(table: Columns, console: Console) -> Iterator[Text]:
    """Yields the lines of a table: one line for each row, if every row fits the width of the terminal.

    When a row does not fit, sentences break first. If the table is still too wide, columns leave the table and are
    printed under their row. A row whose first cell alone has a value takes the whole width.
    """
    heading = [Text(column.heading, "bold") for column in table.columns]
    rows = [[_text(cell) for cell in row] for row in table.rows]
    beside = [row for row in rows if any(row[1:])]
    widths = _widths(table.columns, heading, beside, console.width)
    if any(column.heading for column in table.columns):
        yield from _row(heading, table.columns, widths, console)
    for row in rows:
        if not any(row[1:]):
            yield from row[0].wrap(console, console.width, overflow="fold")
            continue
        if any(row[place] for place in widths):
            yield from _row(row, table.columns, widths, console)
        moved = [place for place, cell in enumerate(row) if cell and place not in widths]
        yield from _under([_labelled(table.columns[place].heading, row[place]) for place in moved], console)


def _widths(
    columns: Sequence[Column], heading: Sequence[Text], rows: Sequence[Sequence[Text]], room: int
) -> dict[int, int]:
    """Returns the width of each column that stays in the table, by the column's index."""
    longest = [max(column.width, *(row[place].cell_len for row in rows), 0) for place, column in enumerate(columns)]
    natural = [max(width, name.cell_len) for width, name in zip(longest, heading, strict=True)]
    words = [max((cell_len(word) for word in name.plain.split()), default=0) for name in heading]
    least = [
        max(longest[place], words[place]) if column.whole else min(natural[place], max(LEAST, words[place]))
        for place, column in enumerate(columns)
    ]
    least[0] = min(least[0], room)
    stay = list(range(len(columns)))
    leave = sorted(stay[1:], key=lambda place: (columns[place].keep, -place))
    while leave and sum(least[place] for place in stay) + GAP * (len(stay) - 1) > room:
        stay.remove(leave.pop(0))
    widths = {place: least[place] for place in stay}
    spare = room - sum(widths.values()) - GAP * (len(stay) - 1)
    wanting = sorted(stay, key=lambda place: natural[place] - least[place])
    for count, place in enumerate(wanting):
        more = min(natural[place] - least[place], spare // (len(wanting) - count))
        widths[place] += more
        spare -= more
    return widths


def _row(row: Sequence[Text], columns: Sequence[Column], widths: Mapping[int, int], console: Console) -> Iterator[Text]:
    cells = [
        row[place].wrap(console, width, justify="right" if columns[place].right else "left", overflow="fold")
        for place, width in widths.items()
    ]
    blanks = [Text(" " * width) for width in widths.values()]
    for line in range(max(map(len, cells))):
        yield Text(" " * GAP).join(
            cell[line] if line < len(cell) else blank for cell, blank in zip(cells, blanks, strict=True)
        )


def _labelled(heading: str, cell: Text) -> Text:
    return Text.assemble((f"{heading}: ", LOOKS["quiet"]), cell) if heading else cell


def _under(values: Iterable[Text], console: Console) -> Iterator[Text]:
    """Yields lines with the values, as many values to a line as fit."""
    indent = min(INDENT, console.width // 4)
    room = console.width - indent
    lines: list[Text] = []
    for value in values:
        if lines and lines[-1].cell_len + GAP + value.cell_len <= room:
            lines[-1] = Text(" " * GAP).join([lines[-1], value])
        else:
            lines += value.wrap(console, room, overflow="fold")
    yield from (Text(" " * indent) + line for line in lines)
