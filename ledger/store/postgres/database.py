"""One schema of a PostgreSQL database: connects, locks, commits and closes, and translates PostgreSQL's errors. Nothing
here knows what an entry is.
"""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import psycopg
from eventsourcing.persistence import IntegrityError
from psycopg.pq import TransactionStatus

from ledger.errors import BadInput, Damaged, LedgerClosed, ServerAway
from ledger.messages import msg
from ledger.store.api import NONE, PATIENCE_S
from ledger.store.files import OURS
from ledger.store.postgres import appending, faults, opening, wholeness
from ledger.store.postgres.connection import Connection, commit, committing, connect, usable
from ledger.store.postgres.listening import ListeningSubscription
from ledger.store.postgres.statements import MARK, Pipelined, Statements
from ledger.store.subscription import PollingSubscription

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

    from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBSubscription

    from ledger.store.api import Mark
    from ledger.store.database import R, Snapshot
    from ledger.store.postgres.address import Address
    from ledger.store.prepared import Prepared, Rows

# The lock orders all writers, so each statement may see, and must see, everything committed before the statement.
# Hence the isolation level is READ COMMITTED. The lock is on an empty table: only roles that may record can take the
# lock, no vacuum needs it, and waiting programs get it in the order in which they asked. If a program writes without
# the lock, such as an older version of liggare, the primary keys still refuse a position that is taken.
BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
LOCK = f"LOCK TABLE {MARK}.turn IN SHARE ROW EXCLUSIVE MODE"
TAKEN = "another program wrote there without the lock"
# The query returns whether the role was granted INSERT on `checkpoints`, and whether the guard lets the role sign.
MAY_SIGN = """
SELECT has_table_privilege(c.oid, 'INSERT') AND EXISTS
    (SELECT FROM pg_roles r WHERE (r.oid = relowner OR rolname = %(signer)s) AND pg_has_role(r.oid, 'MEMBER'))
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %(schema)s AND relname = 'checkpoints'
"""


class PostgresDatabase:
    """A ledger's schema on a server. All threads share one connection under one lock, since reading a page is short.
    Waits up to `timeout` seconds for other programs, and as long for the server's answer.
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

    def fetch(self, statement: Prepared, parameters: Mapping[str, object] = NONE) -> Rows:
        """Runs a query and returns all its rows, as they were at one moment. No transaction is open afterwards."""
        with self._telling():
            return self._statements(self._opened()).fetch(statement, parameters)

    @contextmanager
    def writing(self) -> Iterator[Statements]:
        """Holds the ledger's write lock and yields Statements. The transaction commits if the block ends without an
        exception; otherwise nothing is written. Raises OutcomeUnknown when the outcome of the commit could not be
        learnt.
        """
        with self._telling():
            connection = self._opened()
            statements = Pipelined(connection, self._address.schema)
            # If a transaction is open, it is that of `locked`, which holds the lock already.
            if connection.info.transaction_status == TransactionStatus.IDLE:
                statements.put(BEGIN)
                statements.put(LOCK)
            try:
                yield statements
                if statements.keeps(LOCK):  # The wait for the lock must not use up the time that a COMMIT has.
                    statements.flush()
                statements.put(f"NOTIFY {self.channel}")
                commit(connection, statements.send_kept)
            except psycopg.errors.UniqueViolation:
                raise IntegrityError(TAKEN) from None

    def append(self, event: DCBEvent, leaf: bytes, after: int, seen: Mark) -> tuple[int, bool] | None:
        """Appends an entry by one statement. Returns None, and appends nothing, in the block of `locked`, or if another
        writer holds the lock.
        """
        with self._telling():
            connection = self._opened()
            if connection.info.transaction_status != TransactionStatus.IDLE:
                return None
            given = (after, *seen, event.type, leaf, event.data, event.tags, self.channel)
            try:
                with committing(connection):
                    [(head, extends)] = self._statements(connection).send(appending.CALL, given)
            except psycopg.errors.UniqueViolation:
                raise IntegrityError(TAKEN) from None
            return None if head is None else (head, extends)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the ledger's write lock until a `writing` block within this block commits, or until this block ends."""
        with self._telling():
            statements = Pipelined(self._opened(), self._address.schema)
            statements.put(BEGIN)
            statements.put(LOCK)
            statements.flush()
            try:
                yield
            finally:
                self._roll_back()

    def another(self) -> Self:
        """Returns another connection to the same ledger. Raises Damaged when another ledger is now at the address."""
        other = type(self)(self._address, timeout=self.timeout)
        if other.ledger_id != self.ledger_id:
            other.close()
            raise Damaged(self.where, msg("another ledger is in its place now"))
        return other

    @property
    def channel(self) -> str:
        """The NOTIFY channel on which subscribers listen."""
        return f"liggare_{self._number & 0xFFFFFFFF}"

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Yields a function that streams the rows of a query as of one moment. No other program has to wait
        meanwhile.
        """
        with self._telling(), closing(self.connect()) as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield self._statements(connection).stream

    def subscribe(self, recorder: R, query: DCBQuery | None, after: int | None) -> DCBSubscription[R]:
        """Returns a subscription that each commit wakes. On a standby, which does not support LISTEN, the subscription
        polls.
        """
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
        """Writes a copy of the ledger to a new SQLite file at `path`. Raises LedgerExists when `path` is taken."""
        from ledger.store.filing import copy_to_file
        from ledger.store.recorder import SqlStore

        copy_to_file(SqlStore(self), path)

    def faults(self) -> Iterator[str]:
        """Yields each difference from the schema that a ledger is made with. The server checks its own pages, so this
        function does not.
        """
        with self._telling():
            yield from wholeness.faults(self._statements(self._opened()), self._address.schema)

    def confirm(self) -> None:
        """Returns once everything read so far has reached the synchronous standbys. `confirm` commits a transaction
        that writes no row; like any commit, it waits until the standbys have this commit and all earlier ones. On a
        standby, `confirm` does nothing.
        """
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
        """Removes erased names from the table's pages, if the role may vacuum the table. The server's write-ahead log
        is left to the server's operator.
        """
        with self._telling(), suppress(psycopg.errors.InsufficientPrivilege):
            self._statements(self._opened()).send(f"VACUUM {MARK}.names, {MARK}.accounts")

    def close(self) -> None:
        with self._lock:
            self._drop()
            self._closed = True

    def connect(self) -> Connection:
        """Returns another connection to the same ledger, checked to be this ledger. The caller closes the
        connection.
        """
        connection = reached(self._address, self.timeout)
        try:
            return self._checked(connection)
        except BaseException:
            connection.close()
            raise

    def _checked(self, connection: Connection) -> Connection:
        found = opening.recognise(self._statements(connection), self._address.schema, self.where)
        if self.ledger_id not in {"", found.ledger_id}:
            raise Damaged(self.where, msg("another ledger is in its place now"))
        self.ledger_id, self._number, self.standby = found.ledger_id, found.number, found.standby
        self.signer_role = found.signer_role
        return connection

    def _statements(self, connection: Connection) -> Statements:
        return Statements(connection, self._address.schema)

    def _opened(self) -> Connection:
        if self._closed:
            raise LedgerClosed(self.where)
        idle = self._connection
        if idle is not None and idle.info.transaction_status == TransactionStatus.IDLE and not usable(idle):
            self._drop()
        if self._connection is None:
            self._connection = self.connect()
        return self._connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Rolls back any open transaction after an error, and raises the LedgerError that psycopg's error stands
        for.
        """
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
        """Closes the connection. The next read or write connects again, and the server rolls back what is left of a
        transaction.
        """
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def reached(address: Address, timeout: float) -> Connection:
    """Returns a connection to the server. Raises ServerAway when the server cannot be reached, and BadInput when the
    URL has an option that PostgreSQL does not have.
    """
    try:
        return connect(address.arguments, timeout)
    except psycopg.OperationalError as error:
        raise ServerAway(address.where, faults.what(error)) from None
    except (psycopg.ProgrammingError, TypeError, ValueError):  # The text of the error may hold an option's value.
        told = msg("{where}: PostgreSQL has no such option as one in this URL", where=address.where)
        raise BadInput([(None, told)]) from None
