"""On every page, each text goes through the catalogue: with one that puts every message in brackets, what lies outside
is names, ids, dates and numbers alone.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from presentation.terms import sets
from tests.presentation.test_other_languages import Pseudo
from tests.web.reader import Reader
from tests.web.test_answers import ASKED, in_form
from web.app import application
from web.narrowing import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.book import Ledger

WRONG = ("/nothing", "/council?odd=1", "/council?on=never", "/entry/0", "/person/nobody")
MORE = (
    "/", "/today", "/entry/67", "/entry/68", "/person/p27", "/party/sala", "/search?q=sala", "/search", "/history",
    "/diff?on=2024-01-01..2025-06-01", "/diff?known_at=@40..@100", "/beside/council", "/beside/today",
    "/beside/party/sala", *WRONG,
)  # fmt: skip
RECORDERS = (  # pages of whoever records
    "/meetings/srb-2024-3/work", "/meetings/srb-2025-1/work?known_at=@200", "/meetings/srb-2024-3", "/mine",
    "/mine?party=norberg", "/mine?party=region", "/registrars/manage", "/registrars",
)  # fmt: skip
SPOKEN = ("alt", "aria-description", "aria-label", "aria-valuetext", "data-one", "data-several", "placeholder", "title")
# Elements whose text is the same in every language: what is typed or computed, the agreement's own words, and the names
# of the languages and of the program.
AS_IT_IS = {"code", "pre", "kbd", "blockquote", "style", "script"}
EMPTY = {"br", "circle", "hr", "img", "input", "line", "link", "meta", "path", "rect"}
BLOCKS = {"dd", "div", "dt", "h1", "h2", "li", "p", "td", "th"}  # a text that was cut short ends here at the latest
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Addresses, names that a chart cuts short, the agreement, and the name of a parameter before what is wrong with it.
TYPED = re.compile(r"(?<!\S)/\S*|\w+…|”[^”]*”|^(?:on|known_at): ")
ALIKE = {
    "CSV",
    "JSON",
    "XLSX",
    "Liggare",
    "kr",
    "region",
}  # words that are the same in every language, and the id of a party


class Unwrapped(HTMLParser):
    """Collects what lies outside all brackets: words of texts, and of the attributes that are shown or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0
        self.inside: list[bool] = []  # for each element that is open, whether its text is the same in every language

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        same = tag in AS_IT_IS or ("lang" in given and tag != "html") or given.get("class") == "name"
        if tag in BLOCKS:
            self.depth = 0
        if tag not in EMPTY:
            self.inside.append(same or self.inside[-1:] == [True])
        for name in SPOKEN:
            self.found += outside(given.get(name) or "", 0)[0]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in EMPTY:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside or not self.inside[-1]:
            found, self.depth = outside(data, self.depth)
            self.found += found


def outside(text: str, depth: int) -> tuple[list[str], int]:
    """Returns the pieces of a text that lie outside all brackets, and how many brackets are open after it."""
    found = []
    for piece in re.split(r"([⟦⟧])", text):
        if piece in {"⟦", "⟧"}:
            depth += 1 if piece == "⟦" else -1
        elif depth == 0 and LETTERS.search(left := TYPED.sub("", piece)):
            found.append(left.strip())
    return found, depth


def texts(value: Any) -> Iterator[str]:
    """Yields the texts among the values of a document."""
    if isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def left_out(page: str, known: set[str]) -> list[str]:
    """Returns the texts of a page that lie outside all brackets and have words that are not known as names."""
    seen = Unwrapped()
    seen.feed(page)
    assert seen.inside == [], "each element is closed"
    return [one for one in seen.found if {*LETTERS.findall(one)} - known]


@pytest.fixture(scope="module")
def known(ledger: Ledger) -> set[str]:
    """Returns the words of names and ids: those of the values in the log, but for words of closed sets, and those that
    are shown as examples of what to type.
    """
    lines = Reader(application(ledger)).get("/changes").text.splitlines()
    said = {text for line in lines for text in texts(json.loads(line)["fields"])}
    words = {word for text in said for word in LETTERS.findall(text)}
    typed = {word for example in EXAMPLES.values() for word in LETTERS.findall(example)}
    return words - {word for of in sets().values() for word in of} | ALIKE | typed


@pytest.mark.parametrize("address", [*(in_form(one, "") for one in ASKED), *MORE])
def test_no_text_of_a_page_is_left_out_of_the_catalogue(ledger: Ledger, known: set[str], address: str) -> None:
    with patch("presentation.language.catalogue", lambda _: Pseudo()):
        page = Reader(application(ledger)).get(address)

    assert left_out(page.text, known) == []


@pytest.mark.parametrize("address", RECORDERS)
def test_no_text_of_a_page_for_whoever_records_is_left_out(ledger: Ledger, known: set[str], address: str) -> None:
    with patch("presentation.language.catalogue", lambda _: Pseudo()):
        page = Reader(application(ledger, by="tester")).get(address)

    assert page.status == 200
    assert left_out(page.text, known) == []


def test_what_is_not_wrapped_is_found() -> None:
    page = """<body><p title="a tip">⟦by ⟦the assembly⟧ of⟧ Sala <b>today</b> /costs/2025 <code>root</code>
    <q lang="sv">ord</q></p>
    <p>⟦cut sh</p><input placeholder="find"><p>late</p></body>"""

    assert left_out(page, {"Sala"}) == ["a tip", "today", "find", "late"]
