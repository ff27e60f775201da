"""Loose entries, whose valid day is a month, a year or a span: an index of them, and copies at their earliest day."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events.agreement import AgreementProposed
from ledger.events.shape import tags_of
from ledger.values import day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event

    Read = type[Event] | tuple[type[Event], str]  # a dependency of an answer: a class, or a class with a tag
    ByRead = dict[Read, dict[int, Entry[Any]]]


def reads_of(event: Event) -> list[Read]:
    """Returns every `Read` that includes an event: the event's class, and that class with each of the event's tags."""
    return [type(event), *((type(event), tag) for tag in tags_of(event))]


def is_loose(entry: Entry[Event]) -> bool:
    """Whether an entry's valid day, or the start day in an agreement proposal, is not an exact date."""
    event = entry.event
    return event.valid_on.is_loose or (isinstance(event, AgreementProposed) and event.in_force_from.is_loose)


def at_earliest(entry: Entry[Event]) -> Entry[Event]:
    """Returns a copy of the entry with each loose day replaced by its earliest possible date."""
    event = structs.replace(entry.event, valid_on=_exactly(entry.event.valid_on.first))
    if isinstance(event, AgreementProposed):
        event = structs.replace(event, in_force_from=_exactly(event.in_force_from.first))
    return structs.replace(entry, event=event)


def loose_by_read(entries: Iterable[Entry[Any]]) -> ByRead:
    """Returns an index of the loose entries: it maps each `Read` to the loose entries that it includes, by position.

    A `Read` stands for the entries of an event class, or for those entries of the class that have a certain tag.
    """
    found: ByRead = defaultdict(dict)
    for entry in filter(is_loose, entries):
        for read in reads_of(entry.event):
            found[read][entry.position] = entry
    return dict(found)


def loose_with(known: ByRead, entries: Iterable[Entry[Any]], instead_of: int | None) -> ByRead:
    """Returns a copy of the index `known` to which the loose entries among `entries` are added.

    `entries` replace the entry at the position `instead_of`, if given: that entry is removed from the copy under every
    `Read` that includes one of `entries`.
    """
    found = dict(known)
    for entry in entries:
        for read in reads_of(entry.event):
            others = {at: one for at, one in found.get(read, {}).items() if at != instead_of}
            found[read] = {**others, entry.position: entry} if is_loose(entry) else others
    return found


def _exactly(on: date) -> Any:
    return day(on.isoformat())
