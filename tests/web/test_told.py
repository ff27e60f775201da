"""What the pages of the demo's ledger say, where a reader once misread them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.reader import Reader


def told(reader: Reader, address: str) -> str:
    """Returns the words of an answer, in English, without its drawings."""
    page = reader.get(f"{address}{'&' if '?' in address else '?'}lang=en").text
    [main] = re.findall("<main.*?</main>", page, re.DOTALL)
    words = re.sub("<svg.*?</svg>|<form.*?</form>", " ", main, flags=re.DOTALL)
    return " ".join(unescape(re.sub("<[^>]+>", " ", words)).replace("\N{NO-BREAK SPACE}", " ").split())


def in_order(text: str, *parts: str) -> bool:
    places = [text.index(part) for part in parts]
    return places == sorted(places)


def test_the_costs_of_one_party_begin_with_its_own_account(reader: Reader) -> None:
    text = told(reader, "/costs/2025?party=norberg&on=2025-09-01")

    assert in_order(text, "The share of", "287 765,88", "282 765,88", "Account of", "Level 14 840 000,00")
    assert in_order(
        told(reader, "/costs/2025?on=2025-09-01"), "The level of 2025", "Share, claims and payments", "arboga"
    )
    assert "<svg" not in reader.get("/costs/2025?party=norberg&on=2025-09-01").text.partition("<main")[2]


@pytest.mark.parametrize(
    "address",
    [
        "/diff?on=2024-01-01..2025-06-01", "/diff?on=2025-06-01&known_at=@40..@100", "/diff",
        "/diff?on=2024-01-01..2025-06-01&all=1",
        "/council?on=2025-06-01&known_at=@90", "/entry/3?on=2025-06-01",
    ],
)  # fmt: skip
def test_the_other_language_is_of_the_same_answer(reader: Reader, address: str) -> None:
    sign = "&" if "?" in address else "?"
    first = reader.get(f"{address}{sign}lang=en")
    [(other, _)] = [one for one in re.findall(r'<a href="([^"]*)" hreflang="(sv|en)"', first.text) if one[1] == "sv"]

    there = reader.get(unescape(other))

    assert there.status == first.status
    assert there.text.count("<tr") == first.text.count("<tr")
    asked = reader.get(f"{address}{sign}lang=sv")
    assert re.findall("<h1.*?</h1>", there.text, re.DOTALL) == re.findall("<h1.*?</h1>", asked.text, re.DOTALL)


def test_a_search_is_answered_from_where_the_reader_stands(reader: Reader) -> None:
    page = reader.get("/council?on=2025-06-01&known_at=@90&lang=en&reading=third-of:seats").text
    [form] = re.findall(r'<form class="search".*?</form>', page, re.DOTALL)

    kept = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    assert kept == [("on", "2025-06-01"), ("known_at", "@90"), ("lang", "en"), ("reading", "third-of:seats")]


@pytest.mark.parametrize("address", ["/history", "/person/p13", "/entry/166", "/replay", "/"])
def test_a_list_of_persons_that_is_cut_short_leads_to_persons_alone(reader: Reader, address: str) -> None:
    page = reader.get(f"{address}?lang=en").text

    led = [unescape(one) for one in re.findall(r'href="/person/([^".?]*)', page)]
    assert [one for one in led if not re.fullmatch("[a-z0-9-]+", one)] == []
    assert not re.search("%EF%B7|[\\ufdd0-\\ufdef]", page)
    if address == "/history":
        assert "remote: [" in re.sub("<[^>]*>", "", reader.get("/history?event=meeting-held&lang=en").text)


@pytest.mark.parametrize("on", ["2026-04-14", "2025-06-01", "2024-06-01"])
def test_as_many_tasks_are_said_as_there_are_rows(reader: Reader, on: str) -> None:
    page = reader.get(f"/?on={on}&lang=en").text
    late = int((re.search(r"(\d+|nothing)\D*(?:task is|tasks are|is) overdue", page) or ["", "0"])[1])

    [rows] = re.findall(r'Overdue or open</h2>\n<ul class="rows">(.*?)</ul>', page, re.DOTALL)
    assert rows.count("<li>") == late > 0


def test_on_a_day_without_an_agreement_that_comes_first(reader: Reader) -> None:
    """Hallstahammar withdrew, and the agreement ended, on 1 January 2026."""
    assert in_order(told(reader, "/council?on=2026-04-14"), "no version of the agreement was in force", "27 members")
    assert "is in force on this day" in told(reader, "/party/hallstahammar?on=2026-04-14")
    assert "is a party" not in told(reader, "/party/hallstahammar?on=2026-04-14")
    assert "It adopted version 1" in told(reader, "/party/hallstahammar?on=2025-12-31")


def test_a_person_is_shown_with_groups_and_the_chair_as_chair(reader: Reader) -> None:
    assert "Kultur och fritid member" in told(reader, "/person/p13?on=2025-06-01")
    assert "Posts In it Party From To Entry chair" in told(reader, "/person/p21?on=2025-06-01")


def test_a_party_is_shown_with_its_groups_and_its_balance(reader: Reader) -> None:
    norberg = told(reader, "/party/norberg?on=2025-09-01")

    assert "Groups Group Name Member From Entry kultur" in told(reader, "/party/sala?on=2025-06-01")
    assert "the balance is 5 000,00 kr" in norberg
    assert "balance" not in told(reader, "/party/region?on=2025-09-01").lower()


def test_the_findings_beside_the_meetings_of_a_year_are_of_that_year(reader: Reader) -> None:
    earlier, later = (told(reader, f"/beside/meetings?year={year}&on=2025-06-01") for year in (2024, 2025))

    assert "srb-2024-3" in earlier
    assert "srb-2025-1" not in earlier
    assert "srb-2025-1" in later
    assert "srb-2024-3" not in later


def test_a_list_that_is_cut_short_is_closed(reader: Reader) -> None:
    text = told(reader, "/explain/requested-meeting?on=2025-06-01")

    assert text.count("[") == text.count("]")
    assert "…]" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("vem satt för Sala", "sala Sala kommun"),
        ("136 988,66", "238 payment-made"),
        ("136988.66 kr", "238 payment-made"),
        ("13698866", "238 payment-made"),
        ("141988,66", "232 instalment-claimed"),
        ("238", "238 payment-made"),
        ("kultur fritid", "kultur"),
    ],
)
def test_a_search_finds_what_a_reader_means(reader: Reader, query: str, found: str) -> None:
    assert found in told(reader, f"/search?q={query.replace(' ', '+')}")


@pytest.mark.parametrize("query", ["vem", "0,01", "satt", "1" * 40])
def test_a_search_finds_nothing_else(reader: Reader, query: str) -> None:
    assert "nothing" in told(reader, f"/search?q={query}")
