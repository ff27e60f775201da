"""Addresses that nobody wrote by hand: each gives an answer, or is refused in words, and never more."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tests.web.test_answers import ASKED

if TYPE_CHECKING:
    from tests.web.reader import Reader


SOAK = bool(os.environ.get("LIGGARE_SOAK"))
TIMES = 2_000 if SOAK else 700
PATHS = [
    *ASKED, "/", "/today.json", "/entry/103", "/person/p27", "/party/sala", "/search?q=sala", "/changes?after=@240",
    "/changes.atom", "/diff?on=2024-01-01..2025-01-01", "/diff?known_at=@1..@9", "/step/council?step=after",
    "/beside/council", "/healthz", "/meetings/srb-2025-1", "/groups/kultur.json", "/history?after=40", "/accessibility",
]  # fmt: skip
ODD = [
    "", "%00", "%ff", "..", "%2e%2e%2f", "@", "@0", "@-1", "@999999999999999", "-1", "0", "9" * 40, "é",
    "%F0%9F%92%A9", "<script>alert(1)</script>", "'", '"', "{{7*7}}", "{x}", "\u202e", "2199-12-31", "1900-01-01",
    "0001-01-01", "..now", "2025-06-01..", "null", "true", "a" * 300, "&on=", "?", "#", ";", "=", "//", "%", "json",
]  # fmt: skip


def mutated(address: str, random: Random) -> str:
    """Returns an address with one to three parts cut out, doubled, or replaced by something odd."""
    for _ in range(random.randint(1, 3)):
        start = random.randrange(len(address) + 1)
        end = min(len(address), start + random.randrange(6))
        odd = random.choice(ODD)
        address = (
            address[:start] + random.choice(["", odd, address[start:end] * 2, odd + address[start:end]]) + address[end:]
        )
    return "/" + address.lstrip("/")


def test_no_address_is_answered_with_an_error_of_ours(reader: Reader) -> None:
    random = Random(17)  # noqa: S311 - the same each time
    for _ in range(TIMES):
        address = mutated(random.choice(PATHS), random)
        path, mark, query = address.partition("?")
        page = reader.get(f"{unquote(path)}{mark}{quote(query, safe='%&=@.:')}", accept_language="en")

        assert page.status in {200, 303, 304, 307, 400, 404}, address
        assert "<script>alert" not in page.text, address
        if page.status >= 400:
            assert "<h1>" in page.text, address
