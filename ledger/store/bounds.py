"""How long the values in a ledger's columns can be. Whoever can write the database can put anything there: what is
longer is read as NULL, which no column of a ledger holds. Builds columns; runs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from ledger.limits import LARGEST_FILE
from ledger.store.schema import checkpoints, documents, entries, ledger, names, tags, tiles

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Label
    from sqlalchemy.sql.compiler import SQLCompiler

ENTRY = 65_535  # bytes; C2SP tlog-tiles gives an entry a 16-bit length
TILE = 256 * 32  # bytes
LONGEST: dict[Column[Any], int] = {  # bytes
    ledger.c.ledger_id: 200,
    ledger.c.public_key: 1_000,
    entries.c.type: 100,
    entries.c.leaf: 32,
    entries.c.data: ENTRY,
    entries.c.tags: 4 * ENTRY,  # each comes from a field, twice where the field names an assembly
    tags.c.tag: ENTRY,
    names.c.disclosure: 10_000,
    documents.c.digest: 64,
    documents.c.data: LARGEST_FILE,
    tiles.c.root: 32,
    tiles.c.data: TILE,
    checkpoints.c.note: 1_000_000,
}


class octets(GenericFunction[int]):  # noqa: N801 - named as in SQL
    """How many bytes a value has, those after a NUL too, at which SQLite's length() of a text ends."""

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
    """The column as it is read. SQLite and PostgreSQL know how long bytes are without reading the whole of them."""
    return case((fits(column), column)).label(column.name)


def fits(column: Column[Any]) -> ColumnElement[bool]:
    """Whether the column's value is as long as it can be, or shorter."""
    return octets(column) <= LONGEST[column]
