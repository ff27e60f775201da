"""Several programs use one ledger at the same time. No entry of any program is lost, repeated or blocked."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.errors import LockBusy
from ledger.store.schema import names
from tests.ready import ready

from .given import CHILDREN, entry, log, opened, output, started

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.sqlite.journal import Mode


def test_two_writers_and_a_reader_lose_nothing(place: Path) -> None:
    writers = [started("write", place, name, 60, program=ready(CHILDREN)) for name in ("a", "b")]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    seen: list[str] = []
    with opened(place) as store:
        while any(writer.poll() is None for writer in writers):
            now = log(store)
            assert now[: len(seen)] == seen
            seen = now
        recorded = log(store)
    conflicts = sum(int(writer.communicate()[0]) for writer in writers)

    assert [writer.returncode for writer in writers] == [0, 0]
    for name in ("a", "b"):
        assert [data for data in recorded if data.startswith(name)] == [f"{name} {number}" for number in range(60)]
    assert len(recorded) == 120
    assert conflicts > 0, "the writers never met, so this showed nothing"


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_threads_share_a_store(place: Path, journal: Mode) -> None:
    with opened(place, journal=journal) as store:

        def write(name: str) -> None:
            for number in range(10):
                store.append([entry(f"{name} {number}")])
                log(store)

        threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(log(store)) == sorted(f"{name} {number}" for name in "abcd" for number in range(10))


def test_a_lock_held_too_long_is_reported_and_nothing_recorded(place: Path) -> None:
    with opened(place, timeout=0.1) as store, closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockBusy):
            store.append([entry("a")])
        assert store.head() == 0
        other.execute("ROLLBACK")
        assert store.append([entry("b")]) == 1


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_whoever_reads_waits_for_nobody_who_writes(place: Path, journal: Mode) -> None:
    with opened(place, journal=journal) as writing, opened(place, journal=journal, timeout=0.1) as reading:
        writing.append([entry("a")])
        with writing._database.writing() as statements:
            statements.add(names, [(1, "Åsa")])
            assert (log(reading), reading.disclosures()) == (["a"], {})
        assert reading.disclosures() == {1: "Åsa"}


def test_who_waits_for_a_lock_hears_ctrl_c(place: Path) -> None:
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = started("use", place)
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "read 0\n"
        time.sleep(0.3)
        waiting.send_signal(signal.SIGINT)
        assert waiting.communicate(timeout=5)[0] == "interrupted\n"
        other.execute("ROLLBACK")
    with opened(place) as store:
        assert store.head() == 0


def test_a_reader_that_does_not_end_keeps_a_commit_waiting_and_then_out(place: Path) -> None:
    with opened(place, timeout=0.1) as store, closing(sqlite3.connect(place, isolation_level=None)) as other:
        store.append([entry("a")])
        other.execute("BEGIN")
        other.execute("SELECT * FROM entries").fetchall()
        with pytest.raises(LockBusy):
            store.append([entry("b")])
        assert store.head() == 1
        other.execute("COMMIT")
        assert store.append([entry("b")]) == 2


def test_our_own_reading_holds_up_nobody_between_pages(place: Path) -> None:
    with opened(place) as store:
        store.append([entry(str(number)) for number in range(5_000)])
        reading = store.read()
        next(reading)
        output("write", place, "other", 1)
        assert len(list(reading)) == 4_999
