"""Tests the import of events from a spreadsheet that has a heading, a row for each event, and cells in the form of
option values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

ADOPTIONS = """\
on,organ,paragraph,dnr,version,assembly
2022-12-05,assembly,§ 12,KS 2022/45,1,sala
2022-12,assembly,,,1,koping
"""


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    return desk


def imported(desk: Desk, text: str, name: str) -> list[dict[str, Any]]:
    desk.writes("e.csv", [text.removesuffix("\n")])
    entries: list[dict[str, Any]] = desk.asks("import", "e.csv", "--csv", name)["entries"]
    return entries


def test_a_row_is_an_event(begun: Desk) -> None:
    first, second = imported(begun, ADOPTIONS, "agreement-adopted")

    assert (first["valid_on"], first["fields"]) == ("2022-12-05", {"version": 1, "assembly": "sala"})
    assert (first["source"]["paragraph"], first["source"]["registration_number"]) == ("§ 12", "KS 2022/45")
    assert (second["valid_on"], second["source"]["paragraph"]) == ("2022-12", None)


@pytest.mark.parametrize(
    "heading", ["valid_on;organ;registration_number;in_force_from;version", "on;organ;dnr;--in-force-from;version"]
)
def test_semicolons_and_both_ways_to_name_a_field_are_fine(begun: Desk, heading: str) -> None:
    (entry,) = imported(begun, f"\ufeff{heading}\r\n2023-02-28;body;SRB 1;2023-03-01;1\r\n", "entry-into-force-fixed")

    assert entry["fields"] == {"version": 1, "in_force_from": "2023-03-01"}
    assert entry["source"]["registration_number"] == "SRB 1"


def test_lists_and_maps_take_semicolons_in_a_cell(begun: Desk) -> None:
    row = "2023-01-01,assembly,Alfa=8;Beta=7,Alfa;Beta"

    (entry,) = imported(begun, f"on,organ,seats,majority\n{row}\n", "board-composed")

    assert entry["fields"] == {"seats": {"Alfa": 8, "Beta": 7}, "majority": ["Alfa", "Beta"]}


def test_a_cell_may_hold_quotes_separators_and_line_ends(begun: Desk) -> None:
    rows = 'on,organ,version,assembly,reservation\n2023-01-01,assembly,1,sala,"med ""tillägg"", och\nen rad till"\n'

    (entry,) = imported(begun, rows, "agreement-adopted")

    assert entry["fields"]["reservation"] == 'med "tillägg", och\nen rad till'


def test_every_bad_row_is_named_by_its_line_and_nothing_is_recorded(begun: Desk) -> None:
    rows = ["on,organ,version,assembly", "2023,assembly,1,sala", "2023-13,assembly,x,sala", "", "2023,assembly,1",
            "2023,assembly,1,Åmål"]  # fmt: skip
    begun.writes("e.csv", rows)

    wrong = begun("import", "e.csv", "--csv", "agreement-adopted")

    assert wrong.code == 2
    assert [line.partition(":")[0] for line in wrong.errors] == ["line 3", "line 3", "line 5", "line 6"]
    assert wrong.errors[2] == "line 5: 3 cells under 4 headings"
    assert begun.asks("history")["known_at"] == "@1"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("on,organ,version,assembley", "line 1: unknown heading 'assembley'; `liggare events agreement-adopted` lists"),
        ("on,organ,version,assembly,on", "line 1: the heading on is given twice"),
        ("on,organ,version,assembly", "there is nothing to record: no line holds an event"),
        ("", "there is nothing to record: no line holds an event"),
        ('on,organ,version,assembly\n2023,assembly,1,"sala', "not CSV: a quotation mark has no end"),
    ],
)
def test_a_file_that_is_not_such_a_table_is_reported(begun: Desk, text: str, line: str) -> None:
    begun.writes("e.csv", [text])

    wrong = begun("import", "e.csv", "--csv", "agreement-adopted")

    assert wrong.code == 2
    assert wrong.errors[0].startswith(line)


def test_a_table_in_the_character_set_of_windows_is_read_and_that_is_told(begun: Desk) -> None:
    table = "on;organ;person;name\n2023;secretariat;p1;Åsa Påhittad\n"
    (begun.folder / "e.csv").write_bytes(table.encode("cp1252"))

    told = begun.does("import", "e.csv", "--csv", "person-registered", "--dry-run").out

    assert "read: the text is in Windows-1252" in told
    assert "name: Åsa Påhittad" in told


def test_for_a_table_in_another_character_set_the_error_says_how_to_save_it(begun: Desk) -> None:
    table = "on;organ;person;name\n2023;secretariat;p1;Åsa Påhittad\n"
    (begun.folder / "e.csv").write_bytes(table.encode("cp850"))

    assert begun("import", "e.csv", "--csv", "person-registered").errors == [
        "line 2: not UTF-8, and not as Windows writes it: save the table as CSV UTF-8"
    ]


def test_an_unknown_event_is_reported(begun: Desk) -> None:
    wrong = begun("import", "e.csv", "--csv", "agreement-adoptd")

    assert wrong.errors == ["--csv: there is no event 'agreement-adoptd'; `liggare events` lists them"]


def test_a_refused_row_is_named_by_its_line(begun: Desk) -> None:
    """An error names a row by the number of its first line, because a cell may contain line breaks."""
    rows = 'on,organ,version,assembly,reservation\n2023,assembly,1,orebro,"en\nrad"\n2023,assembly,1,uppsala,\n'
    begun.writes("e.csv", [rows])

    refused = begun("import", "e.csv", "--csv", "agreement-adopted")

    assert refused.code == 1
    assert "reference: orebro is not a party to the agreement [line 2]" in refused.errors
    assert "reference: uppsala is not a party to the agreement [line 4]" in refused.errors
