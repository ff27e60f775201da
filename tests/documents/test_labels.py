"""The labels that the guide to the pages gives in both languages are those that the pages show."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from pathlib import Path

from presentation.language import catalogue

GUIDE = Path(__file__).parents[2] / "docs" / "web.md"
PAIR = re.compile(r"\*{1,2}([^*]+)\*{1,2} \(\*([^*]+)\*\)")  # a label in English, and in Swedish in brackets


def test_the_labels_in_the_guide_are_those_of_the_pages() -> None:
    swedish = catalogue("sv")
    assert isinstance(swedish, GNUTranslations)
    text = " ".join(GUIDE.read_text("utf-8").split())
    pairs = [(english.rstrip("…"), told.rstrip("…")) for english, told in PAIR.findall(text)]

    assert len(pairs) > 20
    assert [
        (english, told)
        for english, told in pairs
        if told not in {swedish.gettext(english + end).rstrip("…") for end in ("", "…")}
    ] == []
