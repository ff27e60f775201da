"""The pages of whoever records, in a browser: each is for everyone, and an item is recorded from a workbench."""

from __future__ import annotations

import os
import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ledger.book import Ledger
from ledger.store import open_store
from tests.browser.visiting import WIDTHS, Look, Visitor, served
from tests.web.conftest import NOON
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.desk import Desk

PAGES = (
    "/record", "/record/meeting-called", "/record/registrar-authorised", "/correct/107", "/import",
    "/meetings/srb-2024-3/work", "/meetings/srb-2024-1?on=2025-06-01", "/mine", "/mine?party=norberg",
    "/registrars/manage",
)  # fmt: skip
# Each page wide in one language and narrow in the other, so that both are looked at in both ways; with
# LIGGARE_BROWSER=all, in every way.
EVERY = [
    (page, Look(lang, width, script))
    for page, lang, width, script in product(PAGES, ("sv", "en"), WIDTHS.values(), (True, False))
]
PAIRS = [
    (page, Look(("sv", "en")[place % 2 ^ narrow], [*WIDTHS.values()][narrow], script=bool(place // 2 % 2)))
    for place, page in enumerate(PAGES)
    for narrow in (0, 1)
]
LOOKS = EVERY if os.environ.get("LIGGARE_BROWSER") == "all" else PAIRS


@pytest.fixture
def recorder(browser: Browser, own: Desk) -> Iterator[Visitor]:
    """Yields a visitor who is alone with the demo's ledger, and records in it as `tester`."""
    with open_store(own.ledger) as store, served(application(Ledger(store, lambda: NOON), by="tester")) as address:
        yield Visitor(browser, address)


@pytest.mark.parametrize(("address", "look"), LOOKS)
def test_a_page_of_whoever_records_is_for_everyone(recorder: Visitor, address: str, look: Look) -> None:
    with recorder.at(f"{address}{'&' if '?' in address else '?'}lang={look.lang}", look) as visit:
        outside = visit.asks("document.documentElement.scrollWidth - document.documentElement.clientWidth")

        assert (visit.violations(), visit.complaints, outside) == ([], [], 0)
        assert visit.page.locator("h1").count() == 1


@pytest.mark.parametrize("script", [True, False])
def test_an_item_is_recorded_from_the_workbench_and_leads_back_there(recorder: Visitor, script: bool) -> None:
    with recorder.at("/meetings/srb-2024-3?on=2025-06-01&lang=en", Look(script=script)) as visit:
        page = visit.page
        page.get_by_role("link", name="The meeting's workbench").click()
        item = page.locator(".item", has_text="Budget")
        item.get_by_role("link", name="Record the outcome").click()
        expect(page.get_by_label("Day")).to_have_value("2024-06-05")
        page.get_by_label("Outcome").select_option("noted")
        page.get_by_role("button", name="Look it over").click()
        expect(page.get_by_text("Nothing is recorded yet. This would be:")).to_be_visible()
        page.get_by_role("button", name="Record", exact=True).click()
        expect(page.locator("h1")).to_have_text("1 entry is recorded")
        assert (visit.violations(), visit.complaints) == ([], [])
        page.get_by_role("link", name="Back to where you were").click()

        expect(page).to_have_url(re.compile("/meetings/srb-2024-3/work"))
        expect(item).to_contain_text("outcome: noted")
        expect(item.get_by_role("link", name="Record the outcome")).to_have_count(0)
