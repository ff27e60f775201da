"""Blocks as CSV: what a spreadsheet opens. A text is a row of one cell, a table its rows. RFC 4180."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

from presentation.blocks import Columns
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from presentation.blocks import Part

BOM = "\ufeff"  # by which Excel knows UTF-8
_AMOUNT = re.compile(r"(-?\d{1,3}(?: \d{3})*),(\d\d) kr")
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet computes


def text_of(parts: Iterable[Part], *, excel: bool = False) -> str:
    """The whole answer. Amounts in kronor, with a point and without blanks. `excel`: as Excel in Swedish opens it by
    itself, with a byte order mark, semicolons and decimal commas.
    """
    told = StringIO()
    writer = csv.writer(told, delimiter=";" if excel else ",", lineterminator="\r\n")
    for row in _rows(parts):
        writer.writerow([_cell(cell, "," if excel else ".") for cell in row])
    return (BOM if excel else "") + told.getvalue()


def _rows(parts: Iterable[Part]) -> Iterator[list[str]]:
    for part in parts:
        if not isinstance(part, Columns):
            yield [visible(str(part))] if str(part) else []
            continue
        if any(column.heading for column in part.columns):
            yield [column.heading for column in part.columns]
        yield from (list(map(str, row)) for row in part.rows)


def _cell(text: str, point: str) -> str:
    """A value as a spreadsheet reads it: an amount is a number, and nothing is computed."""
    text = text.strip()
    if amount := _AMOUNT.fullmatch(text):
        return f"{amount[1].replace(' ', '')}{point}{amount[2]}"
    return disarmed(text)


def disarmed(text: str) -> str:
    """A cell's text, so that no spreadsheet computes it."""
    return f"'{text}" if text.startswith(_COMPUTED) else text
