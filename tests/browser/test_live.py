"""A page that follows the log says when entries come, and does not move under its reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.visiting import Look
from tests.desk import event

if TYPE_CHECKING:
    from tests.browser.visiting import Visitor
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
        visit.page.wait_for_timeout(500)

        assert asked == []
        expect(visit.page.locator("#news")).to_have_count(0)
