"""Swedish at the command line, from the real catalogue: no English word where a person reads, and every word that an
option takes is explained.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

PAID = ("record", "payment-made", "--party", "sala", "--amount", "5,00", "--instalment", "1", "--organ", "secretariat")


@pytest.fixture(autouse=True)
def swedish(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)
    monkeypatch.setenv("LIGGARE_LANG", "sv")
    desk.does("init")


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("--lang", "de", "council"), "Ogiltigt värde för '--lang': 'de' är inte något av 'sv', 'en'."),
        (("council", "--lang=xx"), "Ogiltigt värde för '--lang': 'xx' är inte något av 'sv', 'en'."),
        (("claim", "2025", "3"), "Ogiltigt värde för 'DELBETALNING': '3' är inte något av '1', '2'."),
        (("completion", "ksh"), "Ogiltigt värde för 'SKAL': 'ksh' är inte något av 'bash', 'zsh', 'fish'."),
        ((*PAID, "--on", "2025-01-01", "--year", "25"), "--year är mindre än 1900"),
        (("import", "paid.csv"), "--csv saknas: paid.csv är en tabell; ange vilken händelse raderna avser:"),
        (("import", "paid.csv", "--csv", "payment-made"), "rad 2: organ saknas"),
        (
            ("import", "list.jsonl"),
            "rad 1: en händelse är ett objekt med event, valid_on, source och fält, inte en lista",
        ),
    ],
)
def test_an_error_is_in_swedish(desk: Desk, args: tuple[str, ...], line: str) -> None:
    Path("paid.csv").write_text("on;party;year;instalment;amount\n2025-01-01;sala;2025;1;5,00\n", "utf-8")
    Path("list.jsonl").write_text("[]\n", "utf-8")

    wrong = desk(*args)

    assert wrong.code == 2
    assert wrong.errors[0].startswith(line)


def test_the_words_that_an_option_takes_are_explained(desk: Desk) -> None:
    said = "noted (lagt till handlingarna), referred-back (återremitterat)"

    helped = ("record", "item-handled", "--help")  # whose lines may end within `referred-back`
    assert said in desk.does("events", "item-handled").out
    assert said in " ".join(desk.does(*helped).out.split()).replace("- ", "-")
    english = " ".join(desk.does(*helped, "--lang", "en").out.split()).replace("- ", "-")
    assert "noted, referred-back or withdrawn; required" in english


def test_the_table_of_findings_names_the_head_of_the_agreement(desk: Desk) -> None:
    rows = [line.split() for line in desk("findings", "--all").out.splitlines()]

    assert [row for row in rows if row[:4] == ["antagande", "i", "alla", "fullmäktige"] and "inledningen" in row]
    assert not [row for row in rows if "head" in row]


def test_the_words_that_an_option_takes_are_completed_with_what_they_are(desk: Desk) -> None:
    line = "liggare record item-handled --outcome n"

    with pytest.MonkeyPatch.context() as shell:
        shell.setenv("COMP_WORDS", line)
        shell.setenv("COMP_CWORD", "4")
        assert desk.does("completion", "zsh", "--answer").out.split("\n")[:3] == [
            "plain", "noted", "lagt till handlingarna",
        ]  # fmt: skip


def test_a_row_that_differs_from_an_entry_names_the_party(desk: Desk) -> None:
    paid = "on;organ;party;year;instalment;amount;reference\n2025-01-01;secretariat;sala;2025;1;{};OCR 1\n"
    Path("first.csv").write_text(paid.format("5,00"), "utf-8")
    Path("second.csv").write_text(paid.format("6,00"), "utf-8")
    desk.does("import", "first.csv", "--csv", "payment-made")

    refused = desk("import", "second.csv", "--csv", "payment-made")

    assert refused.code == 1
    assert "Sala betalade 6,00 kr" in refused.errors[0]


def test_those_who_have_not_paid_are_listed_as_swedish_lists_them(desk: Desk) -> None:
    desk.does("import", "--shipped", "vastmanland-population.jsonl")
    desk.does("claim", "2023", "1", "--on", "2023-02-20")

    answer = desk.does("costs", "2023", "--on", "2023-03-01").out

    assert "inte betald: Arboga, Fagersta, Hallstahammar, " in answer
    assert "Surahammar och Västerås\n" in answer
