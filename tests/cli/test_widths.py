"""Tests answers on terminals of several widths: no line is longer than the terminal, and the important columns are not
broken.
"""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

import cli.program
from tests.desk import event, every_question

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger has one member, with a long name and a political party with a long name."""
    desk.does("init", "--in-force-from", "2023-01-01")
    desk.does("import", desk.writes("e.jsonl", [
        event("person-registered", "2023", "secretariat", person="p1", name="Testa Testdotter-Exempelström"),
        event("member-appointed", "2023-03-01", person="p1", party="skinnskatteberg", seat="opposition-leader",
              political_party="Almförbundet"),
    ]))  # fmt: skip
    return desk


def seen(columns: int, *args: str) -> list[str]:
    """Returns the lines of an answer on a terminal that is `columns` wide, without colours."""
    shape = {"COLUMNS": str(columns), "TERM": "dumb", "NO_COLOR": "1"}
    with patch.dict(os.environ, shape), redirect_stdout(Terminal()) as terminal:
        cli.program.run(args)
    return terminal.getvalue().splitlines()


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("columns", [60, 80, 100, 120])
@pytest.mark.parametrize(
    "args",
    [*every_question(), ("council", "--on", "2024-01-01"), ("findings", "--all", "--on", "2024-01-01"),
     ("events",), ("events", "member-appointed"), ("explain", "two-per-municipality", "--on", "2024-01-01"),
     ("deadlines", "--on", "2024-01-01"), ("costs", "2023"), ("costs", "2023", "--explain"),
     ("costs", "2023", "--party", "vasteras"), ("settlement", "--if-withdraws", "sala", "--ends-on", "2024-01-01")],
    ids=" ".join,
)  # fmt: skip
def test_no_line_is_longer_than_the_terminal(columns: int, args: tuple[str, ...]) -> None:
    lines = seen(columns, *args)

    assert len(lines) > 1
    assert max(map(len, lines)) <= columns


def test_the_council_fits_in_a_hundred_columns(begun: Desk) -> None:
    """If the member's name has a usual length, no line is broken: the answer has as many lines as without a
    terminal.
    """
    renamed = ("--person", "p1", "--name", "Hilding Exempelström", "--on", "2024-01-01", "--organ", "secretariat")
    begun.does("record", "person-registered", *renamed)
    shown = begun.does("council", "--on", "2024-01-01").out.splitlines()

    assert [line.split() for line in seen(100, "council", "--on", "2024-01-01")] == [line.split() for line in shown]


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (80, [
            "  Testa Testdotter-Exempelström (p1)  opposition-leader  Almförbundet",
            "    Bloc: opposition  From: 2023-03-01  Entry: 3",
        ]),
        (60, [
            "  Testa Testdotter-Exempelström (p1)  opposition-leader",
            "    Political party: Almförbundet  Bloc: opposition",
            "    From: 2023-03-01  Entry: 3",
        ]),
        (30, [
            "  Testa",
            "Testdotter-Exempelström (p1)",
            "    Seat: opposition-leader",
            "    Political party:",
            "    Almförbundet",
            "    Bloc: opposition",
            "    From: 2023-03-01  Entry: 3",
        ]),
    ],
)  # fmt: skip
def test_on_a_narrow_terminal_what_has_no_room_stands_under_its_row(columns: int, told: list[str]) -> None:
    lines = seen(columns, "council", "--on", "2024-01-01")

    (first,) = [place for place, line in enumerate(lines) if line.startswith("  Testa")]
    assert lines[first : first + len(told)] == told


@pytest.mark.usefixtures("begun")
def test_no_amount_is_broken() -> None:
    lines = seen(60, "costs", "2023", "--explain")

    assert [line for line in lines if line.startswith("kr") or line.endswith("14 840")] == []
    assert any("14 840 000,00 kr" in line for line in lines)
