"""What takes time says on a terminal how far it is, and a large ledger is verified by several processes."""

from __future__ import annotations

import os
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from cli.commands.verify import processes
from tests.acts import in_force, lines, registered
from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """A ledger of eight entries."""
    desk.does("init")
    desk.does("import", desk.writes("e.jsonl", lines(in_force("2023-01-01")[1:4], registered("p1"), registered("p2"))))
    return desk


def on_a_terminal(desk: Desk, command: str, *args: object) -> list[str]:
    """Returns what a command tells on a terminal, where each line replaces the one before."""
    terminal = SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True))
    with patch.object(import_module(f"cli.commands.{command}"), "sys", terminal):
        return desk.does(command, *args).err.split("\r")[1:]


def test_a_copy_counts_its_rows(begun: Desk) -> None:
    with patch("ledger.store.copying.TOLD", 3):
        told = on_a_terminal(begun, "copy", "liggare.db", "other.db")

    assert told[:2] == ["liggare: 3 rows copied ", "liggare: 6 rows copied "]


def test_verify_counts_its_entries(begun: Desk) -> None:
    with patch("cli.commands.verify.EVERY", -1):
        told = on_a_terminal(begun, "verify")

    assert told[-1] == "liggare: read 8 of 8 entries …"


@pytest.mark.parametrize(
    ("processors", "entries", "expected"),
    [
        (2, 0, 1),
        (2, 99_999, 1),
        (2, 100_000, 2),
        (1, 1_000_000, 1),
        (2, 1_000_000, 2),
        (8, 1_000_000, 8),
        (64, 1_000_000, 20),
    ],
)
def test_a_ledger_is_verified_by_as_many_processes_as_save_time(processors: int, entries: int, expected: int) -> None:
    with patch("cli.commands.verify._processors", return_value=processors):
        assert processes(entries) == expected


def test_a_process_uses_no_more_processors_than_it_may() -> None:
    assert 1 <= processes(10**12) <= (os.cpu_count() or 1)


def test_a_large_ledger_is_verified_by_several_processes_and_the_answer_is_the_same(begun: Desk) -> None:
    """Each process checks whole pages of 2,048 entries."""
    persons = [event("person-registered", "2023", "secretariat", person=f"x{n}", name="Testa") for n in range(2_100)]
    begun.does("import", begun.writes("p.jsonl", persons))
    alone = begun.asks("verify")
    with patch("cli.commands.verify.LARGE", 1_000), patch("cli.commands.verify._processors", return_value=3):
        assert begun.asks("verify") == alone

    assert (alone["ok"], alone["entries"]) == (True, 2_108)
