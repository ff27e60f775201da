"""What is written under a name that does things to a terminal: each command says the name so that it is harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import Desk, at_a_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.on_file

ODD = "a\x1b[31m\u202eb"
WRITTEN = (
    ("template", "payments", "-o", f"{ODD}.xlsx"),
    ("export-sie", "2025", "--accounts", "k.toml", "-o", f"{ODD}.si"),
    ("calendar", "-o", f"{ODD}.ics"),
    ("popolo", "-o", f"{ODD}.json"),
    ("sqlite", f"{ODD}.db", "--metadata", f"{ODD}.metadata"),
    ("council", "--xlsx", f"{ODD}2.xlsx"),
)


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk in a copy of the demo's folder, with a file of accounts."""
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        desk.goes_on(demo).began("2026-04-14").writes("k.toml", ["receivable = 1510\nincome = 3990\nbank = 1930\n"])
        yield desk


@pytest.mark.parametrize("command", WRITTEN, ids=lambda command: command[0])
def test_a_command_says_the_name_of_its_file_in_signs_that_show(command: tuple[str, ...], played: Desk) -> None:
    done = played.does(*command)

    assert all(line.isprintable() for line in [*done.out.splitlines(), *done.err.splitlines()])
