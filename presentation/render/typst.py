"""Blocks as plain data for a typst template: headings, lines, lists, rows and tables, each text as runs with roles.

Nothing here has a style, and nothing is source code of typst: a text reaches the template as data.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from presentation.blocks import Columns, in_role, kind_of
from presentation.words import typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from presentation.blocks import Part

Data = dict[str, Any]  # one block, as the template reads it: `kind` says which


def typst_of(parts: Iterable[Part]) -> list[Data]:
    """Returns blocks as data. Lines that follow one another are one list."""
    found: list[Data] = []
    for kind, group in groupby(parts, key=kind_of):
        if kind == "title":
            found += [{"kind": "heading", "text": runs(one)} for one in group]
        elif kind == "line":
            found.append(_lines([runs(one) for one in group]))
        elif kind == "table":
            found += [_table(one) for one in group if isinstance(one, Columns)]
    return found


def runs(part: Part) -> list[list[str]]:
    """Returns a text as [text, role] pairs."""
    assert not isinstance(part, Columns), "tables are rendered apart"
    words = in_role(part, "") if isinstance(part, str) else part
    return [[typeset(text), role] for text, role in words.runs]


def _trimmed(line: list[list[str]]) -> list[list[str]]:
    """Returns the runs of a line without the blanks around it; those between its runs are kept."""
    texts, roles = [text for text, _ in line], [role for _, role in line]
    texts[:1] = [text.lstrip() for text in texts[:1]]
    texts[-1:] = [text.rstrip() for text in texts[-1:]]
    return [list(one) for one in zip(texts, roles, strict=True)]


def _lines(lines: list[list[list[str]]]) -> Data:
    """Returns one line as a paragraph, and several as a list."""
    texts = ["".join(text for text, _ in line) for line in lines]
    if len(lines) == 1 and not texts[0].startswith(("- ", "  ")):
        return {"kind": "line", "text": lines[0]}
    items = [_trimmed(one) for one in lines]
    return {"kind": "list", "items": [[[one[0][0].removeprefix("- "), one[0][1]], *one[1:]] for one in items]}


def _table(table: Columns) -> Data:
    """Returns a table with its headings, or, without headings, its rows as a list."""
    if not any(column.heading for column in table.columns):
        return {"kind": "rows", "rows": [[runs(cell) for cell in row if str(cell).strip()] for row in table.rows]}
    return {
        "kind": "table",
        "columns": [{"heading": one.heading, "right": one.right, "whole": one.whole} for one in table.columns],
        "rows": [*_rows(table)],
    }


def _rows(table: Columns) -> Iterator[Data]:
    """Yields rows. A row whose first cell alone has a value is the heading of those below it."""
    for row in table.rows:
        heads = bool(str(row[0])) and not any(map(str, row[1:]))
        yield {"heads": heads, "cells": [_trimmed(runs(cell)) for cell in row]}
