"""What every store of a ledger offers: eventsourcing's DCBRecorder, and beside it names, documents, the tree and its
checkpoints, an id, a backup.
"""

from __future__ import annotations

from abc import abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from eventsourcing.dcb.api import DCBRecorder
from eventsourcing.persistence import ProgrammingError

from ledger.errors import WentBack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent

PATIENCE_S = 30.0  # how long a store waits for other programs, unless it is told otherwise
NONE: Mapping[Any, Any] = MappingProxyType({})


class Mark(NamedTuple):
    """An entry that was seen: its position, and its leaf hash in the tree (RFC 6962 section 2.1). Whoever remembers the
    mark of the last entry can tell later whether the log goes on from it.
    """

    position: int
    leaf: bytes


UNSEEN = Mark(0, b"")  # of an empty log, from which every log goes on


class Store(DCBRecorder):
    """A log of entries with dense positions from 1, the erasable names of persons, and documents by digest."""

    @property
    @abstractmethod
    def ledger_id(self) -> str:
        """128 random bits in hex, from the ledger's making on."""

    @property
    @abstractmethod
    def public_key(self) -> str:
        """The first of the keys that sign for the ledger, as text; "" if there is none. Later ones are in the log."""

    @property
    def permissions(self) -> int:
        """Of a file with what lies in here: it becomes readable to nobody who may not read the ledger. The owner's
        alone where the ledger is no file.
        """
        return 0o600

    @property
    def home(self) -> Path | None:
        """The directory in which unfinished copies of it, made elsewhere, are noted; None if there is none."""
        return None

    @property
    def signer_role(self) -> str:
        """On a server the role that signs for the ledger, beside the owner of its tables if that is another; "" where
        there are no roles.
        """
        return ""

    def refuse_signer(self) -> None:
        """Raises MayNotSign for a role that may not keep checkpoints, before anything is signed."""

    @property
    def follows(self) -> bool:
        """Whether this is a standby of another: it may lack what was recorded there, and takes no entries."""
        return False

    def confirm(self) -> None:
        """Returns once all that was read so far is as safe as what was acknowledged: of a commit whose outcome nobody
        learnt, one may read what a standby that must have it still lacks.
        """

    @abstractmethod
    def turn(self) -> AbstractContextManager[None]:
        """Until the block ends nobody else appends, while all may read: whoever was overtaken waits here for a turn,
        and is not overtaken again. Raises LockBusy when none came.
        """

    @abstractmethod
    def append(
        self,
        events: Sequence[DCBEvent],
        condition: DCBAppendCondition | None = None,
        *,
        disclosures: Mapping[int, str] = NONE,
        erase: Collection[int] = (),
        documents: Mapping[str, bytes] = NONE,
        seen: Mark = UNSEEN,
    ) -> int:
        """The last position, with everything kept or nothing. `disclosures` by index into `events`; `erase` are
        positions whose disclosures go; `documents` by SHA-256 in hex, one already there is left alone.
        Raises eventsourcing's IntegrityError if the condition fails; WentBack if the log ends before the position that
        the condition names, or does not go on from `seen`.
        """

    @abstractmethod
    def erase(self, positions: Collection[int]) -> None:
        """Erases disclosures alone: those that an entry of before disposed of, and that were put back."""

    @abstractmethod
    def mark(self, seen: Mark = UNSEEN) -> Mark:
        """The mark of the last entry. Raises WentBack if the log does not go on from `seen`."""

    @abstractmethod
    def data(
        self, after: int, until: int, *, kind: str | None = None, tag: str | None = None
    ) -> Iterator[tuple[int, bytes]]:
        """Position and data of the entries with after < position <= until, of one type or with one tag if it is given:
        what `read` gives, without what costs more than the reading.
        """

    @abstractmethod
    def head(self) -> int:
        """The last position; 0 if there is none."""

    @abstractmethod
    def count(self) -> int:
        """How many entries there are: as many as the last position says, unless one was taken away. Damaged if one lies
        before position 1.
        """

    @abstractmethod
    def types(self) -> frozenset[str]:
        """The types that entries are kept under."""

    @abstractmethod
    def disclosures(self) -> dict[int, str]:
        """Those not erased, by position, in that order."""

    @abstractmethod
    def document(self, digest: str) -> bytes | None:
        """The document with this SHA-256 in hex."""

    @abstractmethod
    def tile(self, level: int, number: int) -> bytes:
        """A tile of the log's tree (C2SP tlog-tiles), as far as it goes."""

    @abstractmethod
    def checkpoints(self) -> list[str]:
        """Every signed note that was kept, in that order."""

    @abstractmethod
    def keep_checkpoint(self, size: int, note: str) -> None:
        """Afterwards the note is one of the checkpoints. Raises eventsourcing's IntegrityError for a size below the
        last one's, or beyond the head; MayNotSign on a server, for who is another.
        """

    @abstractmethod
    def backup(self, path: Path) -> None:
        """Afterwards a ledger lies at `path`, as this one was at one moment. Never overwrites."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def last_mark(marks: Mapping[int, bytes], seen: Mark) -> Mark:
    """The mark of the last entry, from the leaf hashes, by position, of that and of the one seen before."""
    head = max(marks, default=0)
    if seen.position and marks.get(seen.position) != seen.leaf:
        raise WentBack(seen.position, head)
    return Mark(head, marks.get(head, b""))


def refuse_going_back(condition: DCBAppendCondition | None, head: int) -> None:
    """Whoever names a position has seen it: a log that ends before it went back."""
    if condition is not None and head < (condition.after or 0):
        raise WentBack(condition.after or 0, head)


def refuse_unkeepable(events: Sequence[DCBEvent]) -> None:
    """What no caller of ours gives: no events, or tags that an index of lines cannot hold."""
    if not events:
        raise ProgrammingError("there is nothing to append")
    if any(not tag or "\n" in tag for event in events for tag in event.tags):
        raise ProgrammingError("a tag is one line, and not empty")
