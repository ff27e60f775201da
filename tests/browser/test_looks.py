"""The pages in the colours that a reader has chosen, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import Look, Visitor

SEEN = ("/council?on=2025-06-01&known_at=@90&lang=sv", "/costs/2025?on=2025-06-01&lang=en", "/entry/68?lang=sv")
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
EDGES = """[...document.querySelectorAll('.top nav a')].map(
    one => [one.hasAttribute('aria-current'), getComputedStyle(one).borderBottomColor])"""
MOVING = "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionDuration !== '0s').length"


@pytest.mark.parametrize("address", SEEN)
def test_in_the_dark(visitor: Visitor, address: str) -> None:
    with visitor.at(address, Look(), color_scheme="dark") as visit:
        assert visit.asks(BACKGROUND) == "rgb(20, 23, 26)"
        assert (visit.violations(), visit.complaints) == ([], [])


def test_in_colours_that_the_reader_has_forced(visitor: Visitor) -> None:
    with visitor.at(SEEN[0], Look(), forced_colors="active", color_scheme="dark") as visit:
        assert visit.asks("matchMedia('(forced-colors: active)').matches")
        edges = visit.asks(EDGES)
        assert {edge for here, edge in edges if here}.isdisjoint({edge for here, edge in edges if not here})
        dots = {name: visit.asks(f"getComputedStyle(document.querySelector('.dot.{name}')).fill")
                for name in ("late", "unknown", "behind")}  # fmt: skip
        assert len({*dots.values()}) == 3, dots
        assert (visit.violations(), visit.complaints) == ([], [])


def test_without_motion_nothing_moves(visitor: Visitor) -> None:
    with visitor.at(SEEN[0], Look(), reduced_motion="reduce") as visit:
        assert visit.asks(MOVING) == 0


def test_on_paper_the_day_and_the_moment_are_told_and_no_control_is(visitor: Visitor) -> None:
    with visitor.at(SEEN[0], Look()) as visit:
        visit.page.emulate_media(media="print")
        for control in (".top nav", ".search", ".slider >> nth=0", ".step >> nth=0", ".ways"):
            expect(visit.page.locator(control)).to_be_hidden()
        expect(visit.page.locator("#on")).to_be_visible()
        expect(visit.page.locator("h1")).to_be_visible()
        expect(visit.page.locator(".moment")).to_be_visible()


def test_what_can_be_pressed_comes_in_the_order_of_the_page(visitor: Visitor) -> None:
    with visitor.at(SEEN[0], Look()) as visit:
        tops = []
        for _ in range(30):
            visit.page.keyboard.press("Tab")
            tops.append(visit.asks("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        assert tops == sorted(tops)
        assert visit.asks("document.activeElement.matches(':focus-visible')")
