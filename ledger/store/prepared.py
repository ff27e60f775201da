"""Statements that never change: written with SQLAlchemy, compiled once, then run by SQLite's driver. SQLAlchemy's
overhead at each append would exceed SQLite's own work.
"""

from __future__ import annotations

import sqlite3
from functools import cache, cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ledger.messages import msg
from ledger.store.api import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ClauseElement, Table

    Rows = Sequence[tuple[Any, ...]]


class NotRising(sqlite3.DatabaseError):
    """Raised when the rows of an ordered statement are out of order, or hold more bytes than the file has room for. In
    both cases the file's pages are corrupt.
    """


class Prepared:
    """A statement that is compiled once. `rises` is true if each row of the result is greater than the row before it in
    every ledger that is not corrupt.
    """

    def __init__(self, statement: ClauseElement, *, rises: bool = False) -> None:
        self.statement = statement
        self.rises = rises

    def fetch(
        self, driver: sqlite3.Connection, parameters: Mapping[str, object] = NONE, *, most: Callable[[], int]
    ) -> list[tuple[Any, ...]]:
        """Runs the statement and returns all its rows. If `rises` is true, raises NotRising when a row is not greater
        than the row before it, or when all rows together hold more bytes than `most` returns.
        """
        sql, names, fixed = self._compiled
        values = {**fixed, **parameters}
        rows = driver.execute(sql, [values[name] for name in names])
        return list(_rising(rows, most())) if self.rises else rows.fetchall()

    def stream(self, driver: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
        """Runs the statement and returns an iterator over its rows."""
        sql, names, fixed = self._compiled
        return driver.execute(sql, [fixed[name] for name in names])

    def run(self, driver: sqlite3.Connection, rows: Iterable[Mapping[str, object]]) -> None:
        """Runs the statement once for each of `rows`."""
        sql, names, _ = self._compiled
        in_order = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
        driver.executemany(sql, map(in_order, rows))

    @cached_property
    def _compiled(self) -> tuple[str, list[str], dict[str, object]]:
        """The SQL text, the names of its parameters in order, and the values of parameters that SQLAlchemy supplies."""
        from sqlalchemy.dialects.sqlite import dialect
        from sqlalchemy.sql.compiler import SQLCompiler

        compiled = self.statement.compile(dialect=dialect(paramstyle="qmark"))
        assert isinstance(compiled, SQLCompiler)
        return str(compiled), list(compiled.positiontup or ()), dict(compiled.params)


@cache
def inserting(table: Table) -> str:
    """Returns SQLite's INSERT of one row, with a `?` for each column in order."""
    return f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608 - a table's own name


def _rising(rows: Iterable[tuple[Any, ...]], most: int) -> Iterator[tuple[Any, ...]]:
    """Yields `rows`. Raises NotRising when a row is not greater than the row before it, or when the rows hold more than
    `most` bytes. In a corrupt file, rows may repeat for ever or share the same pages, and would fill the memory.
    """
    before: tuple[Any, ...] = ()
    left = most
    for row in rows:
        left -= sum(len(value) for value in row if isinstance(value, str | bytes))
        if left < 0:
            raise NotRising(msg("its rows hold more bytes than the file"))
        try:
            is_after = row > before
        except TypeError:  # The caller reports a value that does not have its column's type.
            is_after = True
        if not is_after:
            raise NotRising(msg("a row is repeated or out of order"))
        before = row
        yield row
