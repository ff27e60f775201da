"""Copies all rows of one ledger into another that is empty: every table, byte for byte, as of one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ledger.errors import Damaged
from ledger.messages import msg
from ledger.store.bounds import LONGEST, bounded
from ledger.store.prepared import Prepared
from ledger.store.schema import ledger, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.store.database import Database, Row

# Entries come first, since other tables refer to them. The table `ledger` is left out: its row was written when the
# target was created.
TABLES = tuple(table for table in metadata.tables.values() if table is not ledger)
TOLD = 1_000


def copy_rows(source: Database, target: Database, told: Callable[[int], None] | None = None) -> None:
    """Copies all rows of `source` into the empty ledger `target`, in one transaction. `told` is called with the number
    of rows copied so far, once every 1,000 rows. Raises Damaged when the source holds rows that no ledger has.
    """
    count = 0

    def counted(rows: Iterator[Row]) -> Iterator[Row]:
        nonlocal count
        for row in rows:
            yield row
            count += 1
            if told and count % TOLD == 0:
                told(count)

    try:
        with source.snapshot() as snapshot, target.writing() as into:
            for table in TABLES:
                columns = (bounded(column) if column in LONGEST else column for column in table.columns)
                rows = snapshot(Prepared(select(*columns).order_by(*table.primary_key)))
                into.add(table, counted(rows))
    except Damaged:  # The target raises Damaged too, since it refuses rows that no ledger has.
        raise Damaged(source.where, msg("its rows are not those of a ledger")) from None
