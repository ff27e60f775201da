"""Blocks as plain text: no colours, and no line is broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from presentation.blocks import GAP, Columns
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presentation.blocks import Part

_NARROW = re.compile(r"[\u0000-\u02ff\u2010-\u2027]*")  # Latin letters, dashes: one column each; nearly every text


def lines_of(parts: Iterable[Part]) -> list[str]:
    """The lines that show the parts, one under the other."""
    return [line for part in parts for line in (_table(part) if isinstance(part, Columns) else [visible(str(part))])]


def _table(table: Columns) -> list[str]:
    """The lines of a table where there is no terminal: none is broken."""
    heading = tuple(column.heading for column in table.columns)
    rows = [*([heading] if any(heading) else []), *(tuple(map(str, row)) for row in table.rows)]
    if not rows:
        return []
    cells = zip(table.columns, zip(*rows, strict=True), strict=True)
    widths = [max(column.width, *map(_width, texts)) for column, texts in cells]

    def line(row: tuple[str, ...]) -> str:
        blanks = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = zip(row, blanks, table.columns, strict=True)
        return (" " * GAP).join(blank + cell if column.right else cell + blank for cell, blank, column in cells)

    return [line(row) for row in rows]


def _width(text: str) -> int:
    """How many columns it takes: two for a wide character, none for one that is set over another."""
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(2 if east_asian_width(one) in "WF" else 0 if combining(one) else 1 for one in text)
