"""Templates: empty workbooks whose headings the import knows, with choices that are data and no formulas."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from exchange.formats import read_tables
from exchange.headings import FIELDS, LISTS, MEMBERS, PAYMENTS
from exchange.lists import choose
from exchange.template import LEFT_OUT, headings_of, is_of_a_table, template
from ledger.book import Ledger
from ledger.events import EVENTS
from ledger.events.shape import fields_of
from ledger.store import open_store
from presentation.language import speaking
from recording.choices import Known
from tests.desk import Desk, at_a_desk
from tests.exchange.workbooks import cells, filled_in, names, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.on_file

TODAY = date(2026, 4, 14)


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("templates")) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


def made(desk: Desk, of: str, *more: str) -> bytes:
    desk.does("template", of, "-o", "t.xlsx", *more)
    data = (desk.folder / "t.xlsx").read_bytes()
    (desk.folder / "t.xlsx").unlink()
    return data


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("of", [*LISTS, "meeting-held", "member-appointed", "payment-made", "population-published"])
def test_its_headings_are_those_that_the_import_knows_and_each_has_a_note(of: str, lang: str) -> None:
    with speaking(lang):
        data = template(of, None, TODAY)
    [heads] = cells(data)
    known = {name for one in (*MEMBERS, *PAYMENTS) for name in one[1:3]} | {
        name for one in FIELDS.values() for name in one
    }

    assert {str(one).removesuffix(" *") for one in heads} <= known
    assert len({*heads}) == len(heads)
    notes = parts(data)["xl/comments1.xml"]
    assert notes.count("<comment ") == len(heads)
    assert notes.count({"sv": "måste fyllas i", "en": "must be filled in"}[lang]) == sum(
        str(one)[-1] == "*" for one in heads
    )


@pytest.mark.parametrize("event", [name for name in EVENTS if is_of_a_table(name)])
def test_the_template_of_every_event_has_a_column_for_each_of_its_fields(event: str) -> None:
    [heads] = cells(template(event, None, TODAY))

    fields = fields_of(EVENTS[event])
    assert len(heads) == len(fields) + 5
    marked = [str(one) for one in heads if str(one).endswith(" *")]
    assert len(marked) == 2 + sum(one.required for one in fields)


def test_the_columns_of_the_lists_are_those_of_the_table_of_headings(played: Desk) -> None:
    for of, columns in LISTS.items():
        [heads] = cells(made(played, of))
        assert [str(one).removesuffix(" *") for one in heads] == [
            one.swedish for one in columns if one.field not in LEFT_OUT
        ]
    assert [str(one) for one in cells(made(played, "payments", "--lang", "en"))[0][:3]] == [
        "Date *", "Municipality *", "Amount *"
    ]  # fmt: skip


def test_choices_come_from_the_ledger_and_stand_on_a_hidden_sheet(played: Desk) -> None:
    data = made(played, "members")
    columns = {heads: {*column} for heads, *column in zip(cells(data)[0], *cells(data, 2), strict=False)}

    assert names(data) == ["Att fylla i", "Så fylls den i", "Val"]
    assert {"Sala kommun", "Region Västmanland"} <= columns["Kommun"]
    assert {"Majken Exempelström"} <= columns["Namn *"]
    assert {"p13"} <= columns["Id"]
    assert {"Ekpartiet", "Tallpartiet"} <= columns["Parti"]
    assert "kommunstyrelsens ordförande" in columns["Plats"]
    assert {"majoritet", "opposition", "ingetdera", ""} == columns["Block"]
    assert 'state="hidden"' in parts(data)["xl/workbook.xml"]


def test_days_amounts_and_numbers_are_validated_and_choices_are_ranges(played: Desk) -> None:
    sheet = parts(made(played, "payments"))["xl/worksheets/sheet1.xml"]
    rules = dict(re.findall(r'<dataValidation type="(\w+)"[^>]* sqref="(\w+):', sheet))

    assert (rules["date"], rules["decimal"]) == ("A2", "C2")
    assert "<formula1>Val!$B$1:$B$11</formula1>" in sheet
    assert '<pane ySplit="1"' in sheet


def filled(desk: Desk, of: str, row: dict[str, str | float], lang: str) -> None:
    """Writes the template of a list, filled in, to `f.xlsx`."""
    data = made(desk, of, "--lang", lang)
    styles = dict(re.findall(r'<col min="(\d+)" max="\d+" [^>]*style="(\d+)"', parts(data)["xl/worksheets/sheet1.xml"]))
    told = []
    for place, head in enumerate(cells(data)[0]):
        value, at = row.get(str(head), ""), f'r="{chr(ord("A") + place)}2" s="{styles.get(str(place + 1), 0)}"'
        if isinstance(value, float):
            told.append(f"<c {at}><v>{value}</v></c>")
        elif value:
            told.append(f'<c {at} t="inlineStr"><is><t>{value}</t></is></c>')
    (desk.folder / "f.xlsx").write_bytes(filled_in(data, f'<row r="2">{"".join(told)}</row>'))


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_template_filled_in_is_imported_as_it_is(played: Desk, lang: str) -> None:
    rows: dict[str, dict[str, str | float]] = {
        "sv": {"Datum *": 46120.0, "Kommun *": "Sala kommun", "Belopp *": 1234.5, "År": 2026.0, "Inbetalning": 1.0,
               "Referens": "OCR 1", "Ändamål": "delbetalning"},
        "en": {"Date *": 46120.0, "Municipality *": "Sala kommun", "Amount *": 1234.5, "Year": 2026.0,
               "Instalment": 1.0, "Reference": "OCR 1", "Purpose": "instalment"},
    }  # fmt: skip
    filled(played, "payments", rows[lang], lang)

    told = played.asks("import", "f.xlsx", "--kind", "payments", "--dry-run")

    [entry] = told["entries"]
    assert (entry["valid_on"], entry["source"]["organ"]) == ("2026-04-08", "official")
    assert entry["fields"] == {
        "party": "sala", "purpose": "instalment", "year": 2026, "instalment": 1, "amount": 123_450,
        "reference": "OCR 1",
    }  # fmt: skip


def test_every_heading_of_every_template_is_read_as_its_field(played: Desk) -> None:
    with open_store(played.ledger) as store:
        ledger = Ledger(store, lambda: played.now)
        known = Known(ledger.timeline(), ledger.names())
        for of in [*LISTS, *filter(is_of_a_table, EVENTS)]:
            for lang in ("sv", "en"):
                with speaking(lang):
                    data = template(of, known, TODAY)
                    fields = [one.field for one in headings_of(of, known, TODAY)]
                found = choose(read_tables(data), of).found
                assert [one.field for one in found.columns] == fields, (of, lang)
                assert {found.faults, found.above, (*found.unknown,), (*found.unread,)} == {()}, (of, lang)


def test_a_name_of_the_ledger_is_never_a_formula(desk: Desk) -> None:
    desk.began("2023-01-01").does("init", "--in-force-from", "2023-01-01")
    for person, name in (("p1", "=cmd|'/C calc'!A0"), ("p2", "+46 Exempel"), ("p3", "@Påhitt")):
        desk.does("record", "person-registered", "--person", person, "--name", name, "--on", "2023-01-01", "--organ",
                  "secretariat")  # fmt: skip

    data = made(desk, "members")

    assert [row[0] for row in cells(data, 2)[:3]] == ["=cmd|'/C calc'!A0", "+46 Exempel", "@Påhitt"]
    assert "<f>" not in "".join(parts(data).values())


def test_without_a_ledger_there_are_the_choices_that_no_ledger_has(desk: Desk) -> None:
    data = made(desk, "payments")

    columns = {heads: {*column} for heads, *column in zip(cells(data)[0], *cells(data, 2), strict=False)}
    assert {one for one in columns["År"] if one} == {2023.0, 2024.0, 2025.0, 2026.0, 2027.0} & {*columns["År"]}
    assert "delbetalning" in columns["Ändamål"]
    assert columns.get("Kommun *", {""}) == {""}
    missing = desk("template", "payments", "-o", "t.xlsx", "--ledger", "none.db")
    assert missing.code == 6


def test_the_same_ledger_gives_the_same_bytes(played: Desk) -> None:
    assert made(played, "meeting-held") == made(played, "meeting-held")


def test_an_unknown_event_another_ending_and_a_file_that_is_there_are_refused(played: Desk) -> None:
    played.writes("there.xlsx", ["x"])

    for args, said in (
        (("paymant-made", "-o", "a.xlsx"), "there is no event 'paymant-made'; `liggare events` lists them"),
        (("log-restored", "-o", "a.xlsx"), "log-restored is not read from a table: a command of its own records it"),
        (("payments", "-o", "a.csv"), "--out: the name of a workbook ends in .xlsx"),
        (("payments", "-o", "there.xlsx"), "--out there.xlsx is already there; nothing was overwritten"),
    ):
        told = played("template", *args)
        assert (told.code, told.errors) == (2, [said])
    assert played.asks("template", "payments", "-o", "b.xlsx")["of"] == "payments"
