"""Tests `history`: the entries of a ledger, and the entries that annulled them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from projections.subjects import kinds_of_tags
from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file


@pytest.fixture
def told(desk: Desk) -> Desk:
    """Returns a desk whose ledger seats p1 in entry 4, annuls entry 4 in entry 6, and annuls entry 6 in entry 7. Entry
    3 registers p2, and in entry 5 Köping adopts the agreement.
    """
    desk.does("init")
    desk.does("import", desk.writes("e.jsonl", [
        event("person-registered", "2023", "secretariat", person="p1", name="Testa"),
        event("person-registered", "2024", "secretariat", person="p2", name="Testb"),
        event("member-appointed", "2023-03-01", person="p1", party="sala", seat="executive-chair", political_party="A"),
        event("agreement-adopted", "2022-12-01", version=1, assembly="koping"),
    ]))  # fmt: skip
    for entry in (4, 6):
        desk.does("annul", entry, "--cause", "recording-error", "--reason", "prov")
    return desk


@pytest.mark.parametrize(
    ("args", "positions"),
    [
        ((), [1, 2, 3, 4, 5, 6, 7]),
        (("--about", "person:p1"), [2, 4, 6, 7]),
        (("--about", "person:p2"), [3]),
        (("--about", "party:sala"), [4, 6, 7]),
        (("--about", "assembly:koping"), [5]),
        (("--about", "entry:4"), [6, 7]),
        (("--about", "person:nobody"), []),
        (("--event", "person-registered"), [2, 3]),
        (("--event", "person-registered", "--about", "person:p1"), [2]),
        (("--entry", "4"), [4]),
        (("--entry", "99"), []),
        (("--on", "2023-02-28"), [1, 2, 5]),
        (("--known-at", "@3"), [1, 2, 3]),
    ],
)
def test_what_is_wanted_is_reported_by_position(told: Desk, args: tuple[str, ...], positions: list[int]) -> None:
    assert [entry["position"] for entry in told.asks("history", *args)["entries"]] == positions


def test_nothing_wanted_is_said_in_words(told: Desk) -> None:
    assert told.does("history", "--about", "person:nobody").out == "No entries.\n\nKnown at @7.\n"


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (
            ("--event", "member-apointed"),
            "--event: there is no event 'member-apointed'; did you mean member-appointed?",
        ),
        (
            ("--about", "sala"),
            "--about: 'sala' is not kind:id, as party:sala, person:p1 or meeting:srb-2025-1",
        ),
        (
            ("--about", "seat:sala/executive-chair"),
            f"--about: there is no kind 'seat'; the kinds are {', '.join(kinds_of_tags())}",
        ),
        (
            ("--entry", "x"),
            "Invalid value for '--entry': 'x' is not the number of an entry, such as 12. See `liggare history --help`.",
        ),
        (
            ("--late", "x"),
            "Invalid value for '--late': 'x' is not a number of days, such as 30. See `liggare history --help`.",
        ),
    ],
)
def test_what_cannot_be_there_is_bad_input(told: Desk, args: tuple[str, ...], line: str) -> None:
    wrong = told("history", *args)

    assert (wrong.code, wrong.errors) == (2, [line])


def test_a_name_that_was_disposed_of_is_gone_from_every_answer(told: Desk) -> None:
    before = told.asks("council", "--on", "2024-01-01", "--known-at", "@6")
    order = ("--person", "p1", "--decision", "Gallringsbeslut 2026:1", "--on", "2026-01-10", "--organ", "official")

    told.does("record", "personal-data-disposed", *order)

    assert told("history", "--json").out.count("Testa") == 0
    assert told.asks("history", "--entry", 2)["entries"][0]["fields"] == {"person": "p1", "name": None}
    assert "name: (disposed of)" in told.does("history", "--entry", 2).out
    assert "p1 (name disposed of)" in told.does("council", "--on", "2024-01-01").out
    if (told.folder / "liggare.db").exists():
        assert b"Testa" not in (told.folder / "liggare.db").read_bytes()
    after = told.asks("council", "--on", "2024-01-01", "--known-at", "@7")
    assert (before["members"], after["members"][0]["name"]) == ([], None)
    assert told("annul", 8, "--cause", "recording-error", "--reason", "x").code == 1


@pytest.mark.parametrize(
    ("args", "positions"),
    [
        (("--by", "anna"), [3, 4]),
        (("--by", "nobody"), []),
        (("--recorded", "2026-02-01..2026-02-28"), [3]),
        (("--recorded", "2026-02-10"), [3]),
        (("--recorded", "2026-02-11.."), [4]),
        (("--recorded", "..2026-02-09"), [1, 2]),
        (("--late", "40"), [3]),
        (("--late", "41"), []),
        (("--late", "0", "--by", "anna"), [3]),
        (("--late", "1", "--event", "activity-held"), [3]),
    ],
)
def test_history_is_filtered_by_actor_recording_time_and_delay(
    desk: Desk, args: tuple[str, ...], positions: list[int]
) -> None:
    """The ledger's last entry has a valid day in the future. If a valid day is a span, the delay is counted from the
    span's last day.
    """
    held = ("record", "activity-held", "--kind", "seminar", "--title", "Ett", "--place", "Sala", "--organisers", "sala",
            "--organ", "official")  # fmt: skip
    desk.began("2026-01-01").does("init", "--on", "2026-01-01")
    desk.began("2026-01-15").does(*held, "--on", "2026-01-15")
    desk.began("2026-02-10").does(*held, "--on", "2025-12-01/2026-01-01", "--as", "anna")
    desk.began("2026-03-01").does(*held, "--on", "2026-03-31", "--as", "anna")

    told = desk.asks("history", *args)["entries"]
    assert [one["position"] for one in told] == positions


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("2026-02-30", "--recorded: '2026-02-30' does not exist"),
        ("..", "--recorded: '..' is not A..B"),
        ("2026-02-02..2026-02-01", "--recorded: 2026-02-02 comes after 2026-02-01"),
    ],
)
def test_days_that_are_none_are_refused(desk: Desk, given: str, why: str) -> None:
    desk.does("init")

    told = desk("history", "--recorded", given)
    assert (told.code, told.errors[0].startswith(why)) == (2, True), told


@pytest.mark.parametrize("entry", ["0", "-1", "8"])
def test_an_entry_that_is_not_there_is_reported(told: Desk, entry: str) -> None:
    done = told("history", "--entry", entry)

    assert (done.code, done.errors) == (0, [f"there is no entry {entry}; the entries are 1 to 7"])
    assert told("history", "--entry", "7").errors == []


def test_csv_has_the_amounts_of_a_map_in_kronor(desk: Desk) -> None:
    desk.does("init", "--in-force-from", "2023-01-01")
    desk.does("record", "instalment-claimed", "--year", "2025", "--instalment", "1", "--amounts", "sala=123456",
              "--level", "14840000,00", "--counted-on", "2023-12-31",
              "--on", "2025-01-08", "--organ", "official")  # fmt: skip

    *_, row = csv.DictReader(io.StringIO(desk.does("history", "--csv").out))

    assert 'amounts: {"sala": "1 234,56 kr"}' in row["Fields"]


def test_csv_has_a_row_for_each_entry_with_every_value_whole(desk: Desk) -> None:
    place = "Ett mycket långt namn på en plats; " * 10
    desk.does("init", "--on", "2022-10-03")
    desk.does("record", "payment-made", "--party", "sala", "--amount", "1 234,56", "--year", "2025",
              "--instalment", "1", "--reference", place, "--on", "2025-02-01", "--organ", "official",
              "--paragraph", "§ 12", "--dnr", "KS 2025/4", "--key", "k")  # fmt: skip
    desk.does("annul", 2, "--cause", "recording-error", "--reason", "prov")

    rows = list(csv.DictReader(io.StringIO(desk.does("history", "--csv").out)))

    assert [row["Entry"] for row in rows] == ["1", "2", "3"]
    told = desk.asks("history")["entries"]
    fields = "party: sala; purpose: instalment; year: 2025; instalment: 1; amount: 1 234,56 kr; reference: Ett"
    assert rows[1]["Fields"].startswith(fields), rows[1]["Fields"]
    assert place.strip() in rows[1]["Fields"]
    assert {name: value for name, value in rows[1].items() if name != "Fields"} == {
        "Entry": "2", "Event": "payment-made", "Day": "2025-02-01", "Organ": "official", "Decided on": "",
        "Paragraph": "§ 12", "Registration number": "KS 2025/4", "Document": "", "Recorded at": told[1]["recorded_at"],
        "By": "tester", "Key": "k", "Annulled by": "3", "Appealed by": "",
        "Signed by": "", "Signed for": "", "Binds": "", "Known at": "@3",
    }  # fmt: skip
    terms = re.search(r"terms: (\{.*\})", rows[0]["Fields"])
    assert terms
    assert json.loads(terms[1]) == told[0]["fields"]["terms"]
