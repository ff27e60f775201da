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

    from sqlalchemy import ClauseElement

    Rows = Sequence[tuple[Any, ...]]


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
