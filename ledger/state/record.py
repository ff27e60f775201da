"""The registration that names a person on a day, the names disposed of, and the annulments and appeals of an entry.

This module does not know the names themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.events.agreement import AppealDismissed, AppealLodged
from ledger.events.record import EntryAnnulled, PersonalDataDisposed
from ledger.events.seats import PersonRegistered
from ledger.timeline import order, remembered

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


@remembered
def annulments(timeline: Timeline) -> dict[int, list[Entry[EntryAnnulled]]]:
    """Maps each position that annulments name to these annulments, in timeline order, without annulled annulments."""
    found: dict[int, list[Entry[EntryAnnulled]]] = {}
    for entry in timeline.of(EntryAnnulled):
        found.setdefault(entry.event.entry, []).append(entry)
    return found


@remembered
def _appeals(timeline: Timeline) -> dict[int, list[Entry[AppealLodged]]]:
    """Maps each appealed entry to its appeals, in timeline order."""
    found: dict[int, list[Entry[AppealLodged]]] = {}
    for entry in timeline.of(AppealLodged):
        found.setdefault(entry.event.entry, []).append(entry)
    return found


@remembered
def _dismissals(timeline: Timeline) -> dict[int, Entry[AppealDismissed]]:
    """Maps each entry that a dismissal names to the first such dismissal."""
    return {entry.event.entry: entry for entry in reversed(timeline.of(AppealDismissed))}


def appeals_on(
    timeline: Timeline, on: date, against: int | None = None
) -> list[tuple[Entry[AppealLodged], Entry[AppealDismissed] | None]]:
    """Returns the appeals lodged on or before a day, each with its dismissal, or None if not dismissed by then.

    With `against`, only the appeals against the entry at that position are returned. A dismissal names either the
    appeal or the entry that is appealed.
    """
    found = []
    dismissals = _dismissals(timeline)
    for lodged in timeline.of(AppealLodged) if against is None else _appeals(timeline).get(against, ()):
        named = (dismissals.get(entry) for entry in (lodged.position, lodged.event.entry))
        by_then = (one for one in named if one is not None and one.event.valid_on.last <= on)
        if lodged.event.valid_on.last <= on:
            found.append((lodged, min(by_then, key=order, default=None)))
    return found


@remembered
def first_appealed(timeline: Timeline) -> dict[int, date]:
    """Maps each entry that is appealed, and each appeal, to the day on which the first appeal was lodged."""
    found: dict[int, date] = {}
    for lodged in timeline.of(AppealLodged):
        for entry in (lodged.position, lodged.event.entry):
            found.setdefault(entry, lodged.event.valid_on.last)
    return found
