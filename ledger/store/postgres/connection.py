"""A connection that never waits for ever, and a COMMIT with three outcomes. Knows nothing of ledgers."""

from __future__ import annotations

import logging
import time
from select import POLLIN, poll
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.pq import ConnStatus, TransactionStatus

from ledger.errors import OutcomeUnknown
from ledger.store.api import PATIENCE_S
from ledger.store.postgres.faults import what

if TYPE_CHECKING:
    from collections.abc import Generator

T = TypeVar("T")

logging.getLogger("psycopg").addHandler(logging.NullHandler())  # what goes wrong is told once, by us

INTERVAL_S = 0.1  # so often it looks at the clock, and for Ctrl-C
REACHING_S = 10

# What COMMIT must tell is told, and what was acknowledged outlives a power cut, here and where a standby must have it.
SETTINGS = """
SELECT set_config('client_min_messages', 'warning', false), set_config('lock_timeout', %(wait)s, false),
       set_config('idle_in_transaction_session_timeout', %(idle)s, false),
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
    """psycopg's, which gives up on a server that says nothing for `patience` seconds: one that was frozen, or cut off,
    still answers TCP.
    """

    patience = PATIENCE_S

    def wait(self, gen: Generator[Any, Any, T], interval: float = INTERVAL_S, *args: Any, **more: Any) -> T:
        return super().wait(_bounded(gen, self.patience), min(interval, INTERVAL_S), *args, **more)


def connect(arguments: dict[str, Any], patience: float) -> Connection:
    """Settled for a ledger, each statement its own transaction unless one is begun."""
    patient = {"tcp_user_timeout": max(1_000, round(patience * 1_000))}
    connection = Connection.connect(autocommit=True, **{**DEFAULTS, **patient, **arguments})
    connection.patience = patience + INTERVAL_S * 10  # the server's own limit is told better
    try:
        limits = {"wait": f"{max(1, round(patience * 1_000))}ms", "idle": f"{round(patience * 4_000)}ms"}
        connection.execute(SETTINGS, limits)
    except BaseException:
        connection.close()
        raise
    return connection


def usable(connection: Connection) -> bool:
    """Whether it may still be used. Unasked, a server has little else to say than that it goes."""
    if connection.closed or connection.pgconn.status != ConnStatus.OK:
        return False
    heard = poll()
    heard.register(connection.fileno(), POLLIN)
    return not heard.poll(0)


def commit(connection: Connection) -> None:
    """Returns if it was recorded; psycopg's error if it was not; OutcomeUnknown if that could not be learnt. A warning
    says that a standby that must have it may not: a wait that was cancelled (SQLSTATE 01000).
    """
    warnings: list[str] = []

    def heard(told: psycopg.errors.Diagnostic) -> None:
        if (told.sqlstate or "").startswith("01"):
            warnings.append(told.message_primary or "a warning")

    connection.add_notice_handler(heard)
    try:
        said = connection.execute("COMMIT").statusmessage
    except psycopg.Error as error:
        if error.sqlstate and connection.info.transaction_status == TransactionStatus.IDLE:
            raise
        raise OutcomeUnknown(what(error)) from None
    finally:
        connection.remove_notice_handler(heard)
    assert said == "COMMIT", f"a transaction that failed was committed: {said}"
    if warnings:
        raise OutcomeUnknown(warnings[0])


def _bounded(gen: Generator[Any, Any, T], seconds: float) -> Generator[Any, Any, T]:
    """The same work; OperationalError when it has waited `seconds` in vain."""
    deadline = time.monotonic() + seconds
    try:
        state = next(gen)
        while True:
            ready = yield state
            if not ready and time.monotonic() > deadline:
                raise psycopg.OperationalError(f"no answer for {seconds:g} s")
            state = gen.send(ready)
    except StopIteration as ended:
        result: T = ended.value
        return result
