"""Turns an empty file into an empty ledger, with its tables, triggers, header numbers and id."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.store.numbers import APPLICATION_ID, SCHEMA_VERSION
from ledger.store.schema import statements
from ledger.store.sqlite import faults

if TYPE_CHECKING:
    from pathlib import Path


def make(path: Path, where: str, ledger_id: str | None = None, public_key: str = "") -> None:
    """Writes the schema and the row of `ledger` in one transaction. `where` is the location as errors show it. A
    `ledger_id` of None is replaced by 128 random bits.
    """
    from sqlalchemy.dialects.sqlite import dialect

    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement in statements(dialect()):
                connection.execute(statement)
            identity = (SCHEMA_VERSION, ledger_id or os.urandom(16).hex(), public_key)
            connection.execute("INSERT INTO ledger VALUES (?, ?, ?)", identity)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise faults.meaning(error, where, 0.0) or error from None
