"""SQLite and PostgreSQL hold the same ledger: the same story gives the same bytes, and a ledger copied to the other
database and back is unchanged.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from ledger.integrity.checkpoints import root_text
from ledger.store import open_store
from tests.desk import at_a_desk
from tests.stories.test_two_times import tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.desk import Desk

pytestmark = pytest.mark.on_file


def held(place: str) -> tuple[Any, ...]:
    """Returns the whole content of a ledger as a value to compare."""
    with open_store(place) as store:
        entries = [(each.position, each.event.type, each.event.data, each.event.tags) for each in store.read()]
        return entries, store.disclosures(), store.checkpoints(), store.public_key, store.ledger_id, root_text(store)


def test_the_same_story_gives_the_same_bytes_and_the_same_root(
    tmp_path: Path, new_place: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test patches the sources of random bytes (salts and signing keys), so that both databases get the same
    bytes.
    """
    places = [str(tmp_path / "liggare.db"), new_place()]
    for place in places:
        lots = count(1)
        for name in ("ledger.names.token_bytes", "ledger.integrity.keyfile.token_bytes"):
            monkeypatch.setattr(name, lambda size, lots=lots: next(lots).to_bytes(size, "big"))
        for name in ("cli.session.token_hex", "cli.keys.token_hex"):
            monkeypatch.setattr(name, lambda size, lots=lots: next(lots).to_bytes(size, "big").hex())
        folder = tmp_path / str(places.index(place))
        folder.mkdir()
        with at_a_desk(folder, place) as desk:
            tell(desk)
            desk.does("checkpoint")

    on_file, on_server = map(held, places)
    assert len(on_file[0]) == 24
    assert len(on_file[2]) == 1
    assert on_file == on_server


def test_a_ledger_that_is_moved_there_and_back_is_the_same_to_the_last_row(
    tmp_path: Path, demo: Desk, new_place: Callable[[], str]
) -> None:
    there = new_place()
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo)
        desk.on("2027-01-01").does("checkpoint")
        before = desk.does("history", "--json").out

        moved = desk.asks("copy", "liggare.db", there)
        assert desk.does("history", "--json", "--ledger", there).out == before
        assert desk.does("checkpoint", "--ledger", there, "--key-file", "liggare.db.key").code == 0
        back = desk.asks("copy", there, "back.db")
        assert desk.does("backup", "backup.db", "--ledger", there).code == 0

    assert (moved["entries"], moved["root"]) == (back["entries"], back["root"])
    whole = dump(tmp_path / "liggare.db")
    assert sum(line.startswith("INSERT") for line in whole) > 300
    assert dump(tmp_path / "back.db") == dump(tmp_path / "backup.db") == whole


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_copy_is_put_nowhere_that_is_taken(tmp_path: Path, new_place: Callable[[], str]) -> None:
    there = new_place()
    with at_a_desk(tmp_path) as desk:
        desk.does("init")
        desk.does("copy", "liggare.db", there)
        for target in (there, "liggare.db"):
            taken = desk("copy", "liggare.db", target)
            assert (taken.code, taken.out) == (6, "")
            assert taken.errors[0].endswith("is already there; nothing was overwritten")
        missing = desk("copy", "none.db", new_place())
        assert (missing.code, missing.errors) == (6, ["there is no ledger at none.db; `liggare init` makes one"])
