"""Every page in a browser: it breaks no rule of accessibility, the browser complains of nothing, and nothing stands
outside the width, 320 pixels too. Each page once, pairwise by language, width, script, and day and moment; with
LIGGARE_BROWSER=all, each page in every way.
"""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from tests.browser.test_recording import PAGES as RECORDING
from tests.browser.visiting import WIDTHS, Look
from tests.web.test_answers import ASKED
from web.app import Guarded, application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.book import Ledger
    from tests.browser.visiting import Visitor

MOMENTS = (
    "on=2025-06-01&known_at=@240", "on=2025-06-01", "on=2023-02-01&known_at=@70", "on=2030-12-31&known_at=2026-01-01",
    "on=2024-06-30&known_at=@0",
)  # fmt: skip
SIDES = ("/diff?on=2024-01-01..2025-06-01", "/diff?known_at=@40..@100")  # these give their days themselves
PAGES = (
    *ASKED, "/", "/today", "/entry/67", "/person/p27", "/party/sala", "/search?q=sala", "/meetings",
    "/meetings/srb-2024-1", "/groups/kultur", "/tillganglighet", "/accessibility", "/checkpoint", "/beside/", "/costs",
    "/reports", "/attendance", "/history", "/beside/council", "/beside/party/sala", "/nothing",
    "/council?odd=1",
)  # fmt: skip
NO_PAGES = {"/healthz", "/changes", "/changes.atom", "/paper.css", "/recorded/{key}"}  # the last is where a form leads
LOOKS = [Look(lang, WIDTHS[width], script) for lang, width, script in product(("sv", "en"), WIDTHS, (True, False))]
OUTSIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def at(address: str, moment: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{moment}" if moment else address


def pairwise() -> list[tuple[str, Look]]:
    """Returns ten (moment, look), in which any two values of any two of the four occur together."""
    found = []
    for number, moment in enumerate(MOMENTS):
        for first in (0, 1):
            lang, wide, script = first, first ^ number & 1, first ^ (number >> 1) & 1
            found.append((moment, Look(("sv", "en")[lang], [*WIDTHS.values()][wide], bool(script))))
    return found


def visits() -> Iterator[tuple[str, Look]]:
    """Yields each address to visit, and how to look at it."""
    if os.environ.get("LIGGARE_BROWSER") == "all":
        yield from ((at(page, moment), look) for page, moment, look in product(PAGES, MOMENTS, LOOKS))
        yield from product(SIDES, LOOKS)
    else:
        ten = pairwise()
        yield from ((at(page, ten[place % 10][0]), ten[place % 10][1]) for place, page in enumerate(PAGES))
        yield from ((page, ten[place][1]) for place, page in enumerate(SIDES))


def test_any_two_ways_of_looking_are_tried_together() -> None:
    ways = [(moment, *look) for moment, look in pairwise()]
    for one, other in ((a, b) for a in range(4) for b in range(a)):
        tried = {(way[one], way[other]) for way in ways}
        assert tried == set(product({way[one] for way in ways}, {way[other] for way in ways}))


def test_every_address_is_visited(ledger: Ledger) -> None:
    guarded = application(ledger)
    assert isinstance(guarded, Guarded)
    assert isinstance(guarded.app, Starlette)
    paths = {page.partition("?")[0] for page in (*PAGES, *SIDES, *RECORDING)}
    routes = [one for one in guarded.app.routes if isinstance(one, Route) and not one.path.endswith(".{form}")]
    routes = [one for one in routes if not one.path.endswith((".pdf", ".docx", ".ics"))]  # these are tested as files
    missing = [one.path for one in routes if not any(one.path_regex.match(path) for path in paths)]
    assert [one for one in missing if one not in NO_PAGES and not one.startswith(("/beside/", "/step/"))] == []


@pytest.mark.parametrize(("address", "look"), [*visits()])
def test_a_page_is_for_everyone(visitor: Visitor, address: str, look: Look) -> None:
    with visitor.at(at(address, f"lang={look.lang}"), look) as visit:
        seen = {
            "violations": visit.violations(),
            "complaints": visit.complaints,
            "outside": visit.asks(OUTSIDE),
            "heads": visit.page.locator("h1").count(),
            "lang": visit.page.locator("html").get_attribute("lang"),
        }

    assert seen == {"violations": [], "complaints": [], "outside": 0, "heads": 1, "lang": look.lang}
