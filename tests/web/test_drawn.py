"""What the drawings and the texts of pages show where a figure or a recorded text is out of the ordinary."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

import pytest

from presentation.phrases import PERSON
from presentation.render.html import Links, html_of, linking
from web.charts.money import _streams
from web.charts.wheel import PARTS, _part
from web.pages import rendered
from web.plane import LEFT, RIGHT, Mark, drawn, laid_out


@pytest.mark.parametrize(
    ("share", "claimed", "paid", "lacks"),
    [
        (100, 150, 150, 0), (100, 100, 150, 0), (100, 60, 60, 1), (100, 100, 40, 1), (100, 60, 20, 2),
        (100, 60, 100, 1), (0, 0, 0, 0),
    ],
)  # fmt: skip
def test_the_flow_lacks_what_was_due_and_did_not_come(share: int, claimed: int, paid: int, lacks: int) -> None:
    [flow] = _streams(["sala"], [{"sala": share}, {"sala": claimed}, {"sala": paid}])

    assert len(flow.lacks) == lacks


@pytest.mark.parametrize("year", [2024, 2025])
def test_each_day_has_its_mark_in_its_part_of_its_month(year: int) -> None:
    for day in (date(year, 1, 1) + timedelta(days=number) for number in range(365)):
        turn = (day.month - 1 + Fraction(day.day - 1, monthrange(day.year, day.month)[1])) * PARTS
        assert _part(day) == int(turn), day


def test_the_line_of_what_was_recorded_on_its_day_stays_within_the_field() -> None:
    for held, recorded in ((2023, 2026), (2026, 2023), (2024, 2024)):
        marks = [Mark(one, date(held, one, 1), date(held, one, 1), date(recorded, one + 1, 1)) for one in range(1, 9)]
        for on in (date(2020, 1, 1), date(2024, 6, 1), date(2030, 1, 1)):
            first, last = min(on, marks[0].first), max(on, marks[-1].last)
            plane = drawn(laid_out(marks, first, last), head=8, on=on, annulled=(), behind=(), terms=())
            if plane.diagonal is not None:
                assert all(LEFT <= x <= RIGHT for x in plane.diagonal[::2])


def test_a_name_that_speaks_of_an_entry_is_a_link_to_the_person_alone() -> None:
    links = Links(lambda at: f"/entry/{at}", lambda who: f"/person/{who}", lambda _: None, lambda _: None)
    with linking():
        shown = PERSON.get()
        text = f"{shown('p1', 'entry 12')} by entries 3, 4 and {shown('p2', 'Testa')}, entry 5"

    found = html_of([text], links)

    assert found.count('href="/person/') == 2
    assert 'href="/entry/12"' not in found
    assert all(f'href="/entry/{at}"' in found for at in (3, 4, 5))


def test_signs_that_nobody_sees_are_shown_by_their_codes_in_drawings_and_templates() -> None:
    assert "\u202e" not in rendered("feed.xml", base="x\u202ey", lang="en", id="urn:x", updated="2026", entries=[])
