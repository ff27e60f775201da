"""Blocks as plain text, without colours. Lines are never broken to fit a width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from presentation.blocks import GAP, Columns
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presentation.blocks import Part

_NARROW = re.compile(r"[\u0000-\u02ff\u2010-\u2027]*")  # fast path: these characters are one column wide each


def lines_of(parts: Iterable[Part]) -> list[str]:
    """Returns the lines that show the parts, in order."""
    return [line for part in parts for line in (_table(part) if isinstance(part, Columns) else [visible(str(part))])]


def _table(table: Columns) -> list[str]:
    """Returns the lines of a table. No line is broken, since there is no terminal width to fit."""
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
    """Returns the width of text in columns of the screen: two for a wide character, none for a combining character."""
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(2 if east_asian_width(one) in "WF" else 0 if combining(one) else 1 for one in text)
