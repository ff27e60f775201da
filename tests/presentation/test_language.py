"""Which language a run answers in."""

from __future__ import annotations

import pytest

from presentation.language import chosen


@pytest.mark.parametrize(
    ("line", "environment", "language"),
    [
        ("council", {}, "en"),
        ("council --lang sv", {}, "sv"),
        ("--lang=sv council", {"LIGGARE_LANG": "en"}, "sv"),
        ("--lang sv council --lang en", {}, "en"),
        ("council -- --lang sv", {}, "en"),
        ("council --lang", {"LIGGARE_LANG": "sv"}, "sv"),
        ("council --lang fi", {"LIGGARE_LANG": "sv"}, "sv"),
        ("council", {"LIGGARE_LANG": "sv", "LC_ALL": "en_GB"}, "sv"),
        ("council", {"LIGGARE_LANG": "fi", "LC_ALL": "sv_SE.UTF-8"}, "sv"),
        ("council", {"LIGGARE_LANG": "", "LANG": "sv"}, "sv"),
        ("council", {"LC_ALL": "", "LANG": "sv@euro"}, "sv"),
        ("council", {"LC_ALL": "C", "LANG": "sv_SE.UTF-8"}, "en"),
        ("council", {"LC_MESSAGES": "sv_FI.UTF-8", "LANG": "en_GB.UTF-8"}, "sv"),
        ("council", {"LANG": "svenska"}, "en"),
    ],
)
def test_a_run_is_in_the_language_asked_for_else_in_that_of_the_locale(
    line: str, environment: dict[str, str], language: str
) -> None:
    assert chosen(line.split(), environment) == language
