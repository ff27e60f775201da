"""Tests the journal mode of a ledger. The program chooses the mode by whether this SQLite has a certain bug, and does
not trust a mode that others chose.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.errors import LockBusy
from ledger.store import open_store
from ledger.store.sqlite.journal import best_mode

from .given import driver, entry, log, opened

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 34, 0), "truncate"),
        ((3, 40, 1), "truncate"),
        ((3, 44, 5), "truncate"),
        ((3, 44, 6), "wal"),
        ((3, 45, 0), "truncate"),
        ((3, 50, 6), "truncate"),
        ((3, 50, 7), "wal"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 53, 0), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_wal_is_used_only_where_its_bug_is_fixed(version: tuple[int, ...], mode: str) -> None:
    assert best_mode(version) == mode


def mode_in_file(place: Path) -> str:
    with closing(sqlite3.connect(place)) as connection:
        return "wal" if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal" else "truncate"


def test_opening_moves_the_file_to_the_right_journal(place: Path) -> None:
    with opened(place, journal="wal"):
        assert mode_in_file(place) == "wal"
    with opened(place, journal="truncate"):
        assert mode_in_file(place) == "truncate"


def test_a_file_in_use_is_left_on_its_journal(place: Path) -> None:
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with opened(place, journal="wal", timeout=0.1) as store:
            assert mode_in_file(place) == "truncate"
            other.execute("ROLLBACK")
            assert store.append([entry("a")]) == 1


def test_a_file_in_use_on_an_unsafe_journal_is_not_used(place: Path) -> None:
    with opened(place, journal="wal") as other:
        other.append([entry("a")])
        with pytest.raises(LockBusy):
            opened(place, journal="truncate", timeout=0.1)
    with opened(place, journal="truncate") as store:
        assert log(store) == ["a"]


def test_a_file_that_is_moved_while_open_is_moved_back_before_writing(place: Path) -> None:
    with opened(place, journal="truncate", timeout=0.1) as store:
        with opened(place, journal="wal") as newer:
            newer.append([entry("a")])
            with pytest.raises(LockBusy):
                store.append([entry("b")])
        assert store.append([entry("b")]) == 2
        assert mode_in_file(place) == "truncate"


def test_every_connection_is_durable_and_careful(place: Path) -> None:
    with open_store(str(place)) as store:
        for pragma, value in {
            "synchronous": 2,
            "fullfsync": 1,
            "foreign_keys": 1,
            "recursive_triggers": 1,
            "trusted_schema": 0,
            "secure_delete": 1,
            "cell_size_check": 1,
            "temp_store": 2,
            "busy_timeout": 0,  # the program itself waits for a lock, in short steps, so that Ctrl-C works
        }.items():
            assert driver(store).execute(f"PRAGMA {pragma}").fetchone() == (value,), pragma
