"""Blocks as CSV for spreadsheets: a text becomes a row of one cell, and a table becomes its rows.

The format is RFC 4180, except that lines end in LF alone. In the variant for Excel they end in CR LF.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

from presentation.blocks import Columns
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from presentation.blocks import Part

AMOUNT = re.compile(r"(-?\d{1,3}(?: \d{3})*),(\d\d) kr")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?|@\d+")  # a number, or a position such as @12
# The beginning of a cell that a spreadsheet treats as a formula; a hyphen alone is none.
_COMPUTED = re.compile(r"[=+@\t\r\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
                       r"\N{FULLWIDTH COMMERCIAL AT}]|-(?!$)")  # fmt: skip


def text_of(parts: Iterable[Part], *, excel: bool = False) -> str:
    """Returns the whole answer as CSV. Amounts are in kronor, without spaces, and with a decimal point.

    With `excel`, amounts have a decimal comma; see `written` for what else `excel` changes.
    """
    return written(([_cell(cell, "," if excel else ".") for cell in row] for row in _rows(parts)), excel=excel)


def written(rows: Iterable[Sequence[object]], *, excel: bool = False) -> str:
    """Returns rows as CSV, with cells that a spreadsheet would compute escaped.

    `excel` chooses the variant that Excel in Swedish opens without a dialogue: a byte order mark, semicolons, and
    lines that end in CR LF.
    """
    told = StringIO()
    writer = csv.writer(told, delimiter=";" if excel else ",", lineterminator="\r\n" if excel else "\n")
    for row in rows:
        writer.writerow([_disarmed(cell) if isinstance(cell, str) else cell for cell in row])
    return ("\ufeff" if excel else "") + told.getvalue()


def _rows(parts: Iterable[Part]) -> Iterator[list[str]]:
    for part in parts:
        if not isinstance(part, Columns):
            yield [visible(str(part))] if str(part) else []
            continue
        if any(column.heading for column in part.columns):
            yield [column.heading for column in part.columns]
        yield from (list(map(str, row)) for row in part.rows)


def _cell(text: str, point: str) -> str:
    """Returns the text of a cell as a spreadsheet reads it: an amount in kronor becomes a plain number."""
    text = text.strip()
    if text.endswith("kr") and (amount := AMOUNT.fullmatch(text)):
        return f"{amount[1].replace(' ', '')}{point}{amount[2]}"
    return text


def _disarmed(text: str) -> str:
    """Returns a cell's text with an apostrophe in front when a spreadsheet would otherwise treat it as a formula.

    Numbers and positions are left as they are.
    """
    return f"'{text}" if _COMPUTED.match(text) and not _NUMBER.fullmatch(text) else text
