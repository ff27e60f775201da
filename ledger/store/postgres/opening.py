"""Checks whether a schema holds a ledger before anything else is read from the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from ledger.errors import Damaged, LedgerMissing, NotALedger, NotUpgraded
from ledger.messages import msg
from ledger.store.postgres import appending
from ledger.store.postgres.guards import GUARDS
from ledger.store.postgres.schema import EXPECTED, GUARDING
from ledger.store.postgres.statements import MARK
from ledger.store.prepared import Prepared
from ledger.store.schema import identity, ledger

if TYPE_CHECKING:
    from ledger.store.postgres.statements import Statements
    from ledger.store.prepared import Rows

# The query uses indexes alone: a server may hold thousands of ledgers, whose tables are all in one catalogue.
FOUND = """
SELECT oid::int4, pg_is_in_recovery(),
       EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = n.oid),
       ARRAY(SELECT relname FROM pg_class WHERE relname = ANY(%(expected)s) AND relnamespace = n.oid
             UNION ALL
             SELECT proname FROM pg_proc WHERE proname = %(append)s AND pronamespace = n.oid AND prosrc = %(body)s),
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
    """What identifies a ledger on a server. `number` is the schema's object id (OID), which is part of the name of the
    ledger's NOTIFY channel. `standby` is true if the server follows another server.
    """

    ledger_id: str
    number: int
    standby: bool
    signer_role: str


def look(statements: Statements, schema: str) -> Rows:
    """Returns one row about the schema, or no row when the schema does not exist. The columns are the schema's OID,
    whether the server is a standby, whether the schema holds anything, which of a ledger's relations exist, with the
    function that appends if it is as it was made, which of the ledger's triggers exist, the arguments of a trigger that
    checks who signs, and the owner of the tables.
    """
    body = appending.BODY.replace(MARK, f'"{schema}"')
    asked = {"schema": schema, "append": appending.NAME, "body": body, "guards": [*GUARDS]}
    return statements.execute(FOUND, {**asked, "expected": sorted(EXPECTED - {appending.NAME})})


def recognise(statements: Statements, schema: str, where: str) -> Found:
    """Returns the ledger's id and the other facts that identify the ledger. Raises LedgerMissing, NotALedger,
    OlderLedger, NewerLedger, NotUpgraded or Damaged unless the schema holds a whole ledger of this version.
    """
    rows = look(statements, schema)
    if not rows or not rows[0][2]:
        raise LedgerMissing(where)
    [(number, standby, _, relations, triggers, arguments, owner)] = rows
    if not {"ledger", "entries"} <= {*relations}:
        raise NotALedger(where)
    ledger_id = identity(statements.fetch(IDENTITY), where)
    missing = EXPECTED - {*relations, *triggers}
    if missing and missing <= GUARDING:
        raise NotUpgraded(where, *sorted(missing))
    if missing:
        raise Damaged(where, msg("it lacks {names}", names=tuple(sorted(missing))))
    return Found(ledger_id, number, standby, signer(arguments) or owner)


def signer(arguments: bytes | None) -> str:
    """Returns the role that signs, from the arguments of the trigger that checks who signs, or "" when the arguments
    name no role.
    """
    return arguments.split(b"\0")[1].decode() if arguments else ""
