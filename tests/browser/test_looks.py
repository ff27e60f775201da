"""The pages in the colours that a reader has chosen, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import Look, Visitor

SEEN = ("/council?on=2025-06-01&known_at=@90&lang=sv", "/costs/2025?on=2025-06-01&lang=en", "/entry/68?lang=sv")
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
EDGES = """[...document.querySelectorAll('.top nav a')].map(
    one => [one.hasAttribute('aria-current'), getComputedStyle(one).borderBottomColor])"""
MENU = """(({left, right}) => [left, right, document.documentElement.scrollWidth])(
    document.querySelector('.more > ul').getBoundingClientRect())"""
THUMB = 16  # pixels: the width of a slider's thumb in Chromium
RANGE = "document.querySelector('.slider[data-slides=on]')"
CROSS = f"""(({{left, width}}) => [left + width / 2, {RANGE}.getBoundingClientRect()])(
    document.querySelector('.plane .here').getBoundingClientRect())"""
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


@pytest.mark.parametrize("width", [320, 1280, 1900])
def test_the_thumb_of_the_day_stands_beneath_the_cross(visitor: Visitor, width: int) -> None:
    for day in ("2022-10-01", "2024-06-30", "2026-04-13"):
        with visitor.at(f"/agreement?on={day}&lang=en", Look(width=width)) as visit:
            cross, slider = visit.asks(CROSS)
            first, last, value = visit.asks(f"[{RANGE}.min, {RANGE}.max, {RANGE}.value].map(Number)")
            thumb = slider["left"] + THUMB / 2 + (slider["width"] - THUMB) * (value - first) / (last - first)
            assert abs(thumb - cross) < 3, day


def test_the_slider_goes_as_far_as_a_day_that_was_typed(visitor: Visitor) -> None:
    with visitor.at("/agreement?on=2024-06-30&lang=en", Look()) as visit:
        page = visit.page
        page.locator("#on").fill("2031-01-01")
        page.keyboard.press("Enter")
        expect(page.locator("#on")).to_have_value("1 January 2031")
        cross, slider = visit.asks(CROSS)
        assert abs(slider["right"] - THUMB / 2 - cross) < 3


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_menu_stays_within_the_page_however_wide_it_is(visitor: Visitor, lang: str) -> None:
    with visitor.at(f"/council?lang={lang}", Look(lang)) as visit:
        visit.page.locator(".more summary").click()
        for width in (320, 480, 736, 900, 1060, 1200, 1247, 1249, 1280, 1600):
            visit.page.set_viewport_size({"width": width, "height": 700})
            left, right, page = visit.asks(MENU)
            assert left >= 0, width
            assert right <= page == width, width


@pytest.mark.parametrize("width", [320, 1120])
def test_what_is_opened_stays_within_the_page(visitor: Visitor, width: int) -> None:
    with visitor.at("/entry/68?lang=en", Look(width=width)) as visit:
        visit.page.locator(".beside summary").click()
        assert visit.asks("document.documentElement.scrollWidth") == width


def test_what_can_be_pressed_comes_in_the_order_of_the_page(visitor: Visitor) -> None:
    with visitor.at(SEEN[0], Look()) as visit:
        tops = []
        for _ in range(30):
            visit.page.keyboard.press("Tab")
            tops.append(visit.asks("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        assert tops == sorted(tops)
        assert visit.asks("document.activeElement.matches(':focus-visible')")
