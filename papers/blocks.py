"""The blocks of an answer as `presentation.render.typst` writes them, in types: all that `paper.json` may hold, whoever
made it, of what a template would take.
"""

from __future__ import annotations

from msgspec import Struct

from presentation.blocks import Role

Runs = list[tuple[str, Role]]


class Block(Struct, frozen=True, tag_field="kind", tag=str.lower, forbid_unknown_fields=True):
    """One block; its `kind` says which."""


class Heading(Block, frozen=True):
    """The title of an answer, or of a part of it."""

    text: Runs


class Line(Block, frozen=True):
    """A line that stands alone."""

    text: Runs


class List(Block, frozen=True):
    """Lines that follow one another."""

    items: list[Runs]


class Rows(Block, frozen=True):
    """A table without headings."""

    rows: list[list[Runs]]


class TableColumn(Struct, frozen=True, forbid_unknown_fields=True):
    """The heading of a column, whether its values stand to the right, and whether they are never broken."""

    heading: str
    right: bool
    whole: bool


class TableRow(Struct, frozen=True, forbid_unknown_fields=True):
    """The cells of a row, or with `heads` the heading of the rows below it."""

    heads: bool
    cells: list[Runs]


class Table(Block, frozen=True):
    """A table with headings."""

    columns: list[TableColumn]
    rows: list[TableRow]


AnyBlock = Heading | Line | List | Rows | Table
