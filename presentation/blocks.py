"""What an answer is made of before it is rendered: text whose runs have roles, and tables. No colours here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP = 2  # blanks between columns


# What a run of text is to its reader: a renderer decides how that looks.
Role = Literal["", "title", "done", "open", "wrong", "quiet", "struck"]


class Words(Struct, frozen=True):
    """Text with roles, one run after the other, and safe to print."""

    runs: tuple[tuple[str, Role], ...]

    def __add__(self, more: Words) -> Words:
        return Words((*self.runs, *more.runs))

    def __str__(self) -> str:
        return "".join(text for text, _ in self.runs)


class Columns(Struct, frozen=True, kw_only=True):
    """A table. A column is at least as wide as its `widths`; those in `right` stand to the right."""

    rows: tuple[tuple[Words, ...], ...]
    names: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    right: tuple[str, ...] = ()


Part = str | Words | Columns


def in_role(text: str, role: Role) -> Words:
    """Text with a role, and safe to print."""
    return Words(((visible(text), role),))


def title(text: str) -> Words:
    """A heading, or what sums up a table's column."""
    return in_role(text, "title")


def columns(*names: str, rows: Iterable[Sequence[str | Words]], right: tuple[str, ...] = ("Entry",)) -> Columns:
    """A table; columns of numbers, named in `right`, stand to the right."""
    return Columns(names=names, rows=_cells(rows), right=right)


def grid(rows: Iterable[Sequence[str | Words]], *widths: int) -> Columns:
    """Columns without a heading: those with a width keep it, the last takes the rest and breaks between words."""
    return Columns(rows=_cells(rows), widths=widths)


def _cells(rows: Iterable[Sequence[str | Words]]) -> tuple[tuple[Words, ...], ...]:
    return tuple(tuple(in_role(cell, "") if isinstance(cell, str) else cell for cell in row) for row in rows)
