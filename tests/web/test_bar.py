"""The time bar: the plane in words and as a table, its legend, and the way to a comparison."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.reader import Reader


def bar(page: str) -> str:
    return page.split('<section class="bar"', 1)[1].split("</section>", 1)[0]


def table(page: str) -> dict[tuple[int, int], int]:
    """Returns the counts of the plane's table by (year recorded, year held)."""
    told = bar(page)
    held = [int(one) for one in re.findall(r'<th scope="col" class="number">held (\d+)</th>', told)]
    rows = re.findall(r'<tr><th scope="row">(\d+)</th>(.*?)</tr>', told)
    return {
        (int(recorded), year): int(count)
        for recorded, cells in rows
        for year, count in zip(held, re.findall(r'<td class="number">(\d*)</td>', cells), strict=True)
        if count
    }


def test_the_table_beneath_the_plane_counts_the_entries_by_both_years(reader: Reader) -> None:
    found: dict[tuple[int, int], int] = {}
    for one in reader.get("/history.json").json["entries"]:
        years = int(one["recorded_at"][:4]), int(one["valid_on"][:4])
        found[years] = found.get(years, 0) + 1

    assert table(reader.get("/council?lang=en").text) == found


def test_the_legend_names_every_look_of_a_dot(reader: Reader) -> None:
    told = bar(reader.get("/council?lang=en&on=2025-06-01&known_at=@200").text)
    drawn = {
        one
        for looks in re.findall(r'<a href="/entry[^>]*>.*?<circle class="dot ([^"]*)"', told)
        for one in looks.split()
    }
    legend = told.split('class="legend"', 1)[1].split("</ul>", 1)[0]

    assert drawn
    assert drawn <= set(re.findall(r'class="dot (\w+)"', legend))
    assert "recorded more than 30 days after" in legend


@pytest.mark.parametrize(
    ("asked", "on", "known_at"),
    [
        ("on=2025-06-01", "2025-06-01..2026-04-14", None), ("on=2027-01-01", "2026-04-14..2027-01-01", None),
        ("on=2025-06-01&known_at=@200", "2025-06-01", "@200..now"), ("known_at=@200", "2026-04-14", "@200..now"),
    ],
)  # fmt: skip
def test_an_answer_leads_to_what_differs_from_now(reader: Reader, asked: str, on: str, known_at: str | None) -> None:
    [led] = re.findall(r'<a href="([^"]*)">Compare</a>', bar(reader.get(f"/council?lang=en&{asked}").text))
    query = dict(one.split("=") for one in unescape(led).split("?")[1].split("&"))

    assert (query["on"], query.get("known_at")) == (on, known_at)
    assert reader.get(unescape(led)).status == 200


def test_an_answer_of_today_leads_to_the_form_that_asks_for_two_days(reader: Reader) -> None:
    assert '<a href="/diff?lang=en">Compare</a>' in reader.get("/council?lang=en").text
