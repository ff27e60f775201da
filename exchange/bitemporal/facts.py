"""What a table of facts is, and how its rows are found for every position of the log without asking for each.

A fact holds on the days [since, until). A row is a fact with the positions [known_from, known_to) at which the record
says so. Rows are computed again only at positions where something changed that they depend on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.events.agreement import AgreementProposed
from ledger.events.record import EntryAnnulled
from ledger.timeline import past

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.events import Event
    from ledger.timeline import Past, Timeline
    from ledger.values import Day

Value = str | int | None
Standing = Mapping[int, tuple[tuple[int, int | None], ...]]  # entry → the positions [from, to) at which it stands
NAME = "NAME"  # the type of a column with the position of a registration, whose name is written instead


class Column(NamedTuple):
    """A column of a table. `of` is the kind of thing that it names (`person`, `party`), or "". `about` is a message."""

    name: str
    type: str = "TEXT"
    about: str = ""
    of: str = ""


PERSON, PARTY = Column("person", of="person"), Column("party", of="party")
EXACT: Mapping[date, date] = {}  # where no loose day bounds a fact
ALWAYS = date.min  # the first day of what is so on every day before another day


class Fact(NamedTuple):
    """What is so on the days [since, until); `until` is None for an open end.

    `values` are those of the table's own columns. `entry` is the position of the entry that the fact rests on, and
    `ended_by` that of the entry that ended it, where an entry did.
    """

    values: tuple[Value, ...]
    since: date
    until: date | None = None
    entry: int | None = None
    ended_by: int | None = None


class Row(NamedTuple):
    """A fact, the first days on which it may have begun and ended, and the positions [known_from, known_to) at which
    the record says so; `known_to` is None while it does.
    """

    fact: Fact
    since_first: date
    until_first: date | None
    known_from: int
    known_to: int | None


class Table(NamedTuple):
    """A table of facts. `keys` gives the parts that are computed apart, such as the persons, and `facts` those of one
    part, from everything that a timeline holds. `about` is a message.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    keys: Callable[[Timeline], Iterable[str]]
    facts: Callable[[Timeline, str], Iterable[Fact]]


def rows(whole: Timeline, tables: Iterable[Table], told: Callable[[int], None]) -> Iterator[tuple[Table, Row]]:
    """Yields the rows of tables, with their table, each as soon as its last position is known, else at the end.

    `told` is called with each position that is looked at. What a part depends on is what its answer has read
    (`ledger.timeline`), so it is computed again at the first position where any of that changes.
    """
    due: dict[int, list[tuple[Table, str]]] = {
        0: [(table, key) for table in tables for key in sorted({*table.keys(whole)})]
    }
    open_: dict[tuple[str, str], dict[tuple[Fact, date, date | None], int]] = {}
    for head in range(whole.head + 1):
        if head not in due:
            continue
        told(head)
        timeline = whole.until(head) if head < whole.head else whole
        for table, key in due.pop(head):
            found, reads = timeline.traced(partial(_dated_of_part, table, key))
            again = timeline.span_around(reads).heads[1]
            if again is not None and again <= whole.head:
                due.setdefault(again, []).append((table, key))
            was = open_.get((table.name, key), {})
            now = dict.fromkeys(found, head)
            for one, known_from in was.items():
                if one not in now:
                    yield table, Row(*one, known_from, head)
            open_[table.name, key] = {one: was.get(one, head) for one in now}
    of = {table.name: table for table in tables}
    for (name, _), left in open_.items():
        for one, known_from in left.items():
            yield of[name], Row(*one, known_from, None)


class AsOf(NamedTuple):
    """A table of facts that are said from what has become true by a day, as `liggare costs --on DAY` does.

    `said` gives the facts of a day about certain years, from a timeline that is limited to the day. They depend on the
    entries of `events` alone.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    events: tuple[type[Any], ...]
    said: Callable[[Past, range], Iterable[Fact]]


def rows_as_of(
    whole: Timeline, table: AsOf, years: range, stands: Standing, told: Callable[[int], None]
) -> Iterator[Row]:
    """Yields the rows of a table about certain years. `stands` is what `standing` returns.

    An entry changes nothing on the days before its own, so only the days from that of an entry on are asked about when
    it is recorded or annulled. A proposal of a version is seen on every day.
    """
    open_: dict[tuple[Fact, date, date | None], int] = {}
    said: dict[date, tuple[Fact, ...]] = {}
    for head, first in sorted(_turns(whole, table.events, stands).items()):
        told(head)
        timeline = whole.until(head) if head < whole.head else whole
        entries = [one for event in table.events for one in timeline.of(event)]
        days = sorted({ALWAYS, *(one.event.valid_on.last for one in entries)})
        earliest = {said.last: said.first for one in entries for said in _days_of(one.event) if said.is_loose}
        for day in days:
            if day >= first or day not in said:
                said[day] = tuple(table.said(past(timeline, day), years))
        found = stepped(days, said.__getitem__)
        now = dict.fromkeys([_dated(timeline, one, earliest) for one in found], head)
        for one, known_from in open_.items():
            if one not in now:
                yield Row(*one, known_from, head)
        open_ = {one: open_.get(one, head) for one in now}
    for one, known_from in open_.items():
        yield Row(*one, known_from, None)


def _dated_of_part(table: Table, key: str, timeline: Timeline) -> list[tuple[Fact, date, date | None]]:
    """Returns the facts of a part with the first days on which each may have begun and ended.

    Where a day is not that of the entry that a fact names, any entry whose loose day ends on it is moved to its first
    day, and bounds the facts that are then others.
    """
    question = partial(_of_part, table, key)
    found, reads = timeline.traced(question)
    dated = {fact: _dated(timeline, fact)[1:] for fact in found}
    unnamed = {fact: days for fact in found if (days := _days_of_others(timeline, fact))}
    days = {day for own in unnamed.values() for day in own}
    for entry in timeline.loose(reads) if days else ():
        loose = {day.last: day.first for day in _days_of(entry.event) if day.is_loose and day.last in days}
        for fact in unnamed.keys() - timeline.asked_earlier(question, entry).keys() if loose else ():
            firsts = {day: loose[day] for day in unnamed[fact] & loose.keys()}
            since, until = dated[fact]
            dated[fact] = (min(since, firsts.get(fact.since, since)),
                           min(until, firsts.get(fact.until or until, until)) if until else None)  # fmt: skip
    return [(fact, *bounds) for fact, bounds in dated.items()]


def _days_of_others(timeline: Timeline, fact: Fact) -> set[date]:
    """Returns the days on which a fact begins or ends, without those of the entries that it names for them."""
    bounds = ((fact.entry, fact.since), (fact.ended_by, fact.until))
    return {on for entry, on in bounds if on and not (entry and timeline.at(entry).event.valid_on.last == on)}


def _days_of(event: Event) -> tuple[Day, ...]:
    """Returns the days of an event that may be loose (`ledger.timeline.inexact`)."""
    return (event.valid_on, event.in_force_from) if isinstance(event, AgreementProposed) else (event.valid_on,)


def _of_part(table: Table, key: str, timeline: Timeline) -> dict[Fact, None]:
    """Returns the facts of a part, in order."""
    return dict.fromkeys(table.facts(timeline, key))


def _turns(whole: Timeline, events: Iterable[type[Any]], stands: Standing) -> dict[int, date]:
    """Maps each position at which an entry of `events` begins or ceases to stand to the first day that this changes."""
    found: dict[int, date] = {}
    for event in events:
        for entry in whole.all_of(event):
            first = date.min if event is AgreementProposed else entry.event.valid_on.last
            for span in stands.get(entry.position, ((entry.position, None),)):
                for head in filter(None, span):
                    found[head] = min(first, found.get(head, first))
    return found


def _dated(timeline: Timeline, fact: Fact, earliest: Mapping[date, date] = EXACT) -> tuple[Fact, date, date | None]:
    """Returns a fact with the first days on which it may have begun and ended. `earliest` maps the last day of each
    loose day that may bound it to the first, where that is not the day of an entry that the fact names.
    """
    until = fact.until and _first(timeline, fact.ended_by, fact.until, earliest)
    return fact, _first(timeline, fact.entry, fact.since, earliest), until


def _first(timeline: Timeline, entry: int | None, on: date, earliest: Mapping[date, date]) -> date:
    """Returns the first day that may be meant by a day on which a fact begins or ends."""
    said = timeline.at(entry).event.valid_on if entry else None
    return said.first if said is not None and said.last == on else earliest.get(on, on)


def stepped(days: Iterable[date], at: Callable[[date], Iterable[Fact]]) -> Iterator[Fact]:
    """Yields the facts of days on which facts may change, joined where a fact stays the same from one day to the next.

    `at` returns the facts of a day; their own `since` and `until` are not looked at. A joined fact has the `entry` of
    its first day.
    """
    every = sorted({*days})
    open_: dict[tuple[Value, ...], Fact] = {}
    for on in every:
        found = {fact.values: fact for fact in at(on)}
        for values in [one for one in open_ if one not in found]:
            yield open_.pop(values)._replace(until=on)
        for values, fact in found.items():
            open_.setdefault(values, fact._replace(since=on, until=None))
    yield from open_.values()


def alone(_: Timeline) -> Iterable[str]:
    """Returns the key of a table that is computed as one part."""
    return ("",)


def standing(whole: Timeline) -> Standing:
    """Returns when each entry that was ever annulled stands."""
    found: dict[int, list[tuple[int, int | None]]] = {}
    since: dict[int, int] = {}
    gone: frozenset[int] = frozenset()
    for annulment in whole.all_of(EntryAnnulled):
        now = frozenset(whole.until(annulment.position).annulled_by)
        for entry in sorted(now - gone):
            found.setdefault(entry, []).append((since.pop(entry, entry), annulment.position))
        since |= dict.fromkeys(gone - now, annulment.position)
        gone = now
    for entry, position in since.items():
        found[entry].append((position, None))
    return {entry: tuple(one for one in known if one[0] != one[1]) for entry, known in found.items()}
