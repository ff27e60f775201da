"""Hostile and broken tables are refused in one line, and nothing is recorded."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from exchange import parts, separated, tables, workbook
from tests.exchange.sheets import MANIFEST, ODS, changed, csv, ods_of, part_of, xlsx, zipped

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

HEADING = ("Datum", "Kommun", "Belopp", "År", "Inbetalning", "OCR")
ROW = ("2023-01-30", "Sala", 5, 2023, 1, "x")
GOOD = xlsx([HEADING, ROW])
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
DAMAGED = "the spreadsheet is damaged, and cannot be read: save it again"
TOO_LARGE = "it is too large: a sheet may have 1 000 000 cells, the empty ones included"


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    return desk


def sheet_of(data: str) -> bytes:
    """Returns a workbook with this XML for the rows of its sheet."""
    text = part_of(GOOD, SHEET)
    start, end = text.index("<sheetData>") + len("<sheetData>"), text.index("</sheetData>")
    return changed(GOOD, {SHEET: text[:start] + data + text[end:]})


def with_doctype(part: str) -> bytes:
    text = part_of(GOOD, part)
    end = text.index("?>") + 2
    return changed(GOOD, {part: text[:end] + LAUGHS + text[end:]})


def flagged_as_locked() -> bytes:
    data = bytearray(GOOD)
    data[6] |= 1
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    return bytes(data)


def longer_than_declared() -> bytes:
    """Returns a workbook of which a part inflates to more than its directory says."""
    with ZipFile(BytesIO(GOOD)) as archive:
        given = {name: archive.read(name) for name in archive.namelist()}
    data = zipped(given.items())
    real = given[TEXTS]
    wrong = data.replace(struct.pack("<L", len(real)), struct.pack("<L", 10)).replace(
        struct.pack("<L", zlib.crc32(real)), struct.pack("<L", zlib.crc32(real[:10]))
    )
    assert wrong != data
    return wrong


def repeated(rows: int, columns: int) -> bytes:
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" office:value="5"/>'
    return ods_of(f'<table:table table:name="a"><table:table-row table:number-rows-repeated="{rows}">{cell}'
                  "</table:table-row></table:table>")  # fmt: skip


HOSTILE: dict[str, tuple[bytes, str]] = {
    "an empty zip": (zipped([]), "it is no table: save the table as xlsx or as CSV UTF-8"),
    "a zip of something else": (zipped([("a.txt", "x")]), "it is a zip, and no spreadsheet"),
    "a document": (zipped([("mimetype", ODS.replace("spreadsheet", "text")), ("META-INF/manifest.xml", MANIFEST)]),
                   "it is a zip, and no spreadsheet"),
    "half a workbook": (GOOD[: len(GOOD) // 2], DAMAGED),
    "a workbook without its end": (GOOD[:-30], DAMAGED),
    "a part that is no XML": (changed(GOOD, {SHEET: "<worksheet><sheetData>"}), DAMAGED),
    "no sheet": (changed(GOOD, {"xl/_rels/workbook.xml.rels": "<Relationships/>"}), DAMAGED),
    "a part of another name": (changed(GOOD, {"xl/WORKBOOK.xml": "<x/>"}), DAMAGED),
    "a password": (flagged_as_locked(), "it is locked with a password: save it without one"),
    "a password of ods": (zipped([("mimetype", ODS), ("META-INF/manifest.xml", "<m><m:encryption-data/></m>"),
                                  ("content.xml", "x")]), "it is locked with a password"),
    "a password of xlsx": (tables_ole := b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                           "it is locked with a password"),
    "the old format": (tables_ole[:8] + bytes(600), "it is in the old format of Excel (.xls): save it as xlsx"),
    "macros": (changed(GOOD, {"xl/vbaProject.bin": b"x"}), "it has macros, or is in a binary format"),
    "binary": (changed(GOOD, {"xl/workbook.bin": b"x"}), "it has macros, or is in a binary format"),
    "entities in the sheet": (with_doctype(SHEET), "it declares a document type"),
    "entities elsewhere": (with_doctype("docProps/core.xml"), "it declares a document type"),
    "entities in ods": (zipped([("mimetype", ODS), ("META-INF/manifest.xml", MANIFEST),
                                ("content.xml", LAUGHS + "<x>&b;</x>")]), "it declares a document type"),
    "a far cell": (sheet_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>'
                            "</row>"), TOO_LARGE),
    "cells without number": (repeated(1_000_000, 16_000), TOO_LARGE),
    "a text that many cells share": (
        changed(sheet_of("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2_001))),
                {TEXTS: f"<sst><si><t>{'x' * 32_000}</t></si></sst>"}), TOO_LARGE),
    "a text repeated": (ods_of('<table:table table:name="a"><table:table-row table:number-rows-repeated="9000">'
                               f'<table:table-cell office:value-type="string"><text:p>{"x" * 5_000}</text:p>'
                               "</table:table-cell></table:table-row></table:table>"), TOO_LARGE),
    "more texts than there are": (changed(GOOD, {TEXTS: '<sst uniqueCount="9000000000"><si><t>x</t></si></sst>'}),
                                  TOO_LARGE),
    "blanks without number": (ods_of('<table:table table:name="a"><table:table-row><table:table-cell '
                                     'office:value-type="string"><text:p>x<text:s text:c="900000000"/></text:p>'
                                     "</table:table-cell></table:table-row></table:table>"), TOO_LARGE),
    "rows that are not in order": (sheet_of('<row r="9"><c r="A9"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c>'
                                            "</row>"), DAMAGED),
    "a tag without end": (sheet_of(f'<row a="{"x" * 2_000_000}"/>'), DAMAGED),
    "elements within elements": (sheet_of("<a>" * 300), TOO_LARGE),
    "what inflates to more than it says": (longer_than_declared(), DAMAGED),
    "HTML": (b"<html><table><tr><td>Datum</td></tr></table></html>", "it is a page of HTML or XML, and no table"),
    "XML": (b"\xef\xbb\xbf<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook/>",
            "it is a page of HTML or XML, and no table"),
    "bytes": (b"Datum;Kommun\n\0\1\2", "it is no table: save the table as xlsx or as CSV UTF-8"),
    "a PDF": (b"%PDF-1.7\n", "it is no table"),
    "nothing": (b"", "there is nothing to record"),
    "a broken mark": (b"\xef\xbb\xbfDatum;Kommun\n\xff", "the text is damaged: it is not UTF-8 throughout"),
    "half a character": (b"\xff\xfeD\0a", "the text is damaged: it is not UTF-16 throughout"),
    "an open quote": (b'Datum;Kommun;Belopp\n"2023', "line 2: not CSV: a quotation mark has no end"),
    "a quotation mark in a cell": (b'Datum;Kommun;OCR\n2023;Sala;"a"b"',
                                   "line 2: not CSV: within a cell in quotation marks, each quotation mark is to be"),
    "a long cell": (b"Datum;Kommun;Belopp\n2023;Sala;" + b"5" * 200_000, "line 2: not CSV: a cell is too long"),
    "a long row": (b"Datum;Kommun;Belopp\n" + b"1;" * 600_000,
                   "line 2: not CSV: a row is longer than 1 048 576 characters"),
}  # fmt: skip


@pytest.mark.parametrize("which", HOSTILE)
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_hostile_table_is_refused_in_one_line(begun: Desk, which: str, name: str) -> None:
    data, line = HOSTILE[which]
    (begun.folder / name).write_bytes(data)

    wrong = begun("import", name, "--kind", "payments")

    assert (wrong.code, wrong.out) == (2, "")
    (told,) = wrong.errors
    assert told.startswith(line)
    assert begun.asks("history")["known_at"] == "@1"


@pytest.mark.parametrize(
    ("name", "which"), [("a.html", "HTML"), ("a.fods", "XML"), ("a.pdf", "a PDF"), ("a.xml", "HTML"), ("a", "HTML"),
                        ("a.csv", "nothing"), ("a.txt", "nothing")]
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_in_one_line_though_nobody_says_that_it_is_a_table(
    begun: Desk, name: str, which: str
) -> None:
    data, line = HOSTILE[which]
    (begun.folder / name).write_bytes(data * 30 or b"\r\n")

    (told,) = begun("import", name).errors

    assert told.startswith(line)


def test_what_inflates_without_end_is_refused_before_its_end(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_INFLATED", 100_000)
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
        archive.writestr(ZipInfo("xl/a.xml"), "<x>" + " " * 300_000 + "</x>", ZIP_DEFLATED)
    (begun.folder / "a.xlsx").write_bytes(data.getvalue())

    assert begun("import", "a.xlsx").errors == [TOO_LARGE]
    monkeypatch.setattr(workbook, "MOST_PARTS", 5)
    (begun.folder / "b.xlsx").write_bytes(GOOD)
    assert begun("import", "b.xlsx").errors == [DAMAGED]


@pytest.mark.parametrize("make", [xlsx, csv])
def test_more_rows_than_a_list_has_are_refused(begun: Desk, monkeypatch: pytest.MonkeyPatch, make: Any) -> None:
    for module in (tables, separated, workbook):
        monkeypatch.setattr(module, "MOST_ROWS", 3)
    (begun.folder / "a.xlsx").write_bytes(make([HEADING, ROW, ROW, ROW]))

    assert begun("import", "a.xlsx").errors == ["it has more than 3 rows: divide it"]


def test_elements_and_rows_that_hold_nothing_are_counted_since_each_takes_time(
    begun: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_ELEMENTS", 1_000)
    for number, empty in enumerate(['<row r="2">' + "<c/>" * 1_000 + "</row>", "<row/>" * 1_000, "<x/>" * 1_000]):
        (begun.folder / f"{number}.xlsx").write_bytes(sheet_of(empty))
        assert begun("import", f"{number}.xlsx").errors == [TOO_LARGE]
    (begun.folder / "a.ods").write_bytes(ods_of('<table:table table:name="a">' + "<table:table-row/>" * 1_000))
    assert begun("import", "a.ods").errors == [TOO_LARGE]
    monkeypatch.setattr(separated, "MOST_BLANK", 1_000)
    (begun.folder / "a.csv").write_bytes(csv([HEADING]) + b"\r\n" * 1_000)
    assert begun("import", "a.csv").errors == ["it has more than 20 000 rows: divide it"]


def test_a_cell_with_an_error_or_a_formula_without_a_value_is_told_and_not_left_empty(begun: Desk) -> None:
    text = part_of(GOOD, SHEET)
    for cell, what in {
        '<c r="F2" t="e"><v>#N/A</v></c>': "line 2: cell F2: the cell holds an error, and no value",
        '<c r="F2"><f>A1</f></c>': "line 2: cell F2: the formula was never computed: open the file in Excel, and save"
        " it again",
    }.items():
        data = changed(
            GOOD, {SHEET: text.replace(text[text.index('<c r="F2"') : text.index("</row></sheetData>")], cell)}
        )
        (begun.folder / "a.xlsx").write_bytes(data)
        assert begun("import", "a.xlsx").errors == [what]


def test_more_errors_than_are_told_are_refused(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_UNREAD", 2)
    (begun.folder / "a.xlsx").write_bytes(sheet_of('<row><c t="e"><v>#N/A</v></c><c><f>1</f></c><c><f>1</f></c></row>'))

    assert begun("import", "a.xlsx", "--kind", "members").errors[0].startswith("it has more than 2 cells with errors")


def test_formulas_of_others_are_text_in_the_ledger_and_nothing_is_computed(begun: Desk) -> None:
    rows = [HEADING, (*ROW[:5], "=cmd|' /C calc'!A0")]
    for name, data in (("a.xlsx", xlsx(rows)), ("a.csv", csv(rows))):
        (begun.folder / name).write_bytes(data)
        (entry,) = begun.asks("import", name, "--dry-run")["entries"]
        assert entry["fields"]["reference"] == "=cmd|' /C calc'!A0"


def test_what_controls_a_terminal_is_shown_escaped(begun: Desk) -> None:
    data = csv([("\x1b[2J\u202eTitel",), HEADING, (*ROW[:5], "\x1b[2Jx")])
    (begun.folder / "a.csv").write_bytes(data)

    wrong = begun("import", "a.csv")

    assert (wrong.code, "\x1b" in wrong.err + wrong.out) == (2, False)
    assert wrong.errors[0].startswith("line 3: cell F3: 'OCR': ")


def test_a_file_that_is_named_in_a_cell_is_not_read_from_a_list(begun: Desk) -> None:
    (begun.folder / "secret").write_text('{"sala": 5}')
    (begun.folder / "a.xlsx").write_bytes(xlsx([HEADING, (*ROW[:5], "@secret")]))

    (entry,) = begun.asks("import", "a.xlsx")["entries"]

    assert entry["fields"]["reference"] == "@secret"
