"""How the pages write numbers: in groups of three, and below zero with a minus sign."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.web.reader import Reader


def words(reader: Reader, address: str) -> str:
    """Returns the words of a page, with ordinary spaces."""
    text = unescape(re.sub("<[^>]+>", "", reader.get(address).text))
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_numbers_of_a_map_are_grouped_and_stand_without_braces(reader: Reader) -> None:
    page = words(reader, "/history?event=population-published&lang=en")

    assert re.search(r"figures: arboga [0-9]{2} [0-9]{3}, ", page)
    assert "{arboga" not in page


def test_an_amount_below_zero_has_a_minus_sign(reader: Reader) -> None:
    page = words(reader, "/costs/2025?party=norberg&on=2026-04-14&lang=en")

    assert "\N{MINUS SIGN}" in page
    assert not re.search(r"(?<![0-9a-z@-])-[0-9][0-9 ]*,[0-9]{2}", page)
