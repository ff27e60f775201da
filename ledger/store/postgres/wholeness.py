"""Checks that a schema has exactly the tables, indexes, triggers and functions that a ledger is made with, by their
definitions. Reads PostgreSQL's catalogue, which every role may read, and changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from ledger.messages import msg
from ledger.store.postgres import appending, opening
from ledger.store.postgres.schema import FILLS, LOCK, functions, triggers
from ledger.store.postgres.statements import DIALECT, MARK
from ledger.store.schema import FOREIGN, MISSING, OTHERWISE, fault, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from ledger.store.postgres.statements import Statements

    Made = Mapping[tuple[str, str], tuple[Any, ...]]  # Made maps (kind, name) to the values in PostgreSQL's catalogue.

# BITS holds the bits of the column pg_trigger.tgtype.
BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
# SEEN maps whether a trigger waits for the transaction's end to the trigger's WHEN condition, as FOUND returns it.
SEEN = {True: re.sub("[() ]", "", FILLS).lower(), False: ""}
RENEWED = {"function", "trigger"}
NAMES = [*metadata.tables, LOCK]

# Each query returns a kind, a name, and the values to compare. All objects have one owner, who alone may change them.
FOUND = (
    """
SELECT 'table', c.relname::text, relkind::text, relpersistence::text, relrowsecurity, relispartition,
       relowner = (SELECT relowner FROM pg_class WHERE relname = 'entries' AND relnamespace = n.oid),
       EXISTS (SELECT FROM pg_rewrite WHERE ev_class = c.oid),
       EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid OR inhrelid = c.oid),
       EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgisinternal AND tgenabled <> 'O')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)
""",
    """
SELECT 'column', c.relname || '.' || attname, attnum::int, format_type(atttypid, atttypmod), attnotnull,
       coalesce((SELECT collname::text FROM pg_collation l WHERE l.oid = attcollation), ''), atthasdef,
       attidentity::text, attgenerated::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute ON attrelid = c.oid
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND attnum > 0 AND NOT attisdropped
""",
    """
SELECT 'constraint', c.relname || '.' || string_agg(a.attname, ',' ORDER BY place) || ' ' || contype::text,
       (SELECT nspname || '.' || t.relname FROM pg_class t JOIN pg_namespace m ON m.oid = t.relnamespace
        WHERE t.oid = confrelid),
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = confrelid AND attnum = ANY(confkey)),
       condeferrable, convalidated, confupdtype::text, confdeltype::text, conislocal
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_constraint k ON conrelid = c.oid
LEFT JOIN LATERAL unnest(conkey) WITH ORDINALITY AS of (number, place) ON true
LEFT JOIN pg_attribute a ON attrelid = c.oid AND attnum = number
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND contype NOT IN ('n', 't')
GROUP BY c.relname, k.oid
""",
    """
SELECT 'index', i.relname::text, c.relname::text, indisunique, indisvalid AND indisready, indpred IS NULL,
       ARRAY(SELECT btrim(pg_get_indexdef(indexrelid, place, true), '()"') FROM generate_series(1, indnatts::int) place)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_index ON indrelid = c.oid
JOIN pg_class i ON i.oid = indexrelid
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND NOT indisprimary
""",
    """
SELECT 'trigger', tgname::text || ' on ' || c.relname, tgtype::int, tgenabled IN ('O', 'A'),
       f.nspname || '.' || proname, tgargs,
       coalesce(regexp_replace(substring(pg_get_triggerdef(pg_trigger.oid) FROM ' WHEN (.*) EXECUTE '),
                               '[() "]|::bigint', '', 'g'), ''),
       coalesce(tgnewtable::text, ''), tgoldtable IS NULL, tgattr::text, tgdeferrable, tginitdeferred
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_trigger ON tgrelid = c.oid
JOIN pg_proc p ON p.oid = tgfoid JOIN pg_namespace f ON f.oid = pronamespace
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND NOT tgisinternal
""",
    """
SELECT 'function', proname || '(' || oidvectortypes(proargtypes) || ')', prosrc, lanname::text,
       prosecdef, proowner = (SELECT relowner FROM pg_class WHERE relname = 'entries' AND relnamespace = n.oid),
       proconfig, prorettype::regtype::text
FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace JOIN pg_language l ON l.oid = prolang
WHERE n.nspname = %(schema)s AND proname = ANY(%(functions)s)
""",
)


class Difference(NamedTuple):
    """A difference from the schema that a ledger is made with. `kind` and `name` identify the object, such as the
    function `refuse()`, and `message` says that the object is MISSING, FOREIGN or OTHERWISE. `renewed` is true if
    `upgrade` repairs the object.
    """

    kind: str
    name: str
    message: str
    renewed: bool


def faults(statements: Statements, schema: str) -> Iterator[str]:
    """Yields a text for each difference from the schema of a new ledger. If the role may not read the catalogue, yields
    one text saying that nothing could be compared.
    """
    try:
        signer = opening.signer(opening.look(statements, schema)[0][5])
        found = differences(statements, schema, signer)
    except psycopg.errors.InsufficientPrivilege:
        yield msg("its tables and triggers could not be compared: this role may not read the server's catalogue")
        return
    for kind, name, message, renewed in found:
        yield fault(message, kind, name, renewed=renewed)


def differences(statements: Statements, schema: str, signer: str) -> list[Difference]:
    """Returns the differences between the schema and that of a new ledger for which the role `signer` signs, ordered by
    kind and name.
    """
    asked = {"schema": schema, "tables": NAMES, "functions": [*functions(), appending.NAME]}
    found: Made = {(row[0], row[1]): row[2:] for sql in FOUND for row in statements.execute(sql, asked)}
    expected = dict(_made(schema, signer))
    lock = ("table", LOCK)
    return [
        Difference(
            kind, name, message, ((kind, name) in expected and kind in RENEWED) or (kind, name) == lock not in found
        )
        for kind, name in sorted(expected.keys() | found.keys())
        if (message := _difference(expected.get((kind, name)), found.get((kind, name))))
    ]


def _difference(expected: tuple[Any, ...] | None, found: tuple[Any, ...] | None) -> str:
    if found is None:
        return MISSING
    if expected is None:
        return FOREIGN
    return "" if found == expected else OTHERWISE


def _made(schema: str, signer: str) -> Iterator[tuple[tuple[str, str], tuple[Any, ...]]]:
    """Yields ((kind, name), values) for each object that a ledger is made with, in the catalogue's own terms."""
    for name in NAMES:
        yield ("table", name), ("r", "p", False, False, True, False, False, False)
    for table in metadata.tables.values():
        yield from _parts_of(table, schema)
    yield ("index", "ledger_once"), ("ledger", True, True, True, ["true"])
    for one in triggers(signer):
        kind = sum(BITS.get(word, 0) for word in (*one.when.split(), one.each))
        said = b"".join(argument.encode() + b"\0" for argument in one.arguments)
        new = "added" if one.has_all else ""
        facts = (kind, True, f"{schema}.{one.function}", said, SEEN[one.waits], new, True, "", one.waits, one.waits)
        yield ("trigger", f"{one.name} on {one.table}"), facts
    for name, body in functions().items():
        yield ("function", f"{name}()"), _function(body, schema, "trigger")
    yield ("function", appending.SIGNATURE), _function(appending.BODY, schema, "record")


def _function(body: str, schema: str, results: str) -> tuple[Any, ...]:
    text = body.replace(MARK, f'"{schema}"')
    return text, "plpgsql", False, True, ["search_path=pg_catalog, pg_temp"], results


def _parts_of(table: Table, schema: str) -> Iterator[tuple[tuple[str, str], tuple[Any, ...]]]:
    for number, column in enumerate(table.columns, 1):
        kind, _, collation = str(column.type.compile(DIALECT)).partition(" COLLATE ")
        facts = (number, kind.lower(), not column.nullable, collation.strip('"'), False, "", "")
        yield ("column", f"{table.name}.{column.name}"), facts
        for key in column.foreign_keys:
            refers = f"{schema}.{key.column.table.name}", [key.column.name]
            yield ("constraint", f"{table.name}.{column.name} f"), (*refers, False, True, "a", "a", True)
    if primary := ",".join(column.name for column in table.primary_key):
        yield ("constraint", f"{table.name}.{primary} p"), (None, [], False, True, " ", " ", True)
    for index in table.indexes:
        columns = [column.name for column in index.columns]
        yield ("index", str(index.name)), (table.name, bool(index.unique), True, True, columns)
