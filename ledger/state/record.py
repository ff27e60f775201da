"""The registration that names a person on a day, the names disposed of, and the annulments and appeals of an entry.

This module does not know the names themselves.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from ledger.events.agreement import AppealDismissed, AppealLodged
from ledger.events.record import EntryAnnulled, PersonalDataDisposed, RegistrarAuthorised, RegistrarReleased
from ledger.events.seats import PersonRegistered
from ledger.timeline import order, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline
    from ledger.values import Name


OF_REGISTRARS = (RegistrarAuthorised, RegistrarReleased)


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
    return frozenset(one.event.person for one in timeline.of(PersonalDataDisposed) if one.event.person is not None)


# Events with a text that is kept outside the log → the field that holds its digest.
KEPT_OUTSIDE: dict[type[Event], str] = {PersonRegistered: "name", RegistrarAuthorised: "account"}


def kept_outside(event: Event) -> Name | None:
    """Returns the name or the account that an event registers, or None."""
    field = KEPT_OUTSIDE.get(type(event))
    return getattr(event, field) if field else None


def whose(event: Event) -> str:
    """Returns the tag of the person or the registrar whose text outside the log an event registers or disposes of."""
    match event:
        case PersonRegistered(person=str(person)) | PersonalDataDisposed(person=str(person)):
            return f"person:{person}"
        case RegistrarAuthorised(registrar=str(registrar)) | PersonalDataDisposed(registrar=str(registrar)):
            return f"registrar:{registrar}"
    return ""  # a stored disposal that names nobody


def erased_by(new: Sequence[Entry[Any]], timeline: Timeline) -> list[int]:
    """Returns the positions whose texts outside the log the disposals among `new` erase, in order of position.

    A disposal erases all that was registered before it, annulled registrations included.
    """
    disposals: dict[str, int] = {}
    for entry in new:
        if isinstance(entry.event, PersonalDataDisposed):
            disposals[whose(entry.event)] = max(entry.position, disposals.get(whose(entry.event), 0))
    if not disposals:
        return []
    registered: Iterator[Entry[Any]] = (one for event in KEPT_OUTSIDE for one in timeline.all_of(event))
    return sorted(one.position for one in registered if one.position < disposals.get(whose(one.event), 0))


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
def annulled_at_last(timeline: Timeline) -> dict[int, int]:
    """Maps each annulment of a recording error to the entry that it is about in the end: that which it annuls or, if
    that annuls a recording error too, that which that one is about.
    """
    found: dict[int, int] = {}
    for one in sorted(timeline.all_of(EntryAnnulled), key=lambda one: one.position):
        if one.event.cause == "recording-error":
            found[one.position] = found.get(one.event.entry, one.event.entry)
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


def registrar_of(timeline: Timeline, registrar: str, position: int, on: date) -> Entry[RegistrarAuthorised] | None:
    """Returns the authorisation under which a registrar may record the entry at `position` on a day, or None.

    Only entries before `position` count. Of the authorisations that have begun by the day, the last recorded one
    counts, unless the registrar was released afterwards from a day that has come.
    """
    return _counting(_registrars_before(timeline, position), registrar, on)


def registrar_among(
    said: Sequence[Entry[Any]], registrar: str, position: int, on: date
) -> Entry[RegistrarAuthorised] | None:
    """Returns what `registrar_of` returns, from the authorisations, releases and annulments in order of position."""
    return _counting(standing([one for one in said if one.position < position]), registrar, on)


def _counting(said: Sequence[Entry[Any]], registrar: str, on: date) -> Entry[RegistrarAuthorised] | None:
    found = None
    for entry in said:
        if entry.event.registrar == registrar and entry.event.valid_on.last <= on:
            found = entry if isinstance(entry.event, RegistrarAuthorised) else None
    return found


def standing(said: Sequence[Entry[Any]]) -> list[Entry[Any]]:
    """Returns the entries that no annulment among them takes out, without annulments, in the order given: that of their
    positions.
    """
    gone: set[int] = set()
    for one in reversed(said):
        if isinstance(one.event, EntryAnnulled) and one.position not in gone:
            gone.add(one.event.entry)
    return [one for one in said if one.position not in gone and not isinstance(one.event, EntryAnnulled)]


def registrars_of(timeline: Timeline, position: int, on: date) -> dict[str, Entry[RegistrarAuthorised]]:
    """Maps each registrar who may record the entry at `position` on a day to the authorisation that counts."""
    ids = sorted({entry.event.registrar for entry in _registrars_before(timeline, position)})
    found = ((one, registrar_of(timeline, one, position, on)) for one in ids)
    return {one: entry for one, entry in found if entry is not None}


def ever_authorised(timeline: Timeline, position: int) -> bool:
    """Returns whether anybody was authorised to record by an entry before `position`, annulled or not: whoever annuls
    every authorisation is judged, and so is what is recorded afterwards.
    """
    first = next(iter(timeline.all_of(RegistrarAuthorised)), None)
    return first is not None and first.position < position


def _registrars_before(timeline: Timeline, position: int) -> list[Entry[Any]]:
    """Returns the authorisations and releases before `position`, in order of position, without those that were annulled
    before `position`.
    """
    positions, _ = _about_registrars(timeline)
    last = bisect_left(positions, position)
    return _standing(timeline, last) if last else []


def concerns_registrars(entry: Entry[Any], told: set[int]) -> bool:
    """Returns whether an entry authorises or releases a registrar, or annuls such an entry, or such an annulment.

    `told` holds the positions of those that came before, and is given the entry's own.
    """
    event = entry.event
    about = event.entry in told if isinstance(event, EntryAnnulled) else isinstance(event, OF_REGISTRARS)
    if about:
        told.add(entry.position)
    return about


@remembered
def _about_registrars(timeline: Timeline) -> tuple[list[int], list[Entry[Any]]]:
    """Returns the authorisations, the releases and their annulments, in order of position, after their positions."""
    said = [*timeline.all_of(RegistrarAuthorised), *timeline.all_of(RegistrarReleased)]
    told = {one.position for one in said}
    said += [one for one in timeline.all_of(EntryAnnulled) if concerns_registrars(one, told)] if said else []
    said.sort(key=lambda one: one.position)
    return [one.position for one in said], said


@remembered
def _standing(timeline: Timeline, first: int) -> list[Entry[Any]]:
    """Returns what stands of the first so many entries of `_about_registrars`, without annulments."""
    _, said = _about_registrars(timeline)
    return standing(said[:first])
