"""What an answer is made of before it is rendered: text whose runs have roles, and tables. No colours here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from presentation.words import filled, visible

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


class Column(Struct, frozen=True, kw_only=True):
    """What a renderer must know of a column. `right`: it stands to the right; `whole`: no value in it is broken;
    `keep`: where a screen is narrow it leaves the table last, after those that need not stand beside the first one;
    `width`: so wide at least.
    """

    heading: str = ""
    right: bool = False
    whole: bool = False
    keep: bool = False
    width: int = 0


class Columns(Struct, frozen=True):
    """A table; without a heading where no column has one."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]


Part = str | Words | Columns


def in_role(text: str, role: Role) -> Words:
    """Text with a role, and safe to print."""
    return Words(((visible(text), role),))


def open_(text: str) -> Words:
    """What is not done yet, or cannot be told."""
    return in_role(text, "open")


def title(text: str) -> Words:
    """A heading, or what sums up a table's column."""
    return in_role(text, "title")


def text(heading: str, *, keep: bool = False) -> Column:
    """A column of sentences, which break between words. Its heading is a message."""
    return Column(heading=filled(heading, {}), keep=keep)


def whole(heading: str, *, keep: bool = False) -> Column:
    """A column of names, ids or days, which are never broken. Its heading is a message."""
    return Column(heading=filled(heading, {}), whole=True, keep=keep)


def number(heading: str, *, keep: bool = False) -> Column:
    """A column of amounts or numbers, which stand to the right. Its heading is a message."""
    return Column(heading=filled(heading, {}), right=True, whole=True, keep=keep)


def columns(*of: Column, rows: Iterable[Sequence[str | Words]]) -> Columns:
    """A table with headings."""
    return Columns(of, _cells(rows))


def grid(rows: Iterable[Sequence[str | Words]], *widths: int) -> Columns:
    """Columns without a heading: those with a width keep it, the last takes the rest and breaks between words."""
    return Columns((*(Column(whole=True, width=width) for width in widths), Column()), _cells(rows))


def _cells(rows: Iterable[Sequence[str | Words]]) -> tuple[tuple[Words, ...], ...]:
    return tuple(tuple(in_role(cell, "") if isinstance(cell, str) else cell for cell in row) for row in rows)
