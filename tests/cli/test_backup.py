"""A backup of the ledger is itself a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk import Desk


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init")
    desk.does(
        "record", "person-registered", "--on", "2023", "--organ", "secretariat", "--person", "p1", "--name", "Testa"
    )
    return desk


def test_a_copy_answers_as_the_ledger_did(begun: Desk) -> None:
    assert begun.does("backup", "copy.db").out == "copy.db holds 2 entries\n"

    before = begun.does("history", "--json").out
    begun.does("record", "person-registered", "--on", "2023", "--organ", "secretariat", "--person", "p2", "--name", "x")

    assert begun.does("history", "--json", "--ledger", "copy.db").out == before


def test_a_copy_can_be_recorded_in(begun: Desk) -> None:
    begun.does("backup", "copy.db")
    person = ("--on", "2023", "--organ", "secretariat", "--person", "p2", "--name", "x")

    begun.does("record", "person-registered", *person, "--ledger", "copy.db")

    assert begun.asks("history", "--ledger", "copy.db")["known_at"] == "@3"
    assert begun.asks("history")["known_at"] == "@2"


def test_a_copy_never_overwrites(begun: Desk) -> None:
    (begun.folder / "copy.db").write_bytes(b"mine")

    failed = begun("backup", "copy.db")

    assert (failed.code, failed.errors) == (6, ["copy.db is already there; nothing was overwritten"])
    assert (begun.folder / "copy.db").read_bytes() == b"mine"


def test_a_copy_in_no_folder_is_reported(begun: Desk) -> None:
    failed = begun("backup", "no/such/copy.db")

    assert (failed.code, failed.errors) == (6, ["there is no directory no/such"])
