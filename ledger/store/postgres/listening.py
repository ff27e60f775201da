"""A subscription that the server wakes. This module sends LISTEN, and each transaction that records sends NOTIFY. No
thread, and no other SQL.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

import psycopg

from ledger.store.postgres import faults
from ledger.store.subscription import INTERVAL_S, PollingSubscription, S_co

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBQuery

    from ledger.store.postgres.connection import Connection


class Server(Protocol):
    """The part of a ledger's database that a listening subscription needs."""

    where: str
    timeout: float

    @property
    def channel(self) -> str: ...

    def connect(self) -> Connection: ...


# The log is read every five seconds even without a notification, since a notification may be lost with a broken
# connection.
UNHEARD_S = 5.0


class ListeningSubscription(PollingSubscription[S_co]):
    """Yields each entry once, then waits until a NOTIFY from the server announces a new entry."""

    def __init__(self, recorder: S_co, query: DCBQuery | None, after: int | None, server: Server) -> None:
        super().__init__(recorder, query, after)
        self._server = server
        self._connection: Connection | None = None

    def __exit__(self, *_: object, **__: object) -> None:
        super().__exit__()
        self._ended()

    def _more(self) -> None:
        """Waits until a new entry may have been recorded. The first call returns right after LISTEN, since entries may
        have been recorded before LISTEN.
        """
        try:
            if self._connection is None:
                self._connection = self._server.connect()
                self._connection.execute(f"LISTEN {self._server.channel}")
                return
            until = time.monotonic() + UNHEARD_S
            while not self._stopped.is_set() and time.monotonic() < until:
                if any(self._connection.notifies(timeout=INTERVAL_S, stop_after=1)):
                    return
        except psycopg.Error as error:
            self._ended()
            raise faults.meaning(error, self._server.where, self._server.timeout) or error from None

    def _ended(self) -> None:
        """Closes the connection that listens, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
