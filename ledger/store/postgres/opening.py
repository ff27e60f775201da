"""Whether what lies in a schema is a ledger: refused in words before anything else is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from ledger.errors import Damaged, LedgerMissing, NotALedger, NotUpgraded
from ledger.store.postgres.schema import ADDED, EXPECTED, GUARDING, GUARDS, LAST, LATER
from ledger.store.prepared import Prepared
from ledger.store.schema import identity, ledger

if TYPE_CHECKING:
    from ledger.store.postgres.statements import Statements
    from ledger.store.prepared import Rows

# By indexes alone: a server may hold thousands of ledgers, whose tables all stand in one catalogue.
FOUND = """
SELECT oid::int4, pg_is_in_recovery(),
       EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = n.oid),
       ARRAY(SELECT relname FROM pg_class WHERE relname = ANY(%(expected)s) AND relnamespace = n.oid),
       ARRAY(SELECT tgname FROM pg_class c JOIN pg_trigger ON tgrelid = c.oid
             WHERE relname = ANY(%(expected)s) AND relnamespace = n.oid
               AND NOT tgisinternal AND tgenabled IN ('O', 'A')),
       (SELECT tgargs FROM pg_class c JOIN pg_trigger ON tgrelid = c.oid
        WHERE relname = ANY(%(expected)s) AND relnamespace = n.oid AND tgname = ANY(%(guards)s)
        ORDER BY tgname DESC LIMIT 1),
       (SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE relname = 'entries' AND relnamespace = n.oid)
FROM pg_namespace n WHERE nspname = %(schema)s
"""
IDENTITY = Prepared(select(ledger.c.schema_version, ledger.c.ledger_id))


class Found(NamedTuple):
    """What lies there. `number` is the schema's own, and names its channel; `standby`: it follows another server."""

    ledger_id: str
    number: int
    standby: bool
    signer_role: str


def look(statements: Statements, schema: str) -> Rows:
    """At most one row: the schema's number, whether the server is a standby, whether anything lies in the schema, which
    of a ledger's relations and triggers do, the arguments of a trigger that asks who signs, and the tables' owner.
    """
    return statements.execute(FOUND, {"schema": schema, "expected": sorted(EXPECTED), "guards": [*GUARDS]})


def recognise(statements: Statements, schema: str, where: str) -> Found:
    """Refuses what is not a whole ledger of this schema version."""
    rows = look(statements, schema)
    if not rows or not rows[0][2]:
        raise LedgerMissing(where)
    [(number, standby, _, relations, triggers, arguments, owner)] = rows
    if not {"ledger", "entries"} <= {*relations}:
        raise NotALedger(where)
    ledger_id = identity(statements.fetch(IDENTITY), where)
    missing = EXPECTED - {*relations, *triggers}
    if missing in {LAST, LATER | LAST, ADDED | LATER | LAST}:
        raise NotUpgraded(where)
    if missing and missing <= GUARDING:
        raise NotUpgraded(where, *sorted(missing))
    if missing:
        raise Damaged(where, f"it lacks {', '.join(sorted(missing))}")
    return Found(ledger_id, number, standby, signer(arguments) or owner)


def signer(arguments: bytes | None) -> str:
    """The role that signs, from the arguments of the trigger that asks; "" if none is named."""
    return arguments.split(b"\0")[1].decode() if arguments else ""
