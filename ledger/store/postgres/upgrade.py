"""Gives a ledger of today's schema on a server the guards and rights that a new ledger is made with. A ledger may lack
today's guards and rights because an earlier version of this program made the ledger, or because somebody changed the
schema. No entry changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg import sql

from ledger.errors import Damaged, LedgerMissing
from ledger.messages import filled, marked, msg
from ledger.store.api import PATIENCE_S
from ledger.store.postgres import faults, opening, wholeness
from ledger.store.postgres.connection import commit
from ledger.store.postgres.database import reached
from ledger.store.postgres.making import grant
from ledger.store.postgres.schema import ADDED, EXPECTED, GUARDING, LOCK, functions, guarding
from ledger.store.postgres.statements import MARK, Statements
from ledger.store.schema import named

if TYPE_CHECKING:
    from ledger.store.postgres.address import Address

# The query returns the names of the roles that may append; "" stands for everyone. The owner needs no grant.
RECORDING = """
SELECT DISTINCT CASE WHEN grantee = 0 THEN '' ELSE pg_get_userbyid(grantee)::text END
FROM pg_class, aclexplode(relacl)
WHERE oid = %(entries)s::regclass AND privilege_type = 'INSERT' AND grantee <> relowner
"""


RIGHTS = marked("the rights of the roles")


class Due(NamedTuple):
    """The work that an upgrade has to do. `renewed` holds the guards to renew as (kind, name), and `rights` is true if
    the roles' rights are to be set again.
    """

    renewed: tuple[tuple[str, str], ...]
    rights: bool
    signer: str
    owner: str


def upgrade(address: Address, signer_role: str | None = None, timeout: float = PATIENCE_S) -> dict[str, str]:
    """Gives the ledger at `address` the functions, triggers and roles' rights of a new ledger, in one transaction, and
    returns what changed: by its name, such as `trigger entries_follow on entries`, the name in the current language.
    `signer_role` signs for the ledger from now on. If `signer_role` is None, the
    signer does not change; if no signer was ever named, only the owner signs.

    Only the owner of the schema may upgrade a ledger. Raises NotPermitted for other roles.
    """
    connection = reached(address, timeout)
    try:
        connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        statements = Statements(connection, address.schema)
        changed = _upgraded(statements, address, signer_role)
        commit(connection)
    except psycopg.Error as error:
        raise faults.meaning(error, address.where, timeout) or error from None
    finally:
        connection.close()
    return changed


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
        for part in (f"TABLE {MARK}.{LOCK}", *(f"FUNCTION {MARK}.{name}()" for name in functions())):
            statements.send(f"ALTER {part} OWNER TO {owner}")
    if due.rights:
        for (role,) in statements.execute(RECORDING, {"entries": f'"{address.schema}".entries'}):
            who = sql.Identifier(role).as_string() if role else "PUBLIC"
            statements.send(f"REVOKE INSERT ON {MARK}.checkpoints FROM {who}")
            statements.send(f"GRANT SELECT, DELETE ON {MARK}.{LOCK} TO {who}")
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
    return Due(renewed, signer != before or not there >= ADDED, signer, owner)


def _changed(due: Due) -> dict[str, str]:
    changed = {f"{kind} {name}": named(kind, name) for kind, name in due.renewed}
    return {**changed, **({RIGHTS: filled(RIGHTS, {})} if due.rights else {})}
