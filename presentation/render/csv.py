"""Blocks as CSV: what a spreadsheet opens. A text is a row of one cell, a table its rows. RFC 4180, but for its CR."""

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

_AMOUNT = re.compile(r"(-?\d{1,3}(?: \d{3})*),(\d\d) kr")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?|@\d+")  # or a position: @12
_COMPUTED = re.compile(r"[=@\t\r]|[+-](?! |$)")  # how a cell begins that a spreadsheet computes


def text_of(parts: Iterable[Part], *, excel: bool = False) -> str:
    """The whole answer. Amounts in kronor, with a point and without blanks; see `written`."""
    return written(([_cell(cell, "," if excel else ".") for cell in row] for row in _rows(parts)), excel=excel)


def written(rows: Iterable[Sequence[object]], *, excel: bool = False) -> str:
    """Rows, disarmed. `excel`: as Excel in Swedish opens them by itself, with a byte order mark and semicolons."""
    told = StringIO()
    writer = csv.writer(told, delimiter=";" if excel else ",", lineterminator="\n")
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
    """A value as a spreadsheet reads it: an amount is a number."""
    text = text.strip()
    if amount := _AMOUNT.fullmatch(text):
        return f"{amount[1].replace(' ', '')}{point}{amount[2]}"
    return text


def _disarmed(text: str) -> str:
    """A cell's text, so that no spreadsheet computes it; a number, or a position, stays one."""
    return f"'{text}" if _COMPUTED.match(text) and not _NUMBER.fullmatch(text) else text
