"""What an answer is made of before it is set: text in styles, and tables."""

from __future__ import annotations

from msgspec import Struct

from cli.text import visible

GAP = 2  # blanks between columns


class Words(Struct, frozen=True):
    """Text in styles, one run after the other, and safe to print."""

    runs: tuple[tuple[str, str], ...]

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


def styled(text: str, style: str) -> Words:
    """Text in a style, and safe to print."""
    return Words(((visible(text), style),))
