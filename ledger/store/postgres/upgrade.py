"""A ledger of today's schema, made by an earlier program, gets the guards and the rights that a new one is made with.
No entry changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from ledger.errors import Damaged, LedgerMissing

from . import faults, opening
from .connection import commit
from .database import reached
from .making import grant
from .schema import ADDED, EXPECTED, guarding
from .statements import MARK, Statements

if TYPE_CHECKING:
    from .address import Address

# Who may append: each by name, and "" for everyone. The owner need not be given a right.
RECORDING = """
SELECT DISTINCT CASE WHEN grantee = 0 THEN '' ELSE pg_get_userbyid(grantee)::text END
FROM pg_class, aclexplode(relacl)
WHERE oid = %(entries)s::regclass AND privilege_type = 'INSERT' AND grantee <> relowner
"""


def upgrade(address: Address, signer_role: str | None = None, timeout: float = 30.0) -> bool:
    """Afterwards the ledger is guarded as a new one is, and the roles that may record have the rights of today, no
    more. `signer_role` signs for it from now on; None leaves that as it is, which is the owner alone where none was
    named yet. Whether anything was changed; all is, or nothing. For whoever owns the schema; NotPermitted for others.
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


def _upgraded(statements: Statements, address: Address, signer_role: str | None) -> bool:
    rows = opening.look(statements, address.schema)
    if not rows or not rows[0][2]:
        raise LedgerMissing(address.where)
    if lacking := EXPECTED - ADDED - {*rows[0][3], *rows[0][4]}:
        raise Damaged(address.where, f"it lacks {', '.join(sorted(lacking))}")
    whole, before = {*rows[0][3], *rows[0][4]} >= ADDED, opening.signer(rows[0][5])
    signer = before if signer_role is None else signer_role
    if whole and signer == before:
        return False
    for part in guarding(signer):
        statements.send(part)
    for (role,) in statements.execute(RECORDING, {"entries": f'"{address.schema}".entries'}):
        who = sql.Identifier(role).as_string() if role else "PUBLIC"
        statements.send(f"REVOKE INSERT ON {MARK}.checkpoints FROM {who}")
        statements.send(f"GRANT SELECT, DELETE ON {MARK}.turn TO {who}")
    grant(statements, signer or None, signs=True)
    return True
