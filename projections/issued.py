"""The papers about a meeting that were issued, as recorded: what each is about, and the digest of its file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.events.record import PaperIssued
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.timeline import Timeline


OF_MEETINGS = frozenset({"notice", "minutes", "minutes-extract"})  # the kinds whose subject is a meeting or its item


class Issued(Struct, frozen=True, kw_only=True):
    """A paper of a kind that was issued on a day, made of the first `size` entries.

    `subject` is a meeting, or an item of one such as m1/3. `document` is the digest of its file in hex, or
    None if none was given.
    """

    kind: str
    subject: str
    day: date
    size: int
    document: str | None
    entry: int


def issued(timeline: Timeline, on: date, meeting: str) -> tuple[Issued, ...]:
    """Returns the papers about a meeting and its items that were issued by a day, in order of the log."""
    found = (entry for entry in _by_meeting(timeline).get(meeting, ()) if entry.event.valid_on.last <= on)
    return tuple(
        Issued(
            kind=entry.event.kind,
            subject=entry.event.subject,
            day=entry.event.valid_on.last,
            size=entry.event.size,
            document=entry.event.source.document,
            entry=entry.position,
        )
        for entry in sorted(found, key=lambda entry: entry.position)
    )


@remembered
def _by_meeting(timeline: Timeline) -> dict[str, list[Entry[PaperIssued]]]:
    found: dict[str, list[Entry[PaperIssued]]] = {}
    for entry in timeline.of(PaperIssued):
        if entry.event.kind in OF_MEETINGS:
            found.setdefault(entry.event.subject.partition("/")[0], []).append(entry)
    return found
