"""The interface of every store: eventsourcing's DCBRecorder, extended with names, documents, the Merkle tree and its
checkpoints, a ledger id and a backup. No database here.
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

PATIENCE_S = 30.0  # By default, a store waits up to 30 seconds for a lock that another program holds.
NONE: Mapping[Any, Any] = MappingProxyType({})


class Mark(NamedTuple):
    """The position of an entry and its leaf hash in the Merkle tree (RFC 6962 section 2.1). A program that remembers
    the mark of the last entry it saw can check later that the log still extends that entry.
    """

    position: int
    leaf: bytes


UNSEEN = Mark(0, b"")  # UNSEEN is the mark of an empty log, which every log extends.


class Store(DCBRecorder):
    """An append-only log of entries with positions from 1 without gaps. A store also holds the erasable names of
    persons, and documents by their SHA-256 digest.
    """

    @property
    @abstractmethod
    def ledger_id(self) -> str:
        """The ledger's id: 128 random bits in hex, drawn when the ledger was created."""

    @property
    @abstractmethod
    def public_key(self) -> str:
        """The first public key that signed for the ledger, as text; an empty string when no key signs. The log records
        the later signing keys.
        """

    @property
    def permissions(self) -> int:
        """The file mode for a new file with the ledger's contents. With this mode, a user who cannot read the ledger
        cannot read the new file either. A ledger that is not a file gives 0o600, access for the owner alone.
        """
        return 0o600

    @property
    def home(self) -> Path | None:
        """The directory that gets a link to each unfinished copy of the ledger in another directory. None when the
        ledger has no directory of its own.
        """
        return None

    @property
    def signer_role(self) -> str:
        """The server role that signs for the ledger; an empty string where there are no roles. The owner of the
        ledger's tables may always sign too.
        """
        return ""

    def refuse_signer(self) -> None:
        """Raises MayNotSign when the current role may not store checkpoints. Callers make this check before they sign
        anything.
        """

    @property
    def follows(self) -> bool:
        """Whether the store is on a standby server. A standby may lag behind its primary server, and accepts no
        entries.
        """
        return False

    def confirm(self) -> None:
        """Returns once everything read so far is as durable as an acknowledged append. Raises OutcomeUnknown when that
        cannot be confirmed. After a commit with an unknown outcome, a reader may see entries that a synchronous standby
        still lacks.
        """

    @abstractmethod
    def turn(self) -> AbstractContextManager[None]:
        """Holds the write lock until the block ends: nobody else can append, and everybody can read. A writer that lost
        a race retries inside this block, where no other writer can overtake it. Raises LockBusy when the lock is not
        free in time.
        """

    @abstractmethod
    def append(
        self,
        events: Sequence[DCBEvent],
        condition: DCBAppendCondition | None = None,
        *,
        disclosures: Mapping[int, str] = NONE,
        accounts: Mapping[int, str] = NONE,
        erase: Collection[int] = (),
        documents: Mapping[str, bytes] = NONE,
        seen: Mark = UNSEEN,
    ) -> int:
        """Appends all of `events` or none, and returns the last position.

        `disclosures` maps an index into `events` to the disclosure of the name that the event registers, and `accounts`
        to that of a registrar's account. `erase` lists positions whose disclosures, of either kind, are deleted.
        `documents` maps a SHA-256 digest in hex to a document; a document that the store already holds is
        not written again.

        Raises eventsourcing's IntegrityError when `condition` fails. Raises WentBack when the log ends before the
        position that `condition` names, or does not extend `seen`. Raises OutcomeUnknown when the outcome of the commit
        could not be learnt.
        """

    @abstractmethod
    def erase(self, positions: Collection[int]) -> None:
        """Deletes the disclosures at `positions` without an append. `erase` is for disclosures that an earlier entry
        disposed of, and that somebody who bypassed the program then put back.
        """

    @abstractmethod
    def mark(self, seen: Mark = UNSEEN) -> Mark:
        """Returns the mark of the last entry. Raises WentBack when the log does not extend `seen`."""

    @abstractmethod
    def data(
        self, after: int, until: int, *, kind: str | None = None, tag: str | None = None
    ) -> Iterator[tuple[int, bytes]]:
        """Yields (position, data) of the entries with after < position <= until, in order of position. `kind` limits
        the entries to one event type, and `tag` to one tag; give at most one of `kind` and `tag`. `data` is faster than
        `read`, which builds an object for each entry.
        """

    @abstractmethod
    def head(self) -> int:
        """Returns the last position; 0 for an empty log."""

    @abstractmethod
    def is_whole(self) -> bool:
        """Returns whether there are as many entries as the last position says, and the index lists as many entries by
        type and by tag as have one. Reads no entry and no posting, so that a row that was removed is noticed, and one
        that was put in another's place is not. Raises Damaged when an entry has a position below 1.
        """

    @abstractmethod
    def types(self) -> frozenset[str]:
        """Returns the event types under which entries are stored."""

    @abstractmethod
    def disclosures(self) -> dict[int, str]:
        """Returns the disclosures of names that are not erased, by position, in order of position."""

    @abstractmethod
    def accounts(self) -> dict[int, str]:
        """Returns the disclosures of registrars' accounts that are not erased, by position, in order of position."""

    @abstractmethod
    def document(self, digest: str) -> bytes | None:
        """Returns the document with this SHA-256 digest in hex, or None. Raises Damaged when the stored bytes do not
        match the digest.
        """

    @abstractmethod
    def tile(self, level: int, number: int) -> bytes:
        """Returns the hashes of one tile of the log's Merkle tree, concatenated (C2SP tlog-tiles). A tile that is not
        full yet is returned with the hashes it has.
        """

    @abstractmethod
    def checkpoints(self) -> list[str]:
        """Returns every stored checkpoint as a signed note, the oldest first."""

    @abstractmethod
    def keep_checkpoint(self, size: int, note: str) -> None:
        """Adds `note`, a signed checkpoint of `size` entries, to the checkpoints. Raises eventsourcing's IntegrityError
        when `size` is below the last checkpoint's size or beyond the head. Raises MayNotSign for a server role that may
        not sign.
        """

    @abstractmethod
    def backup(self, path: Path) -> None:
        """Writes the ledger, as it was at one moment, to a new file at `path`. Raises LedgerExists when `path` is
        taken.
        """

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def last_mark(marks: Mapping[int, bytes], seen: Mark) -> Mark:
    """Returns the mark of the last entry. `marks` maps positions to leaf hashes, for the last entry and for the entry
    at `seen.position`. Raises WentBack when the leaf hash at `seen.position` is missing or differs from `seen.leaf`.
    """
    head = max(marks, default=0)
    if seen.position and marks.get(seen.position) != seen.leaf:
        raise WentBack(seen.position, head)
    return Mark(head, marks.get(head, b""))


def refuse_going_back(condition: DCBAppendCondition | None, head: int) -> None:
    """Raises WentBack when `condition` names a position beyond `head`. The caller has seen an entry at that position,
    so the log must have been replaced by an older copy.
    """
    if condition is not None and head < (condition.after or 0):
        raise WentBack(condition.after or 0, head)


def refuse_unkeepable(events: Sequence[DCBEvent]) -> None:
    """Raises ProgrammingError for an append without events, or for a tag that is empty, or that has a line break or a
    NUL character.
    """
    if not events:
        raise ProgrammingError("there is nothing to append")
    tags = {tag for event in events for tag in event.tags}
    if any(not tag or "\n" in tag or "\0" in tag for tag in tags):
        raise ProgrammingError("a tag must be one line, and not empty")
