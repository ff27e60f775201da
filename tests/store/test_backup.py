"""A backup is a snapshot of a ledger that others may write to, and never overwrites a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Damaged, LedgerExists, LockBusy
from ledger.store import copied
from ledger.store.schema import metadata
from ledger.store.sqlite import backup

from .given import driver, entry, opened, started

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.sqlite.journal import Mode


@pytest.mark.parametrize("steps", [(1_024, 5), (32, 5), (32, 0)])
def test_a_backup_taken_while_others_write_is_one_moment(
    place: Path, tmp_path: Path, steps: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "STEP_PAGES", steps[0])
    monkeypatch.setattr(backup, "RESTARTS", steps[1])
    with opened(place) as store:
        store.append([entry("x" * 5_000) for _ in range(120)])
        writer = started("pour", place)
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begun\n"
            heads = [store.head()]
            for number in range(2):
                store.backup(tmp_path / f"{number}.db")
                heads.append(store.head())
        finally:
            writer.kill()
            writer.communicate()
        whole = list(store.read())

    assert heads[0] < heads[-1], "nobody wrote, so this showed nothing"
    for number, (earliest, latest) in enumerate(pairwise(heads)):
        with opened(tmp_path / f"{number}.db") as copy:
            taken = list(copy.read())
            assert earliest <= len(taken) <= latest
            assert taken == whole[: len(taken)]
            assert driver(copy).execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_backup_overwrites_nothing(place: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with opened(place) as store:
        for taken in (tmp_path / "copy.db", place):
            with pytest.raises(LedgerExists):
                store.backup(taken)
    assert (tmp_path / "copy.db").read_text() == "mine"


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_backup_is_one_file(place: Path, tmp_path: Path, journal: Mode) -> None:
    (tmp_path / "copies").mkdir()
    with opened(place, journal=journal) as store:
        store.append([entry("a")])
        store.backup(tmp_path / "copies" / "copy.db")
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["copy.db"]
    with closing(sqlite3.connect(tmp_path / "copies" / "copy.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_backup_waits_for_a_lock_only_so_long(place: Path, tmp_path: Path) -> None:
    with opened(place, timeout=0.1) as store, closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LockBusy):
            store.backup(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_of_a_damaged_ledger_is_not_made(place: Path, tmp_path: Path) -> None:
    with opened(place) as store:
        store.append([entry("x" * 50_000)])
        with place.open("r+b") as file:
            file.truncate(20_000)
        with pytest.raises(Damaged, match=str(place)):
            store.backup(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_accounts_and_cosignatures_are_copied_too_and_outlive_the_erasure_of_a_name(
    place: Path, tmp_path: Path
) -> None:
    """No command fills these two tables yet."""
    rows: dict[str, list[tuple[object, ...]]] = {
        "accounts": [(2, "an account")],
        "cosignatures": [(1, b"r" * 32, "w", "a line", "2026-01-15")],
    }
    with opened(place) as store:
        store.append([entry("a"), entry("b")], disclosures={0: "Åsa"})
        with store._database.writing() as statements:
            for table, added in rows.items():
                statements.add(metadata.tables[table], added)
        store.erase([1])
        store.backup(tmp_path / "backup.db")
        copied(store, str(tmp_path / "copy.db"))
        assert store.disclosures() == {}

    for name in ("backup.db", "copy.db"):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            assert {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in rows} == rows
