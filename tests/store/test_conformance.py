"""Runs the conformance test of the eventsourcing library for a DCB recorder on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest
from eventsourcing.dcb.tests import DCBRecorderTestCase

from ledger.store import MemoryStore, creating, open_store

from .given import opened

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store import Store
    from ledger.store.sqlite.journal import Mode


class TestMemory(DCBRecorderTestCase):
    def store(self) -> Store:
        return MemoryStore()

    def test_it_appends_and_reads_as_the_library_expects(self) -> None:
        with self.store() as store:
            self._test_append_read(store)

    def test_it_subscribes_as_the_library_expects(self) -> None:
        with self.store() as store:
            self._test_append_subscribe(store)


class TestSqlite(TestMemory):
    journal: ClassVar[Mode] = "truncate"

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.path = tmp_path / "liggare.db"
        with creating(str(self.path)):
            pass

    def store(self) -> Store:
        return opened(self.path, journal=self.journal)


class TestSqliteInWal(TestSqlite):
    journal = "wal"


class TestPostgres(TestMemory):
    @pytest.fixture(autouse=True)
    def _place(self, hosted: str) -> None:
        self.hosted = hosted

    def store(self) -> Store:
        return open_store(self.hosted)
