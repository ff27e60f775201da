"""The registration that names a person on a day, the names disposed of, and the annulments and appeals of an entry.

This module does not know the names themselves.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from ledger.events.agreement import AppealDismissed, AppealLodged
from ledger.events.record import EntryAnnulled, PersonalDataDisposed, RegistrarAuthorised, RegistrarReleased
from ledger.events.seats import PersonRegistered
from ledger.sweden import recorded_on
from ledger.timeline import order, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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
    return registrar_among(_by_registrar(timeline), registrar, position, on)


def registrar_among(
    said: Mapping[str, Sequence[Entry[Any]]], registrar: str, position: int, on: date
) -> Entry[RegistrarAuthorised] | None:
    """Returns what `registrar_of` returns, from what was said of each registrar: the authorisations, the
    releases and their annulments, in order of position.
    """
    own = said.get(registrar, ())
    gone: set[int] = set()
    for place in range(bisect_left(own, position, key=lambda one: one.position) - 1, -1, -1):
        entry = own[place]
        if entry.position in gone:
            continue
        if isinstance(entry.event, EntryAnnulled):
            gone.add(entry.event.entry)
        elif entry.event.valid_on.last <= on:
            return entry if isinstance(entry.event, RegistrarAuthorised) else None
    return None


def registrars_of(timeline: Timeline, position: int, on: date) -> dict[str, Entry[RegistrarAuthorised]]:
    """Maps each registrar who may record the entry at `position` on a day to the authorisation that counts."""
    said = _by_registrar(timeline)
    found = ((one, registrar_among(said, one, position, on)) for one in sorted(said))
    return {one: entry for one, entry in found if entry is not None}


def registrars_of_the_party(
    timeline: Timeline, entry: Entry[RegistrarAuthorised]
) -> dict[str, Entry[RegistrarAuthorised]]:
    """Returns the registrars of a party who may authorise another one when an entry does so, with what counts."""
    others = registrars_of(timeline, entry.position, recorded_on(entry.recorded_at))
    party = entry.event.party
    return {who: one for who, one in others.items() if one.event.party == party and "party" in one.event.roles}


def said_of_registrars(timeline: Timeline) -> dict[str, list[Entry[Any]]]:
    """Maps each registrar to the authorisations and releases that stand, in order of position."""
    found: dict[str, list[Entry[Any]]] = {}
    said: list[Entry[Any]] = [*timeline.of(RegistrarAuthorised), *timeline.of(RegistrarReleased)]
    for one in sorted(said, key=lambda one: one.position):
        found.setdefault(one.event.registrar, []).append(one)
    return found


def ever_authorised(timeline: Timeline, position: int) -> bool:
    """Returns whether anybody was authorised to record by an entry before `position`, annulled or not: whoever annuls
    every authorisation is judged, and so is what is recorded afterwards.
    """
    first = next(iter(timeline.all_of(RegistrarAuthorised)), None)
    return first is not None and first.position < position


def registrar_in(entry: Entry[Any], told: dict[int, str]) -> str | None:
    """Returns the registrar whom an entry authorises or releases, or about whom is the entry that it annuls, or None.

    `told` maps the positions of such entries that came before to their registrars, and is given the entry's own.
    """
    event = entry.event
    about: str | None = None
    if isinstance(event, OF_REGISTRARS):
        about = event.registrar
    elif isinstance(event, EntryAnnulled):
        about = told.get(event.entry)
    if about is not None:
        told[entry.position] = about
    return about


@remembered
def _by_registrar(timeline: Timeline) -> dict[str, list[Entry[Any]]]:
    """Maps each registrar to the authorisations, the releases and their annulments, in order of position."""
    said = [*timeline.all_of(RegistrarAuthorised), *timeline.all_of(RegistrarReleased)]
    annulments = timeline.all_of(EntryAnnulled) if said else ()
    told: dict[int, str] = {}
    found: dict[str, list[Entry[Any]]] = {}
    for one in sorted([*said, *annulments], key=lambda one: one.position):
        if (registrar := registrar_in(one, told)) is not None:
            found.setdefault(registrar, []).append(one)
    return found
