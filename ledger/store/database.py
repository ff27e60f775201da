"""What the recorder asks of a database, SQLite's or PostgreSQL's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ledger.store.api import NONE, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    from eventsourcing.dcb.api import DCBQuery, DCBSubscription
    from sqlalchemy import Executable

    from ledger.store.prepared import Prepared

    Row = tuple[Any, ...]
    Snapshot = Callable[[Prepared], Iterator[Row]]

R = TypeVar("R", bound=Store)


class Writing(Protocol):
    """Statements under the ledger's lock, in one transaction."""

    def fetch(self, statement: Prepared | Executable, parameters: Mapping[str, object] = NONE) -> Sequence[Row]:
        """All its rows."""

    def run(self, statement: Prepared, rows: Iterable[Mapping[str, object]]) -> None:
        """Once for each of `rows`."""

    def keep_document(self, digest: str, data: bytes) -> None:
        """One that is not here yet."""

    def blank_erased(self) -> None:
        """Leaves no byte of a name that was erased in this transaction, as far as that can be done inside of it."""


class Database(Protocol):
    where: str  # what errors call the place
    ledger_id: str
    signer_role: str  # who signs for the ledger, on a server
    standby: bool  # whether it follows another server

    def fetch(self, statement: Prepared | Executable, parameters: Mapping[str, object] = NONE) -> Sequence[Row]:
        """All its rows, as they stood at one moment. No lock is held afterwards."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Under the ledger's lock: kept if the block ends well, else nothing was written; OutcomeUnknown if that could
        not be learnt.
        """

    def locked(self) -> AbstractContextManager[None]:
        """Holds the ledger's lock until what is written inside is kept, or the block ends."""

    def another(self) -> Self:
        """Another connection to the same ledger, with a lock of its own."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Rows of one moment, for as long as the block lasts, and as many as memory holds one by one."""

    @property
    def permissions(self) -> int:
        """Of a file with what lies in here: it becomes readable to nobody who may not read the ledger's."""

    @property
    def home(self) -> Path:
        """The directory in which what belongs to the ledger lies."""

    def subscribe(self, recorder: R, query: DCBQuery | None, after: int | None) -> DCBSubscription[R]: ...

    def backup(self, path: Path) -> None:
        """Afterwards a ledger lies in a file at `path`, as this one was at one moment."""

    def confirm(self) -> None:
        """Returns once what was read is as safe as what was acknowledged; else OutcomeUnknown."""

    def faults(self) -> Iterator[str]:
        """What is wrong with the database itself: its tables, its triggers, its pages."""

    def may_sign(self) -> bool:
        """Whether the role that asks may keep checkpoints."""

    def forget_past(self) -> None:
        """Takes what was erased out of where a database keeps its past, as far as it lies with us."""

    def close(self) -> None: ...
