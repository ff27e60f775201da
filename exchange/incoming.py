"""What a file of another program holds, once it is read: events with their places, and how it was read."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.timeline import Timeline
    from recording.line_faults import Lines


def file_key(data: bytes, told: str) -> str:
    """Returns the idempotency key of a file: its digest, with what else its events rest on."""
    digest = sha256(data)
    digest.update(told.encode())
    return digest.hexdigest()


class Detailed(Protocol):
    """What is not recorded, and why."""

    def fields(self) -> dict[str, Any]:
        """Returns it as data for programs."""


class Incoming(NamedTuple):
    """The events of a file, each with the number of its line, row or payment.

    `read` says in sentences how the file was read, such as what each column was taken for. `left` says in sentences
    what in it is not recorded, and why. `plain` is true where nothing was interpreted: of JSON Lines, and of CSV under
    the names of fields. `details` holds what `left` says as data for programs, in the same order, where it is more than
    the sentence.
    """

    lines: Lines
    read: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    plain: bool = False
    details: tuple[Detailed, ...] = ()

    def left_out(self) -> Iterator[Any]:
        """Yields what is not recorded, for programs: the sentences or, where there are details, objects that hold the
        sentence as `what` beside them.
        """
        if not self.details:
            yield from self.left
        for what, one in zip(self.left, self.details, strict=False):
            yield {"what": what, **one.fields()}


class Arrival:
    """A file and what it holds, read for the entries that are in the ledger before its events: they tell who is meant
    in a cell. `incoming` is what was read last, and `read_as` what the file is read as: `members`, `payments`, `camt`
    or an event; "" for JSON Lines.
    """

    def __init__(self, read_as: str, read: Callable[[Timeline], Incoming], timeline: Timeline) -> None:
        self.read_as, self._read, self._head = read_as, read, timeline.head
        self.incoming = read(timeline)

    @property
    def keyed_by(self) -> str:
        """What a key of the file rests on besides its bytes: what it is read as and, of a bank's file, which payments
        are matched, so that those whose claim is recorded later are recorded when the file is imported again.
        """
        if self.read_as != "camt":
            return self.read_as
        matched = sha256()
        for line in self.incoming.lines:
            matched.update(repr(line).encode())
        return f"{self.read_as} {matched.hexdigest()}"

    def lines(self, timeline: Timeline) -> Lines:
        """Returns the events of the file after the entries of a timeline. Raises BadInput with every fault."""
        if self._head != timeline.head:
            self.incoming, self._head = self._read(timeline), timeline.head
        return self.incoming.lines
