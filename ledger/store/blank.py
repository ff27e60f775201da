"""The names on pages that were blank: SQLite may leave a copy of a row in the gaps of pages that it has rearranged, where
`secure_delete` does not look. Part of the transaction that erases, so that no crash comes in between.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .schema import names, statements

if TYPE_CHECKING:
    import sqlite3


def rewrite_names(driver: sqlite3.Connection) -> None:
    """Makes the table anew, word for word, with what is left in it. All its old pages were overwritten as it went."""
    rows = driver.execute(f"SELECT position, disclosure FROM {names.name} ORDER BY position").fetchall()
    driver.execute(f"DROP TABLE {names.name}")
    for statement in _making():
        driver.execute(statement)
    driver.executemany(f"INSERT INTO {names.name} (position, disclosure) VALUES (?, ?)", rows)


@cache
def _making() -> tuple[str, ...]:
    """The statements that made the table, and what it refuses."""
    from sqlalchemy.dialects.sqlite import dialect

    return tuple(one for one in statements(dialect()) if _is_about_names(one.strip()))


def _is_about_names(statement: str) -> bool:
    return statement.startswith((f"CREATE TABLE {names.name} ", f"CREATE TRIGGER {names.name}_"))
