"""Tables of other programs as rows of cells: which format a file has, and its sheets. What cells mean is not here.

CSV is that of RFC 4180 with any of three separators, as in `exchange.separated`; xlsx (ECMA-376) and ods (ISO/IEC
26300) are in `exchange.workbook`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_ROWS = 20_000  # of a table: to judge them at once takes 160 MB, and nobody looks over a longer list
FIRST_ROWS = 50  # among these are the headings; above them may stand a title
MOST_MB = 16  # of a file that is a table, so that 200 MB of memory are enough


class Row(NamedTuple):
    """A row of a sheet: its number there, from 1, the line of the file where it begins, and its cells.

    A cell is a str, a float, an int, a bool, a date, a datetime, a time or a timedelta; an empty one is "". In a
    spreadsheet the line is the number.
    """

    number: int
    line: int
    cells: list[Any]


class Sheet(NamedTuple):
    """A sheet. `rows` gives its rows, the empty ones as rows of nothing, each time that it is called; `first` are the
    first of them, and `hidden` is the number of rows that Excel does not show.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    first: tuple[Row, ...]
    hidden: int = 0


class Tables(NamedTuple):
    """What is in a file of tables. `typed` is true if its cells have types, as a spreadsheet's do, and `from_1900` if
    its days are counted from 1900. `read` and `left` say how it was read and what was left out, as in `Incoming`.
    """

    sheets: list[Sheet]
    typed: bool
    from_1900: bool = False
    read: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def letter(column: int) -> str:
    """Returns the letters of a column, counted from 0: A, B, … Z, AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def place(column: int, row: Row) -> str:
    """Returns the name of a cell, such as C7."""
    return f"{letter(column)}{row.number}"


def is_blank(row: Row) -> bool:
    """Returns whether no cell of a row holds anything."""
    return not any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row.cells)


def too_many() -> BadInput:
    """Returns the error of a table that has more rows than are read."""
    return BadInput([(None, msg("it has more than {rows:grouped} rows: divide it", rows=MOST_ROWS))])
