"""The interface of the databases that the recorder runs on, SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ledger.store.api import NONE, Mark, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBSubscription
    from sqlalchemy import Table

    from ledger.store.prepared import Prepared

    Row = tuple[Any, ...]
    Snapshot = Callable[[Prepared], Iterator[Row]]

R = TypeVar("R", bound=Store)


class Writing(Protocol):
    """Runs statements under the ledger's write lock, in one transaction."""

    def fetch(self, statement: Prepared, parameters: Mapping[str, object] = NONE) -> Sequence[Row]:
        """Runs a query and returns all its rows."""

    def fetch_each(self, *asked: tuple[Prepared, Mapping[str, object]]) -> Sequence[Sequence[Row]]:
        """Runs several queries, of which none depends on another, and returns the rows of each."""

    def run(self, statement: Prepared, rows: Iterable[Mapping[str, object]]) -> None:
        """Runs the statement once for each of `rows`."""

    def add(self, table: Table, rows: Iterable[Row]) -> None:
        """Inserts rows, each with the values of all columns in order."""

    def keep_document(self, digest: str, data: bytes) -> None:
        """Inserts a document that the ledger does not hold yet."""

    def blank_erased(self) -> None:
        """Overwrites every byte of the names that this transaction erased, as far as a transaction can do that."""


class Database(Protocol):
    """One ledger in a database: its connection, its lock and its transactions."""

    where: str  # `where` is the ledger's location as errors show it.
    ledger_id: str
    signer_role: str  # `signer_role` is the server role that signs for the ledger.
    standby: bool  # `standby` is true if the server is a standby.

    def fetch(self, statement: Prepared, parameters: Mapping[str, object] = NONE) -> Sequence[Row]:
        """Runs a query and returns all its rows, as they were at one moment. No lock is held afterwards."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Holds the ledger's write lock and yields a Writing. The transaction commits if the block ends without an
        exception; otherwise nothing is written. Raises OutcomeUnknown when the outcome of the commit could not be
        learnt.
        """

    def append(self, event: DCBEvent, leaf: bytes, after: int, seen: Mark) -> tuple[int, bool] | None:
        """Appends an entry that fills no tile, if `after` is the last position and the log extends `seen`. Returns the
        last position before, and whether the log extends `seen`. Returns None, and appends nothing, when the entry has
        to be appended by `writing`.
        """

    def locked(self) -> AbstractContextManager[None]:
        """Holds the ledger's write lock until a `writing` block within this block commits, or until this block ends."""

    def another(self) -> Self:
        """Returns another connection to the same ledger, with a lock of its own."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Yields a function that streams the rows of a query one by one, so that the rows need not fit in memory. All
        rows that are read in the block are as of one moment.
        """

    @property
    def permissions(self) -> int:
        """The file mode for a new file with the ledger's contents. With this mode, a user who cannot read the ledger
        cannot read the new file either.
        """

    @property
    def home(self) -> Path:
        """The directory for files that belong to the ledger."""

    def subscribe(self, recorder: R, query: DCBQuery | None, after: int | None) -> DCBSubscription[R]: ...

    def backup(self, path: Path) -> None:
        """Writes the ledger, as it was at one moment, to a new file at `path`."""

    def confirm(self) -> None:
        """Returns once everything read so far is as durable as an acknowledged commit. Raises OutcomeUnknown when that
        cannot be confirmed.
        """

    def faults(self) -> Iterator[str]:
        """Yields one text for each fault of the database itself (tables, triggers, pages)."""

    def may_sign(self) -> bool:
        """Whether the current role may store checkpoints."""

    def forget_past(self) -> None:
        """Removes erased values from where the database keeps old data, such as a write-ahead log, as far as this
        program can.
        """

    def close(self) -> None: ...
