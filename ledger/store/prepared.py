"""Statements that never change: written with SQLAlchemy, compiled once, then run by SQLite's driver itself. To have
SQLAlchemy run them would cost more than SQLite does, at each append.
"""

from __future__ import annotations

import sqlite3
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ledger.store.api import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ClauseElement

    Rows = Sequence[tuple[Any, ...]]


class NotRising(sqlite3.DatabaseError):
    """Rows that a statement gives in order do not rise, or are more than a file has room for: its pages are false."""


class Prepared:
    """A statement. `rises`: each of its rows, however many, is greater than the one before it."""

    def __init__(self, statement: ClauseElement, *, rises: bool = False) -> None:
        self.statement = statement
        self.rises = rises

    def fetch(
        self, driver: sqlite3.Connection, parameters: Mapping[str, object] = NONE, *, most: Callable[[], int]
    ) -> list[tuple[Any, ...]]:
        """All its rows; of those that rise, `most` tells how many bytes all together may take."""
        sql, names, fixed = self._compiled
        values = {**fixed, **parameters}
        rows = driver.execute(sql, [values[name] for name in names])
        return list(_rising(rows, most())) if self.rises else rows.fetchall()

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


def _rising(rows: Iterable[tuple[Any, ...]], most: int) -> Iterator[tuple[Any, ...]]:
    """The same, one by one, so that rows that come again and again, or that share what they hold, fill no memory."""
    before: tuple[Any, ...] = ()
    left = most
    for row in rows:
        left -= sum(len(value) for value in row if isinstance(value, str | bytes))
        if left < 0:
            raise NotRising("its rows hold more than the file does")
        try:
            is_after = row > before
        except TypeError:  # a value of another kind than the column's, which whoever reads it tells
            is_after = True
        if not is_after:
            raise NotRising("a row comes again, or out of order")
        before = row
        yield row
