"""Blocks: the parts of an answer before it is rendered. A block is text with roles or a table. No colours here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ledger.messages import filled
from presentation.words import in_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP = 2  # spaces between columns


# A role is the meaning of a run of text. Each renderer decides how a role looks.
Role = Literal["", "title", "done", "open", "wrong", "quiet", "struck"]


class Words(Struct, frozen=True):
    """Text as a sequence of runs, each with a role. The text contains no control characters, so it is safe to print;
    on paper it may have lines.
    """

    runs: tuple[tuple[str, Role], ...]

    def __add__(self, more: Words) -> Words:
        return Words((*self.runs, *more.runs))

    def __str__(self) -> str:
        return "".join(text for text, _ in self.runs)


class Column(Struct, frozen=True, kw_only=True):
    """The layout of a table column. `right` aligns values to the right, and `whole` forbids breaking a value.

    On a narrow screen, columns leave the table and are printed under their row; columns with `keep` are the last to
    leave. `width` is the least width in characters. A column of `entries` holds positions of entries, and
    one of `provisions` a provision in each cell.
    """

    heading: str = ""
    right: bool = False
    whole: bool = False
    keep: bool = False
    width: int = 0
    entries: bool = False
    provisions: bool = False


class Columns(Struct, frozen=True):
    """A table. The heading row is left out when no column has a heading."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]


Part = str | Words | Columns


def in_role(text: str, role: Role) -> Words:
    """Returns text with a role. Control characters are escaped, so the text is safe to print; on paper, lines stay."""
    return Words(((in_lines(text), role),))


def open_(text: str) -> Words:
    """Returns text about something that is not done yet, or that cannot be determined."""
    return in_role(text, "open")


def title(text: str) -> Words:
    """Returns text as a heading, or as the label or a figure of a table's total row."""
    return in_role(text, "title")


def text(heading: str, *, keep: bool = False) -> Column:
    """Returns a column of sentences, which may break between words. `heading` is a message to translate."""
    return Column(heading=filled(heading, {}), keep=keep)


def whole(heading: str, *, keep: bool = False) -> Column:
    """Returns a column of names, ids or days, which are never broken. `heading` is a message to translate."""
    return Column(heading=filled(heading, {}), whole=True, keep=keep)


def number(heading: str, *, keep: bool = False) -> Column:
    """Returns a column of amounts or numbers, aligned to the right. `heading` is a message to translate."""
    return Column(heading=filled(heading, {}), right=True, whole=True, keep=keep)


def entries(heading: str, *, keep: bool = False, right: bool = True) -> Column:
    """Returns a column of positions of entries. `heading` is a message to translate."""
    return Column(heading=filled(heading, {}), right=right, whole=True, keep=keep, entries=True)


def columns(*of: Column, rows: Iterable[Sequence[str | Words]]) -> Columns:
    """Returns a table with headings."""
    return Columns(of, _cells(rows))


def grid(rows: Iterable[Sequence[str | Words]], *widths: int) -> Columns:
    """Returns a table without headings. The leading columns have at least the given widths in characters.

    One last column is added, which takes the remaining width and breaks between words.
    """
    return Columns((*(Column(whole=True, width=width) for width in widths), Column()), _cells(rows))


def kind_of(part: Part) -> str:
    """Returns what a block is: a `table`, a `title` alone, a `line`, or "" for one without text."""
    if isinstance(part, Columns):
        return "table"
    words = in_role(part, "") if isinstance(part, str) else part
    if not str(words):
        return ""
    return "title" if all(role == "title" for _, role in words.runs) else "line"


def _cells(rows: Iterable[Sequence[str | Words]]) -> tuple[tuple[Words, ...], ...]:
    return tuple(tuple(in_role(cell, "") if isinstance(cell, str) else cell for cell in row) for row in rows)
