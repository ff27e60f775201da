"""Answers as CSV have the same texts and tables as in other formats. Amounts are numbers, and no cell is a formula that
a spreadsheet would compute.
"""

from __future__ import annotations

import csv
import subprocess
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from ledger.messages import marked
from presentation.blocks import columns, number, text, title
from presentation.render.csv import text_of
from tests.cli.processes import PROGRAM, environment
from tests.desk import every_question

if TYPE_CHECKING:
    from tests.desk import Desk

TABLE = columns(
    text(marked("Party")), number(marked("Paid")),
    rows=[("sala", "1 234 567,80 kr"), ("  =1+1", "-0,50 kr"), ("-", ""), ("- gone", "+1"), ("a, b; c", "12 500 kr")],
)  # fmt: skip


OTHERWISE = {"attendance", "history", "replay"}  # questions whose CSV is another table than the one that people read


def rows(told: str, delimiter: str = ",") -> list[list[str]]:
    return [*csv.reader(StringIO(told), delimiter=delimiter)]


def test_texts_and_tables_are_rows_and_amounts_are_numbers() -> None:
    assert rows(text_of([title("Costs"), "", TABLE])) == [
        ["Costs"], [], ["Party", "Paid"], ["sala", "1234567.80"], ["'=1+1", "-0.50"], ["-", ""],
        ["'- gone", "'+1"],
        ["a, b; c", "12 500 kr"],
    ]  # fmt: skip


def test_excel_in_swedish_finds_semicolons_and_commas() -> None:
    told = text_of([TABLE], excel=True)

    assert told.startswith("\ufeffParty;Paid\r\nsala;1234567,80\r\n")
    assert rows(told.removeprefix("\ufeff"), ";")[5] == ["a, b; c", "12 500 kr"]


@pytest.mark.on_file
def test_every_question_answers_as_csv_with_the_words_that_people_read(desk: Desk, demo: Desk) -> None:
    desk.goes_on(demo)
    for question in every_question():
        if question[0] in OTHERWISE:
            continue
        people, told = desk(*question), desk(*question, "--csv")
        assert told.code == people.code
        cells = {cell for row in rows(told.out) for cell in row if cell}
        assert cells, question
        lines = "\n".join(people.out.splitlines())
        words = {cell for cell in cells if not cell.lstrip("'-").replace(".", "").isdigit()}
        assert {cell for cell in words if cell.lstrip("'") not in lines} == set(), question


def test_one_form_is_asked_for(desk: Desk) -> None:
    desk.does("init")

    told = desk("council", "--csv", "--csv-excel")
    assert (told.code, told.errors) == (2, ["give one of --csv and --csv-excel"])


@pytest.mark.parametrize("question", [("council",), ("attendance", "2024H1")])
def test_csv_is_utf_8_whatever_the_terminal_reads(desk: Desk, question: tuple[str, ...]) -> None:
    desk.does("init")
    told = subprocess.run(
        [*PROGRAM, *question, "--csv-excel"], cwd=desk.folder, capture_output=True, check=True,
        env={**environment(), "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    )  # fmt: skip

    assert told.stdout.startswith("\ufeff".encode())
