"""The papers that were issued, as recorded: what each is about, and the digest of its file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.events.record import PaperIssued
from ledger.timeline import remembered

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.timeline import Timeline


class Issued(Struct, frozen=True, kw_only=True):
    """A paper of a kind that was issued on a day, made of the first `size` entries.

    `subject` is what it is about, such as a meeting or an item of one. `document` is the digest of its file in hex, or
    None if none was given.
    """

    kind: str
    subject: str
    day: date
    size: int
    document: str | None
    entry: int


def issued(timeline: Timeline, on: date, subject: str) -> tuple[Issued, ...]:
    """Returns the papers about a subject and its parts, such as m1 and m1/3, issued by a day, in order of the log."""
    found = (entry for entry in _by_subject(timeline).get(subject, ()) if entry.event.valid_on.last <= on)
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
def _by_subject(timeline: Timeline) -> dict[str, list[Entry[PaperIssued]]]:
    found: dict[str, list[Entry[PaperIssued]]] = {}
    for entry in timeline.of(PaperIssued):
        found.setdefault(entry.event.subject.partition("/")[0], []).append(entry)
    return found
