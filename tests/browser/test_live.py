"""A page that follows the log says when entries come, and does not move under its reader."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from ledger.book import Ledger
from ledger.store import open_store
from tests.browser.visiting import Look, Visitor, served
from tests.desk import event
from tests.web.conftest import NOON
from web.app import application

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from starlette.types import ASGIApp

    from tests.desk import Desk

ROOT = Path(__file__).parents[2]
COMES_BACK = "document.dispatchEvent(new Event('visibilitychange'))"  # to the tab: the page asks at once
PLACES = "['h1', '#answer', '.bar', '.foot'].map(one => document.querySelector(one).getBoundingClientRect().top)"


def another_process_records(desk: Desk, day: str) -> None:
    told = {"kind": "seminar", "title": "Mer", "place": "Sala", "organisers": ["sala"]}
    lines = desk.writes(f"{day}.jsonl", [event("activity-held", day, "body", **told)])
    command = [sys.executable, "-c", "from cli import main; main()", "import", str(lines), "--ledger", desk.ledger]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def test_entries_of_another_process_are_told_and_the_page_stays(own: Desk, own_visitor: Visitor) -> None:
    with own_visitor.at("/activities?on=2025-06-01&lang=en", Look()) as visit:
        page = visit.page
        page.locator("#on").focus()
        before = page.locator("#answer").inner_html(), page.evaluate(PLACES)
        another_process_records(own, "2025-05-10")
        news = page.locator("#news")
        expect(news).to_have_text("1 entry has come; show it", timeout=15_000)
        another_process_records(own, "2025-05-11")
        visit.asks(COMES_BACK)
        expect(news).to_have_text("2 entries have come; show them", timeout=15_000)

        assert (page.locator("#answer").inner_html(), page.evaluate(PLACES)) == before
        expect(page.locator("#on")).to_be_focused()
        assert visit.violations() == []
        news.get_by_role("link").click()
        expect(page.locator("#answer")).to_contain_text("2025-05-11")
        assert visit.complaints == []


def test_a_pinned_page_is_told_of_nothing(own: Desk, own_visitor: Visitor) -> None:
    with own_visitor.at("/activities?on=2025-06-01&known_at=@246", Look()) as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        another_process_records(own, "2025-05-10")
        visit.asks(COMES_BACK)
        visit.asks("fetch('/healthz')")  # whatever was asked before this is asked by now

        assert [one.rpartition("/")[2] for one in asked] == ["healthz"]
        expect(visit.page.locator("#news")).to_have_count(0)


def test_nothing_is_missed_while_the_server_is_away(own: Desk, browser: Browser) -> None:
    def application_anew(running: ExitStack) -> ASGIApp:
        return application(Ledger(running.enter_context(open_store(own.ledger)), lambda: NOON))

    with ExitStack() as running:
        address = running.enter_context(served(application_anew(running)))
        with Visitor(browser, address).at("/activities?lang=en", Look()) as visit:
            news = visit.page.locator("#news")
            running.close()
            another_process_records(own, "2025-05-10")
            with visit.page.expect_event("requestfailed"):
                visit.asks(COMES_BACK)
            expect(news).to_be_empty()
            with ExitStack() as again:
                again.enter_context(served(application_anew(again), int(address.rpartition(":")[2])))
                visit.asks(COMES_BACK)
                expect(news).to_have_text("1 entry has come; show it")
                news.get_by_role("link").click()
                expect(visit.page.locator("#answer")).to_contain_text("2025-05-10")


def test_eight_tabs_that_follow_the_log_each_answer(own: Desk, own_visitor: Visitor) -> None:
    with own_visitor.at("/activities?on=2025-06-01&lang=en", Look()) as visit:
        tabs = [visit.page, *(visit.page.context.new_page() for _ in range(7))]
        for tab in tabs[1:]:
            tab.goto(visit.address)
        another_process_records(own, "2025-05-10")
        for place, tab in enumerate(tabs, 1):  # all at once: none is waited for before the next one asks
            tab.evaluate(COMES_BACK)
            tab.locator(".slider[data-slides=known_at]").fill(str(200 + place))
        for place, tab in enumerate(tabs, 1):
            expect(tab.locator(".proof")).to_contain_text(f"@{200 + place}")
        tabs[0].goto(visit.address)
        expect(tabs[0].locator("#answer")).to_contain_text("2025-05-10")
        for tab in tabs[1:]:
            tab.goto(visit.address)
            expect(tab.locator("#answer")).to_contain_text("2025-05-10")
