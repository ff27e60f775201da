"""Turns a schema into an empty ledger. The schema and the first entries are committed in one transaction, or not at
all.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from ledger.errors import BadInput, LedgerExists
from ledger.messages import msg
from ledger.store.api import PATIENCE_S
from ledger.store.numbers import SCHEMA_VERSION
from ledger.store.postgres import faults
from ledger.store.postgres.connection import commit
from ledger.store.postgres.database import PostgresDatabase, reached
from ledger.store.postgres.opening import look
from ledger.store.postgres.schema import grants, parts
from ledger.store.postgres.statements import MARK, Statements
from ledger.store.schema import ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.postgres.address import Address
    from ledger.store.postgres.connection import Connection

# An error with an SQLSTATE in TAKEN means that another program created the ledger first.
TAKEN = ("42P06", "42P07", "23505")


class Unfinished(PostgresDatabase):
    """A ledger that no other connection can see yet. Everything written through this class is committed together with
    the ledger itself.
    """

    def __init__(self, address: Address, timeout: float, connection: Connection) -> None:
        self._making = connection
        super().__init__(address, timeout=timeout)

    def connect(self) -> Connection:
        return self._checked(self._making)

    @contextmanager
    def writing(self) -> Iterator[Statements]:
        with self._lock:
            yield self._statements(self._making)


@contextmanager
def made(
    address: Address,
    *,
    ledger_id: str | None,
    public_key: str,
    role: str | None,
    signer_role: str | None,
    timeout: float = PATIENCE_S,
) -> Iterator[PostgresDatabase]:
    """Creates a new, empty ledger in a schema and yields its database. The ledger exists only if the block ends without
    an exception. Raises LedgerExists when the schema exists and is not empty. `role` is granted the rights to read and
    to record, and no others. `signer_role` may also sign; without a `signer_role`, only the owner of the tables may
    sign.
    """
    connection = reached(address, timeout)
    try:
        connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        statements = Statements(connection, address.schema)
        _build(statements, address, signer_role or "")
        statements.add(ledger, [(SCHEMA_VERSION, ledger_id or os.urandom(16).hex(), public_key)])
        for name, signs in ((role, False), (signer_role, True)):
            grant(statements, name, signs=signs)
        yield Unfinished(address, timeout, connection)
        commit(connection)
    except psycopg.Error as error:
        if error.sqlstate in TAKEN:
            raise LedgerExists(address.where) from None
        raise faults.meaning(error, address.where, timeout) or error from None
    finally:
        connection.close()


def grant(made: Statements, role: str | None, *, signs: bool) -> None:
    """Grants a role its rights; does nothing for None. Raises BadInput when the server has no role of that name."""
    if role is None:
        return
    if not made.execute("SELECT 1 FROM pg_roles WHERE rolname = %(role)s", {"role": role}):
        option = "--signer-role" if signs else "--role"
        told = msg("{option}: there is no role {role} on the server", option=option, role=role)
        raise BadInput([(None, told)])
    for right in grants(sql.Identifier(role).as_string(), signs=signs):
        made.send(right)


def _build(made: Statements, address: Address, signer: str) -> None:
    [(encoding,)] = made.execute("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise faults.not_in_utf8(address.where, encoding)
    found = look(made, address.schema)
    if found and found[0][2]:
        raise LedgerExists(address.where)
    if not found:
        made.send(f"CREATE SCHEMA {MARK}")
    for part in parts(signer):
        made.send(part)
