"""Answers as workbooks: numbers are numbers, sums are formulas that give what the answer gives, and text is text."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exchange.xlsx
from exchange.xlsx import About, cut, workbook
from ledger.errors import BadInput
from ledger.messages import marked
from presentation.blocks import columns, grid, number, text, title, whole
from presentation.words import visible
from tests.desk import Desk, at_a_desk, every_question
from tests.exchange.workbooks import cells, names, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from presentation.blocks import Part, Words

pytestmark = pytest.mark.on_file

GOLDEN = Path(__file__).parent / "golden" / "costs.txt"
ON = ("--on", "2025-09-01", "--known-at", "@246")
NOTHING = About((), None)
FEW = {"replay": ("--from", "@240")}
HOSTILE = (
    "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x.example")', "http://x.example", "\t=1",
    "mailto:a@x.example", "internal:Sheet1!A1", "{=1}", "00123", "1e5", "1 234,56 kr", "2025-06-01", "TRUE", "#N/A",
    "Æthelstan Çelik Ðóra Ēriks Ģirts Ħal Įva Łucja Ñuño Øyvind Œuvre Šárka Ț. Ÿ Žofie ß ı ſ Ω Я",
    "\U0001f469\u200d\U0001f680",
    "_x0041_", "a & b < c > \"d\" 'e'", "  blank  ",
)  # fmt: skip


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("workbooks")) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


RANDOM = re.compile(r'(?<=")[0-9a-f]{32}(?=")')  # the key of an append that was given none


def written(desk: Desk, *question: str, name: str = "a.xlsx") -> bytes:
    """Returns the workbook of a question, whose file is removed."""
    file = desk.folder / name
    desk(*question, "--xlsx", name)
    data = file.read_bytes()
    file.unlink()
    return data


def of(*parts_: Part) -> bytes:
    return workbook([parts_], NOTHING)


def formulas(data: bytes) -> dict[str, tuple[str, str]]:
    """Returns each formula of the first sheet with its stored result, by cell."""
    found = re.findall(r'<c r="(\w+)"[^>]*><f>([^<]*)</f><v>([^<]*)</v>', parts(data)["xl/worksheets/sheet1.xml"])
    return {cell: (formula, result) for cell, formula, result in found}


def test_amounts_are_numbers_and_sums_are_formulas_that_give_the_figures_of_the_answer(played: Desk) -> None:
    data, told = written(played, "costs", "2025", *ON), played.asks("costs", "2025", *ON)
    rows = {row[0]: row for row in cells(data)}

    for party, share in told["shares"].items():
        assert rows[party][1:4] == [share / 100, sum(one["claimed"][party] for one in told["instalments"]) / 100,
                                    told["paid"][party] / 100]  # fmt: skip
    assert rows["together"][1:5] == [
        sum(told["shares"].values()) / 100, told["level"] / 100, sum(told["paid"].values()) / 100,
        sum(told["balance"].values()) / 100,
    ]  # fmt: skip
    assert formulas(data) == {
        "B19": ("SUM(B9:B18)", "14840000"), "C19": ("SUM(C9:C18)", "14840000"), "D19": ("SUM(D9:D18)", "14835000"),
        "E19": ("SUM(E9:E18)", "5000"),
    }  # fmt: skip


def test_a_figure_that_the_rows_above_do_not_add_up_to_is_a_number() -> None:
    table = columns(
        text(marked("Party")), number(marked("Paid")), number(marked("Balance")), number(marked("Share")),
        rows=[("a", "0,10 kr", "1,00 kr", "?"), ("b", "0,20 kr", "3,00 kr", "1,00 kr"),
              (title("together"), title("0,30 kr"), title("3,00 kr"), title("1,00 kr"))],
    )  # fmt: skip

    data = of(table)

    assert formulas(data) == {"B4": ("SUM(B2:B3)", "0.3")}
    assert cells(data)[3] == ["together", 0.3, 3.0, 1.0]


def test_the_sums_of_two_parts_of_a_table_are_each_of_their_own_rows() -> None:
    rows: list[tuple[str | Words, ...]] = [
        ("a", "1,00 kr"), (title("s"), title("1,00 kr")), ("b", "2,00 kr"), ("c", ""), (title("s"), title("2,00 kr"))
    ]  # fmt: skip
    data = of(columns(text(marked("Party")), number(marked("Paid")), rows=rows))

    assert formulas(data) == {"B3": ("SUM(B2:B2)", "1"), "B6": ("SUM(B4:B5)", "2")}


@pytest.mark.parametrize("value", HOSTILE)
def test_text_is_written_as_text_whatever_it_looks_like(value: str) -> None:
    data = of(
        value, columns(text(marked("Party")), whole(marked("Name")), rows=[(value, "x")]), "", grid([["x", value]], 2)
    )

    found = cells(data)
    shown = visible(value)
    assert found[0][0] == shown
    assert found[2][0] == shown.strip()
    assert found[4][1] == shown.strip()
    sheet = parts(data)["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.casefold()


@settings(max_examples=10)
@given(values=st.lists(st.text(max_size=50), min_size=20, max_size=20))
def test_any_text_comes_back_as_it_is_shown(values: list[str]) -> None:
    assert [row[0] for row in cells(of(*(f"x{one}" for one in values)))] == [f"x{visible(one)}" for one in values]


@settings(max_examples=25)
@given(ore=st.integers(-(10**14), 10**14))
def test_any_amount_comes_back_to_the_ore(ore: int) -> None:
    kronor = f"{'-' * (ore < 0)}{abs(ore) // 100:,},{abs(ore) % 100:02d} kr".replace(
        ",", " ", f"{abs(ore) // 100:,}".count(",")
    )

    [_, [found]] = cells(of(columns(number(marked("Paid")), rows=[(kronor,)])))

    assert isinstance(found, float)
    assert round(found * 100) == ore


def test_a_number_of_more_digits_than_excel_keeps_stays_text() -> None:
    rows = cells(of(columns(number(marked("Paid")), rows=[("1 234 567 890 123 456,78 kr",), ("0,00 kr",)])))

    assert rows[1:] == [["1 234 567 890 123 456,78 kr"], [0.0]]


def test_whole_days_are_dates_and_loose_ones_text() -> None:
    days = ("2025-06-01", "2025-06", "2025", "2025-06-01/2025-07-01", "1900-02-28", "2025-02-30")

    found = cells(of(columns(whole(marked("Day")), text(marked("Name")), rows=[(day, day) for day in days])))

    assert [row[0] for row in found[1:]] == [date(2025, 6, 1), *days[1:]]
    assert [row[1] for row in found[1:]] == [*days]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    for long in ("x" * 32_768, "\U0001f600" * 20_000):
        [[found]] = cells(of(long))
        assert isinstance(found, str)
        assert len(found.encode("utf-16-le")) // 2 <= 32_767
        assert found.endswith("characters)")
    assert cut("x" * 32_767) == "x" * 32_767


def test_more_rows_than_excel_has_are_refused_in_one_line() -> None:
    with patch.object(exchange.xlsx, "MOST_ROWS", 5), pytest.raises(BadInput) as refused:
        of(columns(text(marked("Name")), rows=[("x",)] * 5))

    assert [what for _, what in refused.value.errors] == [
        "the answer has more rows than the 5 of Excel: ask about less, or take CSV"
    ]


@pytest.mark.parametrize("question", [(*one, *FEW.get(one[0], ())) for one in every_question()], ids=lambda one: one[0])
def test_every_question_is_a_workbook_that_says_what_it_answers_and_is_the_same_bytes_again(
    played: Desk, question: tuple[str, ...]
) -> None:
    told, printed = played(*question, "--xlsx", "b.xlsx"), played(*question, "--json")
    data = (played.folder / "b.xlsx").read_bytes()
    (played.folder / "b.xlsx").unlink()

    assert told.code == printed.code
    assert told.out == "b.xlsx is written\n"
    assert names(data) == ["Answer", "Entries"]
    about = cells(data, 1)
    assert about[0][:2] == ["Question", f"liggare {' '.join(question)}"]
    assert about[2][:2] == ["Known at", "@246"]
    assert data == written(played, *question)


def test_the_entries_that_an_answer_names_are_on_the_second_sheet(played: Desk) -> None:
    data = written(played, "council", "--on", "2025-06-01")
    rows = cells(data, 1)
    head = next(place for place, row in enumerate(rows) if row[0] == "Entry")
    named = {one for member in played.asks("council", "--on", "2025-06-01")["members"] for one in member["entries"]}

    assert named <= {row[0] for row in rows[head + 1 :]}
    assert rows[head][:3] == ["Entry", "Event", "Day"]
    assert rows[head + 1][1:3] == ["person-registered", date(2023, 3, 1)]


def test_an_answer_of_entries_has_a_row_for_each_and_they_are_not_repeated(played: Desk) -> None:
    data = written(played, "history", "--about", "person:p13")

    told = played.asks("history", "--about", "person:p13")["entries"]
    assert [row[0] for row in cells(data)[1:]] == [one["position"] for one in told]
    assert len(cells(data, 1)) == 4
    assert "autoFilter" in parts(data)["xl/worksheets/sheet1.xml"]


def test_the_cells_of_a_workbook_are_as_they_were_approved(played: Desk, rewrite_golden: bool) -> None:
    lines = []
    for lang in ("en", "sv"):
        data = written(played, "costs", "2025", *ON, "--lang", lang)
        for name, rows in zip(names(data), (cells(data), cells(data, 1)[:8]), strict=True):
            lines += [f"== {name}", *(json.dumps([*map(str, row)], ensure_ascii=False) for row in rows)]
    told = RANDOM.sub("KEY", "\n".join(lines) + "\n")
    if rewrite_golden:
        GOLDEN.write_text(told, "utf-8")

    assert told == GOLDEN.read_text("utf-8")


def test_a_question_of_two_days_names_both(played: Desk) -> None:
    about = cells(written(played, "diff", "--on", "2024-01-01..2025-06-01"), 1)

    assert [row[1] for row in about if row[0] == "Day"][:2] == [date(2024, 1, 1), date(2025, 6, 1)]


def test_an_assumed_reading_and_every_option_stand_in_the_question(played: Desk) -> None:
    about = cells(written(played, "costs", "2025", "--party", "sala", "--explain", "--reading", "rounding=krona"), 1)

    assert about[0][1] == "liggare costs 2025 --explain --party sala --reading rounding=krona"
    assert ["Read as", "rounding=krona"] in [row[:2] for row in about]


def test_no_file_is_overwritten_and_one_form_is_asked_for(played: Desk) -> None:
    played.writes("there.xlsx", ["x"])

    for args, said in (
        (("--xlsx", "there.xlsx"), "--xlsx there.xlsx is already there; nothing was overwritten"),
        (("--xlsx", "none/a.xlsx"), "--xlsx none/a.xlsx: there is no directory none"),
        (("--xlsx", "a.xls"), "--xlsx: the name of a workbook ends in .xlsx"),
        (("--xlsx", "a.xlsx", "--csv"), "give one of --csv and --xlsx"),
    ):
        told = played("council", *args)
        assert (told.code, told.out, told.errors) == (2, "", [said])
    assert (played.folder / "there.xlsx").read_text() == "x\n"
    assert played("council", "--xlsx", "a.xlsx", "--json").code == 2
    assert not (played.folder / "a.xlsx").exists()


def test_findings_end_with_1_where_there_is_a_breach_and_are_written_all_the_same(played: Desk) -> None:
    assert played("findings", "--on", "2025-09-01", "--xlsx", "f.xlsx").code == 1
    assert (played.folder / "f.xlsx").stat().st_size > 1000
