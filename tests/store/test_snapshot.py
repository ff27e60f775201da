"""All reads within a snapshot see the ledger as of the same moment, whatever is recorded meanwhile."""

from __future__ import annotations

from contextlib import suppress
from sqlite3 import sqlite_version_info
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from ledger.errors import LockBusy
from ledger.store.prepared import Prepared
from ledger.store.schema import entries
from ledger.store.sqlite.journal import best_mode
from tests.store.given import entry, log, opened

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.sqlite.journal import Mode

COUNT = Prepared(select(func.count()).select_from(entries))


@pytest.mark.parametrize("journal", sorted({"truncate", best_mode(sqlite_version_info)}))
def test_nothing_that_is_recorded_meanwhile_is_read_in_a_snapshot(place: Path, journal: Mode) -> None:
    with opened(place, journal=journal) as store, opened(place, timeout=0.2, journal=journal) as other:
        store.append([entry("a")])
        with store._database.snapshot() as rows:
            assert list(rows(COUNT)) == [(1,)]
            with suppress(LockBusy):  # without a write-ahead log, the writer waits for the reader
                other.append([entry("b")])
            assert list(rows(COUNT)) == [(1,)]
        if log(store) == ["a"]:
            other.append([entry("b")])
        assert log(store) == ["a", "b"]
