"""The fields of any event in a table: lists, maps, whole numbers, percentages, times of a day, yes and no."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.formats import read_tables
from exchange.lists import Reading, choose
from exchange.naming import Naming
from ledger.errors import BadInput
from tests.acts import in_force
from tests.exchange.sheets import xlsx
from tests.given import recorded

TIMELINE = recorded(in_force("2023-01-01"))
RECOMMENDED = {"recommendation": "r1", "meeting": "srb-1", "item": "1", "text": "Gör så", "addressees": "Sala; Köping",
               "consensus": "ja"}  # fmt: skip
INDEXED = {"series": "LPIK", "reference_year": 2024, "percent": "2,9 %", "kind": "forecast"}


def read(event: str, organ: str, fields: dict[str, Any], on: Any = "2025-06-01") -> Any:
    """Returns the event of a table with one row, or the faults."""
    rows = [("on", "organ", *fields), (on, organ, *fields.values())]
    try:
        incoming = Reading(choose(read_tables(xlsx(rows)), event), Naming(TIMELINE, {})).incoming()
    except BadInput as error:
        return [what for _, what in error.faults]
    [(_, found)] = incoming.lines
    return found


def test_lists_and_yes_and_maps_and_percentages_are_read() -> None:
    recommended = read("recommendation-made", "body", RECOMMENDED)
    assert (recommended.addressees, recommended.consensus, recommended.item) == (("sala", "koping"), True, 1)
    assert read("recommendation-made", "body", RECOMMENDED | {"consensus": "nej"}).consensus is False
    assert read("index-published", "authority", INDEXED).percent == "2.9"
    figures = read(
        "population-published", "authority", {"counted_on": "2024-12-31", "figures": "Sala=22 843; koping=1"}
    )
    assert dict(figures.figures) == {"sala": 22843, "koping": 1}
    written = read("population-published", "authority", {"counted_on": "2024-12-31", "figures": '{"sala": 1}'})
    assert dict(written.figures) == {"sala": 1}


def test_a_time_of_a_day_is_one_of_its_field() -> None:
    called = {"meeting": "m1", "meets_on": "2025-07-01", "place": "Sala", "called_by": "p7", "starts_at": "kl. 9.30",
              "agenda": '[{"number": 1, "title": "Budget", "kind": "information"}]'}  # fmt: skip
    assert read("meeting-called", "chair", called).starts_at == "09:30"


@pytest.mark.parametrize(
    ("event", "organ", "fields", "what"),
    [
        ("population-published", "authority", {"counted_on": "2024-12-31", "figures": "sala"}, "is not written name="),
        ("index-published", "authority", INDEXED | {"percent": 0.029}, "may be a share or a percentage"),
        ("recommendation-made", "body", RECOMMENDED | {"consensus": "kanske"}, "consensus"),
        ("recommendation-made", "body", RECOMMENDED | {"addressees": "Salla kommun"}, "is not a party"),
    ],
)  # fmt: skip
def test_what_a_field_does_not_hold_is_told_with_its_cell(
    event: str, organ: str, fields: dict[str, Any], what: str
) -> None:
    [told] = read(event, organ, fields)
    assert what in told
    assert "cell " in told
