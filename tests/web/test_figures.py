"""The drawings of the pages, read back from the page: each length, place and word is that of the answer as JSON."""

from __future__ import annotations

import re
from datetime import date, timedelta
from math import atan2, tau
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.reader import Reader

ON = date(2025, 9, 1)
DAY = timedelta(days=1)


def page_of(reader: Reader, address: str) -> str:
    return reader.get(f"{address}{'&' if '?' in address else '?'}lang=en").text


def drawing(page: str, described_by: str) -> ET.Element:
    """Returns a drawing of a page, by the id of its description."""
    [found] = [one for one in re.findall("<svg.*?</svg>", page, re.DOTALL) if f'id="{described_by}"' in one]
    return ET.fromstring(found)  # noqa: S314 - our own text


def titled(drawing: ET.Element) -> Iterator[tuple[str, ET.Element]]:
    yield from ((title.text or "", group) for group in drawing.iter("g") if (title := group.find("title")) is not None)


def kr(text: str) -> list[int]:
    """Returns the amounts in a text, in öre."""
    found = re.findall(r"(-?[\d\u00a0 ]+),(\d\d)[\u00a0 ]kr", text)
    return [int(re.sub(r"\D", "", whole) + part) for whole, part in found]


def rows(page: str, head: str) -> list[list[str]]:
    """Returns the cells of the table whose heading begins with these words."""
    [table] = [one for one in re.findall("<table.*?</table>", page, re.DOTALL) if cells(one)[0][:3] == head.split("|")]
    return cells(table)[1:]


def cells(table: str) -> list[list[str]]:
    return [
        [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall("<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall("<tr.*?</tr>", table, re.DOTALL)
    ]


def test_the_bars_of_costs_are_as_long_as_the_amounts_that_their_titles_say(reader: Reader) -> None:
    page = page_of(reader, f"/costs/2025?on={ON}")
    told = reader.get(f"/costs/2025.json?on={ON}").json
    claimed = {party: sum(one["claimed"].get(party, 0) for one in told["instalments"]) for party in told["shares"]}
    bars = drawing(page, "bars-desc")
    together = [sum(told["shares"].values()), sum(claimed.values()), sum(told["paid"].values())]
    assert kr(bars.findtext("desc") or "") == together

    scale = set()
    for title, group in titled(bars):
        party = title.partition(":")[0]
        amounts = [told["shares"][party], claimed[party], told["paid"][party]]
        assert kr(title) == amounts
        assert kr(group.findtext("text[@class='amount']") or "") == amounts[:1]
        for looks, amount in zip(("share", "claimed", "paid"), amounts, strict=True):
            [bar] = group.findall(f"rect[@class='{looks}']")
            scale.add(round(amount / float(bar.attrib["width"]), -6) if amount > 10**7 else None)
    assert len(scale - {None}) <= 3  # one scale, but for what is rounded to a tenth of a unit
    norberg = next(group for title, group in titled(bars) if title.startswith("norberg"))
    share, _, paid = (float(one.attrib["width"]) for one in norberg.findall("rect"))
    assert share > paid


def test_the_steps_of_the_level_go_up_year_by_year(reader: Reader) -> None:
    steps = drawing(page_of(reader, "/costs/2026?on=2025-09-01"), "steps-desc")
    told = reader.get("/costs/2026.json?on=2025-09-01").json["basis"]

    found = [(int(title[:4]), kr(title)[0], float(group.find("rect").attrib["x"])) for title, group in titled(steps)]  # type: ignore[union-attr]
    assert [one[:2] for one in found] == [(one["year"], one["level"]) for one in told]
    assert [one[2] for one in found] == sorted(one[2] for one in found)


def test_each_mark_of_the_wheel_stands_at_its_days(reader: Reader) -> None:
    page = page_of(reader, "/deadlines?on=2025-06-01")
    told = reader.get("/deadlines.json?on=2025-06-01").json["deadlines"]
    wheel = drawing(page, "chart-desc")

    def turn(x: float, y: float) -> float:
        return atan2(x - 270, 270 - y) / tau % 1

    counts = dict.fromkeys(("overdue", "open", "coming"), 0)
    for title, spot in titled(wheel):
        circle = spot.find("circle")
        assert circle is not None
        days = [date.fromisoformat(one) for one in re.findall(r"\d{4}-\d{2}-\d{2}", title)]
        expected = [(day.month - 1 + (day.day - 1) / 31) / 12 for day in days]
        off = turn(float(circle.attrib["cx"]), float(circle.attrib["cy"])) - sum(expected) / len(expected)
        assert abs((off + 0.5) % 1 - 0.5) < 1 / 24, title
        counts[spot.attrib["class"].split()[1]] += int(re.match(r"\d+", title)[0])  # type: ignore[index]
    late = [one for one in told if one["overdue"]]
    assert counts["overdue"] == sum(one["due"] is not None for one in late)
    assert counts["open"] == sum(one["due"] is None for one in late)
    said = [int(one) for one in re.findall(r"(\d+) deadlines?", wheel.findtext("desc") or "")]
    assert said == [counts[ring] for ring in ("overdue", "open", "coming")]
    hand = next(one for one in wheel.iter("line") if one.attrib["class"] == "now")
    assert abs(turn(float(hand.attrib["x2"]), float(hand.attrib["y2"])) - 5 / 12) < 0.01  # 1 June


def test_each_member_is_in_the_table_of_the_seats(reader: Reader) -> None:
    page = page_of(reader, "/council?on=2025-06-01")
    told = reader.get("/council.json?on=2025-06-01").json["members"]
    table = rows(page, "Party|Seat|Member")

    for one in told:
        last = str(date.fromisoformat(one["until"]) - DAY)
        assert [one["party"], one["seat"], one["name"], one["since"], last, str(one["entry"])] in table
    titles = [title for title, _ in titled(drawing(page, "chart-desc"))]
    assert "Majken Exempelström, executive-chair, from 2023-03-01 to 2026-12-31" in titles


def test_the_line_of_the_day_stands_between_the_years_around_it(reader: Reader) -> None:
    for question in ("council", "agreement"):
        chart = drawing(page_of(reader, f"/{question}?on=2025-06-01"), "chart-desc")
        years = [one for one in chart.iter("text") if one.attrib["class"].startswith("tick")]
        ticks = {str(one.text): float(one.attrib["x"]) for one in years}
        [now] = [float(one.attrib["x1"]) for one in chart.iter("line") if one.attrib["class"] == "now"]
        assert ticks["2025"] - 4 < now < ticks["2026"]
        assert [*ticks] == [str(int(min(ticks)) + place) for place in range(len(ticks))]


def test_each_decision_and_each_report_has_the_mark_of_its_word(reader: Reader) -> None:
    words = {"adopted": "adopted", "rejected": "rejected", "withdrawn": "withdrawn",
             "adopted with a reservation": "reserved", "withdrawal taken back": "withdrawal-revoked",
             "withdrawal that ends nothing": "withdrawn-in-vain"}  # fmt: skip
    board = drawing(page_of(reader, "/agreement?on=2026-02-01"), "chart-desc")
    told = reader.get("/agreement.json?on=2026-02-01").json
    found = set()
    for title, group in titled(board):
        if decided := re.fullmatch(r"(\w+): (.*), (\d{4}-\d{2}-\d{2})", title):
            [mark] = [one for one in group.iter("g") if one.attrib.get("class", "").startswith("mark")]
            assert mark.attrib["class"] == f"mark {words[decided[2]]}"
            found.add((decided[1], words[decided[2]], decided[3]))
    assert {(one["party"], "adopted", one["on"]) for one in told["adopted"]} <= found
    assert ("hallstahammar", "withdrawn", "2025-10-27") in found

    page = page_of(reader, "/reports/2025H1?on=2025-09-01")
    statuses = {one["status"] for half in ("2024H1", "2024H2", "2025H1")
                for one in reader.get(f"/reports/{half}.json?on=2025-09-01").json["reports"]}  # fmt: skip
    marks = set()
    for title, group in titled(drawing(page, "chart-desc")):
        [mark] = [one for one in group.iter("g") if one.attrib.get("class", "").startswith("mark")]
        marks.add(mark.attrib["class"].removeprefix("mark "))
        assert title.endswith(f": {mark.attrib['class'].removeprefix('mark ')}")
    assert statuses <= marks
    for group_, half, _, due, received in rows(page, "Group|Half-year|Report"):
        [one] = [
            one for one in reader.get(f"/reports/{half}.json?on=2025-09-01").json["reports"] if one["name"] == group_
        ]
        assert (due, received) == (one["due"], one["received_on"] or "")


def test_the_plane_shows_what_is_known_where_it_was_recorded(reader: Reader) -> None:
    page = page_of(reader, "/council?on=2025-06-01&known_at=@90")
    plane = drawing(page, "plane-desc")
    dots: dict[int, tuple[Any, str]] = {}
    for link in plane.iter("a"):
        dot = link.find("circle")
        if dot is not None and (at := re.search(r"/entry/(\d+)", link.attrib["href"])):
            dots[int(at[1])] = dot, dot.attrib["class"]
    here = next(one for one in plane.iter("circle") if one.attrib["class"] == "here")
    told = reader.get("/council.json?on=2025-06-01&known_at=@90").json
    behind = {at for one in told["members"] for at in one["entries"]} | {one["entry"] for one in told["members"]}

    assert here.attrib["cy"] == dots[90][0].attrib["cy"]
    assert {at for at, (_, looks) in dots.items() if "behind" in looks} == behind & dots.keys()
    assert {at for at, (_, looks) in dots.items() if "unknown" in looks} == {at for at in dots if at > 90}
    assert "90 entries of 246 are known" in (plane.findtext("desc") or "")
    line = next(one for one in plane.iter("line") if one.attrib["class"] == "diagonal")
    assert float(line.attrib["x1"]) < float(line.attrib["x2"])
    assert float(line.attrib["y1"]) > float(line.attrib["y2"])
    before, term = (
        (float(one.attrib["x1"]), float(one.attrib["x2"]))
        for one in plane.iter("line")
        if one.attrib["class"] == "term"
    )
    assert before[0] < before[1] < term[0] < float(here.attrib["cx"]) < term[1]
    legend = dict(re.findall(r'<circle class="dot (\w+)"[^>]*/></svg>([^<]*)</li>', page))
    assert legend == {"behind": "behind this answer", "timely": "recorded in time", "annulled": "annulled",
                      "late": "recorded more than 30 days after", "unknown": "not yet known"}  # fmt: skip


@pytest.mark.parametrize("known", [1, 90, 245])
def test_the_band_counts_the_entries_that_have_come_since(reader: Reader, known: int) -> None:
    page = page_of(reader, f"/council?on=2025-06-01&known_at=@{known}")

    came = 246 - known
    assert f"{came} {'entry has' if came == 1 else 'entries have'} come since" in page
    [moment] = re.findall(r'<p class="moment">entry (\d+), recorded', page)
    assert int(moment) == known
    assert "come since" not in page_of(reader, "/council?on=2025-06-01&known_at=@246")


def test_each_field_of_the_frame_has_a_name(reader: Reader) -> None:
    page = page_of(reader, "/council?on=2025-06-01")
    for one in re.findall(r'<input id="([^"]*)"', page):
        assert f'for="{one}"' in page, one
