"""How answers are set for people: columns and lines, in colour on a terminal. What they say is not decided here."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from cli.parts import GAP, Columns, Part, Words, styled
from cli.session import writing_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NARROW = re.compile(r"[\u0000-\u02ff\u2010-\u2027]*")  # Latin letters, dashes: one column each; nearly every text


def title(text: str) -> Words:
    return styled(text, "bold")


def columns(*names: str, rows: Iterable[Sequence[str | Words]], right: tuple[str, ...] = ("Entry",)) -> Columns:
    """A table; columns of numbers, named in `right`, stand to the right."""
    return Columns(names=names, rows=_cells(rows), right=right)


def grid(rows: Iterable[Sequence[str | Words]], *widths: int) -> Columns:
    """Columns without a heading: those with a width keep it, the last takes the rest and breaks between words."""
    return Columns(rows=_cells(rows), widths=widths)


def show(*parts: Part) -> None:
    """Prints the parts, one under the other. Only a terminal has colours, and a width to break lines to."""
    safe = [styled(part, "") if isinstance(part, str) else part for part in parts]
    if sys.stdout.isatty():
        from cli.terminal import lines_of

        lines = lines_of(safe)
    else:
        lines = [line for part in safe for line in (_set(part) if isinstance(part, Columns) else [str(part)])]
    with writing_answer():
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


def _cells(rows: Iterable[Sequence[str | Words]]) -> tuple[tuple[Words, ...], ...]:
    return tuple(tuple(styled(cell, "") if isinstance(cell, str) else cell for cell in row) for row in rows)


def _set(table: Columns) -> list[str]:
    """The lines of a table where there is no terminal: none is broken."""
    heading = [table.names] if table.names else []
    rows = [*heading, *(tuple(map(str, row)) for row in table.rows)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for place, least in enumerate(table.widths):
        widths[place] = max(widths[place], least)
    right = [name in table.right for name in table.names] or [False] * len(widths)

    def line(row: tuple[str, ...]) -> str:
        blanks = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = zip(row, blanks, right, strict=True)
        return (" " * GAP).join(blank + cell if on_right else cell + blank for cell, blank, on_right in cells)

    return [line(row) for row in rows]


def _width(text: str) -> int:
    """How many columns it takes: two for a wide character, none for one that is set over another."""
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(2 if east_asian_width(one) in "WF" else 0 if combining(one) else 1 for one in text)
