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
    wide = [[_width(cell) for cell in row] for row in rows]
    widths = [
        max(column.width, *of_cells) for column, of_cells in zip(table.columns, zip(*wide, strict=True), strict=True)
    ]

    def line(row: tuple[str, ...], wide: list[int]) -> str:
        cells = zip(row, wide, widths, table.columns, strict=True)
        return (" " * GAP).join(
            " " * (width - own) + cell if column.right else cell + " " * (width - own)
            for cell, own, width, column in cells
        )

    return [line(row, of_row) for row, of_row in zip(rows, wide, strict=True)]


def _width(text: str) -> int:
    """Returns the width of text in columns of the screen: two for a wide character, none for a combining character."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    return sum(2 if east_asian_width(one) in "WF" else 0 if combining(one) else 1 for one in text)
