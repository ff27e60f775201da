"""Tables of the agreement: versions, decisions on them, parties by the terms, withdrawals and readings."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from exchange.bitemporal.facts import ALWAYS, PARTY, Column, Fact, Table, alone, stepped
from ledger.events.agreement import AgreementAdopted, AgreementRejected, PartyRenamed, ReadingAdopted, WithdrawalDecided
from ledger.messages import marked
from ledger.readings import READINGS
from ledger.state.agreement import (
    decided_too_late,
    deciding,
    decisions,
    life,
    party_names_on,
    proposals,
    reading_on,
    terms_on,
    version_from,
    withdrawal_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.timeline import Timeline

VERSION = Column("version", "INTEGER")


def _versions(timeline: Timeline, _: str) -> Iterator[Fact]:
    """Yields what each version is: proposed, in force, then replaced by another version, or ended."""
    known = life(timeline)
    from_day = {one.version: one.since for one in known.in_force}
    ends = {one.version: after.since for one, after in pairwise(known.in_force)}
    for version, entry in proposals(timeline).items():
        event = entry.event
        said = (version, event.title, event.in_force_from.text)
        proposed, since = event.valid_on.last, from_day.get(version)
        if since is None or proposed < since:
            yield Fact((*said, "proposed"), proposed, since, entry.position)
        if since is None:
            continue
        until = ends.get(version, known.end.on if known.end else None)
        if until is None or since < until:
            yield Fact((*said, "in-force"), since, until, entry.position)
        if until is not None:
            yield Fact((*said, "replaced" if version in ends else "ended"), until, None, entry.position)


def _deciding(timeline: Timeline, _: str) -> Iterator[Fact]:
    """Yields the parties that must adopt each version from its proposal on, with the names in its terms or, of those
    that it leaves out, in the terms of the version in force.
    """
    known, proposed = life(timeline).in_force, proposals(timeline)

    def of_day(version: int, day: date) -> Iterator[Fact]:
        before = version_from(known, day, without=version)
        versions = [version] if before is None else [before, version]
        terms = {one.id: one for each in versions for one in proposed[each].event.terms.parties}
        for party in sorted(deciding(timeline, version, before)):
            values = (version, party, terms[party].name, terms[party].kind)
            yield Fact(values, day, None, proposed[version].position)

    for version, entry in proposed.items():
        first = entry.event.valid_on.last
        days = [first, *(day for day in changes_of_terms(timeline) if day > first)]
        yield from stepped(days, partial(of_day, version))


def _decisions(timeline: Timeline, _: str) -> Iterator[Fact]:
    """Yields a party's decision on a version, until its next one. Decisions that came too late are left out."""
    late = decided_too_late(timeline)
    for (version, party), every in decisions(timeline).items():
        own = [entry for entry in every if entry.position not in late]
        for place, entry in enumerate(own):
            after = own[place + 1] if place + 1 < len(own) else None
            until = after.event.valid_on.last if after else None
            if entry.event.valid_on.last != until:
                yield Fact((version, party, *_decided(entry), entry.event.valid_on.text), entry.event.valid_on.last,
                           until, entry.position, after.position if after else None)  # fmt: skip


def _decided(entry: Entry[AgreementAdopted | AgreementRejected]) -> tuple[str, str | None]:
    if isinstance(entry.event, AgreementRejected):
        return "rejected", None
    reserved = entry.event.reservation
    return ("adopted" if reserved is None else "reserved"), reserved


def _parties(timeline: Timeline, _: str) -> Iterator[Fact]:
    """Yields the parties by the terms that apply, with their names on each day."""

    def of_day(day: date) -> Iterator[Fact]:
        names, terms = party_names_on(timeline, day), terms_on(timeline, day)
        for one in terms.parties if terms else ():
            name = names.get(one.id, one.name)
            yield Fact((one.id, name, one.kind, one.code, one.organisation_number), day)

    renamed = (entry.event.valid_on.last for entry in timeline.of(PartyRenamed))
    proposed = (entry.event.valid_on.last for entry in proposals(timeline).values())
    yield from stepped((ALWAYS, *changes_of_terms(timeline), *renamed, *proposed), of_day)


def changes_of_terms(timeline: Timeline) -> list[date]:
    """Returns the days on which other terms begin to apply."""
    return [one.since for one in life(timeline).in_force]


def _withdrawals(timeline: Timeline, _: str) -> Iterator[Fact]:
    """Yields the withdrawals that lead to an end, until they are taken back or lapse."""
    for entry in timeline.of(WithdrawalDecided):
        found = withdrawal_of(timeline, entry)
        if found is None:
            continue
        gone = min(found.taken_back or date.max, found.lapsed or date.max)
        event = entry.event
        if event.valid_on.last < gone:
            yield Fact((event.party, str(found.end), int(found.counts)), event.valid_on.last,
                       None if gone == date.max else gone, entry.position)  # fmt: skip


def _readings(timeline: Timeline, question: str) -> Iterator[Fact]:
    """Yields the reading of a question that applies: that of the terms, or one that was adopted."""

    def of_day(day: date) -> Iterator[Fact]:
        if proposals(timeline):
            reading, entry = reading_on(timeline, question, day)
            yield Fact((question, reading, entry), day, None, entry)

    adopted = (entry.event.valid_on.last for entry in timeline.of(ReadingAdopted) if entry.event.question == question)
    for fact in stepped((ALWAYS, *changes_of_terms(timeline), *adopted), of_day):
        yield fact._replace(values=fact.values[:-1])


TABLES = (
    Table(
        "versions",
        marked("Versions of the agreement: proposed, in-force, replaced or ended."),
        (VERSION, Column("title"), Column("worded_from", about=marked("the day from which it says that it applies")),
         Column("status")),
        alone,
        _versions,
    ),
    Table(
        "deciding_parties",
        marked("Who must adopt each version: its parties, and those of the version in force."),
        (VERSION, PARTY, Column("name", about=marked("as the terms have it")), Column("kind")),
        alone,
        _deciding,
    ),
    Table(
        "adoptions",
        marked("The assemblies' decisions on versions, each until the next: adopted, reserved or rejected."),
        (VERSION, PARTY, Column("decision"), Column("reservation"), Column("decided_on")),
        alone,
        _decisions,
    ),
    Table(
        "parties",
        marked("The parties by the terms that apply, with their names."),
        (PARTY, Column("name"), Column("kind"), Column("code"), Column("organisation_number")),
        alone,
        _parties,
    ),
    Table(
        "withdrawals",
        marked("Withdrawals, until they are taken back or lapse."),
        (PARTY, Column("ends_on", about=marked("the first day the agreement no longer applies")),
         Column("counts", "INTEGER", marked("1 if an organ that may decide a withdrawal decided it"))),
        alone,
        _withdrawals,
    ),
    Table(
        "readings",
        marked("The reading of each ambiguous passage of the agreement."),
        (Column("question"), Column("reading")),
        lambda _: READINGS,
        _readings,
    ),
)  # fmt: skip
