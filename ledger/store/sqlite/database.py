"""One SQLite file: opens, locks, commits and closes it, and translates SQLite's errors. Nothing here knows what an
entry is.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, NoReturn, TypeVar

from ledger.errors import Damaged, LedgerClosed, OutcomeUnknown
from ledger.messages import filled, msg
from ledger.store import files
from ledger.store.api import NONE, PATIENCE_S
from ledger.store.building import sync
from ledger.store.numbers import SCHEMA_VERSION
from ledger.store.sqlite import backup, faults, opening, wholeness
from ledger.store.sqlite.journal import Mode, best_mode, mode_of, settle
from ledger.store.sqlite.queue import in_line, pause
from ledger.store.sqlite.statements import Statements
from ledger.store.sqlite.steps import Steps
from ledger.store.subscription import PollingSubscription

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBSubscription

    from ledger.store.api import Mark
    from ledger.store.database import R, Row, Snapshot
    from ledger.store.prepared import Prepared, Rows

T = TypeVar("T")


# A reader tries to read for ALONE_S seconds before it joins the queue for the lock. A program that waits in vain to
# become first in the queue, or that finds no queue, tries to get the lock for ALONE_S seconds before it joins the queue
# again.
ALONE_S = 0.02

SETTINGS = (
    "synchronous = FULL",  # An acknowledged commit survives a power cut.
    "fullfsync = ON",  # On macOS, fsync alone does not reach the disk.
    "checkpoint_fullfsync = ON",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # With recursive triggers, REPLACE fires the triggers that refuse deletes.
    "trusted_schema = OFF",
    "secure_delete = ON",  # An erased name is overwritten, not only unlinked.
    "temp_store = MEMORY",  # Names never reach a temporary file.
    "cell_size_check = ON",
)


class SqliteFile:
    """The SQLite file at `path`, called `where` in errors. All threads share one connection under one lock, since
    SQLite allows one writer at a time anyway and reading a page is short. Waits up to `timeout` seconds for other
    programs.
    """

    def __init__(
        self, path: Path, *, where: str | None = None, timeout: float = PATIENCE_S, journal: Mode | None = None
    ) -> None:
        self.path = path.absolute()  # A later change of the working directory must not lead to another file.
        self.where = where or str(path)
        self.timeout = timeout
        self.ledger_id = ""
        self.signer_role = ""
        self.standby = False
        self._journal = journal or best_mode(sqlite3.sqlite_version_info)
        self._lock = RLock()
        self._closed = False
        self._is_open = False
        self._driver: sqlite3.Connection  # The connection is set while `_is_open` is true.
        self._steps = Steps(self.path)
        self._lies_in: tuple[int, int] | None = None
        with self._telling():
            self._opened()

    def fetch(self, statement: Prepared, parameters: Mapping[str, object] = NONE) -> Rows:
        """Runs a query and returns all its rows, as they were at one moment. No lock is held afterwards."""
        with self._telling():
            self._leave_what_was_moved()
            rows = partial(self._rows, statement, parameters)
            try:
                return self._patiently(rows, min(ALONE_S, self.timeout))
            except sqlite3.Error as error:
                if not faults.busy(error):
                    raise
            return self._in_turn(rows)

    def _rows(self, statement: Prepared, parameters: Mapping[str, object]) -> Rows:
        self._opened()
        return Statements(self._driver, self._steps).fetch(statement, parameters)

    @contextmanager
    def writing(self) -> Iterator[Statements]:
        """Holds the file's write lock and yields Statements. The transaction commits if the block ends without an
        exception; otherwise nothing is written. Raises OutcomeUnknown when the outcome of the commit could not be
        learnt.
        """
        with self._lock:
            committing = False
            try:
                self._begun()
                yield Statements(self._driver, self._steps)
                committing = True
                self._patiently(lambda: self._driver.execute("COMMIT"), self.timeout)
            except sqlite3.Error as error:
                self._fail(error, committing=committing)
            except BaseException:
                self._roll_back()
                raise

    def append(self, _event: DCBEvent, _leaf: bytes, _after: int, _seen: Mark) -> None:
        """Does nothing, since several statements cost a file no more than one."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the file's write lock until a `writing` block within this block commits, or until this block ends."""
        with self._telling():
            self._begun()
            try:
                yield
            finally:
                self._roll_back()

    def another(self) -> Self:
        """Returns another connection to the same file. Raises Damaged when another ledger is in the file's place."""
        other = self._in_turn(
            lambda: type(self)(self.path, where=self.where, timeout=self.timeout, journal=self._journal)
        )
        if other.ledger_id != self.ledger_id:
            other.close()
            raise Damaged(self.where, msg("another ledger is in its place now"))
        return other

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Yields a function that streams the rows of a query as of one moment. In a file without WAL, writers wait
        until the block ends.
        """
        with self._telling(), closing(self.connect()) as connection, ExitStack() as streams:
            connection.execute("BEGIN")

            def stream(statement: Prepared) -> Iterator[Row]:
                rows = self._streamed(statement, connection)
                streams.callback(rows.close)
                return rows

            yield stream

    def _streamed(self, statement: Prepared, connection: sqlite3.Connection) -> Generator[Row, None, None]:
        """Yields the statement's rows. Errors are translated here, so that an error names this file, and not the file
        to which the caller may be writing the rows.
        """
        self._steps.begin()
        try:
            yield from statement.stream(connection)
        except sqlite3.Error as error:
            self._steps.pass_on_interrupt(error)
            raise faults.meaning(error, self.where, self.timeout) or error from None

    def subscribe(self, recorder: R, query: DCBQuery | None, after: int | None) -> DCBSubscription[R]:
        return PollingSubscription(recorder, query, after)

    def may_sign(self) -> bool:
        return True

    @property
    def permissions(self) -> int:
        return files.permissions(self.path)

    @property
    def home(self) -> Path:
        return self.path.parent

    def backup(self, path: Path) -> None:
        backup.copy(self, path)

    def faults(self) -> Iterator[str]:
        with self._telling(), closing(self.connect()) as connection:
            self._steps.begin()
            yield from wholeness.faults(connection)

    def confirm(self) -> None:
        """Makes everything read so far durable by a commit that changes no row. SQLite syncs this commit like any
        other commit. The sync also covers what another program wrote but, having failed or been killed, did not sync.
        """
        with self.writing():
            self._driver.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def forget_past(self) -> None:
        """Removes erased values from the write-ahead log too. Other programs that are reading can delay the removal."""
        with self._telling(), suppress(sqlite3.Error, OSError):
            if mode_of(self._driver) == "wal":
                self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                # Without a sync, a power cut would bring the old log back.
                sync(self.path.with_name(f"{self.path.name}-wal"))

    def close(self) -> None:
        with self._lock:
            self._drop()
            self._closed = True

    def connect(self) -> sqlite3.Connection:
        """Returns another connection to the same file, which the caller closes. This module's settings are not applied
        to the connection. Raises Damaged if another ledger is in its place now.
        """
        opening.look(self.path, self.where)
        try:
            # SQLite opens a file read-only if the file is not writable.
            connection, ledger_id = self._checked("mode=rw")
        except sqlite3.OperationalError as error:
            if not (faults.family(error) in faults.NOT_ALLOWED and opening.on_sealed_disk(self.path)):
                raise
            connection, ledger_id = self._checked("immutable=1")
        if self.ledger_id not in {"", ledger_id}:
            connection.close()
            raise Damaged(self.where, msg("another ledger is in its place now"))
        self.ledger_id = ledger_id
        return connection

    def _checked(self, mode: str) -> tuple[sqlite3.Connection, str]:
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?{mode}",
            uri=True,
            timeout=self.timeout,
            isolation_level=None,
            check_same_thread=False,  # `_lock` keeps the threads apart.
        )
        self._steps.watch(connection)
        self._steps.begin()
        try:
            return connection, opening.recognise(connection, self.path, self.where)
        except BaseException:
            connection.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        self._lies_in = _inode(self.path)
        connection = self.connect()
        try:
            for setting in SETTINGS:
                connection.execute(f"PRAGMA {setting}")
            if os.access(self.path, os.W_OK):
                settle(connection, self._journal, self.timeout)
            connection.execute("PRAGMA busy_timeout = 0")  # `_patiently` waits for locks instead of SQLite.
        except BaseException:
            connection.close()
            raise
        return connection

    def _opened(self) -> None:
        if self._closed:
            raise LedgerClosed(self.where)
        if not self._is_open:
            self._driver = self._connect()
            self._is_open = True

    def _begun(self) -> None:
        while True:
            self._opened()
            if self._driver.in_transaction:  # The write lock is held already, by `locked`.
                return
            self._in_turn(lambda: self._driver.execute("BEGIN IMMEDIATE"))
            self._refuse_strange()
            sound = self._journal == "wal" or mode_of(self._driver) != "wal"
            if sound and self._lies_in == _inode(self.path):
                return
            # Either another program with a newer SQLite moved the open file to WAL, which this version of SQLite does
            # not handle safely, or another file was put in the open file's place.
            self._drop()

    def _refuse_strange(self) -> None:
        """Raises Damaged when the schema has a trigger or a computed expression that no ledger has, so that no write
        ever runs it.
        """
        try:
            strange = next(wholeness.strange(self._driver), None)
        except UnicodeDecodeError:
            strange = filled(wholeness.TEXTLESS, {})
        if strange:
            raise Damaged(self.where, strange)

    def _in_turn(self, work: Callable[[], T]) -> T:
        """Runs `work` when this process is first in the queue for the file's locks. The queue is a lock on the journal
        that SQLite keeps beside the file. While that journal does not exist, `work` is tried without a queue, since
        SQLite will soon create the journal.
        """
        beside = self.path.with_name(f"{self.path.name}-{'wal' if self._journal == 'wal' else 'journal'}")
        deadline = time.monotonic() + self.timeout
        while True:
            with in_line(beside, self.timeout) as first:
                try:
                    return self._patiently(work, self.timeout if first else min(ALONE_S, self.timeout))
                except sqlite3.Error as error:
                    if not faults.busy(error) or time.monotonic() >= deadline:
                        raise

    def _leave_what_was_moved(self) -> None:
        """Closes the connection if another file was put in this file's place, for example by restoring a backup. The
        next read or write opens the new file.
        """
        if self._is_open and not self._driver.in_transaction and self._lies_in != _inode(self.path):
            self._drop()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                self._fail(error)
            except UnicodeDecodeError:  # A name in the schema, or one of SQLite's messages, is not UTF-8.
                self._drop()
                raise Damaged(self.where, filled(wholeness.TEXTLESS, {})) from None

    @staticmethod
    def _patiently(work: Callable[[], T], seconds: float) -> T:
        """Retries `work` for up to `seconds` while other programs hold the lock. SQLite's own way of waiting ignores
        Ctrl-C, and its pauses grow so long that a program which keeps retaking the lock never loses it.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                return work()
            except sqlite3.Error as error:
                if not faults.busy(error) or time.monotonic() >= deadline:
                    raise
            pause()

    def _fail(self, error: sqlite3.Error, *, committing: bool = False) -> NoReturn:
        """Ends the transaction, and raises the LedgerError that SQLite's error stands for."""
        if faults.family(error) in faults.HARMLESS:
            self._roll_back()
        else:
            self._drop()
        self._steps.pass_on_interrupt(error)
        if committing and faults.family(error) not in faults.KNOWN_AT_COMMIT:
            raise OutcomeUnknown(f"{faults.name(error)}: {error}") from None
        raise faults.meaning(error, self.where, self.timeout) or error from None

    def _roll_back(self) -> None:
        try:
            if self._is_open and self._driver.in_transaction:
                self._driver.execute("ROLLBACK")
        except sqlite3.Error:
            self._drop()

    def _drop(self) -> None:
        """Closes the connection. The next read or write opens and checks the file anew, and rolls back what is left of
        a transaction.
        """
        if self._is_open:
            self._is_open = False
            with suppress(sqlite3.Error):
                self._driver.close()


def _inode(path: Path) -> tuple[int, int] | None:
    """Returns the device and inode numbers that identify a file. Returns None when no file can be seen at `path`."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # ValueError means that no file can have this name.
        return None
    return found.st_dev, found.st_ino
