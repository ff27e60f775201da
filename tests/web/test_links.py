"""No page leads to an address that is none."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from tests.web.test_answers import ASKED, in_form
from tests.web.test_other_words import MORE, WRONG

if TYPE_CHECKING:
    from tests.web.reader import Reader

FIRST = ("/?on=2025-06-01", *(in_form(one, "") for one in ASKED), *(one for one in MORE if one not in WRONG))
LEADS = re.compile(r'(?:href|src|data-late)="(/[^"]*)"')


def leads(page: str) -> set[str]:
    """Returns the addresses that a page leads to, and takes parts from."""
    return {unescape(one) for one in LEADS.findall(page)}


def kind(address: str) -> str:
    """Returns what addresses have in common that differ in ids, days and moments, so that one of each is tried."""
    path, _, query = address.partition("?")
    names = {*re.findall(r"(\w+)=", query)} - {"on", "known_at", "lang"}
    ending = path[path.rfind(".") :] if "." in path else ""
    return f"{re.sub(r'(?<=[^/])/[^/.]+$', '/ID', path.removesuffix(ending))}{ending}?{sorted(names)}"


def test_every_link_of_every_page_leads_to_a_page(reader: Reader) -> None:
    tried: dict[str, str] = {}
    for page in FIRST:
        for address in sorted(leads(reader.get(page).text)):
            tried.setdefault(kind(address), address)

    dead = {one for one in tried.values() if reader.get(one).status not in {200, 303}}
    assert dead == set()
    assert len(tried) > 60
