"""The registration that names a person on a day, and the persons whose names were disposed of.

This module does not know the names themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.events.record import PersonalDataDisposed
from ledger.events.seats import PersonRegistered
from ledger.timeline import remembered

if TYPE_CHECKING:
    from datetime import date

    from ledger.encoding import Entry
    from ledger.timeline import Timeline


@remembered
def registrations(timeline: Timeline) -> dict[str, list[Entry[PersonRegistered]]]:
    """Maps each person to the person's registrations, in timeline order."""
    found: dict[str, list[Entry[PersonRegistered]]] = {}
    for entry in timeline.of(PersonRegistered):
        found.setdefault(entry.event.person, []).append(entry)
    return found


@remembered
def disposed(timeline: Timeline) -> frozenset[str]:
    """Returns the ids of the persons whose names were disposed of."""
    return frozenset(entry.event.person for entry in timeline.of(PersonalDataDisposed))


def registration_on(timeline: Timeline, person: str, on: date) -> int | None:
    """Returns the position of the entry whose name a person has on a day, or None if the person was never registered.

    The entry is the latest registration dated on or before the day, or the first registration if all are dated later.
    """
    known = registrations(timeline).get(person)
    if not known:
        return None
    return next((entry for entry in reversed(known) if entry.event.valid_on.last <= on), known[0]).position
