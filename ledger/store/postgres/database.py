"""One schema of a PostgreSQL database: opened, locked, committed and left, each error told in our words. Nothing here
knows what an entry is.
"""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import psycopg
from eventsourcing.persistence import IntegrityError, ProgrammingError
from psycopg.pq import TransactionStatus

from ledger.errors import BadInput, Damaged, ServerAway
from ledger.store.api import NONE, PATIENCE_S
from ledger.store.files import OURS
from ledger.store.postgres import faults, opening, wholeness
from ledger.store.postgres.connection import Connection, commit, connect, usable
from ledger.store.postgres.listening import ListeningSubscription
from ledger.store.postgres.statements import MARK, Statements
from ledger.store.subscription import PollingSubscription

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

    from eventsourcing.dcb.api import DCBQuery, DCBSubscription
    from sqlalchemy import Executable

    from ledger.store.database import R, Snapshot
    from ledger.store.postgres.address import Address
    from ledger.store.prepared import Prepared, Rows

# The lock orders all, so that each statement may see what was committed before it, and must. It is an empty table's:
# only those who may record have a right to it, no vacuum needs it, and who asks first has it first. The primary keys
# hold also against one who writes without it, as an older liggare does.
BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
LOCK = f"LOCK TABLE {MARK}.turn IN SHARE ROW EXCLUSIVE MODE"
# Whether its guard lets this role add a checkpoint, and the role was granted that.
MAY_SIGN = """
SELECT has_table_privilege(c.oid, 'INSERT') AND EXISTS
    (SELECT FROM pg_roles r WHERE (r.oid = relowner OR rolname = %(signer)s) AND pg_has_role(r.oid, 'MEMBER'))
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %(schema)s AND relname = 'checkpoints'
"""


class PostgresDatabase:
    """One connection for all threads, under one lock: a page of reading is short. Waits up to `timeout` seconds for
    other programs, and as long for the server to answer.
    """

    def __init__(self, address: Address, *, timeout: float = PATIENCE_S) -> None:
        self.where = address.where
        self.timeout = timeout
        self.ledger_id = ""
        self.signer_role = ""
        self.standby = False
        self._address = address
        self._lock = RLock()
        self._closed = False
        self._connection: Connection | None = None
        self._number = 0
        with self._telling():
            self._opened()

    def fetch(self, statement: Prepared | Executable, parameters: Mapping[str, object] = NONE) -> Rows:
        """All its rows, as they stood at one moment. No transaction is open afterwards."""
        with self._telling():
            return self._statements(self._opened()).fetch(statement, parameters)

    @contextmanager
    def writing(self) -> Iterator[Statements]:
        """Statements under the ledger's lock: kept if the block ends well, else nothing was written."""
        with self._telling():
            connection = self._opened()
            statements = self._statements(connection)
            try:
                with connection.pipeline(), _ended_by_interrupt(connection):  # what need not be waited for is not
                    if connection.info.transaction_status == TransactionStatus.IDLE:  # else the lock is held already
                        statements.send(BEGIN)
                        statements.send(LOCK)
                    yield statements
                    connection.execute(f"NOTIFY {self.channel}")
            except psycopg.errors.UniqueViolation:
                raise IntegrityError("another wrote there without the lock") from None
            commit(connection)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the ledger's lock until what is written inside is kept, or the block ends."""
        with self._telling():
            statements = self._statements(self._opened())
            statements.send(BEGIN)
            statements.send(LOCK)
            try:
                yield
            finally:
                self._roll_back()

    def another(self) -> Self:
        """Another connection to the same ledger."""
        other = type(self)(self._address, timeout=self.timeout)
        if other.ledger_id != self.ledger_id:
            other.close()
            raise Damaged(self.where, "another ledger lies there now")
        return other

    @property
    def channel(self) -> str:
        """What subscribers listen to."""
        return f"liggare_{self._number & 0xFFFFFFFF}"

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Rows as they stood at one moment; nobody waits for it."""
        with self._telling(), closing(self.connect()) as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield self._statements(connection).stream

    def subscribe(self, recorder: R, query: DCBQuery | None, after: int | None) -> DCBSubscription[R]:
        """Woken by what is recorded; a standby cannot be listened to, so it is asked again and again."""
        if self.standby:
            return PollingSubscription(recorder, query, after)
        return ListeningSubscription(recorder, query, after, self)

    @property
    def permissions(self) -> int:
        return OURS

    @property
    def home(self) -> Path:
        return Path.cwd()

    def backup(self, path: Path) -> None:
        """A file of SQLite's."""
        from ledger.store.filing import copy_to_file
        from ledger.store.recorder import SqlStore

        copy_to_file(SqlStore(self), path)

    def faults(self) -> Iterator[str]:
        """What differs from what a ledger is made with; a server sees to its own pages."""
        with self._telling():
            yield from wholeness.faults(self._statements(self._opened()), self._address.schema)

    def confirm(self) -> None:
        """A commit that writes no row waits for the standbys like any other, and for all that came before it."""
        if self.standby:
            return
        with self._telling():
            connection = self._opened()
            connection.execute(BEGIN)
            connection.execute("SELECT pg_logical_emit_message(true, 'liggare', '')")
            commit(connection)

    def may_sign(self) -> bool:
        with self._telling():
            statements = self._statements(self._opened())
            [(may,)] = statements.execute(MAY_SIGN, {"schema": self._address.schema, "signer": self.signer_role})
            return bool(may)

    def forget_past(self) -> None:
        """Takes what was erased out of the table's pages, if we may; the server's own log is its keeper's."""
        with self._telling(), suppress(psycopg.errors.InsufficientPrivilege):
            self._statements(self._opened()).send(f"VACUUM {MARK}.names")

    def close(self) -> None:
        with self._lock:
            self._drop()
            self._closed = True

    def connect(self) -> Connection:
        """Another connection to the same ledger, checked; the caller closes it."""
        connection = reached(self._address, self.timeout)
        try:
            return self._checked(connection)
        except BaseException:
            connection.close()
            raise

    def _checked(self, connection: Connection) -> Connection:
        found = opening.recognise(self._statements(connection), self._address.schema, self.where)
        if self.ledger_id not in {"", found.ledger_id}:
            raise Damaged(self.where, "another ledger lies there now")
        self.ledger_id, self._number, self.standby = found.ledger_id, found.number, found.standby
        self.signer_role = found.signer_role
        return connection

    def _statements(self, connection: Connection) -> Statements:
        return Statements(connection, self._address.schema)

    def _opened(self) -> Connection:
        if self._closed:
            raise ProgrammingError("the store is closed")
        idle = self._connection
        if idle is not None and idle.info.transaction_status == TransactionStatus.IDLE and not usable(idle):
            self._drop()
        if self._connection is None:
            self._connection = self.connect()
        return self._connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Leaves no transaction behind, and says what an error means for the one who asked."""
        with self._lock:
            try:
                yield
            except psycopg.Error as error:
                self._roll_back()
                raise faults.meaning(error, self.where, self.timeout) or error from None
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        connection = self._connection
        if connection is None or connection.info.transaction_status == TransactionStatus.IDLE:
            return
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            self._drop()

    def _drop(self) -> None:
        """The next use connects anew; the server undoes what is left of a transaction."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def reached(address: Address, timeout: float) -> Connection:
    """A connection to the server. ServerAway if there is none to be had."""
    try:
        return connect(address.arguments, timeout)
    except psycopg.OperationalError as error:
        raise ServerAway(address.where, faults.what(error)) from None
    except (psycopg.ProgrammingError, TypeError, ValueError):  # its own text may hold an option's value
        raise BadInput([(None, f"{address.where}: an option in this URL is none of PostgreSQL's")]) from None


@contextmanager
def _ended_by_interrupt(connection: Connection) -> Iterator[None]:
    """Closes the connection on an interrupt: a pipeline that is left waits for what was sent, which may be the lock."""
    try:
        yield
    except Exception:
        raise
    except BaseException:
        connection.close()
        raise
