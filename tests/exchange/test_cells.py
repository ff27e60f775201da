"""What a cell says, or why it does not: days, amounts, numbers and texts as Swedes and their programs write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from exchange.cells import clock_of, day_of, number_of, ore_of, percent_of, text_of
from exchange.parts import FORMULA

if TYPE_CHECKING:
    from collections.abc import Callable

NOON, MIDNIGHT = datetime(2025, 6, 1, 12), datetime(2025, 6, 1)  # noqa: DTZ001 - as spreadsheets have them


def told(read: Callable[[], object]) -> object:
    """Returns what is read, or the sentence that says why it is not."""
    try:
        return read()
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("A\u030arboga ", "Årboga"), ("a\r\nb", "a\nb"), (True, "true"), (False, "false"), (5, "5"), (0.1 + 0.2, "0.3"),
        (MIDNIGHT, "2025-06-01"), (NOON, "2025-06-01 12:00"), (date(2025, 6, 1), "2025-06-01"), (time(9, 5), "09:05"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        (FORMULA, "the formula was never computed: open the file in Excel, and save it again"),
        ("#SAKNAS!", "the cell holds an error, and no value"),
        (1e15, "a spreadsheet keeps 15 digits of a number, and this has more: make it text"),
        (float("nan"), "a spreadsheet keeps 15 digits of a number, and this has more: make it text"),
    ],
)  # fmt: skip
def test_a_cell_as_text(cell: Any, said: str) -> None:
    assert told(lambda: text_of(cell)) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (MIDNIGHT, "2025-06-01"), (date(2025, 6, 1), "2025-06-01"), (20250601, "2025-06-01"), (2025, "2025"),
        ("2025/6/1", "2025-06-01"), ("1.6.2025", "2025-06-01"), ("1/6 2025", "2025-06-01"),
        ("2025-06-01 00:00:00", "2025-06-01"), ("den 1:e juni 2025", "2025-06-01"), ("juni 2025", "2025-06"),
        ("2025-6", "2025-06"), ("2025-06-01/2025-06-30", "2025-06-01/2025-06-30"),
        ("13/6/2025", "2025-06-13"), ("6/13/2025", "2025-06-13"), ("6/6/2025", "2025-06-06"),
        ("5/6/2025", "'5/6/2025' may be 2025-06-05 or 2025-05-06: write the day so"),
        (NOON, "'2025-06-01 12:00' is a time of a day: a day alone is needed"),
        ("2025-06-01 12:30", "'2025-06-01 12:30' is a time of a day: a day alone is needed"),
        (45809, "'45809' is a number, and no day: give the cell the format of a date"),
        (time(9), "'09:00' is not a day: write 2025-06-01"), (True, "'true' is not a day: write 2025-06-01"),
        ("i fjol", "'i fjol' is not a day: write 2025-06-01"),
    ],
)  # fmt: skip
def test_a_cell_as_a_day(cell: Any, said: str) -> None:
    assert told(lambda: day_of(cell, loose=True)) == said


def test_a_day_that_must_be_whole_and_one_that_never_was() -> None:
    assert told(lambda: day_of("2025-06", loose=False)) == "'2025-06' is not a day: write 2025-06-01"
    assert "a day that never was" in str(told(lambda: day_of(date(1900, 2, 28), loose=True, from_1900=True)))


@pytest.mark.parametrize(
    ("cell", "unit", "said"),
    [
        ("1\u202f234,5", "kronor", 123_450), ("\u2212500,00 kr", "kronor", -50_000), ("1 234:-", "kronor", 123_400),
        (0.1, "kronor", 10), (10, "öre", 10), ("10", "öre", 10), ("10 öre", "kronor", 10), (1234.5, "kronor", 123_450),
        ("0", "unsaid", 0),
        ("1,5 öre", "kronor", "'1,5 öre' is not whole öre"), (0.5, "öre", "'0.5' is not whole öre"),
        ("5 kr", "öre", "'5 kr' is in kronor, in a column of öre: write all alike"),
        ("5", "unsaid", "'5' may be kronor or öre: write both decimals, or the word after it"),
        ("5 tkr", "kronor", "'5 tkr' is in thousands or millions: write kronor"),
        ("fem", "kronor", "'fem' is not an amount: write kronor, as 1 234,50"),
        (True, "kronor", "'true' is not an amount: write kronor, as 1 234,50"),
        (99_999_999_999_999, "kronor", "a spreadsheet keeps 15 digits of a number, and this has more: make it text"),
    ],
)  # fmt: skip
def test_a_cell_as_an_amount(cell: Any, unit: Any, said: object) -> None:
    assert told(lambda: ore_of(cell, unit)) == said


def test_a_cell_as_a_clock_a_number_and_a_percentage() -> None:
    assert [clock_of(one) for one in (time(9, 5), NOON, "kl. 9.05", "nio")] == ["09:05", "12:00", "09:05", "nio"]
    assert [number_of(one) for one in ("1\u00a0234", "\u22125", "ett")] == ["1234", "-5", "ett"]
    assert [percent_of(one) for one in ("2,9 %", 2.9)] == ["2.9", "2.9"]
    assert "may be a share or a percentage" in str(told(lambda: percent_of(0.029)))
