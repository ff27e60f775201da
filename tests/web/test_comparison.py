"""The form that asks what differs between two days, or two moments."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.reader import Reader


def typed(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'<input id="(?:on|known_at)_\w+"[^>]* value="([^"]*)"', page)]


def test_without_days_the_page_is_the_form(reader: Reader) -> None:
    page = reader.get("/diff?lang=en")

    assert page.status == 200
    assert "<h1>Compare two days, or two moments</h1>" in page.text
    assert typed(page.text) == ["", "", "", ""]


@pytest.mark.parametrize(
    ("days", "moments", "address"),
    [
        (("2024-01-01", "1 juni 2025"), ("", ""), "on=2024-01-01..1+juni+2025"),
        (("2024-01-01", "2025-06-01"), ("@240", "@240"), "on=2024-01-01..2025-06-01&known_at=@240"),
        (("2024-01-01", ""), ("", ""), "on=2024-01-01.."),
        (("", ""), ("@40", "@100"), "known_at=@40..@100"),
        (("2025-06-01", "2025-06-01"), ("40", ""), "on=2025-06-01&known_at=40.."),
        (("2025-06-01", ""), ("@40", "@100"), "on=2025-06-01&known_at=@40..@100"),
        (("2024-01-01", "2025-06-01"), ("@240", ""), "on=2024-01-01..2025-06-01&known_at=@240"),
    ],
)
def test_two_fields_make_the_one_address(
    reader: Reader, days: tuple[str, str], moments: tuple[str, str], address: str
) -> None:
    sent = zip(("on_first", "on_last", "known_at_first", "known_at_last"), (*days, *moments), strict=True)
    query = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in sent)
    page = reader.get(f"/diff?lang=en&{query}")

    assert (page.status, page.headers["location"]) == (303, f"/diff?{address}&lang=en")
    assert reader.get(page.headers["location"]).status == 200


def test_what_was_compared_stands_in_the_form(reader: Reader) -> None:
    days = reader.get("/diff?on=2024-01-01..2025-06-01&lang=en").text
    moments = reader.get("/diff?on=2025-06-01&known_at=@40..@100&lang=en").text

    assert typed(days) == ["1 January 2024", "1 June 2025", "", ""]
    assert typed(moments) == ["1 June 2025", "1 June 2025", "@40", "@100"]


def test_a_moment_that_is_kept_for_two_days_stands_in_both_fields(reader: Reader) -> None:
    page = reader.get("/diff?on=2024-01-01..2025-06-01&known_at=@240&lang=en").text

    assert typed(page)[2:] == ["@240", "@240"]


@pytest.mark.parametrize(
    ("address", "at", "said"),
    [
        ("on=x..2025-06-01", "on_first", "'x' is not a day"),
        ("on=2025-06-01..y", "on_last", "'y' is not a day"),
        ("known_at=@1..soon", "known_at_last", "'soon' is not a moment"),
        ("known_at=@1..@99999", "known_at_last", "beyond the end"),
    ],
)
def test_a_side_that_is_none_is_told_at_its_field(reader: Reader, address: str, at: str, said: str) -> None:
    page = reader.get(f"/diff?{address}&lang=en")

    assert page.status == 400
    [told] = re.findall(rf'<p class="fault" id="fault-{at}">([^<]*)</p>', page.text)
    assert said in unescape(told)
    assert address.split("=")[1].split("..") == [one for one in typed(page.text) if one]


@pytest.mark.parametrize("address", ["on=2025-06-01", "on=2024-01-01..2025-01-01&known_at=@1..@9"])
def test_neither_or_both_are_refused_and_what_was_typed_stays(reader: Reader, address: str) -> None:
    page = reader.get(f"/diff?{address}&lang=en")

    assert page.status == 400
    assert "write two days or two moments" in page.text
    assert "2025-0" in typed(page.text)[1]


def test_a_pinned_comparison_keeps_that_all_was_asked_for(reader: Reader) -> None:
    page = reader.get("/diff?on=2024-01-01..2025-06-01&all=1&lang=en").text

    [pinned] = re.findall(r'<dt>Pinned address</dt><dd><a href="([^"]*)">', page)
    assert "all=1" in pinned
