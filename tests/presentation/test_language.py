"""Which language a run answers in, and that no text is kept from another run's language."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from presentation.language import chosen
from tests.presentation.test_marked import called
from tests.test_layout import PACKAGES, modules

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKS_UP = {"msg", "filled", "term", "listed", "either", "together"}


@pytest.mark.parametrize(
    ("line", "environment", "language"),
    [
        ("council", {}, "en"),
        ("council --lang sv", {}, "sv"),
        ("--lang=sv council", {"LIGGARE_LANG": "en"}, "sv"),
        ("--lang sv council --lang en", {}, "en"),
        ("council -- --lang sv", {}, "en"),
        ("council --lang", {"LIGGARE_LANG": "sv"}, "sv"),
        ("council --lang xx", {"LIGGARE_LANG": "sv"}, "sv"),
        ("council", {"LIGGARE_LANG": "sv", "LC_ALL": "en_GB"}, "sv"),
        ("council", {"LIGGARE_LANG": "xx", "LC_ALL": "sv_SE.UTF-8"}, "sv"),
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


def looked_up(node: ast.AST, *, running: bool) -> Iterator[str]:
    """Yields the calls that look a text up while a module is loaded, or in a function whose result is remembered;
    `running` says whether the code around the node runs then.
    """
    for child in ast.iter_child_nodes(node):
        runs = running
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            runs = any("cache" in one or "remembered" in one for one in decorators(child))
        if running and called(child) in LOOKS_UP:
            yield ast.unparse(child)
        if not isinstance(child, ast.Raise):  # an error is not remembered
            yield from looked_up(child, running=runs)


def decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[str]:
    return [ast.unparse(one) for one in getattr(node, "decorator_list", ())]


def test_no_text_is_looked_up_before_the_language_is_known_or_remembered_beyond_it() -> None:
    """The text would be in the language of the first run, or in English, for every later one."""
    found = {
        f"{module.name}: {text}"
        for module in modules(*PACKAGES)
        for text in looked_up(ast.parse(module.source), running=True)
    }

    assert found == set()


@pytest.mark.parametrize(
    "source",
    [
        'WHAT = msg("entry")',
        'WHAT = {"a": [term("organ", "court")]}',
        '@remembered\ndef state(timeline):\n    return filled("entry", {})',
        "@cache\ndef name(of):\n    return listed(of)",
    ],
)
def test_a_text_that_is_looked_up_too_early_is_seen(source: str) -> None:
    assert [*looked_up(ast.parse(source), running=True)]


def test_a_text_that_is_looked_up_when_it_is_shown_may_stand() -> None:
    assert not [*looked_up(ast.parse('def shown():\n    return msg("entry")\nWHAT = marked("entry")'), running=True)]
