"""A list of payments or of members as Swedish Excel saves it is imported as it is, and how it was read is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.exchange.sheets import csv, ods, xlsx

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

HEADING = ("Datum", "Kommun", "Belopp", "År", "Inbetalning", "OCR")
PAID = [
    (date(2023, 1, 30), "Sala kommun", 1234.56, 2023, 1, "25-1-07"),
    (date(2023, 2, 1), "Köping", 5000.0, 2023, "första", ""),
    ("3 februari 2023", 1962, 12345678.9, 2023, 1, "25-1-06"),
]
LIST = [("Inbetalningar 2023",), HEADING, PAID[0], (), *PAID[1:], ("Summa", "", 12351913.46)]
MEMBERS = [
    ("Namn", "Kommun/region", "Parti", "Uppdrag/Post", "Block", "Fr.o.m.", "T.o.m.", "Telefon"),
    ("Testa Påhittad", "Sala kommun", "Ekpartiet", "Kommunstyrelsens ordförande", "Majoritet", "2023-01-01",
     "2026-12-31", "070-000 00 00"),
    ("Nysaga, Prov", "Köping", "Lindlistan", "Oppositionsledare", "opposition", "2023-01-01", "", ""),
    ("Östen Fabelius", "Region Västmanland", "Björkpartiet", "Ledamot i regionstyrelsen", "opposition", "1/1 2023",
     "", ""),
]  # fmt: skip


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    return desk


def put(desk: Desk, name: str, data: bytes) -> str:
    (desk.folder / name).write_bytes(data)
    return name


def fields(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"on": one["valid_on"], **one["fields"]} for one in entries]


def told(desk: Desk, data: bytes, *options: str, name: str = "a.xlsx") -> list[str]:
    """Imports a file that must be refused, and returns the errors."""
    wrong = desk("import", put(desk, name, data), *options)
    assert (wrong.code, wrong.out) == (2, ""), wrong
    assert desk.asks("history")["known_at"] == "@1"
    return wrong.errors


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", csv(LIST, "cp1252")),
        ("a.csv", csv(LIST)),
        ("a.csv", csv(LIST, "utf-16", "\t")),
        ("a.csv", csv(LIST, "utf-8", ",")),
        ("a.xlsx", xlsx(LIST, also={"Annat": [("inget",)]})),
        ("a.xlsx", xlsx(LIST, date_1904=True)),
        ("a.ods", ods(LIST)),
        ("misnamed.xlsx", csv(LIST)),
        ("misnamed.csv", xlsx(LIST)),
    ],
)
def test_a_list_of_payments_is_imported_as_it_is(begun: Desk, name: str, data: bytes) -> None:
    done = begun.asks("import", put(begun, name, data))

    common = {"purpose": "instalment", "year": 2023, "instalment": 1}
    assert fields(done["entries"]) == [
        {"on": "2023-01-30", "party": "sala", **common, "amount": 123456, "reference": "25-1-07"},
        {"on": "2023-02-01", "party": "koping", **common, "amount": 500000},
        {"on": "2023-02-03", "party": "norberg", **common, "amount": 1234567890, "reference": "25-1-06"},
    ]
    assert done["left"] == ["row 1 above the headings: 'Inbetalningar 2023'", "1 empty row", "row 7 is a total"]


def test_a_preview_says_how_each_column_was_read_and_records_nothing(begun: Desk) -> None:
    done = begun.does("import", put(begun, "a.csv", csv(LIST, "cp1252")), "--dry-run")

    assert done.out.splitlines()[:13] == [
        "read: 3 rows of payments, with the headings in row 2",
        "read: the text is in Windows-1252",
        "read: between the cells are semicolons",
        "read: column A, 'Datum', is read as valid_on",
        "read: column B, 'Kommun', is read as party",
        "read: column C, 'Belopp', is read as amount, in kronor",
        "read: column D, 'År', is read as year",
        "read: column E, 'Inbetalning', is read as instalment",
        "read: column F, 'OCR', is read as reference",
        "read: no column tells the organ: official in every row",
        "left out: row 1 above the headings: 'Inbetalningar 2023'",
        "left out: 1 empty row",
        "left out: row 7 is a total",
    ]
    assert begun.asks("history")["known_at"] == "@1"


def test_a_list_of_members_registers_persons_and_gives_them_their_seats(begun: Desk) -> None:
    done = begun.asks("import", put(begun, "m.xlsx", xlsx(MEMBERS)))

    assert [(one["event"], one["fields"].get("person")) for one in done["entries"]] == [
        (event, person) for person in ("p01", "p02", "p03") for event in ("person-registered", "member-appointed")
    ]
    assert done["entries"][1]["fields"] == {
        "person": "p01", "party": "sala", "seat": "executive-chair", "political_party": "Ekpartiet",
        "bloc": "majority", "until": "2027-01-01",
    }  # fmt: skip
    assert done["entries"][2]["fields"]["name"] == "Prov Nysaga"
    assert "Testa Påhittad is new, and gets the id p01" in done["read"]
    assert done["left"] == ["column H, 'Telefon', is not read"]
    again = begun.asks("import", "m.xlsx")
    assert (again["again"], again["entries"]) == (True, done["entries"])
    saved_again = begun.does("import", put(begun, "m.csv", csv(MEMBERS, "cp1252")))
    assert saved_again.out == "nothing was written; 3 rows skipped: in the ledger already\n"


def test_a_person_who_is_registered_is_known_by_name_and_not_registered_again(begun: Desk) -> None:
    begun.does("record", "person-registered", "--person", "p7", "--name", "Testa Påhittad", "--on", "2023-01-01",
               "--organ", "secretariat")  # fmt: skip

    done = begun.asks("import", put(begun, "m.xlsx", xlsx(MEMBERS[:2])))

    assert [(one["event"], one["fields"]["person"]) for one in done["entries"]] == [("member-appointed", "p7")]


def test_persons_are_told_by_their_ids_where_the_list_has_them(begun: Desk) -> None:
    testa = ("p5", "Testa", "Påhittad", "2023")
    rows = [("Id", "Förnamn", "Efternamn", "Datum"), testa, testa, ("", "Prov", "Nysaga", "2023")]

    done = begun.asks("import", put(begun, "m.xlsx", xlsx(rows)), "--kind", "members")

    assert [(one["fields"]["person"], one["fields"]["name"]) for one in done["entries"]] == [
        ("p5", "Testa Påhittad"), ("p06", "Prov Nysaga"),
    ]  # fmt: skip
    other = [("Id", "Namn", "Fr.o.m."), ("p5", "Nils Nyman", "2023")]
    assert begun("import", put(begun, "n.xlsx", xlsx(other)), "--kind", "members").errors == [
        "line 2: p5 is 'Testa Påhittad' in the ledger, not 'Nils Nyman': record a change of name by itself"
    ]


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (("2023-01-30", "Sala", "hundra", 2023, 1), ["cell C2: 'hundra' is not an amount: write kronor, as 1 234,50"]),
        (("2023-01-30", "Sala", "15 tkr", 2023, 1), ["cell C2: '15 tkr' is in thousands or millions: write kronor"]),
        (("2023-01-30", "Sala", 0.125, 2023, 1), ["cell C2: '0.125' is not whole öre"]),
        (("2023-01-30", "Örebro", 5, 2023, 1), ["cell B2: 'Örebro' is not a party to the agreement"]),
        (("05/06/2023", "Sala", 5, 2023, 1),
         ["cell A2: '05/06/2023' may be 2023-06-05 or 2023-05-06: write the day so"]),
        (("31/2 2023", "Sala", 5, 2023, 1), ["cell A2: '2023-02-31' does not exist: 2023-02 has days 01 to 28"]),
        ((45000, "Sala", 5, 2023, 1),
         ["cell A2: '45000' is a number, and no day: give the cell the format of a date"]),
        ((datetime.fromisoformat("2023-01-30 12:30"), "Sala", 5, 2023, 1),
         ["cell A2: '2023-01-30 12:30' is a time of a day: a day alone is needed"]),
        ((date(1900, 2, 28), "Sala", 5, 2023, 1),
         ["cell A2: 1900-02-28, or 1900-02-29, a day that never was: write it as text"]),
        (("2023-01-30", "Sala", 5, 2023, 3), ["cell E2: '3' is none of 1, 2"]),
        (("2023-01-30", "Sala", 5, "", ""), ["cell D2: 'År' is missing", "cell E2: 'Inbetalning' is missing"]),
        ((" ", "Sala", 5, 2023, 1), ["cell A2: 'Datum' is missing"]),
        (("31/1-23", "Sala", 5, 2023, 1), ["cell A2: '31/1-23' is not a day: write 2025-06-01"]),
        (("15/9", "Sala", 5, 2023, 1), ["cell A2: '15/9' is not a day: write 2025-06-01"]),
        (("2023-01-30", "Sala", -5, 2023, 1), ["cell C2: '-5' is no payment: write an amount above 0; what is paid"]),
        (("2023-01-30", "Sala", "\u2212500,00", 2023, 1), ["cell C2: '\u2212500,00' is no payment"]),
    ],
)  # fmt: skip
def test_what_is_ambiguous_or_wrong_is_refused_with_its_cell(
    begun: Desk, row: tuple[Any, ...], errors: list[str]
) -> None:
    wrong = told(begun, xlsx([HEADING, row]))

    assert [line.removeprefix("line 2: ")[: len(start)] for line, start in zip(wrong, errors, strict=True)] == errors


def test_what_a_list_lacks_is_told_by_its_headings_and_a_closed_set_by_its_words(begun: Desk) -> None:
    row = ("Testa Påhittad", "Sala", "Ekpartiet", "1:e vice ordf", "majoritet", "2023-01-01")
    wrong = begun("import", put(begun, "m.xlsx", xlsx([MEMBERS[0][:6], row])), "--lang", "sv")

    assert [line.partition(", ")[0] for line in wrong.errors] == [
        "rad 2: cell D2: '1:e vice ordf' är inget av regionstyrelsens ordförande"
    ]
    assert told(begun, xlsx([HEADING[:4], PAID[0][:4]])) == [
        "line 2: 'Inbetalning' is missing: a payment of an instalment names it"
    ]


@pytest.mark.parametrize("name", ["tom.xlsx", "tom.csv"])
def test_an_empty_file_is_told_as_such(begun: Desk, name: str) -> None:
    assert told(begun, b"", name=name) == ["there is nothing to record: no line holds an event"]


def test_a_quotation_mark_without_an_end_is_told_with_the_row_that_it_begins_in(begun: Desk) -> None:
    data = 'Datum;Kommun;Belopp;År;Inbetalning\r\n2023-01-30;Sala;"5;2023;1\r\n'.encode()

    assert told(begun, data, name="a.csv") == ["line 2: not CSV: a quotation mark has no end"]


def test_xml_that_is_from_no_bank_is_told_as_such(begun: Desk) -> None:
    wrong = told(begun, b'<?xml version="1.0"?><hej/>', name="hej.xml")

    assert wrong[0].startswith("it is a page of HTML or XML, and no table")


def test_a_heading_that_nobody_knows_is_refused_with_the_one_that_may_be_meant(begun: Desk) -> None:
    rows = [("Datun", *HEADING[1:], "Tom spalt"), *(PAID[:1])]

    assert told(begun, xlsx(rows), "--kind", "payments") == ["line 1: a column is missing: 'Datum'"]
    rows = [(*HEADING, "Refernes"), (*PAID[0], "x")]
    unknown, advice = told(begun, xlsx(rows))[0].split("; take")
    assert unknown == "line 1: unknown heading 'Refernes'; did you mean Referens? (cell G1)"
    assert advice == " the column away if it is not to be read"
    rows = [(*HEADING, ""), (*PAID[0], "x")]
    assert told(begun, xlsx(rows)) == ["line 2: cell G2: it has no heading"]
    rows = [(*HEADING, "Betalare"), (*PAID[0], "x")]
    assert told(begun, xlsx(rows), "--kind", "payments") == [
        "line 1: cell G1: 'Betalare' is read as party, and so is 'Kommun' in B1"
    ]


def test_amounts_are_in_ore_only_with_the_word(begun: Desk) -> None:
    def amounts(heading: str, *cells: Any, name: str = "a.xlsx", of: Any = xlsx) -> Any:
        rows = [("Datum", "Kommun", heading, "Ändamål"), *(("2023-01-30", "Sala", cell, "annat") for cell in cells)]
        done = begun("import", put(begun, name, of(rows)), "--dry-run", "--json")
        return [one["fields"]["amount"] for one in done.json["entries"]] if not done.code else done.errors

    assert amounts("Belopp", 100, "100", "100 öre", "1 234,5", "5:-") == [10000, 10000, 100, 123450, 500]
    assert amounts("Belopp", "1\u202f000 kr", "1\u2009000\u00a0kr", "SEK 5") == [100000, 100000, 500]
    assert amounts("Belopp (öre)", 100, "100 öre") == [100, 100]
    assert amounts("Belopp i kronor", "100", name="a.csv", of=csv) == [10000]
    assert amounts("Belopp (öre)", "1,50") == ["line 2: cell C2: '1,50' is not whole öre"]
    assert amounts("Belopp tkr", 5)[0].startswith("line 1: cell C1: amounts in thousands or millions are not read")
    assert amounts("amount", "100", name="a.csv", of=csv) == [100]
    assert amounts("amount", 100) == [10000]
    assert amounts("Amount", "100", name="a.csv", of=csv) == [
        "line 2: cell C2: '100' may be kronor or öre: write both decimals, or the word after it"
    ]


def test_a_word_that_nobody_knows_is_refused_with_the_words_of_the_reader(begun: Desk) -> None:
    rows = [MEMBERS[0], (*MEMBERS[1][:3], "1:e vice ordf", *MEMBERS[1][4:])]
    (wrong,) = begun("import", put(begun, "a.xlsx", xlsx(rows)), "--lang", "sv").errors

    assert wrong.startswith(
        "rad 2: cell D2: '1:e vice ordf' är inget av regionstyrelsens ordförande, ledamot för parti"
    )


@pytest.mark.parametrize("name", ["Vakant", "VAKANT ", "N.N.", "-"])
def test_a_vacant_seat_is_nobodys(begun: Desk, name: str) -> None:
    rows = [MEMBERS[0], (name, *MEMBERS[1][1:])]

    assert told(begun, xlsx(rows)) == [f"line 2: '{name.strip()}' is nobody's name: leave the row out"]
    with_ids = [("Id", *rows[0]), ("p9", *rows[1])]
    assert told(begun, xlsx(with_ids)) == [f"line 2: '{name.strip()}' is nobody's name: leave the row out"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_cell_that_is_broken_to_fit_its_column_says_what_it_says_in_one_line(begun: Desk, end: str) -> None:
    rows = [MEMBERS[0], ("Testa Påhittad", "Sala kommun", f"Nya{end}partiet", f"Kommunstyrelsens{end}ordförande",
                         *MEMBERS[1][4:])]  # fmt: skip
    for name, data in {"a.xlsx": xlsx(rows), "a.csv": csv(rows)}.items():
        done = begun.asks("import", put(begun, name, data), "--dry-run")
        assert done["entries"][1]["fields"]["political_party"] == "Nya partiet", name


@pytest.mark.parametrize(("day", "voucher"), [("Betaldatum", "Verifikat"), ("Betaldag", "Ver.nr")])
def test_the_headings_of_an_economy_system_are_read_or_left_out(begun: Desk, day: str, voucher: str) -> None:
    rows = [(day, *HEADING[1:], voucher), (*PAID[0], "A 12")]

    done = begun.asks("import", put(begun, "a.xlsx", xlsx(rows)), "--dry-run")

    assert (len(done["entries"]), done["left"]) == (1, [f"column G, '{voucher}', is not read"])


def test_text_with_tabs_is_read_as_excel_names_it(begun: Desk) -> None:
    name = put(begun, "a.txt", csv(LIST, "cp1252", "\t"))

    assert len(begun.asks("import", name)["entries"]) == 3


def test_two_equal_rows_are_both_kept_and_told(begun: Desk) -> None:
    done = begun.asks("import", put(begun, "a.xlsx", xlsx([HEADING, PAID[0], PAID[0]])))

    assert len(done["entries"]) == 2
    assert "rows 2 and 3 say the same: both are kept" in done["read"]


def test_the_sheet_with_the_headings_is_read_and_several_are_refused(begun: Desk) -> None:
    other = {"Andra": [HEADING, PAID[1]]}
    assert told(begun, xlsx([HEADING, PAID[0]], also=other)) == [
        "several sheets have the headings: 'Blad1', 'Andra'; keep one of them"
    ]
    none = xlsx([("a", "b")], also={"Andra": [("c",)]})
    assert told(begun, none, "--kind", "members") == ["no sheet has known headings: 'Blad1', 'Andra'"]
    assert told(begun, none)[0].startswith("a.xlsx is a table: say what its rows are")


def test_any_event_is_imported_under_swedish_headings_from_a_spreadsheet(begun: Desk) -> None:
    rows = [("Datum", "Organ", "§", "Dnr", "Version", "Fullmäktige"),
            (date(2022, 11, 28), "kommunfullmäktige", 12, "KS 2022/45", 1, "Kommunfullmäktige i Sala")]  # fmt: skip

    (entry,) = begun.asks("import", put(begun, "a.xlsx", xlsx(rows)), "--csv", "agreement-adopted")["entries"]

    assert entry["fields"] == {"version": 1, "assembly": "sala"}
    assert (entry["source"]["organ"], entry["source"]["paragraph"]) == ("assembly", "§ 12")


def test_a_map_of_amounts_and_a_list_of_parties_are_read_by_name(begun: Desk) -> None:
    rows = [("Datum", "Organ", "Andelar", "Avtalat av"),
            ("2024-06-01", "fullmäktige", "Sala kommun=1 000,50; Köping=2", "Sala; Köping")]  # fmt: skip

    (entry,) = begun.asks("import", put(begun, "a.ods", ods(rows)), "--csv", "settlement-agreed")["entries"]

    assert entry["fields"] == {"shares": {"koping": 200, "sala": 100050}, "agreed_by": ["sala", "koping"]}


def test_options_that_exclude_each_other_are_told(begun: Desk) -> None:
    name = put(begun, "a.xlsx", xlsx([HEADING, PAID[0]]))

    assert begun("import", name, "--csv", "payment-made", "--kind", "members").errors == [
        "--csv and --kind cannot be combined: each says what the file holds"
    ]
    assert begun("import", name, "--kind", "csv").errors[0].startswith("--csv is missing")
    assert begun("import", name, "--kind", "jsonl").code == 2


def test_a_deputy_and_a_row_without_a_name_are_refused_with_their_cells(begun: Desk) -> None:
    rows = [("Namn", "Parti", "Fr.o.m.", "Ersättare för"), ("Prov Nysaga", "Ekpartiet", "2023", "Testa Påhittad"),
            ("", "Ekpartiet", "2023", ""), ("Nils Nyman", "", "2023", ""), ("Nils Nyman", "", "2023", "")]  # fmt: skip

    assert told(begun, xlsx(rows)) == [
        "line 2: cell D2: the body has no deputies: leave the row out",
        "line 3: the row gives no name",
        "line 5: row 4 has 'Nils Nyman', too: give the ids, so that it is told whether they are the same",
    ]
