"""Long lists as pages: each shows a part, the parts together are the whole answer, and files stay whole."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from web import questions

if TYPE_CHECKING:
    from tests.web.reader import Reader

PART = 40


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes parts so small that the demo's ledger has several of them."""
    monkeypatch.setattr(questions, "MOST_ENTRIES", PART)
    monkeypatch.setattr(questions, "MOST_ACTS", PART)


def shown(page: str) -> list[int]:
    """Returns the positions of the entries whose lines a page shows."""
    inside = page.split('id="answer"', 1)[1].split("</article>", 1)[0]
    return [int(one) for one in re.findall(r'<li><span>(?:<s class="struck">)?<a href="/entry/(\d+)', inside)]


def led(page: str, words: str) -> str | None:
    found = re.search(rf'<nav class="turns".*?<a href="([^"]*)"[^>]*>{words}</a>.*?</nav>', page, re.DOTALL)
    return unescape(found[1]) if found else None


def walked(reader: Reader, address: str, words: str) -> list[list[int]]:
    pages, here = [], address
    while here:
        page = reader.get(here)
        assert page.status == 200
        pages.append(shown(page.text))
        here = led(page.text, words) or ""
    return pages


@pytest.mark.parametrize("query", ["", "&about=party:sala", "&event=member-appointed", "&on=2024-01-01"])
def test_the_parts_of_the_history_are_the_whole_of_it_forwards_and_back(reader: Reader, query: str) -> None:
    whole = [one["position"] for one in reader.get(f"/history.json?lang=en{query}").json["entries"]]
    forwards = walked(reader, f"/history?lang=en{query}", "Later entries")
    last = whole[-PART - 1] if len(whole) > PART else 0
    back = walked(reader, f"/history?lang=en{query}&after={last}", "Earlier entries")

    assert [one for part in forwards for one in part] == whole
    assert sorted({one for part in back for one in part}) == whole
    assert all(len(part) <= PART for part in (*forwards, *back))


def test_the_first_and_the_latest_entries_are_one_link_away(reader: Reader) -> None:
    first = reader.get("/history?lang=en").text
    latest = led(first, "Latest entries")

    assert latest
    assert shown(reader.get(latest).text) == [*range(246 - PART + 1, 247)]
    assert led(reader.get(latest).text, "Later entries") is None
    back = led(reader.get(latest).text, "First entries")
    assert back
    assert shown(reader.get(back).text) == [*range(1, PART + 1)]


def test_a_list_that_fits_has_no_other_parts(reader: Reader) -> None:
    page = reader.get("/history?lang=en&about=person:p27").text

    assert 'class="turns"' not in page
    assert "4 entries" in page


def test_after_the_last_entry_there_is_a_way_back(reader: Reader) -> None:
    page = reader.get("/history?lang=en&after=246").text

    assert "No entries so late." in page
    assert shown(page) == []
    assert led(page, "Earlier entries")


def test_the_parts_of_the_replay_are_the_whole_of_it(reader: Reader) -> None:
    acts = reader.get("/replay.json?lang=en").text.splitlines()
    whole = [*range(1, 247)]
    forwards = walked(reader, "/replay?lang=en", "Later acts")

    assert len(acts) > PART
    assert [one for part in forwards for one in part] == whole
    assert len(forwards) == -(-len(acts) // PART)


def test_the_replay_leads_back_and_keeps_its_bound(reader: Reader) -> None:
    page = reader.get("/replay?lang=en&from=@100&to=@180").text
    earlier, later = led(page, "Earlier acts"), led(page, "Later acts")

    assert earlier
    assert later
    assert shown(reader.get(earlier).text) == [*range(100 - PART + 1, 101)]
    assert "to=@180" in later
    assert led(reader.get("/replay?lang=en&to=@10").text, "Earlier acts") is None


@pytest.mark.parametrize("address", ["/history", "/replay"])
def test_files_hold_the_whole_list(reader: Reader, address: str) -> None:
    page = reader.get(f"{address}?lang=en{'&after=40' if address == '/history' else ''}").text
    [whole] = re.findall(rf'href="({address}\.json[^"]*)"', page)

    assert "after" not in whole
    assert reader.get(unescape(whole)).body.count(b'"recorded_at"') >= 200
    assert reader.get("/history.json?after=40").status == 400


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "9" * 12])
def test_a_part_begins_after_a_number(reader: Reader, after: str) -> None:
    assert reader.get(f"/history?lang=en&after={after}").status == 400


def test_a_part_of_the_replay_claims_no_moment_but_that_of_the_page(reader: Reader) -> None:
    page = reader.get("/replay?from=@10&to=@40&lang=en").text

    assert "Known at @40" not in page
    assert "<dt>Known at</dt><dd>@246</dd>" in page
