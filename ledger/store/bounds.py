"""Upper bounds on the length of the values in a ledger's columns, as SQL expressions. Anyone who can write to the
database can store a longer value; such a value is read as NULL, which no column of a ledger holds. Nothing here runs a
query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from ledger.limits import LARGEST_FILE
from ledger.store.packing import SPAN
from ledger.store.schema import (
    accounts,
    checkpoints,
    cosignatures,
    documents,
    entries,
    ledger,
    names,
    postings,
    tiles,
    words,
)

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Label
    from sqlalchemy.sql.compiler import SQLCompiler

ENTRY = 65_535  # bytes; C2SP tlog-tiles stores an entry's length in 16 bits
LONGEST: dict[Column[Any], int] = {  # bytes
    ledger.c.ledger_id: 200,
    ledger.c.public_key: 1_000,
    entries.c.type: 100,
    entries.c.leaf: 32,
    entries.c.data: ENTRY,
    # Each tag comes from a field of the entry, and a field that names an assembly gives two tags. An id has four bytes.
    entries.c.words: 4 * ENTRY,
    words.c.kind: 10,
    words.c.word: ENTRY,
    postings.c.rest: 2 * SPAN,
    names.c.disclosure: 10_000,
    accounts.c.disclosure: 10_000,
    documents.c.digest: 64,
    documents.c.data: LARGEST_FILE,
    tiles.c.root: 32,
    checkpoints.c.note: 1_000_000,
    cosignatures.c.root: 32,
    cosignatures.c.witness: 1_000,
    cosignatures.c.line: 10_000,
    cosignatures.c.received_at: 100,
}


class octets(GenericFunction[int]):  # noqa: N801 - named as in SQL
    """The SQL function that counts the bytes of a value, including the bytes after a NUL character. SQLite's length()
    of a text stops at the first NUL.
    """

    inherit_cache = True


@compiles(octets)
def _octets(element: octets, compiler: SQLCompiler, **kw: Any) -> str:
    return f"octet_length({compiler.process(element.clauses, **kw)})"


@compiles(octets, "sqlite")
def _octets_in_sqlite(element: octets, compiler: SQLCompiler, **kw: Any) -> str:
    [value] = element.clauses
    text = compiler.process(value, **kw)
    return f"length({text})" if isinstance(value.type, LargeBinary) else f"length(CAST({text} AS BLOB))"


def bounded(column: Column[Any]) -> Label[Any]:
    """Returns the SQL expression that reads the column, or NULL for an overlong value. SQLite and PostgreSQL know a
    value's length without reading the value.
    """
    return case((fits(column), column)).label(column.name)


def fits(column: Column[Any]) -> ColumnElement[bool]:
    """Returns the SQL condition that the column's value is at most LONGEST[column] bytes long."""
    return octets(column) <= LONGEST[column]
