"""Follows the links of pages to forms, and records what is typed in them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.web.record.filling import Form, fitted, opened, recorded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.web.reader import Page, Reader


class Leads(HTMLParser):
    """The links of a page, in order, as (words, address)."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._address, self._words = "", ""
        assert page.status == 200, page.text
        self.feed(page.text)

    def to(self, words: str) -> str:
        """Returns where the one link with some words leads."""
        [found] = [address for said, address in self.found if said == words]
        return found

    @property
    def forms(self) -> dict[str, str]:
        """The addresses of forms by the words that lead to them."""
        return {said: address for said, address in self.found if "/record/" in address}

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address, self._words = dict(attrs).get("href") or "", ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.found.append((" ".join(self._words.split()), self._address))


def given_by(address: str) -> dict[str, list[str]]:
    """Returns the texts that the address of a form fills in."""
    found = parse_qs(urlsplit(address).query)
    return {name: texts for name, texts in found.items() if name not in {"lang", "_next"}}


def records(reader: Reader, address: str, typed: Mapping[str, Sequence[str]]) -> Page:
    """Opens the form at an address, types, looks it over and records it. Returns the page that says so."""
    looked = Form(fitted(reader, opened(reader, address), typed).press(reader, "check"))
    assert "record" in looked.buttons, looked.said
    return recorded(reader, looked.press(reader, "record"))
