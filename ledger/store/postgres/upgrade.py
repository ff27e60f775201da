"""Upgrades a ledger on a server. A ledger of an older schema version is copied, entry by entry, into new tables, and
the old tables are kept in a schema of another name. A ledger of today's version gets the guards and rights that a new
ledger is made with, if somebody changed them. No entry changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg import sql

from ledger.errors import Damaged, LedgerExists, LedgerMissing
from ledger.messages import filled, marked, msg
from ledger.store.api import PATIENCE_S
from ledger.store.numbers import SCHEMA_VERSION
from ledger.store.older import copy_older
from ledger.store.postgres import appending, faults, opening, wholeness
from ledger.store.postgres.connection import commit
from ledger.store.postgres.database import reached
from ledger.store.postgres.guards import GUARDS
from ledger.store.postgres.making import Unfinished, grant
from ledger.store.postgres.schema import (
    EXPECTED,
    GUARDING,
    LOCK,
    OF_SIGNER,
    functions,
    grants,
    guarding,
    making,
)
from ledger.store.postgres.statements import MARK, Statements
from ledger.store.schema import ledger, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.postgres.address import Address
    from ledger.store.postgres.connection import Connection

# The query returns the names of the roles that may append; "" stands for everyone. The owner needs no grant.
RECORDING = """
SELECT DISTINCT CASE WHEN grantee = 0 THEN '' ELSE pg_get_userbyid(grantee)::text END
FROM pg_class, aclexplode(relacl)
WHERE oid = %(entries)s::regclass AND privilege_type = 'INSERT' AND grantee <> relowner
"""


RIGHTS = marked("the rights of the roles")
TABLES = marked("the tables, of which the earlier ones are kept in the schema {schema}")
OLD = 2  # This program copies ledgers of this schema version; there are no older ones on servers.
LONGEST_NAME = 63  # characters


class Due(NamedTuple):
    """The work that an upgrade has to do. `renewed` holds the guards to renew as (kind, name), and `rights` is true if
    the roles' rights are to be set again.
    """

    renewed: tuple[tuple[str, str], ...]
    rights: bool
    signer: str
    owner: str


class Copying(Unfinished):
    """A ledger whose rows are being copied. Its guards are not there yet, since they would refuse old entries that were
    recorded ahead of the server's clock.
    """

    def connect(self) -> Connection:
        return self._making


def upgrade(address: Address, signer_role: str | None = None, timeout: float = PATIENCE_S) -> dict[str, str]:
    """Gives the ledger at `address` the tables, functions, triggers and roles' rights of a new ledger, in one
    transaction, and returns what changed: by its name, such as `trigger entries_follow on entries`, the name in the
    current language. `signer_role` signs for the ledger from now on. If `signer_role` is None, the signer does not
    change; if no signer was ever named, only the owner signs.

    Only the owner of the schema may upgrade a ledger. Raises NotPermitted for other roles.
    """
    connection = reached(address, timeout)
    try:
        statements = Statements(connection, address.schema)
        is_old = _version(statements, address) == OLD
        connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        if is_old:
            statements.send(f"LOCK TABLE {MARK}.ledger, {MARK}.entries IN ACCESS EXCLUSIVE MODE")
            # Another upgrade may have finished while this upgrade waited for the lock.
            is_old = _version(statements, address) == OLD
        if is_old:
            changed = _copied(connection, address, signer_role, timeout)
        else:
            changed = _upgraded(statements, address, signer_role)
        commit(connection)
    except psycopg.Error as error:
        raise faults.meaning(error, address.where, timeout) or error from None
    finally:
        connection.close()
    return changed


def _version(statements: Statements, address: Address) -> int:
    """Returns the ledger's schema version, or 0 when the schema holds no ledger."""
    rows = opening.look(statements, address.schema)
    if not rows or "ledger" not in rows[0][3]:
        return 0
    return max((version for version, _ in statements.fetch(opening.IDENTITY)), default=0)


def _copied(connection: Connection, address: Address, signer_role: str | None, timeout: float) -> dict[str, str]:
    """Renames the schema, and makes a new ledger with the same entries under the old name. The caller holds a lock on
    the old ledger.
    """
    statements, kept = Statements(connection, address.schema), f"{address.schema[: LONGEST_NAME - 9]}-schema-{OLD}"
    [(_, _, _, _, _, arguments, owner)] = opening.look(statements, address.schema)
    signer = opening.signer(arguments) if signer_role is None else signer_role
    as_owner = sql.Identifier(owner).as_string()
    try:
        statements.send(f'ALTER SCHEMA {MARK} RENAME TO "{kept}"')
    except psycopg.errors.DuplicateSchema:
        raise LedgerExists(kept) from None
    statements.send(f"CREATE SCHEMA {MARK} AUTHORIZATION {as_owner}")
    statements.send(f"SET LOCAL ROLE {as_owner}")
    statements.send(f'SET LOCAL search_path = "{kept}"')
    for part in making():
        statements.send(part)
    [(ledger_id, public_key)] = statements.execute("SELECT ledger_id, public_key FROM ledger")
    statements.add(ledger, [(SCHEMA_VERSION, ledger_id, public_key)])

    def old(query: str) -> Iterator[tuple[Any, ...]]:
        with connection.cursor("old", binary=True) as cursor:
            yield from cursor.execute(query.encode())

    copy_older(old, OLD, Copying(address, timeout, connection))
    for part in guarding(signer):
        statements.send(part)
    for (role,) in statements.execute(RECORDING, {"entries": "entries"}):
        for right in grants(sql.Identifier(role).as_string() if role else "PUBLIC"):
            statements.send(right)
    statements.send("RESET ROLE")
    grant(statements, signer or None, signs=True)
    return {"tables": filled(TABLES, {"schema": kept})}


def _upgraded(statements: Statements, address: Address, signer_role: str | None) -> dict[str, str]:
    if not _changed(_due(statements, address, signer_role)):
        return {}
    # Another upgrade may have finished while this upgrade waited for the lock, so the schema is compared again.
    statements.send(f"LOCK TABLE {MARK}.ledger IN SHARE ROW EXCLUSIVE MODE")
    due = _due(statements, address, signer_role)
    if due.renewed:
        for part in guarding(due.signer):
            statements.send(part)
        # The role that runs this upgrade may not be the owner of the tables, who must own the new objects too.
        owner = sql.Identifier(due.owner).as_string()
        made = (*(f"{name}()" for name in functions()), appending.SIGNATURE)
        for part in (f"TABLE {MARK}.{LOCK}", *(f"FUNCTION {MARK}.{one}" for one in made)):
            statements.send(f"ALTER {part} OWNER TO {owner}")
    if due.rights:
        for (role,) in statements.execute(RECORDING, {"entries": f'"{address.schema}".entries'}):
            who = sql.Identifier(role).as_string() if role else "PUBLIC"
            for table in OF_SIGNER:
                statements.send(f"REVOKE INSERT ON {MARK}.{table} FROM {who}")
            statements.send(f"GRANT SELECT, DELETE ON {MARK}.{LOCK} TO {who}")
            statements.send(f"GRANT EXECUTE ON FUNCTION {MARK}.{appending.SIGNATURE} TO {who}")
        grant(statements, due.signer or None, signs=True)
    return _changed(due)


def _due(statements: Statements, address: Address, signer_role: str | None) -> Due:
    rows = opening.look(statements, address.schema)
    if not rows or not rows[0][2]:
        raise LedgerMissing(address.where)
    [(_, _, _, relations, triggers, arguments, owner)] = rows
    there = {*relations, *triggers}
    if lacking := EXPECTED - GUARDING - there:
        raise Damaged(address.where, msg("it lacks {names}", names=tuple(sorted(lacking))))
    before = opening.signer(arguments)
    signer = before if signer_role is None else signer_role
    found = wholeness.differences(statements, address.schema, signer)
    renewed = tuple((one.kind, one.name) for one in found if one.renewed)
    return Due(renewed, signer != before or not there >= {LOCK, appending.NAME, *GUARDS}, signer, owner)


def _changed(due: Due) -> dict[str, str]:
    changed = {f"{kind} {name}": named(kind, name) for kind, name in due.renewed}
    return {**changed, **({RIGHTS: filled(RIGHTS, {})} if due.rights else {})}
