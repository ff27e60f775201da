"""Runs statements on one open SQLite file, by SQLite's own driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.store.api import NONE
from ledger.store.prepared import Prepared, inserting
from ledger.store.sqlite.remnants import rewrite_erasable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Table

    from ledger.store.database import Row
    from ledger.store.prepared import Rows
    from ledger.store.sqlite.steps import Steps


PIECE = 1_000_000  # bytes


class Statements:
    """Runs statements on SQLite's driver."""

    def __init__(self, driver: sqlite3.Connection, steps: Steps) -> None:
        self._driver = driver
        self._steps = steps

    def fetch(self, statement: Prepared, parameters: Mapping[str, object] = NONE) -> Rows:
        self._steps.begin()
        return statement.fetch(self._driver, parameters, most=self._steps.size)

    def fetch_each(self, *asked: tuple[Prepared, Mapping[str, object]]) -> list[Rows]:
        return [self.fetch(*one) for one in asked]

    def run(self, statement: Prepared, rows: Iterable[Mapping[str, object]]) -> None:
        self._steps.begin(bounded=False)
        statement.run(self._driver, rows)

    def add(self, table: Table, rows: Iterable[Row]) -> None:
        self._steps.begin(bounded=False)
        self._driver.executemany(inserting(table), rows)

    def keep_document(self, digest: str, data: bytes) -> None:
        """Inserts a document in pieces, since SQLite makes two copies of a value that is passed whole. Source:
        sqlite.org/c3ref/blob_open.html.
        """
        new = "INSERT INTO documents VALUES (?, zeroblob(?))"
        row = self._driver.execute(new, (digest, len(data))).lastrowid
        assert row is not None, "a row that was inserted has a number"
        with self._driver.blobopen("documents", "data", row) as blob:
            for at in range(0, len(data), PIECE):
                blob.write(data[at : at + PIECE])

    def blank_erased(self) -> None:
        """Overwrites every byte of the names that this transaction erased."""
        self._steps.begin(bounded=False)  # No bound is needed, because names are read in order and each once.
        rewrite_erasable(self._driver, self._steps.size)
