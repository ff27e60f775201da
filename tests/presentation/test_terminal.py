"""Tests how a table is laid out on a terminal: which column breaks first, and which cells move below their row if the
row is too long.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from presentation.blocks import columns, number, text, whole
from presentation.render.terminal import lines_of

if TYPE_CHECKING:
    from presentation.blocks import Column

WHY = "no official of a municipality supports it, and none is appointed"
ROWS = [("Västerås", ""), ("Nora Skog (p1)", WHY), ("Åke (p2)", "")]


def seen(width: int, *, keep: bool = False) -> list[str]:
    """Lays out a table of names, reasons and entries at a width. If `keep` is true, the entries must stay in their
    column.
    """
    table = columns(
        whole("Member"), text("Why"), number("Entry", keep=keep),
        rows=[(*row, entry) for row, entry in zip(ROWS, ("", "12", "7"), strict=True)],
    )  # fmt: skip
    with patch.dict(os.environ, {"COLUMNS": str(width), "TERM": "dumb", "NO_COLOR": "1"}):
        return [line.rstrip() for line in lines_of([table])]


def test_a_row_is_a_line_where_there_is_room() -> None:
    assert seen(100) == [
        f"Member          {'Why':{len(WHY)}}  Entry",
        "Västerås",
        f"Nora Skog (p1)  {WHY}     12",
        f"Åke (p2)        {'':{len(WHY)}}      7",
    ]


def test_a_sentence_breaks_first() -> None:
    assert seen(56) == [
        "Member          Why                                Entry",
        "Västerås",
        "Nora Skog (p1)  no official of a municipality         12",
        "                supports it, and none is",
        "                appointed",
        "Åke (p2)                                               7",
    ]


def test_in_a_narrow_terminal_the_last_column_moves_under_its_row() -> None:
    assert seen(48)[2:] == [
        "Nora Skog (p1)  no official of a municipality",
        "                supports it, and none is",
        "                appointed",
        "    Entry: 12",
        "Åke (p2)",
        "    Entry: 7",
    ]


def test_a_column_to_keep_stays_the_longest() -> None:
    assert seen(48, keep=True) == [
        "Member          Entry",
        "Västerås",
        "Nora Skog (p1)     12",
        "    Why: no official of a municipality supports",
        "    it, and none is appointed",
        "Åke (p2)            7",
    ]


def test_where_even_the_first_column_has_no_room_it_breaks() -> None:
    assert seen(8)[:5] == ["Member", "Västerås", "Nora", "Skog", "(p1)"]


WORDS = st.sampled_from(
    ["Åke", "Skinnskatteberg", "山田太郎", "J́ón", "x" * 70, "2024-01-01", "12", "1 234 567,00 kr", "och"]
)
CELLS = st.lists(WORDS, max_size=5).map(" ".join)
COLUMNS = st.lists(st.builds(lambda of, *, keep: of("Två ord", keep=keep), st.sampled_from([text, whole, number]),
                             keep=st.booleans()), min_size=4, max_size=4)  # fmt: skip


@given(COLUMNS, st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=3), st.integers(2, 120))
def test_on_any_terminal_no_line_is_too_long_and_no_value_is_lost(
    of: list[Column], rows: list[tuple[str, ...]], width: int
) -> None:
    with patch.dict(os.environ, {"COLUMNS": str(width), "TERM": "dumb", "NO_COLOR": "1"}):
        lines = lines_of([columns(*of, rows=rows)])

    assert max((cell_len(line.rstrip()) for line in lines), default=0) <= width
    shown, values = (
        Counter("".join(texts).replace(" ", "")) for texts in (lines, (one for row in rows for one in row))
    )
    assert not values - shown


def test_a_row_whose_values_all_move_is_labels_alone() -> None:
    table = columns(whole("A"), whole("B"), rows=[("", "x" * 30)])
    with patch.dict(os.environ, {"COLUMNS": "12", "TERM": "dumb", "NO_COLOR": "1"}):
        lines = [line.rstrip() for line in lines_of([table])]

    assert lines[0] == "A"
    assert lines[1].strip() == "B:"
    assert "".join(lines[1:]).count("x") == 30
