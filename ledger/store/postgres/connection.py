"""A connection that never waits for ever, and a COMMIT with three outcomes: recorded, not recorded, or unknown. Knows
nothing of ledgers.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from select import POLLIN, poll
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.pq import ConnStatus, TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper

from ledger.errors import OutcomeUnknown
from ledger.messages import msg
from ledger.store.api import PATIENCE_S
from ledger.store.postgres.faults import what

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

T = TypeVar("T")

# This program reports each error once, so psycopg's own log is silenced.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

INTERVAL_S = 0.1  # A waiting connection checks the clock, and checks for Ctrl-C, every 0.1 seconds.
REACHING_S = 10

# The server must send warnings, since a COMMIT may end with a warning. With synchronous_commit, an acknowledged commit
# survives a power cut, on the server and on a synchronous standby.
SETTINGS = """
SELECT set_config('client_min_messages', 'warning', false), set_config('lock_timeout', %(wait)s, false),
       set_config('idle_in_transaction_session_timeout', %(idle)s, false),
       set_config('default_transaction_isolation', 'read committed', false),
       CASE WHEN current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')
            THEN set_config('synchronous_commit', 'on', false) END
"""
DEFAULTS: dict[str, Any] = {
    "application_name": "liggare",
    "client_encoding": "utf8",
    "connect_timeout": REACHING_S,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A psycopg connection that gives up on a server after `patience` seconds without an answer. TCP alone does not
    notice a frozen server, which still acknowledges packets.
    """

    patience = PATIENCE_S

    def wait(self, gen: Generator[Any, Any, T], interval: float = INTERVAL_S, *args: Any, **more: Any) -> T:
        """Waits as psycopg does, but looks at the clock every INTERVAL_S seconds, and raises OperationalError after
        `patience` seconds.
        """
        return super().wait(_bounded(gen, self.patience), min(interval, INTERVAL_S), *args, **more)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Sends the block's statements in a pipeline, without waiting for each answer. A statement may so fail only
        when the block ends. Closes the connection on an interrupt such as Ctrl-C, since leaving the pipeline normally
        would wait for the statements that were sent, one of which may be waiting for a lock.
        """
        try:
            with self.pipeline():
                try:
                    yield
                except Exception:
                    raise
                except BaseException:
                    self.close()
                    raise
        except psycopg.OperationalError as error:
            raise _first(error) from None


def connect(arguments: dict[str, Any], patience: float) -> Connection:
    """Opens a connection with the settings that a ledger needs. Each statement is its own transaction unless the caller
    sends BEGIN. `patience` is the number of seconds to wait for locks and for answers.
    """
    patient = {"tcp_user_timeout": max(1_000, round(patience * 1_000))}
    connection = Connection.connect(autocommit=True, **{**DEFAULTS, **patient, **arguments})
    connection.adapters.register_dumper(int, Int8BinaryDumper)  # So a statement is prepared once, not for each size.
    connection.patience = patience + INTERVAL_S * 10  # The server's own timeout comes first, since its error says more.
    try:
        limits = {"wait": f"{max(1, round(patience * 1_000))}ms", "idle": f"{round(patience * 4_000)}ms"}
        connection.execute(SETTINGS, limits)
    except BaseException:
        connection.close()
        raise
    return connection


def usable(connection: Connection) -> bool:
    """Whether an idle connection can still be used. The only message that a server usually sends to an idle connection
    says that the server is shutting down, so pending data means that the connection is lost.
    """
    if connection.closed or connection.pgconn.status != ConnStatus.OK:
        return False
    heard = poll()
    heard.register(connection.fileno(), POLLIN)
    return not heard.poll(0)


def commit(connection: Connection, send: Callable[[], None] | None = None) -> None:
    """Commits the transaction and returns once it is recorded. `send` sends its last statements, in one pipeline with
    the COMMIT. Raises psycopg's error when nothing was recorded, and OutcomeUnknown when the outcome could not be
    learnt.
    """
    with committing(connection):
        with connection.sending():
            if send is not None:
                send()
            committed = connection.execute("COMMIT")
        said = committed.statusmessage
    assert said == "COMMIT", f"a transaction that failed was committed: {said}"


@contextmanager
def committing(connection: Connection) -> Iterator[None]:
    """Runs a block that commits. Raises psycopg's error when nothing was recorded, and OutcomeUnknown when the outcome
    could not be learnt. A warning (SQLSTATE class 01) also means an unknown outcome: when the wait for a synchronous
    standby is cancelled, the standby may lack the commit.
    """
    warnings: list[str] = []

    def heard(told: psycopg.errors.Diagnostic) -> None:
        if (told.sqlstate or "").startswith("01"):
            warnings.append(told.message_primary or msg("a warning"))

    connection.add_notice_handler(heard)
    try:
        yield
    except psycopg.Error as error:
        # After a statement that failed, the server skips what follows in the pipeline, the COMMIT too.
        if error.sqlstate and connection.info.transaction_status in {TransactionStatus.IDLE, TransactionStatus.INERROR}:
            raise
        raise OutcomeUnknown(what(error)) from None
    finally:
        connection.remove_notice_handler(heard)
    if warnings:
        raise OutcomeUnknown(warnings[0])


def _first(error: psycopg.Error) -> psycopg.Error:
    """Returns the error that led to `error`. When a connection fails, leaving its pipeline fails too."""
    while isinstance(error.__context__, psycopg.Error):
        error = error.__context__
    return error


def _bounded(gen: Generator[Any, Any, T], seconds: float) -> Generator[Any, Any, T]:
    """Runs the generator `gen` of psycopg, and raises OperationalError after `seconds` without an answer from the
    server.
    """
    deadline = time.monotonic() + seconds
    try:
        state = next(gen)
        while True:
            ready = yield state
            if not ready and time.monotonic() > deadline:
                raise psycopg.OperationalError(msg("no answer for {seconds} s", seconds=f"{seconds:g}"))
            state = gen.send(ready)
    except StopIteration as ended:
        result: T = ended.value
        return result
