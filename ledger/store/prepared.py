"""Statements that never change: written with SQLAlchemy, compiled once, then run by SQLite's driver itself. To have
SQLAlchemy run them would cost more than SQLite does, at each append.
"""

from __future__ import annotations

from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ledger.store.api import NONE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ClauseElement, Executable
    from sqlalchemy.engine import Connection

    Rows = Sequence[tuple[Any, ...]]


PIECE = 1_000_000  # bytes


class Prepared:
    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement

    def fetch(self, driver: sqlite3.Connection, parameters: Mapping[str, object] = NONE) -> list[tuple[Any, ...]]:
        """All its rows."""
        sql, names, fixed = self._compiled
        values = {**fixed, **parameters}
        return driver.execute(sql, [values[name] for name in names]).fetchall()

    def stream(self, driver: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
        """Its rows, one by one."""
        sql, names, fixed = self._compiled
        return driver.execute(sql, [fixed[name] for name in names])

    def run(self, driver: sqlite3.Connection, rows: Iterable[Mapping[str, object]]) -> None:
        """Once for each of `rows`."""
        sql, names, _ = self._compiled
        in_order = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
        driver.executemany(sql, map(in_order, rows))

    @cached_property
    def _compiled(self) -> tuple[str, list[str], dict[str, object]]:
        """The SQL, the names of its parameters as they stand in it, and the values that SQLAlchemy gives some."""
        from sqlalchemy.dialects.sqlite import dialect
        from sqlalchemy.sql.compiler import SQLCompiler

        compiled = self.statement.compile(dialect=dialect(paramstyle="qmark"))
        assert isinstance(compiled, SQLCompiler)
        return str(compiled), list(compiled.positiontup or ()), dict(compiled.params)


class Statements:
    """Runs statements on an open connection, by SQLAlchemy or, those that never change, by its driver."""

    def __init__(self, connection: Connection, driver: sqlite3.Connection) -> None:
        self._connection = connection
        self._driver = driver

    def fetch(self, statement: Prepared | Executable, parameters: Mapping[str, object] = NONE) -> Rows:
        if isinstance(statement, Prepared):
            return statement.fetch(self._driver, parameters)
        return self._connection.execute(statement).all()

    def run(self, statement: Prepared, rows: Iterable[Mapping[str, object]]) -> None:
        statement.run(self._driver, rows)

    def keep_document(self, digest: str, data: bytes) -> None:
        """In pieces: of what SQLite is given whole it makes two copies. sqlite.org/c3ref/blob_open.html."""
        new = "INSERT INTO documents VALUES (?, zeroblob(?))"
        row = self._driver.execute(new, (digest, len(data))).lastrowid
        assert row is not None, "a row that was inserted has a number"
        with self._driver.blobopen("documents", "data", row) as blob:
            for at in range(0, len(data), PIECE):
                blob.write(data[at : at + PIECE])

    def blank_erased(self) -> None:
        """Leaves no byte of a name that was erased in this transaction."""
        from ledger.store.sqlite.remnants import rewrite_names

        rewrite_names(self._driver)
