"""Runs statements on PostgreSQL: written with SQLAlchemy, compiled once, and run by psycopg."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from ledger.store.api import NONE
from ledger.store.schema import documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from psycopg import Cursor
    from sqlalchemy import ClauseElement, Table
    from sqlalchemy.engine import Dialect

    from ledger.store.database import Row
    from ledger.store.postgres.connection import Connection
    from ledger.store.prepared import Prepared, Rows

    Parameters = Mapping[str, object] | Sequence[object]

DIALECT: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
MARK = '"{schema}"'  # MARK stands for the ledger's schema in each statement, until the statement is run.
MARKED: dict[str, Any] = {"schema_translate_map": {None: MARK.strip('"')}, "render_schema_translate": True}
SLICE = 5_000  # One statement sends at most SLICE rows, and a cursor fetches SLICE rows at a time.
SINGLE = 16  # Up to so many rows, the values of an INSERT cost less as parameters of their own than as arrays.
FEW = 200  # From so many rows on, one COPY costs less than one INSERT.


class Statements:
    """Runs statements on an open connection, in one schema."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection = connection
        self._schema = f'"{schema}"'

    def fetch(self, statement: Prepared, parameters: Mapping[str, object] = NONE) -> Rows:
        """Runs a query and returns all its rows."""
        sql, fixed = compiled(statement)
        return self.execute(sql, {**fixed, **parameters})

    def fetch_each(self, *asked: tuple[Prepared, Mapping[str, object]]) -> list[Rows]:
        """Runs several queries and returns the rows of each."""
        return [self.fetch(*one) for one in asked]

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
            self.put(sql, {**fixed, **row})

    def add(self, table: Table, rows: Iterable[Row]) -> None:
        """Inserts rows, each with the values of all columns in order; up to 5,000 rows in one statement."""
        waiting = iter(rows)
        while some := list(islice(waiting, SLICE)):
            if len(some) <= SINGLE:
                self.put(inserting_single(table, len(some)), tuple(chain.from_iterable(some)))
            elif len(some) < FEW:
                columns = map(list, zip(*some, strict=True))
                self.put(inserting(table), dict(zip(table.columns.keys(), columns, strict=True)))
            else:
                self.copy(table, some)

    def copy(self, table: Table, rows: Iterable[Row]) -> None:
        """Inserts rows by COPY, which costs less than INSERT where there are many."""
        sql, types = copying(table)
        with self._connection.cursor().copy(self._placed(sql)) as copied:
            copied.set_types(types)
            for row in rows:
                copied.write_row(row)

    def put(self, sql: str, parameters: Parameters = NONE) -> None:
        """Runs SQL text that returns no rows. In the text, MARK stands for the schema."""
        self.send(sql, parameters)

    def execute(self, sql: str, parameters: Mapping[str, object] = NONE) -> Rows:
        """Runs SQL text and returns all rows. In the text, MARK stands for the schema."""
        return self.send(sql, parameters).fetchall()

    def send(self, sql: str, parameters: Parameters = NONE) -> Cursor[tuple[Any, ...]]:
        """Runs SQL text and returns the cursor. In the text, MARK stands for the schema."""
        return self._connection.cursor(binary=True).execute(self._placed(sql), parameters or None)

    def _placed(self, sql: str) -> bytes:
        return placed(sql, self._schema)


class Pipelined(Statements):
    """Statements of one transaction. A statement that returns no rows is kept until rows are asked for, or until the
    COMMIT, and is then sent in one pipeline with what follows, so that the server's answer is waited for once.
    """

    def __init__(self, connection: Connection, schema: str) -> None:
        super().__init__(connection, schema)
        self._kept: list[tuple[str, Parameters]] = []

    def put(self, sql: str, parameters: Parameters = NONE) -> None:
        self._kept.append((sql, parameters))

    def execute(self, sql: str, parameters: Mapping[str, object] = NONE) -> Rows:
        if not self._kept:
            return super().execute(sql, parameters)
        with self._connection.sending():
            self.send_kept()
            rows = self.send(sql, parameters)
        return rows.fetchall()

    def fetch_each(self, *asked: tuple[Prepared, Mapping[str, object]]) -> list[Rows]:
        with self._connection.sending():
            self.send_kept()
            sent = [(compiled(statement), parameters) for statement, parameters in asked]
            found = [self.send(sql, {**fixed, **parameters}) for (sql, fixed), parameters in sent]
        return [rows.fetchall() for rows in found]

    def copy(self, table: Table, rows: Iterable[Row]) -> None:
        self.flush()
        super().copy(table, rows)

    def flush(self) -> None:
        """Returns once the server has run every statement so far."""
        with self._connection.sending():
            self.send_kept()

    def keeps(self, sql: str) -> bool:
        """Whether a statement has not been sent yet."""
        return any(kept == sql for kept, _ in self._kept)

    def send_kept(self) -> None:
        """Sends the statements that were kept, without waiting for the answers."""
        kept, self._kept = self._kept, []
        for sql, parameters in kept:
            self.send(sql, parameters)


@lru_cache(1_000)
def placed(sql: str, schema: str) -> bytes:
    """Returns SQL text in which the schema stands in the place of MARK."""
    return sql.replace(MARK, schema).encode()


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


@cache
def inserting_single(table: Table, rows: int) -> str:
    """Returns the SQL text of an INSERT of so many rows, with one parameter for each value."""
    row = f"({', '.join(['%s'] * len(table.columns))})"
    return f"INSERT INTO {MARK}.{table.name} VALUES {', '.join([row] * rows)}"  # noqa: S608 - a table's own name


@cache
def copying(table: Table) -> tuple[str, list[str]]:
    """Returns the SQL text of a COPY into a table, and the types of its columns."""
    types = [str(each.type.compile(DIALECT)).partition(" ")[0].lower() for each in table.columns]
    return f"COPY {MARK}.{table.name} FROM STDIN (FORMAT binary)", types


def _compiled(statement: ClauseElement) -> tuple[str, Mapping[str, object]]:
    found = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True}, **MARKED)
    return str(found), dict(found.params)
