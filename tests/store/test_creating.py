"""A new ledger or a backup appears complete or not at all, and never replaces a file."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.errors import BadInput, LedgerExists, Unusable
from ledger.store import creating

from .given import entry, log, opened

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store import Store


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_new_ledger_appears_when_the_block_ends(tmp_path: Path) -> None:
    place = tmp_path / "liggare.db"
    with creating(str(place)) as store:
        store.append([entry("a")])
        assert not place.exists()
    assert names_in(tmp_path) == ["liggare.db"]
    with opened(place) as store:
        assert log(store) == ["a"]


def test_file_tells_a_ledger_by_its_header(place: Path) -> None:
    header = place.read_bytes()[:100]
    assert header[68:72] == b"LIGG"
    assert header[60:64] == (3).to_bytes(4, "big")


def test_an_error_in_the_block_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), creating(str(tmp_path / "liggare.db")) as store:
        interrupted(store)
    assert names_in(tmp_path) == []


def interrupted(store: Store) -> None:
    store.append([entry("a")])
    raise KeyboardInterrupt


@pytest.mark.parametrize("there", ["file", "directory", "dangling link"])
def test_what_is_there_already_is_refused_at_the_start(tmp_path: Path, there: str) -> None:
    place = tmp_path / "liggare.db"
    match there:
        case "file":
            place.touch()
        case "directory":
            place.mkdir()
        case _:
            place.symlink_to("absent")
    with pytest.raises(LedgerExists, match=str(place)), creating(str(place)):
        pytest.fail("the block was entered")
    assert names_in(tmp_path) == ["liggare.db"]


@pytest.mark.parametrize("links", [True, False])
def test_what_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refused)
    place = tmp_path / "liggare.db"
    with pytest.raises(LedgerExists), creating(str(place)):
        place.write_text("mine")
    assert place.read_text() == "mine"
    assert names_in(tmp_path) == ["liggare.db"]


def refused(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_disk_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refused)
    with creating(str(tmp_path / "liggare.db")) as store:
        store.append([entry("a")])
    assert names_in(tmp_path) == ["liggare.db"]
    with opened(tmp_path / "liggare.db") as store:
        assert log(store) == ["a"]


def test_a_journal_left_behind_is_not_played_into_a_new_ledger(tmp_path: Path) -> None:
    (tmp_path / "liggare.db-journal").write_bytes(b"what another ledger's crash left")
    with pytest.raises(LedgerExists, match="db-journal"), creating(str(tmp_path / "liggare.db")):
        pass


def test_an_empty_journal_left_behind_is_in_nobodys_way(place: Path) -> None:
    with opened(place) as store:
        store.append([entry("a")])
    place.unlink()
    assert names_in(place.parent) == ["liggare.db-journal"]
    with creating(str(place)):
        pass


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(Unusable, match=f"there is no directory {tmp_path / 'absent'}"),
        creating(str(tmp_path / "absent" / "liggare.db")),
    ):
        pass


def test_a_name_that_the_disk_does_not_take_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be written"), creating(str(tmp_path / ("a" * 300))):
        pass
    assert names_in(tmp_path) == []


def test_other_databases_are_refused_by_name() -> None:
    with pytest.raises(BadInput, match="mysql"), creating("mysql://db.example/x"):
        pass


def test_a_new_ledger_is_sound(place: Path) -> None:
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_two_ledgers_have_two_ids(tmp_path: Path) -> None:
    ids = set()
    for name in ("a.db", "b.db"):
        with creating(str(tmp_path / name)) as store:
            ids.add(store.ledger_id)
        with opened(tmp_path / name) as store:
            ids.add(store.ledger_id)
    assert len(ids) == 2
