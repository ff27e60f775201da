"""Answers that are printed piece by piece: damage is found before the first piece, and half an answer never looks
whole.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, redirect_stdout
from io import RawIOBase, TextIOWrapper
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

import presentation.record
import presentation.render.json
import projections.history
import tests.desk
from cli.program import run
from ledger.errors import Damaged
from tests.desk import event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk

pytestmark = pytest.mark.on_file

FORMS = [(), ("--json",), ("--csv",)]
TELL = projections.history._told


@pytest.fixture
def begun(desk: Desk) -> Iterator[Desk]:
    """Yields a desk with eight entries, whose answers are printed two entries at a time."""
    desk.does("init", "--in-force-from", "2023-01-01")
    desk.does("import", desk.writes("e.jsonl", [
        event("person-registered", "2023", "secretariat", person=f"p{number}", name="Testa Testdotter")
        for number in range(7)
    ]))  # fmt: skip
    with patch.object(presentation.record, "PAGE", 2), patch.object(presentation.render.json, "AT_A_TIME", 2):
        yield desk


def damage(place: Path, sql: str) -> None:
    """Changes a ledger behind the back of its triggers."""
    with closing(sqlite3.connect(place)) as database, database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(sql)
        for _, made in triggers:
            database.execute(made)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("UPDATE entries SET data = x'ff' WHERE position = 6", "entry 6 is damaged"),
        ("DELETE FROM names WHERE position = 6", None),
        (
            "UPDATE names SET disclosure = (SELECT disclosure FROM names WHERE position = 5) WHERE position = 6",
            "entry 6",
        ),
    ],
)
def test_damage_in_the_middle_is_found_before_anything_is_printed(
    begun: Desk, form: tuple[str, ...], sql: str, line: str | None
) -> None:
    damage(begun.folder / "liggare.db", sql)
    told = begun("history", *form)

    if line is None:  # a name that was disposed of
        assert (told.code, told.errors) == (0, [])
        return
    assert told.code == 4
    assert [line in one for one in told.errors] == [True]
    assert [*json.loads(told.out)] == ["errors"] if form == ("--json",) else told.out == ""


@pytest.mark.parametrize("form", FORMS)
def test_half_an_answer_does_not_look_whole(
    begun: Desk, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    """The damage occurs between the reading that checks the entries and the reading that prints them."""

    def told(entry: Any, *rest: Any) -> Any:
        if entry.position == 6:
            raise Damaged("entry 6", "it is changed")
        return TELL(entry, *rest)

    whole = begun("history", *form).out
    monkeypatch.setattr(tests.desk, "BOTH", False)  # half a document cannot be compared with the other language's
    monkeypatch.setattr(projections.history, "_told", told)
    half = begun("history", *form)

    assert (half.code, [one.startswith("entry 6 is damaged") for one in half.errors]) == (4, [True])
    assert half.out
    assert whole.startswith(half.out.rstrip("\n"))
    if form == ("--json",):
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(half.out)


class Broken(RawIOBase):
    """A pipe whose reader has gone. It counts how often it was written to."""

    def __init__(self) -> None:
        self.writes = 0

    def writable(self) -> bool:
        return True

    def write(self, _data: Any) -> int:
        self.writes += 1
        raise BrokenPipeError


@pytest.mark.parametrize("form", FORMS)
def test_nothing_more_is_read_once_nobody_reads_the_answer(
    begun: Desk, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    read: list[int] = []

    def told(entry: Any, *rest: Any) -> Any:
        read.append(entry.position)
        return TELL(entry, *rest)

    monkeypatch.setattr(projections.history, "_told", told)
    with redirect_stdout(TextIOWrapper(Broken(), write_through=True)):  # type: ignore[type-var]
        code = run(["history", *form, "--ledger", str(begun.folder / "liggare.db")])

    assert code == 0
    assert read in ([], [1, 2])
