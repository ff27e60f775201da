"""Blanks the pages on which erased names were stored. SQLite may leave a copy of a row in the gaps of pages that it has
rearranged, and `secure_delete` does not overwrite those gaps. Blanking is part of the transaction that erases, so that
no crash comes in between.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.schema import DropTable

from ledger.store.prepared import Prepared
from ledger.store.schema import names, statements

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

LEFT = Prepared(select(names.c.position, names.c.disclosure).order_by(names.c.position), rises=True)
PUT_BACK = Prepared(insert(names))


def rewrite_names(driver: sqlite3.Connection, most: Callable[[], int]) -> None:
    """Drops the table `names` and creates it anew with the rows that are left. SQLite overwrites all pages of the
    dropped table. `most` returns the number of bytes that the rows may hold.
    """
    left = [{"position": position, "disclosure": text} for position, text in LEFT.fetch(driver, most=most)]
    for statement in (str(DropTable(names)), *_making()):
        driver.execute(statement)
    PUT_BACK.run(driver, left)


@cache
def _making() -> tuple[str, ...]:
    """Returns the statements that create the table `names` and its triggers."""
    from sqlalchemy.dialects.sqlite import dialect

    return tuple(one for one in statements(dialect()) if _is_about_names(one.strip()))


def _is_about_names(statement: str) -> bool:
    return statement.startswith((f"CREATE TABLE {names.name} ", f"CREATE TRIGGER {names.name}_"))
