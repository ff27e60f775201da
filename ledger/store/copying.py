"""One ledger's rows into another that is empty: every table, byte for byte, as they stood at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ledger.errors import Damaged
from ledger.store.bounds import LONGEST, bounded
from ledger.store.prepared import Prepared
from ledger.store.schema import ledger, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Table

    from ledger.store.database import Database, Row

# Entries first, for the others name them; what the ledger is, the new one was told when it was made.
TABLES = tuple(table for table in metadata.tables.values() if table is not ledger)
TOLD = 1_000


def copy_rows(source: Database, target: Database, told: Callable[[int], None] | None = None) -> None:
    """`told` hears how many rows were copied so far, now and then. Damaged if the source holds what no ledger does."""
    count = 0

    def counted(table: Table, rows: Iterator[Row]) -> Iterator[dict[str, object]]:
        nonlocal count
        names = table.columns.keys()
        for row in rows:
            yield dict(zip(names, row, strict=True))
            count += 1
            if told and count % TOLD == 0:
                told(count)

    try:
        with source.snapshot() as snapshot, target.writing() as into:
            for table in TABLES:
                columns = (bounded(column) if column in LONGEST else column for column in table.columns)
                rows = snapshot(Prepared(select(*columns).order_by(*table.primary_key)))
                into.run(Prepared(insert(table)), counted(table, rows))
    except Damaged:  # said of the target too, which refuses what no ledger holds
        raise Damaged(source.where, "its rows are not those of a ledger") from None
