"""The record itself: entries in order of position, including annulled entries and the annulments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.encoding import own_fields
from ledger.events import EVENTS
from ledger.events.agreement import AppealLodged
from ledger.events.record import EntryAnnulled
from ledger.events.seats import PersonRegistered
from ledger.messages import msg
from ledger.rules.record import party_of
from ledger.state.record import ever_authorised, registrar_of
from ledger.sweden import recorded_on
from projections.subjects import wrong_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline


FEW = 500  # entries
NO_APPEALS: Mapping[int, tuple[int, ...]] = MappingProxyType({})


class ToldEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry as answers print it. `fields` holds the fields of the event as plain data.

    A person's name is None once the name is disposed of. `appealed_by` lists the positions of the appeals against the
    entry, except annulled appeals. `signed_by` is the registrar who signed the act, and `signed_for` the party whose
    registrar that was. `binds` is the party that the act binds, once anybody has been authorised to record. JSON leaves
    these four out when they are empty.
    """

    position: int
    recorded_at: str
    recorded_by: str
    key: str
    event: str
    valid_on: str
    source: dict[str, str | None]
    fields: dict[str, Any]
    annulled_by: int | None
    appealed_by: tuple[int, ...] = ()
    signed_by: str | None = None
    signed_for: str | None = None
    binds: str | None = None


class History(Struct, frozen=True, kw_only=True):
    """The entries that answer a question about the record, ordered by position."""

    known_at: str
    entries: tuple[ToldEntry, ...]


class Streamed(Struct, frozen=True, kw_only=True):
    """The answer of `History`, with entries that are read and told one by one as `entries` is iterated over, once.

    `last` is the position of the last entry, or 0 if there are no entries.
    """

    known_at: str
    last: int
    entries: Iterator[ToldEntry]


class PartOfHistory(Struct, frozen=True, kw_only=True):
    """Some of the entries that answer a question about the record, ordered by position, of `count` in all.

    `earlier`, `later` and `latest` are the positions after which the part before, the next and the last part begin, or
    None if there is no such part.
    """

    known_at: str
    count: int
    entries: tuple[ToldEntry, ...]
    earlier: int | None
    later: int | None
    latest: int | None


class Wanted(Struct, frozen=True, kw_only=True):
    """Which entries to return. A field that is None does not filter.

    `recorded` is the first and the last day on which wanted entries were recorded, in Swedish time. `late` is the least
    number of days between the last day on which the event may have become true and the day of recording.
    """

    about: str | None = None
    entry: int | None = None
    event: str | None = None
    on: date | None = None
    by: str | None = None  # the short id of the person who recorded the entry
    recorded: tuple[date | None, date | None] = (None, None)
    late: int | None = None


def history(timeline: Timeline, names: Mapping[int, str], wanted: Wanted) -> History:
    """Returns the entries wanted, in order of position, including annulled entries.

    With `wanted.on`, returns only entries that may have become true by the day `wanted.on`. The entries about a subject
    include the annulments of entries about that subject. `names` maps the position of a person's registration to the
    name.
    """
    entries = tell(_chosen(timeline, wanted), timeline, names, appeals_by_entry(timeline))
    return History(known_at=f"@{timeline.head}", entries=entries)


def streamed(timeline: Timeline, names: Mapping[int, str], wanted: Wanted) -> Streamed:
    """Returns what `history` returns, with at most `FEW` entries in memory.

    Every entry wanted, and the name in it, is read before `streamed` returns, so that Damaged is raised before anything
    of the answer is printed. If there are more than `FEW`, they are read again when they are printed.
    """
    chosen = _chosen(timeline, wanted)
    few = list(islice(chosen, FEW))
    last = _checked(few, names)
    more = _checked(chosen, names)
    entries = _telling(_chosen(timeline, wanted) if more else few, timeline, names, appeals_by_entry(timeline))
    return Streamed(known_at=f"@{timeline.head}", last=more or last, entries=entries)


def part(timeline: Timeline, names: Mapping[int, str], wanted: Wanted, after: int, most: int) -> PartOfHistory:
    """Returns at most `most` of the entries that `history` returns, those that come after the position `after`."""
    if wanted == Wanted():
        places: Sequence[int] = range(1, timeline.head + 1)
    else:
        places = [one.position for one in _chosen(timeline, wanted)]
    start = bisect_right(places, after)
    stop, end = min(start + most, len(places)), len(places)
    return PartOfHistory(
        known_at=f"@{timeline.head}",
        count=end,
        entries=tell(map(timeline.at, places[start:stop]), timeline, names, appeals_by_entry(timeline)),
        earlier=None if not start else places[start - most - 1] if start > most else 0,
        later=places[stop - 1] if stop < end else None,
        latest=places[end - most - 1] if stop < end else None,
    )


def _checked(entries: Iterable[Entry[Event]], names: Mapping[int, str]) -> int:
    """Reads entries and the names in them, and returns the position of the last entry, or 0 if there is none."""
    last = 0
    for entry in entries:
        last = entry.position
        if isinstance(entry.event, PersonRegistered):
            names.get(last)
    return last


def _chosen(timeline: Timeline, wanted: Wanted) -> Iterator[Entry[Event]]:
    """Returns an iterator over the entries wanted, in order of position, which holds none of them."""
    entries = _about(timeline, wanted.about) if wanted.about else _all(timeline, wanted)
    return iter(entries) if wanted == Wanted() else (entry for entry in entries if _is_wanted(entry, wanted))


def _is_wanted(entry: Entry[Event], wanted: Wanted) -> bool:
    return (
        wanted.entry in {None, entry.position}
        and wanted.event in {None, entry.event.event_name}
        and (wanted.on is None or entry.event.valid_on.first <= wanted.on)
        and wanted.by in {None, entry.recorded_by}
        and _recorded_as(entry, wanted)
    )


def _recorded_as(entry: Entry[Event], wanted: Wanted) -> bool:
    """Returns whether an entry was recorded within the days `wanted.recorded`, and at least `wanted.late` days late."""
    first, last = wanted.recorded
    if (first, last, wanted.late) == (None, None, None):
        return True
    day = recorded_on(entry.recorded_at)
    return (
        (first is None or first <= day)
        and (last is None or day <= last)
        and (wanted.late is None or (day - entry.event.valid_on.last).days >= wanted.late)
    )


def unknown(wanted: Wanted) -> str | None:
    """Returns the complaint about an unknown event or kind of tag, or None when both are fine."""
    if wanted.event is not None and wanted.event not in EVENTS:
        problem = msg("--event: there is no event {event}", event=repr(wanted.event))
        near = get_close_matches(wanted.event, EVENTS, 1)
        return msg("{problem}; did you mean {near}?", problem=problem, near=near[0]) if near else problem
    return None if wanted.about is None else wrong_tag("--about", wanted.about)


def _all(timeline: Timeline, wanted: Wanted) -> Iterable[Entry[Event]]:
    if wanted.entry is not None:
        recorded = timeline.recorded(wanted.entry)
        return () if recorded is None else (recorded,)
    return timeline.passing(EVENTS[wanted.event] if wanted.event else None)


def _about(timeline: Timeline, tag: str) -> list[Entry[Event]]:
    found = {entry.position: entry for entry in timeline.about(tag)}
    for entry in timeline.all_of(EntryAnnulled):  # targets come before their annulments: one pass is enough
        if entry.event.entry in found:
            found[entry.position] = entry
    return [found[position] for position in sorted(found)]


def names_given(entries: Iterable[Entry[Event]], events: Iterable[Event]) -> dict[int, str]:
    """Returns the name that each new registration of a person gives, by its position.

    `events` are those that the `entries` were made of: a name is kept outside the log, and not in an entry.
    """
    return {
        entry.position: event.name.text
        for entry, event in zip(entries, events, strict=True)
        if isinstance(event, PersonRegistered) and event.name.text
    }


def tell(
    entries: Iterable[Entry[Event]],
    timeline: Timeline,
    names: Mapping[int, str],
    appeals: Mapping[int, tuple[int, ...]] = NO_APPEALS,
) -> tuple[ToldEntry, ...]:
    """Returns entries in the form in which answers print them.

    `names` maps the position of a person's registration to the name, and `appeals` maps the position of an entry to the
    positions of the appeals against that entry.
    """
    return tuple(_telling(entries, timeline, names, appeals))


def _telling(
    entries: Iterable[Entry[Event]],
    timeline: Timeline,
    names: Mapping[int, str],
    appeals: Mapping[int, tuple[int, ...]],
) -> Iterator[ToldEntry]:
    return (_told(entry, timeline, names, appeals.get(entry.position, ())) for entry in entries)


def appeals_by_entry(timeline: Timeline) -> dict[int, tuple[int, ...]]:
    """Returns the positions of the appeals that are not annulled, by the position of the entry appealed against."""
    found: dict[int, tuple[int, ...]] = {}
    for lodged in timeline.all_of(AppealLodged):
        if lodged.position not in timeline.annulled_by:
            found[lodged.event.entry] = (*found.get(lodged.event.entry, ()), lodged.position)
    return found


def _told(entry: Entry[Event], timeline: Timeline, names: Mapping[int, str], appealed_by: tuple[int, ...]) -> ToldEntry:
    return structs.replace(
        told_alone(entry, names, timeline.annulled_by.get(entry.position)),
        appealed_by=appealed_by,
        signed_for=_signed_for(entry, timeline),
        binds=_binds(entry, timeline),
    )


def told_alone(entry: Entry[Event], names: Mapping[int, str], annulled_by: int | None) -> ToldEntry:
    """Returns what an entry alone tells, without what other entries tell of it but that one annulled it. `names` are
    the names of persons by the position of their registration.
    """
    fields = own_fields(entry.event)
    if isinstance(entry.event, PersonRegistered):
        fields["name"] = names.get(entry.position)
    return ToldEntry(
        position=entry.position,
        recorded_at=entry.recorded_at,
        recorded_by=entry.recorded_by,
        key=entry.key,
        event=entry.event.event_name,
        valid_on=entry.event.valid_on.text,
        source={
            name: None if value is None else str(value) for name, value in structs.asdict(entry.event.source).items()
        },
        fields=fields,
        annulled_by=annulled_by,
        signed_by=entry.signature.registrar if entry.signature else None,
    )


def _binds(entry: Entry[Event], timeline: Timeline) -> str | None:
    return party_of(entry.event, timeline, entry.position) if ever_authorised(timeline, entry.position) else None


def _signed_for(entry: Entry[Event], timeline: Timeline) -> str | None:
    if entry.signature is None:
        return None
    on = recorded_on(entry.recorded_at)
    by = registrar_of(timeline, entry.signature.registrar, entry.position, on)
    return by.event.party if by else None
