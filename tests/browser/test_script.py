"""What the script must leave alone: the focus, the keys of others, the history, and a browser that keeps nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.visiting import WIDTHS, Look

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.visiting import Visitor

DAY = "/council?on=2025-06-01&lang=en"
ON, KNOWN = ".slider[data-slides=on]", ".slider[data-slides=known_at]"


def slides(page: Page, slider: str, by: int) -> None:
    """Moves a slider while the focus is elsewhere."""
    page.locator(slider).evaluate(
        "(one, by) => { one.value = Number(one.value) + by; one.dispatchEvent(new Event('input')) }", by
    )


def test_the_arrows_beside_the_times_follow_where_the_reader_went(visitor: Visitor) -> None:
    with visitor.at("/council?on=2025-06-01&known_at=@240&lang=en", Look()) as visit:
        slides(visit.page, KNOWN, 1)
        expect(visit.page.locator("#known_at")).to_have_value("@241")
        for name, to in (("One entry fewer", "@240"), ("One entry more", "@242")):
            link = visit.page.get_by_role("link", name=name)
            expect(link).to_have_attribute("href", re.compile(f"known_at={to}"))


def test_arrows_scroll_a_table_and_do_not_move_the_day(visitor: Visitor) -> None:
    with visitor.at(DAY, Look(width=WIDTHS["narrow"])) as visit:
        table = visit.page.locator("#answer > .table").last
        table.focus()
        visit.page.keyboard.press("ArrowRight")
        expect(visit.page.locator("#on")).to_have_value("1 June 2025")
        expect(table).not_to_have_js_property("scrollLeft", 0)


def test_the_focus_stays_at_its_element_when_the_answer_is_another(visitor: Visitor) -> None:
    with visitor.at(DAY, Look()) as visit:
        link = visit.page.locator("#answer > .table a[href*='/person/']").first
        link.focus()
        slides(visit.page, ON, 1)
        expect(visit.page.locator("#on")).to_have_value("2 June 2025")
        expect(visit.page.locator("#answer > .table a[href*='/person/']").first).to_be_focused()


def test_the_focus_of_what_is_gone_goes_to_the_answer(visitor: Visitor) -> None:
    with visitor.at("/council?on=2025-06-01&known_at=@240&lang=en", Look()) as visit:
        visit.page.get_by_role("link", name="One entry more").focus()
        slides(visit.page, KNOWN, 6)
        expect(visit.page.locator(".band")).to_have_count(0)
        expect(visit.page.locator("main")).to_be_focused()


def test_a_run_of_moves_is_one_step_back(visitor: Visitor) -> None:
    with visitor.at(DAY, Look()) as visit:
        page = visit.page
        page.locator(ON).focus()
        for day in ("2 June 2025", "3 June 2025", "4 June 2025"):
            page.keyboard.press("ArrowRight")
            expect(page.locator("#on")).to_have_value(day)
        expect(page).to_have_url(re.compile("on=2025-06-04"))
        page.go_back()
        expect(page.locator("#on")).to_have_value("1 June 2025")
        expect(page).to_have_url(re.compile("on=2025-06-01"))


def test_the_navigation_leads_on_from_where_the_reader_went(visitor: Visitor) -> None:
    with visitor.at(DAY, Look()) as visit:
        visit.page.locator(ON).focus()
        visit.page.keyboard.press("ArrowRight")
        expect(visit.page.locator("nav a[href^='/meetings']")).to_have_attribute("href", re.compile("on=2025-06-02"))


def test_escape_closes_the_menu(visitor: Visitor) -> None:
    with visitor.at(DAY, Look()) as visit:
        menu = visit.page.locator(".more summary")
        menu.click()
        expect(visit.page.locator(".more ul")).to_be_visible()
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Escape")
        expect(visit.page.locator(".more ul")).to_be_hidden()
        expect(menu).to_be_focused()


def test_a_browser_that_keeps_nothing_runs_the_script(visitor: Visitor) -> None:
    with visitor.at(DAY, Look()) as visit:
        visit.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
        )
        visit.page.reload()
        visit.page.locator("body").press("/")
        expect(visit.page.locator("#q")).to_be_focused()
        assert visit.complaints == []


def test_a_page_that_begins_pinned_listens_once_it_follows_the_log(visitor: Visitor) -> None:
    with visitor.at("/council?on=2025-06-01&known_at=@246&lang=en", Look()) as visit:
        page = visit.page
        page.route("**/healthz", lambda route: route.fulfill(body="248\n"))
        page.locator("#known_at").fill("")
        page.keyboard.press("Enter")
        expect(page.locator("#news")).to_have_count(1)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("#news")).to_have_text("2 entries have come; show them")


def test_the_arrows_of_a_slider_move_that_slider_and_say_so(visitor: Visitor) -> None:
    with visitor.at("/council?on=2025-06-02&known_at=@246&lang=en", Look()) as visit:
        page = visit.page
        entries, day = (page.locator(f".slider[data-slides={name}]") for name in ("known_at", "on"))
        entries.focus()
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#known_at")).to_have_value("@245")
        expect(entries).to_have_attribute("aria-valuetext", "@245")
        page.keyboard.press("ArrowUp")
        expect(page.locator("#known_at")).to_have_value("@246")
        expect(page.locator("#answer")).to_contain_text("On 2 June 2025")
        day.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#answer")).to_contain_text("On 1 June 2025")
        expect(page.locator("#known_at")).to_have_value("@246")
        expect(page.locator("#said")).to_contain_text("On 1 June 2025")


def test_no_key_moves_the_times_behind_the_dialog_of_keys(visitor: Visitor) -> None:
    with visitor.at("/council?on=2025-06-02&lang=en", Look()) as visit:
        page = visit.page
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#answer")).to_contain_text("On 3 June 2025")
