"""After a crash, a full disk or a failing disk, acknowledged entries are there, and an unknown outcome is reported as
unknown.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import DiskFull, OutcomeUnknown
from ledger.store import creating

from .given import driver, entry, log, opened, output

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.store import Store


def test_a_killed_writer_loses_nothing_it_acknowledged(place: Path) -> None:
    acknowledged, lost, _ = map(int, output("crash", place, 8, "late").split())
    assert acknowledged >= 8
    assert lost == 0


def test_a_writer_that_acknowledges_too_early_is_caught(place: Path) -> None:
    """The control: if the writer acknowledges an entry before it is stored, the test of killed writers detects a
    loss.
    """
    _, lost, _ = map(int, output("crash", place, 60, "early").split())
    assert lost > 0


def test_a_failed_commit_that_was_not_kept_is_unknown(place: Path) -> None:
    with opened(place) as store:
        store.append([entry("x" * 100_000)])

    told, *after = output("fail-to-write", place).splitlines()
    assert told.startswith("OutcomeUnknown cannot tell whether this was recorded (SQLITE_IOERR_WRITE: ")
    assert after == ["head 1", "appended 2"]


class FailsAfterCommit(sqlite3.Connection):
    """A connection whose COMMIT succeeds but reports an I/O error, as if the disk failed after the journal
    was removed.
    """

    armed = False

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        cursor = super().execute(sql, parameters)
        if sql == "COMMIT" and FailsAfterCommit.armed:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"
            raise error
        return cursor


def test_a_failed_commit_that_was_kept_is_unknown_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=FailsAfterCommit))
    with opened(place) as store:
        before = driver(store)
        monkeypatch.setattr(FailsAfterCommit, "armed", True)
        with pytest.raises(OutcomeUnknown):
            store.append([entry("a")])
        monkeypatch.setattr(FailsAfterCommit, "armed", False)

        assert log(store) == ["a"]
        assert driver(store) is not before
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            before.execute("SELECT 1")


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_full_file_takes_nothing_and_room_makes_it_take_again(place: Path, journal: Any) -> None:
    with opened(place, journal=journal) as store:
        store.append([entry("a")])
        pages = driver(store).execute("PRAGMA page_count").fetchone()[0]
        driver(store).execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(DiskFull):
            store.append([entry("x" * 50_000)])
        assert log(store) == ["a"]
        assert store.append([entry("b")]) == 2
        assert store.append([entry("x" * 50_000)]) == 3


def fill(store: Store) -> None:
    for _ in range(200):
        store.append([entry("x" * 5_000)])


@contextmanager
def small_disk(at: Path, kilobytes: int) -> Iterator[Path]:
    """Mounts a small, almost empty file system of the given size."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    at.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", at], check=False)
    if mounted.returncode:
        pytest.skip("root cannot mount a small disk on this machine")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", at], check=True)


def test_a_full_disk_takes_nothing_and_keeps_what_it_had(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 512) as disk:
        place = disk / "liggare.db"
        with creating(str(place)):
            pass
        with opened(place) as store:
            with pytest.raises(DiskFull):
                fill(store)
            taken = store.head()
            assert taken > 0
            assert len(log(store)) == taken
            with pytest.raises(DiskFull):
                store.append([entry("x" * 5_000)])
            subprocess.run(["mount", "-o", "remount,size=2m", disk], check=True)
            assert store.append([entry("x" * 5_000)]) == taken + 1


def test_a_full_disk_leaves_no_half_of_a_new_ledger_or_backup(place: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        (disk / "filler").write_bytes(bytes(40_000))
        with pytest.raises(DiskFull, match=str(disk / "new.db")), creating(str(disk / "new.db")):
            pass
        with opened(place) as store, pytest.raises(DiskFull, match=str(disk / "copy.db")):
            store.backup(disk / "copy.db")
        assert [path.name for path in disk.iterdir()] == ["filler"]
