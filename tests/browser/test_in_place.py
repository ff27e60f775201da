"""What the script adds to a page: entries open beneath their rows, and a row with a finding leads to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import Look

if TYPE_CHECKING:
    from tests.browser.visiting import Visitor

COUNCIL = "/council?on=2025-06-01&lang=en"
REPORTS = "/reports/2024H2?on=2025-10-01&lang=en"


def test_an_entry_opens_beneath_its_row_and_closes_again(visitor: Visitor) -> None:
    with visitor.at(COUNCIL, Look()) as visit:
        page = visit.page
        row = page.locator("#answer tr:not(.opened)", has_text="Majken Exempelström").last
        link = row.locator("td.entry a")
        number = link.inner_text()
        opened = page.locator("tr.opened")
        link.click()
        expect(opened).to_contain_text(f"Entry {number}")
        expect(opened).to_contain_text("executive-chair")
        expect(opened).to_contain_text(re.compile("recorded 202[0-9]-.* by sekretariatet"))
        expect(opened).to_contain_text("Not yet under a checkpoint.")
        expect(link).to_have_attribute("aria-expanded", "true")
        assert visit.violations() == []
        assert page.url.endswith(COUNCIL)
        link.press("Enter")
        expect(opened).to_have_count(0)
        expect(link).to_have_attribute("aria-expanded", "false")
        link.click()
        opened.get_by_role("link", name=f"Entry {number}").click()
        expect(page).to_have_url(re.compile(f"/entry/{number}\\?"))
        assert visit.complaints == []


def test_an_entry_of_a_scrolled_table_opens_where_its_reader_looks(visitor: Visitor) -> None:
    with visitor.at("/costs/2025?party=norberg&on=2025-09-01&lang=en", Look(width=320)) as visit:
        visit.page.locator("#answer td.entry a:not(.flag)").last.click()
        shown = visit.page.locator("tr.opened > td > div")
        expect(shown).to_contain_text("Entry ")
        box = shown.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= 320


def test_a_double_click_opens_an_entry_once(visitor: Visitor) -> None:
    with visitor.at(COUNCIL, Look()) as visit:
        visit.page.evaluate("[1, 2].forEach(() => document.querySelector('#answer td.entry a').click())")
        expect(visit.page.locator("tr.opened")).to_have_count(1)
        visit.page.wait_for_timeout(300)
        expect(visit.page.locator("tr.opened")).to_have_count(1)


def test_another_entry_of_the_row_takes_the_place_of_the_first(visitor: Visitor) -> None:
    with visitor.at("/officials?on=2025-04-01&lang=en", Look()) as visit:
        page = visit.page
        first, second = (page.locator("#answer td.entry a").nth(place) for place in (0, 1))
        first.click()
        second.click()
        expect(page.locator("tr.opened")).to_contain_text([f"Entry {one.inner_text()}" for one in (first, second)])


def test_without_script_or_in_another_tab_an_entry_is_a_page_of_its_own(visitor: Visitor) -> None:
    with visitor.at(COUNCIL, Look(script=False)) as visit:
        link = visit.page.locator("#answer td.entry a").first
        number = link.inner_text()
        link.click()
        expect(visit.page).to_have_url(re.compile(f"/entry/{number}\\?"))
    with visitor.at(COUNCIL, Look()) as visit:
        with visit.page.context.expect_page() as other:
            visit.page.locator("#answer td.entry a").first.click(modifiers=["Control"])
        assert f"/entry/{number}?" in other.value.url
        expect(visit.page.locator("tr.opened")).to_have_count(0)


def test_a_row_with_a_finding_leads_to_it(visitor: Visitor) -> None:
    with visitor.at(REPORTS, Look()) as visit:
        page = visit.page
        row = page.locator("tr.found", has_text="Nära vård")
        flags = row.locator(".flag")
        expect(flags).to_have_count(2)
        expect(flags.first).to_contain_text("vard has not reported for 2024H2")
        flags.first.click()
        expect(page.locator(".finding:target")).to_contain_text("vard has not reported for 2024H2")
        assert visit.violations() == []


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_asks_what_would_be_without_typing_an_address(visitor: Visitor, script: bool) -> None:
    with visitor.at("/settlement?on=2025-06-01&lang=en", Look(script=script)) as visit:
        page = visit.page
        expect(page.locator("#answer")).to_contain_text("Choose a party above")
        page.get_by_label("If this party withdraws").select_option("Sala kommun")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("#answer")).to_contain_text("If sala withdrew and the agreement ended on 1 June 2025")
        expect(page.locator("#on")).to_have_value("1 June 2025")
        assert ("ends_on" in page.url) is not script
        assert visit.violations() == []


def test_no_row_of_an_account_is_flagged_for_another_party(visitor: Visitor) -> None:
    for party, flags in (("sala", 0), ("norberg", 2)):
        with visitor.at(f"/costs/2025?party={party}&on=2025-09-01&lang=en", Look()) as visit:
            expect(visit.page.locator(".flag")).to_have_count(flags)
            assert all(party in one for one in visit.page.locator(".flag").all_inner_texts())


def test_what_only_the_script_can_do_is_shown_with_it_and_stays_while_the_page_slides(visitor: Visitor) -> None:
    with visitor.at(COUNCIL, Look(script=False)) as visit:
        expect(visit.page.get_by_role("button", name="Print")).to_have_count(0)
    with visitor.at(COUNCIL, Look()) as visit:
        page = visit.page
        page.locator(".slider[data-slides=known_at]").fill("100")
        expect(page.locator(".proof")).to_contain_text("@100")
        expect(page.get_by_role("button", name="Print")).to_be_visible()
        page.get_by_role("button", name="Keys").click()
        expect(page.locator("#keys")).to_be_visible()
