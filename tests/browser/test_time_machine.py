"""The time machine: who held Sala's seat for the chair on 1 June 2025, as known at @246 and now, asked in each way."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from tests.browser.visiting import Look
from tests.desk import event

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.visiting import Visitor
    from tests.desk import Desk

THEN, NOW = "Majken Exempelström", "Ärla Nysaga"
CHANGE = [
    event("seat-vacated", "2025-03-03", person="p13"),
    event("person-registered", "2025-03-03", "secretariat", person="p29", name=NOW),
    event("member-appointed", "2025-03-03", person="p29", party="sala", seat="executive-chair",
          political_party="Lindlistan"),
]  # fmt: skip
DAY = "/council?on=2025-06-01&lang=en"
KNOWN, ON = ".slider[data-slides=known_at]", ".slider[data-slides=on]"
WITHOUT_SCRIPT = Look(script=False)


@pytest.fixture
def changed(own: Desk, own_visitor: Visitor) -> Visitor:
    """Returns a visitor of the ledger after Sala has another chair, which entries 247 to 249 tell."""
    own.does("import", own.writes("change.jsonl", CHANGE))
    return own_visitor


def sees(page: Page, *, then: bool) -> None:
    """Waits until the page shows who had the seat then, or has it now."""
    answer = page.locator("#answer > .table").last  # the members of the day; the chart above shows other days too
    expect(answer).to_contain_text(THEN if then else NOW)
    expect(answer).not_to_contain_text(NOW if then else THEN)
    if then:
        band = page.locator(".band")
        expect(band).to_contain_text("You see the ledger as it stood on 2026-04-13")
        expect(band).to_contain_text("3 entries have come since.")
    else:
        expect(page.locator(".band")).to_have_count(0)


def names_the_change(page: Page) -> None:
    """Waits until the band says which entries change the answer, and what."""
    band = page.locator(".band")
    expect(band).to_contain_text("3 entries change this answer: 247, 248, 249")
    expect(band).to_contain_text(re.compile(f"{THEN}.*{NOW}|{NOW}.*{THEN}", re.DOTALL))


def test_by_slider(changed: Visitor) -> None:
    with changed.at(DAY, Look()) as visit:
        page, slider = visit.page, visit.page.locator(KNOWN)
        sees(page, then=False)
        slider.focus()
        slider.fill("246")
        sees(page, then=True)
        names_the_change(page)
        expect(slider).to_be_focused()
        expect(slider).to_have_attribute("aria-valuetext", re.compile("@246"))
        expect(page).to_have_url(re.compile("known_at=@246"))
        slider.fill("249")
        sees(page, then=False)
        assert visit.complaints == []


def test_by_keys(changed: Visitor) -> None:
    with changed.at(DAY, Look()) as visit:
        page, slider = visit.page, visit.page.locator(KNOWN)
        slider.focus()
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        sees(page, then=True)
        names_the_change(page)
        expect(slider).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(page.locator(".band")).to_contain_text("2 entries have come since.")
        page.locator(ON).focus()
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#on")).to_have_value("31 May 2025")
        page.keyboard.press("Shift+ArrowLeft")
        expect(page.locator("#on")).to_have_value("30 April 2025")
        expect(page).to_have_url(re.compile("on=2025-04-30"))
        expect(page.locator(ON)).to_be_focused()
        page.keyboard.press("Alt+ArrowLeft")
        expect(page.locator("#on")).to_have_value("3 March 2025")


@pytest.mark.parametrize("script", [True, False])
def test_by_typing(changed: Visitor, script: bool) -> None:
    with changed.at("/council?lang=sv", Look("sv", script=script)) as visit:
        page = visit.page
        page.locator("#on").fill("1 juni 2025")
        page.locator("#known_at").fill("@246")
        page.keyboard.press("Enter")
        expect(page.locator("#answer")).to_contain_text(THEN)
        expect(page.locator("#on")).to_have_value("1 juni 2025")
        page.locator("#known_at").fill("@249")
        page.get_by_role("button", name="Visa").click()
        expect(page.locator("#answer")).to_contain_text(NOW)


def test_without_script_a_link_leads_to_what_changed(changed: Visitor) -> None:
    with changed.at(f"{DAY}&known_at=@246", WITHOUT_SCRIPT) as visit:
        page = visit.page
        sees(page, then=True)
        expect(page.locator(KNOWN)).to_be_hidden()
        page.get_by_role("link", name="What they change in this answer").click()
        expect(page.locator("#changes")).to_contain_text("3 entries change this answer: 247, 248, 249")
        page.get_by_role("link", name="Back to the answer").click()
        page.get_by_role("link", name="One entry more").click()
        expect(page.locator(".band")).to_contain_text("2 entries have come since.")
        page.get_by_role("link", name="To the day before on which this answer changed").click()
        expect(page.locator("#on")).to_have_value(re.compile("(March|April|May) 2025"))


def test_the_last_request_wins(changed: Visitor) -> None:
    held: list[Route] = []
    with changed.at(DAY, Look()) as visit:
        page, slider = visit.page, visit.page.locator(KNOWN)
        page.route(re.compile(r"/council\?.*known_at=@100\b"), lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
        slider.fill("100")
        expect(page.locator("#known_at")).to_have_value("@100")
        for _ in range(100):
            if held:
                break
            page.wait_for_timeout(20)
        slider.fill("246")
        sees(page, then=True)
        with suppress(Error):  # the page may have given the request up
            held[0].continue_()
        page.wait_for_timeout(300)
        sees(page, then=True)
        expect(page.locator("#known_at")).to_have_value("@246")


@pytest.mark.parametrize("script", [True, False])
def test_where_the_answer_changes_no_more_the_reader_is_told(visitor: Visitor, script: bool) -> None:
    with visitor.at("/agreement?on=2031-01-01&lang=en", Look(script=script)) as visit:
        page, told = visit.page, visit.page.get_by_text("No later day was found on which this answer changes.")
        expect(told).to_be_hidden()
        if script:
            page.keyboard.press("Alt+ArrowRight")
        else:
            page.get_by_role("link", name="To the next day on which this answer changes").click()
        expect(told).to_be_visible()
        expect(page.locator("#on")).to_have_value("1 January 2031")
        if script:
            page.keyboard.press("ArrowLeft")
            expect(page.locator("#on")).to_have_value("31 December 2030")
            expect(told).to_be_hidden()
