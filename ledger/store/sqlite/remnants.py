"""Blanks the pages on which erased names were stored. SQLite may leave a copy of a row in the gaps of pages that it has
rearranged, and `secure_delete` does not overwrite those gaps. Blanking is part of the transaction that erases, so that
no crash comes in between.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.schema import DropTable

from ledger.store.prepared import Prepared, inserting
from ledger.store.schema import ERASABLE, statements

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from sqlalchemy import Table

LEFT = [(table, Prepared(select(*table.columns).order_by(*table.primary_key), rises=True)) for table in ERASABLE]


def rewrite_erasable(driver: sqlite3.Connection, most: Callable[[], int]) -> None:
    """Drops each table of ERASABLE and creates it anew with the rows that are left. SQLite overwrites all pages of the
    dropped table. `most` returns the number of bytes that the rows may hold.
    """
    for table, rows in LEFT:
        left = rows.fetch(driver, most=most)
        for statement in (str(DropTable(table)), *_making(table)):
            driver.execute(statement)
        driver.executemany(inserting(table), left)


@cache
def _making(table: Table) -> tuple[str, ...]:
    """Returns the statements that create the table and its triggers."""
    from sqlalchemy.dialects.sqlite import dialect

    about = (f"CREATE TABLE {table.name} ", f"CREATE TRIGGER {table.name}_")
    return tuple(one for one in statements(dialect()) if one.strip().startswith(about))
