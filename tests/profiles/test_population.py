"""The population figures that ship with the program are complete and documented, and no date in them is guessed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from ledger.events.costs import PopulationPublished
from ledger.profile import load_profile, shipped, shipped_names
from recording.event_lines import parse_lines

if TYPE_CHECKING:
    from tests.desk import Desk

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/population.md").read_text("utf-8")
FILE = "vastmanland-population.jsonl"
NAMES = {"koping": "Köping", "kungsor": "Kungsör", "vasteras": "Västerås"}


def published() -> dict[int, PopulationPublished]:
    events = [event for _, event in parse_lines(shipped(FILE))]
    assert all(isinstance(event, PopulationPublished) for event in events)
    return {event.counted_on.year: event for event in events if isinstance(event, PopulationPublished)}


def test_every_year_has_the_figures_of_all_ten_as_of_31_december() -> None:
    ten = set(load_profile("vastmanland").terms.municipalities())

    assert list(published()) == list(range(2015, 2026))
    for year, event in published().items():
        assert event.counted_on.isoformat() == f"{year}-12-31"
        assert set(event.figures) == ten
        assert event.source.organ == "authority"


def test_a_day_of_publication_that_we_do_not_know_is_the_month() -> None:
    days = {year: event.valid_on.text for year, event in published().items()}

    assert days.pop(2019) == "2020-02-19"
    assert days == {year: f"{year + 1}-02" for year in days}


def test_the_document_shows_the_figures_of_the_file() -> None:
    rows = re.findall(r"^\| (\w+) \|((?: \d+ \|){11})$", DOCUMENT, re.MULTILINE)
    shown = {name: [int(one) for one in cells.split("|")[:-1]] for name, cells in rows}
    events = published().values()

    assert shown.pop("together") == [sum(event.figures.values()) for event in events]
    assert shown == {
        NAMES.get(party, party.capitalize()): [event.figures[party] for event in events]
        for party in load_profile("vastmanland").terms.municipalities()
    }


def test_the_document_says_where_each_year_was_read() -> None:
    sources = DOCUMENT.partition("## Where each was read")[2]

    for year in ("2015", "2016", "2017", "2018", "2019", "2020 to 2024", "2025"):
        assert re.search(rf"^\| {year} \| .* \| (high|medium)", sources, re.MULTILINE), year


def test_it_is_recorded_once_however_often_it_is_imported(desk: Desk) -> None:
    told = desk.does("init").out
    assert f"liggare import --shipped {FILE}" in told

    first = desk.asks("import", "--shipped", FILE)
    again = desk.asks("import", "--shipped", FILE)

    assert len(first["entries"]) == 11
    assert (first["flagged"], again["again"], again["entries"]) == ([], True, first["entries"])


@pytest.mark.parametrize("name", ["vastmanland.toml", "../profiles/vastmanland-population.jsonl"])
def test_only_a_file_that_ships_is_imported_so(desk: Desk, name: str) -> None:
    desk.does("init")

    wrong = desk("import", "--shipped", name)

    assert wrong.code == 2
    assert wrong.errors == [f"no file {name!r} comes with the program; there is {FILE}"]


def test_each_line_is_one_event_in_utf_8() -> None:
    for name in shipped_names():
        assert all(orjson.loads(line)["event"] for line in shipped(name).splitlines())
