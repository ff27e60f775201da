"""Loose entries, whose valid day is a month, a year or a span: an index of them, and copies at their earliest day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events.agreement import AgreementProposed
from ledger.events.shape import tags_of
from ledger.values import day

if TYPE_CHECKING:
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event

    Read = type[Event] | tuple[type[Event], str]  # a dependency of an answer: a class, or a class with a tag


RECORDED = "as recorded "  # before a tag, or alone: a `Read` in which no day matters, so no loose entry can change it


def reads_of_days(event: Event) -> list[Read]:
    """Returns every `Read` that includes an event, and whose value can depend on the event's day."""
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


def _exactly(on: date) -> Any:
    return day(on.isoformat())
