"""Runs statements on PostgreSQL: written with SQLAlchemy, compiled once, and run by psycopg."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from ledger.store.api import NONE
from ledger.store.schema import documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psycopg import Connection, Cursor
    from sqlalchemy import ClauseElement, Table
    from sqlalchemy.engine import Dialect

    from ledger.store.database import Row
    from ledger.store.prepared import Prepared, Rows

DIALECT: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
MARK = '"{schema}"'  # MARK stands for the ledger's schema in each statement, until the statement is run.
MARKED: dict[str, Any] = {"schema_translate_map": {None: MARK.strip('"')}, "render_schema_translate": True}
SLICE = 5_000  # One statement sends at most SLICE rows, and a cursor fetches SLICE rows at a time.


class Statements:
    """Runs statements on an open connection, in one schema. In a pipeline, a statement is sent at once and may fail
    only later.
    """

    def __init__(self, connection: Connection[tuple[Any, ...]], schema: str) -> None:
        self._connection = connection
        self._schema = f'"{schema}"'

    def fetch(self, statement: Prepared, parameters: Mapping[str, object] = NONE) -> Rows:
        """Runs a query and returns all its rows."""
        sql, fixed = compiled(statement)
        return self.execute(sql, {**fixed, **parameters})

    def stream(self, statement: Prepared) -> Iterator[tuple[Any, ...]]:
        """Yields the query's rows one by one, in a transaction that the caller began."""
        sql, fixed = _compiled(statement.statement)
        with self._connection.cursor("rows", binary=True) as cursor:
            cursor.itersize = SLICE
            yield from cursor.execute(self._placed(sql), fixed or None)

    def keep_document(self, digest: str, data: bytes) -> None:
        self.add(documents, [(digest, data)])

    def blank_erased(self) -> None:
        """Does nothing: an erased row leaves its page only when the table is vacuumed, which no transaction may do."""

    def run(self, statement: Prepared, rows: Iterable[Mapping[str, object]]) -> None:
        """Runs the statement once for each of `rows`."""
        sql, fixed = compiled(statement)
        for row in rows:
            self.send(sql, {**fixed, **row})

    def add(self, table: Table, rows: Iterable[Row]) -> None:
        """Inserts rows, each with the values of all columns in order; up to 5,000 rows in one statement."""
        sql, waiting = inserting(table), iter(rows)
        while some := list(islice(waiting, SLICE)):
            self.send(sql, dict(zip(table.columns.keys(), map(list, zip(*some, strict=True)), strict=True)))

    def execute(self, sql: str, parameters: Mapping[str, object] = NONE) -> Rows:
        """Runs SQL text and returns all rows. In the text, MARK stands for the schema."""
        return self.send(sql, parameters).fetchall()

    def send(self, sql: str, parameters: Mapping[str, object] = NONE) -> Cursor[tuple[Any, ...]]:
        """Runs SQL text and returns the cursor. In the text, MARK stands for the schema."""
        return self._connection.cursor(binary=True).execute(self._placed(sql), parameters or None)

    def _placed(self, sql: str) -> bytes:
        return sql.replace(MARK, self._schema).encode()


@cache
def compiled(prepared: Prepared) -> tuple[str, Mapping[str, object]]:
    """Returns the SQL text of a prepared statement, and the values of parameters that SQLAlchemy supplies."""
    return _compiled(prepared.statement)


@cache
def inserting(table: Table) -> str:
    """Returns the SQL text of an INSERT from arrays, one array per column."""
    columns = table.columns
    arrays = func.unnest(*(bindparam(each.name, type_=ARRAY(each.type)) for each in columns))
    rows = select(arrays.table_valued(*columns.keys()).render_derived())
    return _compiled(insert(table).from_select(columns.keys(), rows))[0]


def _compiled(statement: ClauseElement) -> tuple[str, Mapping[str, object]]:
    found = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True}, **MARKED)
    return str(found), dict(found.params)
