"""Tests completion where something seldom happens: a word that is no command, names and entries that are damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.program import COMMANDS
from presentation.schemas import QUESTIONS
from tests.cli.test_completion import NAMES, begun, described, offered
from tests.hostile.rows import Change, put

if TYPE_CHECKING:
    from tests.desk import Desk

__all__ = ["begun"]

pytestmark = pytest.mark.on_file


def test_questions_that_have_a_schema(begun: Desk) -> None:
    assert offered(begun, "schema", "") == [*QUESTIONS]
    assert offered(begun, "schema", "co") == [one for one in QUESTIONS if one.startswith("co")]


def test_after_a_word_that_is_no_command_there_is_nothing_to_complete(begun: Desk) -> None:
    assert offered(begun, "--", "-x", "") == [*COMMANDS]


@pytest.mark.parametrize(
    ("sql", "words", "expected"),
    [
        ("UPDATE names SET disclosure = 'x' WHERE position = 2", ("dispose",), NAMES | {"p1": ""}),
        ("UPDATE names SET disclosure = x'ff' WHERE position = 2", ("dispose",), NAMES | {"p1": ""}),
        ("UPDATE entries SET data = x'ff' WHERE type = 'group-created'",
         ("record", "group-changed", "--group"), {"kultur": ""}),
        ("UPDATE entries SET data = CAST('[1]' AS BLOB) WHERE type = 'group-created'",
         ("record", "group-changed", "--group"), {"kultur": ""}),
        ("UPDATE entries SET data = CAST('{}' AS BLOB) WHERE type = 'group-created'",
         ("record", "group-changed", "--group"), {"kultur": ""}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_offered_without_what_it_is_called(
    begun: Desk, sql: str, words: tuple[str, ...], expected: dict[str, str]
) -> None:
    put(begun.folder / "liggare.db", Change("", sql))

    assert described(begun, *words, "") == expected


def test_a_party_whose_id_is_none_is_not_offered(begun: Desk) -> None:
    whole = described(begun, "costs", "2024", "--party", "")
    sql = "UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), '\"sala\"', '\"Sa la\"') AS BLOB)"
    put(begun.folder / "liggare.db", Change("", sql))

    assert described(begun, "costs", "2024", "--party", "") == {one: whole[one] for one in whole if one != "sala"}
