"""The charts over the answers: their lengths, and that nothing of the answer is missing in them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise, product
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ledger.book import Ledger
from ledger.messages import kronor
from ledger.store import MemoryStore
from projections.adoptions import adoptions
from projections.costs import costs
from projections.council import council
from projections.deadlines import AHEAD, deadlines
from projections.reporting import reporting
from projections.seatings import seatings
from tests.acts import in_force, seated
from tests.given import given, recorded
from tests.web.conftest import NOON
from tests.web.reader import Reader
from web.app import application
from web.charts import adoptions as board
from web.charts import grid, money, seats, wheel
from web.charts.days import RIGHT, across, shortened
from web.charts.table import CHARTS

if TYPE_CHECKING:
    from ledger.timeline import Timeline

ON = date(2025, 12, 1)
ADDRESSES = {
    "agreement": "/agreement", "council": "/council", "deadlines": "/deadlines", "costs": "/costs/2025",
    "reports": "/reports/2025H1",
}  # fmt: skip
SVG = re.compile(r'<figure class="chart.*?</figure>', re.DOTALL)


@pytest.fixture
def timeline(ledger: Ledger) -> Timeline:
    return ledger.timeline()


@pytest.fixture
def empty_ledger() -> Ledger:
    return Ledger(MemoryStore(), lambda: NOON)


def figures(page: str) -> list[str]:
    return SVG.findall(page)


# Days


def test_days_stand_evenly_and_the_day_asked_about_among_them() -> None:
    field = across([date(2023, 1, 1), date(2027, 1, 1)], ON, 100)
    places = [field.place(date(year, 1, 1)) for year in (2023, 2024, 2025, 2026, 2027)]
    steps = [after - before for before, after in pairwise(places)]

    assert 100 < places[0] < places[-1] < RIGHT
    assert max(steps) - min(steps) < 1
    assert places[2] < field.day < places[3]
    assert [tick.year for tick in field.years] == [2023, 2024, 2025, 2026, 2027]


@pytest.mark.parametrize(("on", "at"), [(date(1900, 1, 1), 100), (date(2199, 12, 31), RIGHT), (date.max, RIGHT)])
def test_a_day_far_from_all_others_stands_at_the_edge_and_does_not_stretch_the_rest(on: date, at: float) -> None:
    field = across([date(2023, 1, 1), date(2027, 1, 1)], on, 100)

    assert field.day == at
    assert field.place(date(2027, 1, 1)) - field.place(date(2023, 1, 1)) > 400


def test_a_span_without_an_end_reaches_the_edge_and_none_is_too_thin_to_see() -> None:
    field = across([date(2023, 1, 1), date(2027, 1, 1)], ON, 100)

    assert sum(field.span(date(2024, 1, 1), None)) == RIGHT
    assert field.span(date(2024, 1, 1), date(2024, 1, 1))[1] == 1


def test_a_text_without_room_is_shortened_and_left_out_where_hardly_a_letter_has_room() -> None:
    assert shortened("Alva Påhitt", 200) == "Alva Påhitt"
    assert shortened("Alva Påhitt", 7 * 6.9 + 0.1) == "Alva P…"
    assert shortened("Alva Påhitt", 20) == ""


# The adoption board


def test_every_party_has_a_line_and_every_decision_a_mark_on_it(timeline: Timeline) -> None:
    found = adoptions(timeline)
    drawn = board.drawn(found, ON)
    assert drawn

    heights = {line.party: line.y for line in drawn.lines}
    assert set(heights) == set(found.parties)
    assert len(heights) == 11
    assert [(mark.decision, mark.y) for mark in drawn.marks] == [(one, heights[one.party]) for one in found.decisions]
    days = [(mark.decision.on, mark.x) for mark in drawn.marks]
    assert sorted(days) == sorted(days, key=lambda one: one[1])
    assert [(band.course.version, len(band.ys)) for band in drawn.bands] == [(1, 11)]


# The seats


def test_every_seat_has_a_line_and_who_sits_on_the_day_stands_across_it(timeline: Timeline) -> None:
    drawn = seats.drawn(seatings(timeline, ON, {}), ON)
    assert drawn

    across_the_day = {
        (line.seat.party, line.seat.seat, one.holding.person)
        for line in drawn.lines
        for one in line.held
        if one.x <= drawn.across.day < one.x + one.width
    }
    members = council(timeline, ON, {}).members
    assert across_the_day == {(one.party, one.seat, one.person) for one in members}
    assert len(drawn.lines) == len(members)
    assert [line.y for line in drawn.lines] == sorted({line.y for line in drawn.lines})
    assert sum(line.first for line in drawn.lines) == 11
    assert drawn.cut is None


def test_of_a_ledger_of_many_years_the_years_around_the_day_are_drawn() -> None:
    days = ["2000-01-01", "2012-01-01", "2024-01-01"]
    timeline = given(
        in_force("1999-01-01"),
        *(seated(f"sala-{place}", "sala", "executive-chair", day) for place, day in enumerate(days)),
    )
    found = seatings(timeline, date(2013, 1, 1), {})
    drawn = seats.drawn(found, date(2013, 1, 1))

    assert drawn
    assert [one.holding.person for line in drawn.lines for one in line.held] == ["sala-1"]
    assert drawn.cut == (date(2013, 1, 1) - seats.SHOWN, date(2013, 1, 1) + seats.SHOWN)
    assert seats.drawn(found, date(1950, 1, 1)) is None


# Costs


def test_bars_are_as_long_as_their_amounts(timeline: Timeline) -> None:
    found = costs(timeline, 2025, ON)
    drawn = money.drawn(found)
    assert drawn
    assert found.shares

    assert {one.party for one in drawn.bars} == set(found.balance)
    most = max(drawn.bars, key=lambda one: one.amounts[1])
    assert most.claimed == money.RIGHT - money.LEFT
    for one in drawn.bars:
        claimed = sum(instalment.claimed[one.party] for instalment in found.instalments)
        assert one.amounts == (found.shares[one.party], claimed, found.paid[one.party])
        for length, amount in zip((one.share, one.claimed, one.paid), one.amounts, strict=True):
            assert amount is not None
            assert length == pytest.approx((money.RIGHT - money.LEFT) * amount / most.amounts[1], abs=0.1)
    assert drawn.sums == (sum(found.shares.values()), 14_840_000_00, sum(found.paid.values()))


def test_in_the_flow_what_is_not_paid_is_lacking(timeline: Timeline) -> None:
    drawn = money.drawn(costs(timeline, 2025, ON))
    assert drawn

    lacking = [one.party for one in drawn.streams if one.lacks]
    assert lacking == ["norberg"]
    for one in drawn.streams:
        ends = {round(sum(segment[1:]), 1) for segment in one.segments}
        ends |= {round(sum(lack[1:]), 1) for lack in one.lacks}
        assert one.path.count("C") == 10
        assert len(ends - {round(sum(one.segments[-1][1:]), 1)}) <= 1
    labels = [one.label for one in drawn.streams]
    assert all(after - before >= money.LINE - 0.1 for before, after in pairwise(labels))


def test_the_steps_of_the_level_are_as_high_as_the_level(timeline: Timeline) -> None:
    drawn = money.drawn(costs(timeline, 2026, ON))
    assert drawn

    assert [one.step.year for one in drawn.steps] == [2023, 2024, 2025, 2026][: len(drawn.steps)]
    top = max(one.step.level or 0 for one in drawn.steps)
    for one in drawn.steps:
        assert one.height == pytest.approx((money.FLOOR - money.CEILING) * (one.step.level or 0) / top, abs=0.1)
        assert one.y + one.height == money.FLOOR


def test_a_year_without_shares_has_no_flow() -> None:
    drawn = money.drawn(costs(given(in_force("2023-01-01")), 2023, ON))

    assert drawn
    assert drawn.streams == ()
    assert {one.share for one in drawn.bars} == {None}
    assert drawn.sums == (None, 0, 0)


# Deadlines


@pytest.mark.parametrize("on", [date(2024, 6, 30), ON, date(2026, 4, 14)])
def test_every_deadline_is_on_the_wheel(timeline: Timeline, on: date) -> None:
    found = deadlines(timeline, on, on + 2 * AHEAD)
    drawn = wheel.drawn(found)
    assert drawn

    assert sum(spot.deadlines for spot in drawn.spots) + drawn.beyond == len(found.deadlines)
    assert sum(drawn.counts.values()) + drawn.beyond == len(found.deadlines)
    assert drawn.counts["overdue"] + drawn.counts["open"] == sum(one.overdue for one in found.deadlines)
    for spot in drawn.spots:
        distance = ((spot.x - wheel.MIDDLE) ** 2 + (spot.y - wheel.MIDDLE) ** 2) ** 0.5
        assert distance == pytest.approx(wheel.RINGS[spot.ring], abs=0.2)


def test_the_months_go_round_clockwise_from_the_top(timeline: Timeline) -> None:
    drawn = wheel.drawn(deadlines(timeline, ON, ON + AHEAD))
    assert drawn

    january, april, july, october = drawn.months[::3]
    assert january.x > wheel.MIDDLE > january.y
    assert april.x > wheel.MIDDLE < april.y
    assert july.x < wheel.MIDDLE < july.y
    assert october.x < wheel.MIDDLE > october.y
    assert january.spoke[0] == january.spoke[2] == wheel.MIDDLE


# Reports


def test_every_group_has_a_mark_for_each_half_year(timeline: Timeline) -> None:
    found = reporting(timeline, ON)
    drawn = grid.drawn(found, "2024H2")
    assert drawn

    assert [column.half_year for column in drawn.columns] == list(found.half_years)
    assert [column.half_year for column in drawn.columns if column.asked] == ["2024H2"]
    assert [[cell.report for cell in line.cells] for line in drawn.lines] == [[*one.reports] for one in found.groups]
    places = {column.half_year: column.x for column in drawn.columns}
    assert all(cell.x == places[cell.report.half_year] for line in drawn.lines for cell in line.cells)
    assert sum(drawn.counts.values()) == len(found.groups)


# Pages


def test_every_chart_is_tried_here() -> None:
    assert set(ADDRESSES) == set(CHARTS)


@pytest.mark.parametrize(("address", "lang"), [*product(ADDRESSES.values(), ("en", "sv"))])
def test_a_chart_has_a_title_words_a_role_and_no_style(reader: Reader, address: str, lang: str) -> None:
    page = reader.get(f"{address}?on=2025-12-01&lang={lang}")
    found = figures(page.text)

    assert page.status == 200
    assert found
    answer = page.text[page.text.index('<article id="answer"') : page.text.index("</article>")]
    assert all(one in answer for one in found)
    for one in found:
        assert "style=" not in one
        figure = ET.fromstring(one.replace("&nbsp;", " "))  # noqa: S314 - our own page
        (svg,) = [svg for svg in figure.iter("svg") if svg.get("role") == "img"]
        named = {part.get("id"): "".join(part.itertext()).strip() for part in svg if part.tag in {"title", "desc"}}
        assert [*named] == svg.attrib["aria-labelledby"].split()
        assert all(named.values())
        assert all(key.get("aria-hidden") for key in figure.iter("svg") if key is not svg)
    ids = re.findall(r' id="([^"]*)"', page.text)
    assert len(ids) == len(set(ids))


def test_the_table_of_a_chart_names_every_seat_decision_and_report(reader: Reader, timeline: Timeline) -> None:
    told = {
        address: "".join(re.findall(r"<details>.*?</details>", "".join(figures(reader.get(address).text)), re.DOTALL))
        for address in ("/agreement?lang=en", "/council?lang=en", "/reports/2025H1?lang=en")
    }
    decided, sat = adoptions(timeline).decisions, seatings(timeline, ON, {}).seats

    board_told, seats_told, reports_told = told.values()
    assert all(f"/entry/{one.entry}" in board_told for one in decided)
    assert all(f"/entry/{one.entry}" in seats_told for seat in sat for one in seat.holdings)
    assert reports_told.count("<tr>") - 1 == sum(len(one.reports) for one in reporting(timeline, NOON.date()).groups)


def test_the_chart_of_costs_says_each_share(reader: Reader, timeline: Timeline) -> None:
    text = "".join(figures(reader.get("/costs/2025?lang=en&on=2025-12-01").text))
    shares = costs(timeline, 2025, ON).shares

    assert shares
    assert all(kronor(one) in text for one in shares.values())


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_before_anything_is_recorded_there_is_no_chart(reader: Reader, address: str) -> None:
    page = reader.get(f"{address}?known_at=@0&on=2025-12-01&lang=en")

    assert page.status == 200
    assert figures(page.text) == []


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_an_empty_ledger_has_no_chart(address: str, empty_ledger: Ledger) -> None:
    page = Reader(application(empty_ledger)).get(f"{address}?lang=en")

    assert page.status == 200
    assert figures(page.text) == []


def test_nothing_is_drawn_of_nothing() -> None:
    empty = recorded()

    assert board.drawn(adoptions(empty), ON) is None
    assert seats.drawn(seatings(empty, ON, {}), ON) is None
    assert wheel.drawn(deadlines(empty, ON, ON + timedelta(days=1))) is None
    assert grid.drawn(reporting(empty, ON), "2025H1") is None
    assert money.drawn(costs(empty, 2025, ON)) is None


@pytest.mark.parametrize("on", ["1900-01-01", "2022-11-01", "2199-12-31"])
@pytest.mark.parametrize("address", ADDRESSES.values())
def test_any_day_can_be_drawn(reader: Reader, address: str, on: str) -> None:
    assert reader.get(f"{address}?on={on}&lang=en").status == 200
