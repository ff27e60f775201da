"""The life of the agreement: the version in force on a day, its adoptions, withdrawals and end (head and section 7)."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.encoding import Entry
from ledger.events.agreement import (
    AgreementAdopted,
    AgreementProposed,
    AgreementRejected,
    EntryIntoForceFixed,
    PartyRenamed,
    ReadingAdopted,
    WithdrawalDecided,
    WithdrawalRevoked,
)
from ledger.readings import default_reading
from ledger.state.adoption import Awaiting
from ledger.timeline import order, past, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.terms import Terms
    from ledger.timeline import Timeline

Decision = AgreementAdopted | AgreementRejected
Starting = AgreementProposed | EntryIntoForceFixed


class InForce(Struct, frozen=True):
    """A version of the agreement and the first day on which the version is in force."""

    since: date
    version: int


class End(Struct, frozen=True):
    """The end of the agreement.

    `on` is the first day on which the agreement no longer applies. `parties` holds the parties whose withdrawals lead
    to the end, by id, and `entries` the positions of the withdrawals.
    """

    on: date
    parties: tuple[str, ...]
    entries: tuple[int, ...]


class Life(Struct, frozen=True):
    """The versions that came into force, in order, and the end of the agreement, if there is one."""

    in_force: tuple[InForce, ...]
    end: End | None


@remembered
def proposals(timeline: Timeline) -> dict[int, Entry[AgreementProposed]]:
    """Maps each version to its proposal, in the order put forward. Of two proposals of a version the later applies."""
    return {entry.event.version: entry for entry in timeline.of(AgreementProposed)}


def start_entry(timeline: Timeline, version: int) -> Entry[Starting]:
    """Returns the entry that gives a version's start day: the last entry that was in time to fix the day, or else the
    proposal.
    """
    return _adoption(timeline).starts[version]


def start_day(timeline: Timeline, version: int) -> date:
    """Returns the day from which a version applies, as worded or fixed; for loose wording, the latest possible day."""
    start = start_entry(timeline, version).event.in_force_from
    return start if isinstance(start, date) else start.last


class Withdrawal(Struct, frozen=True):
    """A party's decision to withdraw.

    `end` is the end of the agreement that the decision leads to. `counts` is true if an organ that may decide a
    withdrawal made the decision (by the reading of `withdrawal-organ`). `lapsed` is the day on which an amendment that
    leaves the party out comes into force, or None if no such amendment comes into force between the decision and `end`.
    `taken_back` is the day on which the party took the decision back, or None.
    """

    end: date
    decided: Entry[WithdrawalDecided]
    counts: bool
    lapsed: date | None
    taken_back: date | None = None

    def ends(self) -> bool:
        """Returns whether the withdrawal would end the agreement if no other withdrawal ended it earlier."""
        return self.counts and self.taken_back is None and self.lapsed is None

    def stands_on(self, on: date) -> bool:
        """Returns whether, on a day, the withdrawal is decided and counts, and is neither taken back nor lapsed."""
        gone = min(self.taken_back or date.max, self.lapsed or date.max)
        return self.counts and self.decided.event.valid_on.last <= on < gone


def withdrawals(timeline: Timeline) -> tuple[Withdrawal, ...]:
    """Returns the withdrawals for which `Withdrawal.ends` is true, the earliest end first."""
    return tuple(one for one in _withdrawn(timeline)[0] if one.ends())


def withdrawal_of(timeline: Timeline, decided: Entry[WithdrawalDecided]) -> Withdrawal | None:
    """Returns the withdrawal that a decision leads to, or None if the decision leads to no withdrawal.

    A decision leads to no withdrawal if it is made by somebody who is not a party, if its end lies before the decision,
    or if the agreement has ended.
    """
    return _by_decision(timeline).get(decided.position)


@remembered
def _by_decision(timeline: Timeline) -> dict[int, Withdrawal]:
    return {one.decided.position: one for one in _withdrawn(timeline)[0]}


def taken_back(timeline: Timeline) -> frozenset[int]:
    """Returns the positions of the revocations that were made before the end of the withdrawal that they revoke."""
    return _withdrawn(timeline)[1]


@remembered
def _withdrawn(timeline: Timeline) -> tuple[tuple[Withdrawal, ...], frozenset[int]]:
    """Returns all withdrawals, the earliest end first, and the positions of the revocations that came in time.

    For the decisions that lead to no withdrawal, see `withdrawal_of`.
    """
    found: dict[int, Withdrawal] = {}
    in_time = set()
    standing: dict[str, list[int]] = {}  # party → its decisions that are not taken back
    ends: list[tuple[date, int]] = []  # a heap of (end, decision)
    ended = date.max  # the first day on which a withdrawal was decided that has ended the agreement
    first = next((one.since for one in came_into_force(timeline)), date.max)  # the agreement cannot end by this day
    for entry in timeline.of_any(WithdrawalDecided, WithdrawalRevoked):
        on, party = entry.event.valid_on.last, entry.event.party
        while ends and ends[0][0] <= on:  # a withdrawal that has ended the agreement cannot be taken back
            one = found[heappop(ends)[1]]
            ended = min(ended, one.decided.event.valid_on.last) if one.ends() and first < one.end else ended
        read = withdrawal_read_as(timeline, entry, "withdrawal-organ")
        counts = read == "any" or entry.event.source.organ == "assembly"
        if isinstance(entry.event, WithdrawalDecided):
            end = withdrawal_end(timeline, entry)
            if end >= on and is_party(timeline, party, on) and ended >= on:
                found[entry.position] = Withdrawal(end, entry, counts, _amended_away(timeline, party, on, end))
                standing.setdefault(party, []).append(entry.position)
                heappush(ends, (end, entry.position))
            continue
        open_ = [found[position] for position in standing.get(party, ()) if on < found[position].end]
        in_time.update([entry.position] if open_ else [])
        taken = {one.decided.position for one in open_ if counts or not one.counts}
        found |= {position: structs.replace(found[position], taken_back=on) for position in taken}
        standing[party] = [one.decided.position for one in open_ if one.decided.position not in taken]
    return tuple(sorted(found.values(), key=lambda one: (one.end, one.decided.position))), frozenset(in_time)


def is_party(timeline: Timeline, party: str, on: date) -> bool:
    """Returns whether a party is a party to the version that would be in force on a day if nobody had withdrawn."""
    version = version_from(came_into_force(timeline), on)
    return version is not None and party in parties(timeline)[version]


def _amended_away(timeline: Timeline, party: str, after: date, before: date) -> date | None:
    """Returns the first day, strictly between two days, on which a version without the party comes into force."""
    versions = (one for one in came_into_force(timeline) if after < one.since < before)
    return next((one.since for one in versions if party not in parties(timeline)[one.version]), None)


def withdrawal_end(timeline: Timeline, decided: Entry[WithdrawalDecided]) -> date:
    """Returns the end that a withdrawal leads to: the day named in the decision or, if none is named, the day that the
    reading of `withdrawal-day` gives.
    """
    if decided.event.ends_on is not None:
        return decided.event.ends_on
    on = decided.event.valid_on.last
    return on + timedelta(days=1) if withdrawal_read_as(timeline, decided, "withdrawal-day") == "day-after" else on


def withdrawal_read_as(timeline: Timeline, decided: Entry[WithdrawalDecided | WithdrawalRevoked], question: str) -> str:
    """Returns the reading that applies to a decision to withdraw, or to a decision to take a withdrawal back."""
    on = decided.event.valid_on.last
    reading, _ = adopted_reading(timeline, question, on)
    if reading is None:
        version = version_from(came_into_force(timeline), on) or min(proposals(timeline), default=None)
        reading = _terms(timeline, version).reading(question) if version else default_reading(question)
    return reading


@remembered
def life(timeline: Timeline) -> Life:
    """Returns the versions that came into force, and the end.

    Of several withdrawals the one with the earliest end applies.
    """
    in_force = came_into_force(timeline)
    end = _earliest(in_force, withdrawals(timeline))
    return Life(tuple(one for one in in_force if end is None or one.since < end.on), end)


def end_seen_on(timeline: Timeline, on: date) -> End | None:
    """Returns the agreement's end as seen on a day.

    The end comes from the withdrawals that, on that day, are decided and neither taken back nor lapsed.
    """
    standing = [one for one in _withdrawn(timeline)[0] if one.stands_on(on)]
    return _earliest(came_into_force(timeline), standing)


def _earliest(in_force: tuple[InForce, ...], standing: Sequence[Withdrawal]) -> End | None:
    """Returns the earliest end in `standing` that comes after the agreement came into force, or None."""
    first = next((one.end for one in standing if in_force and one.end > in_force[0].since), None)
    if first is None:
        return None
    decided = [one.decided for one in standing if one.end == first]
    parties = tuple(sorted({one.event.party for one in decided}))
    return End(first, parties, tuple(one.position for one in decided))


@remembered
def decisions(timeline: Timeline) -> dict[tuple[int, str], list[Entry[Decision]]]:
    """Maps (version, party) to the decisions of the party's assembly on the version, in timeline order."""
    found: dict[tuple[int, str], list[Entry[Decision]]] = {}
    for entry in timeline.of_any(AgreementAdopted, AgreementRejected):
        found.setdefault((entry.event.version, entry.event.assembly), []).append(entry)
    return found


def decision_on(timeline: Timeline, version: int, party: str, on: date) -> Entry[Decision] | None:
    """Returns the last decision that a party made on a version on or before a day, or None if there is none.

    A decision made when the version was already in force is ignored.
    """
    own, late = decisions(timeline).get((version, party), ()), decided_too_late(timeline)
    return next((one for one in reversed(own) if one.event.valid_on.last <= on and one.position not in late), None)


@remembered
def _in_time(timeline: Timeline) -> dict[int, tuple[Entry[Decision], ...]]:
    """Maps each decision that was not too late to the party's decisions just before and after it on the version."""
    late = decided_too_late(timeline)
    found: dict[int, tuple[Entry[Decision], ...]] = {}
    for of in decisions(timeline).values():
        own = [one for one in of if one.position not in late]
        found |= {one.position: (*own[max(place - 1, 0) : place], *own[place + 1 : place + 2])
                  for place, one in enumerate(own)}  # fmt: skip
    return found


def next_to(timeline: Timeline, decision: Entry[Decision]) -> tuple[Entry[Decision], ...]:
    """Returns the party's decisions on the version just before and just after a decision, in timeline order.

    Decisions made when the version was already in force are left out, and have no decisions next to them.
    """
    return _in_time(timeline).get(decision.position, ())


@remembered
def _last_adoptions(timeline: Timeline) -> dict[int, int]:
    adoptions = sorted((one for of in decisions(timeline).values() for one in of if adopts(one)), key=order)
    late = decided_too_late(timeline)
    return {one.event.version: one.position for one in adoptions if one.position not in late}


def last_adoption(timeline: Timeline, version: int) -> int:
    """Returns the position of the last adoption of a version that came into force."""
    return _last_adoptions(timeline)[version]


def overtaken_by(timeline: Timeline, version: int, on: date) -> int | None:
    """Returns a version that was put forward after `version` but came into force before `version`, or None.

    Only versions that came into force by the day `on` are considered, and the first of them is returned.
    """
    put_forward_as, entered_as, latest = _overtaking(timeline)
    place = bisect_right(latest, put_forward_as[version], key=lambda one: put_forward_as[one.version])
    one = latest[place] if place < len(latest) else None
    if one is None or one.since > on or entered_as.get(version, len(entered_as)) < entered_as[one.version]:
        return None
    return one.version


@remembered
def _overtaking(timeline: Timeline) -> tuple[dict[int, int], dict[int, int], list[InForce]]:
    """Returns each version's place among those put forward and among those that came into force, and the versions that
    were put forward later than every version that came into force before them.
    """
    put_forward_as = {version: place for place, version in enumerate(proposals(timeline))}
    in_force = life(timeline).in_force
    latest: list[InForce] = []
    for one in in_force:
        if not latest or put_forward_as[one.version] > put_forward_as[latest[-1].version]:
            latest.append(one)
    return put_forward_as, {one.version: place for place, one in enumerate(in_force)}, latest


class Adoption(Struct, frozen=True):
    """The result of replaying the decisions on all versions (adopted-by-every-assembly).

    `in_force` holds the versions in the order they came into force, as if no party had withdrawn. `late` holds the
    positions of the decisions, and of the entries that fix a start day, that came when their version was already in
    force. `starts` maps each version to the entry that gives its start day.
    """

    in_force: tuple[InForce, ...]
    late: frozenset[int]
    starts: dict[int, Entry[Starting]]


def came_into_force(timeline: Timeline) -> tuple[InForce, ...]:
    """Returns the versions in the order they came into force, as if no party had withdrawn."""
    return _adoption(timeline).in_force


@remembered
def first_days(timeline: Timeline) -> dict[int, date]:
    """Maps each version that came into force to its first day, as if no party had withdrawn."""
    return {one.version: one.since for one in came_into_force(timeline)}


@remembered
def _before(timeline: Timeline) -> dict[int, int]:
    return {one.version: before.version for before, one in pairwise(came_into_force(timeline))}


def version_before(timeline: Timeline, version: int) -> int | None:
    """Returns the version that came into force just before a version, or None, as if no party had withdrawn."""
    return _before(timeline).get(version)


def in_force_from(timeline: Timeline, version: int) -> date | None:
    """Returns the first day of a version in force, or None if the version never came into force."""
    since, end = first_days(timeline).get(version), life(timeline).end
    return None if since is None or (end and since >= end.on) else since


def decided_too_late(timeline: Timeline) -> frozenset[int]:
    """Returns the positions of the decisions on a version, and of the entries that fix its start day, that came when
    the version was already in force.
    """
    return _adoption(timeline).late


@remembered
def _adoption(timeline: Timeline) -> Adoption:
    """Replays the decisions on all versions, day by day, and returns the result as an `Adoption`."""

    def applies(version: int, start: date, last: date) -> date:
        return start if late_adoption_read_as(timeline, version, last) == "start-day" else last

    starts: dict[int, Entry[Any]] = dict(sorted(proposals(timeline).items()))
    first = {version: put_forward(timeline, version) for version in starts}
    decided = timeline.of_any(AgreementAdopted, AgreementRejected, EntryIntoForceFixed)
    heard = {day: [*of_day] for day, of_day in groupby(decided, key=_last)}
    fixed_to = (entry.event.in_force_from for entry in timeline.of(EntryIntoForceFixed))
    worded = _as_worded(timeline)
    awaiting, late = Awaiting(parties(timeline), first, applies), set()
    for version, start in worded.items():
        awaiting.begin(version, start)
    for now in sorted({*heard, *worded.values(), *fixed_to, *first.values()}):
        awaiting.enter(now)
        for entry in heard.get(now, ()):
            event = entry.event
            if event.version not in awaiting.start:
                late.update([entry.position] if event.version in starts else [])
            elif isinstance(event, EntryIntoForceFixed):
                starts[event.version] = entry
                awaiting.begin(event.version, event.in_force_from)
            else:
                awaiting.decide(event.version, event.assembly, now if adopts(entry) else None)
        awaiting.enter(now)
    return Adoption(tuple(InForce(*one) for one in awaiting.entered), frozenset(late), starts)


def put_forward(timeline: Timeline, version: int) -> date:
    """Returns the first day on which a version can have been put forward.

    No version comes into force before that day.
    """
    return timeline.at(proposals(timeline)[version].position).event.valid_on.first


def _as_worded(timeline: Timeline) -> dict[int, date]:
    """Maps each version, in order, to the day from which it applies by its wording.

    A loosely worded start day is taken at its latest if an entry fixes the start day before that latest day.
    """
    fixed: dict[int, date] = {}
    for entry in timeline.of(EntryIntoForceFixed):
        fixed.setdefault(entry.event.version, entry.event.valid_on.last)
    found = {}
    for version, proposed in sorted(proposals(timeline).items()):
        recorded = timeline.at(proposed.position).event
        assert isinstance(recorded, AgreementProposed), "a version is put forward by a proposal"
        worded = recorded.in_force_from
        open_until = fixed.get(version, date.max) < worded.last
        found[version] = worded.last if open_until else proposed.event.in_force_from.last
    return found


def late_adoption_read_as(timeline: Timeline, version: int, last: date) -> str:
    """Returns the reading of `late-adoption` for a version whose last adoption came on the day `last`."""
    return adopted_reading(timeline, "late-adoption", last)[0] or _terms(timeline, version).reading("late-adoption")


def deciding(timeline: Timeline, version: int, in_force: int | None) -> frozenset[str]:
    """Returns the parties that must adopt a version: the parties to that version and to the version in force.

    Source: provision amended-by-unanimity.
    """
    own = parties(timeline)[version]
    return own | parties(timeline)[in_force] if in_force else own


def adopts(decision: Entry[Decision] | None) -> bool:
    """Returns whether a decision is an adoption without reservation; no other decision adopts a version."""
    return decision is not None and isinstance(decision.event, AgreementAdopted) and decision.event.reservation is None


def _terms(timeline: Timeline, version: int) -> Terms:
    return proposals(timeline)[version].event.terms


@remembered
def parties(timeline: Timeline) -> dict[int, frozenset[str]]:
    """Maps each version to the ids of its parties."""
    return {version: proposed.event.terms.party_ids() for version, proposed in proposals(timeline).items()}


def version_from(in_force: tuple[InForce, ...], on: date, *, without: int | None = None) -> int | None:
    """Returns the version in force on a day, or None before the first version.

    `in_force` holds the versions in the order they came into force. The version `without` is left out.
    """
    place = bisect_right(in_force, on, key=attrgetter("since"))
    if place and in_force[place - 1].version == without:
        place -= 1
    return in_force[place - 1].version if place else None


def version_on(timeline: Timeline, on: date) -> int | None:
    """Returns the version in force on a day, or None before the first version and from the end of the agreement on."""
    known = life(timeline)
    return None if known.end and on >= known.end.on else version_from(known.in_force, on)


def left_out_on(timeline: Timeline, party: str, since: date) -> date | None:
    """Returns the first day from `since` on when the version in force leaves out a party, or None if there is none."""
    return next((max(first, since) for first, until in _left_out(timeline, party) if since < until), None)


@remembered
def _left_out(timeline: Timeline, party: str) -> tuple[tuple[date, date], ...]:
    """Returns the intervals [since, until) in which the version in force leaves a party out."""
    in_force = life(timeline).in_force
    until = [*(one.since for one in in_force[1:]), date.max]
    every = parties(timeline)
    return tuple((one.since, end) for one, end in zip(in_force, until, strict=False) if party not in every[one.version])


def leaving(timeline: Timeline, on: date) -> list[tuple[InForce, str]]:
    """Returns (version, party) for each version that comes into force after a day, and each party that it leaves out.

    A version leaves a party out if the party is a party to the version in force immediately before, but not to the
    version itself. Only what had become true by the day is considered.
    """
    in_force = life(past(timeline, on)).in_force
    return [
        (one, party)
        for before, one in pairwise(in_force)
        if one.since > on
        for party in sorted(parties(timeline)[before.version] - parties(timeline)[one.version])
    ]


def terms_on(timeline: Timeline, on: date) -> Terms | None:
    """Returns the terms that apply on a day: those of the version in force.

    Before the first version is in force, the terms of the lowest version apply; after the end, those of the last
    version. Returns None if no version has been put forward.
    """
    days, terms = _terms_from(timeline)
    return terms[bisect_right(days, on) - 1] if terms else None


@remembered
def _terms_from(timeline: Timeline) -> tuple[tuple[date, ...], tuple[Terms, ...]]:
    """Returns days in order, and the terms that apply from each of them on. Both are empty without any terms."""
    known, in_force = proposals(timeline), life(timeline).in_force
    if not known:
        return (), ()
    terms = (known[version].event.terms for version in (min(known), *(one.version for one in in_force)))
    return (date.min, *(one.since for one in in_force)), tuple(terms)


def terms_of_office(timeline: Timeline, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yields the terms of office, [since, until), that contain a day from `first` to `last`.

    The length of each term is taken from the agreement's terms on the days of that term.
    """
    day = first
    while day <= last and (terms := terms_on(timeline, day)):
        since, day = terms.term_of(day)
        yield since, day


def party_by(timeline: Timeline, party: str, on: date) -> bool:
    """Returns whether a party is in the terms of a day, or was a party to a version in force earlier."""
    days, parties_by = _parties_from(timeline)
    return party in parties_by[bisect_right(days, on)]


@remembered
def _parties_from(timeline: Timeline) -> tuple[tuple[date, ...], tuple[frozenset[str], ...]]:
    """Returns the days on which versions came into force, and the parties of `party_by` before and from each."""
    every, in_force = parties(timeline), life(timeline).in_force
    found = [every[min(every)] if every else frozenset[str]()]
    for place, one in enumerate(in_force):
        found.append(every[one.version] | (found[-1] if place else frozenset()))
    return tuple(one.since for one in in_force), tuple(found)


def party_names_on(timeline: Timeline, on: date) -> dict[str, str]:
    """Maps the id of each party in the terms of a day to its name, as worded or as renamed later."""
    known = proposals(timeline)
    version = version_from(life(timeline).in_force, on) or min(known, default=None)
    if version is None:
        return {}
    names = {party.id: party.name for party in known[version].event.terms.parties}
    since = known[version].event.valid_on.last
    for party, renamed in _renames(timeline).items():
        place = bisect_right(renamed, on, key=_last) if party in names else 0
        if place and renamed[place - 1].event.valid_on.last >= since:
            names[party] = renamed[place - 1].event.name
    return names


@remembered
def _renames(timeline: Timeline) -> dict[str, list[Entry[PartyRenamed]]]:
    """Maps each party that was renamed to its new names, in timeline order."""
    found: dict[str, list[Entry[PartyRenamed]]] = {}
    for entry in timeline.of(PartyRenamed):
        found.setdefault(entry.event.party, []).append(entry)
    return found


def names_of_parties(timeline: Timeline, on: date) -> dict[str, str]:
    """Maps the id of each party of any version to its name on a day: a party that the terms of the day do not have is
    named as in the latest version that has it.
    """
    every = {party.id: party.name for one in proposals(timeline).values() for party in one.event.terms.parties}
    return every | party_names_on(timeline, on)


def adopted_reading(timeline: Timeline, question: str, on: date) -> tuple[str | None, int | None]:
    """Returns the reading that a recorded event adopted for a question, with the event's position.

    Returns (None, None) if no event adopted a reading on or before the day. A hypothetical reading in
    `timeline.readings` comes first and has no position.
    """
    if question in timeline.readings:
        return timeline.readings[question], None
    own = _adopted_readings(timeline).get(question, ())
    place = bisect_right(own, on, key=_last)
    return (own[place - 1].event.reading, own[place - 1].position) if place else (None, None)


@remembered
def _adopted_readings(timeline: Timeline) -> dict[str, list[Entry[ReadingAdopted]]]:
    """Maps each question to the entries that adopted a reading of it, in timeline order."""
    found: dict[str, list[Entry[ReadingAdopted]]] = {}
    for entry in timeline.of(ReadingAdopted):
        found.setdefault(entry.event.question, []).append(entry)
    return found


def reading_on(timeline: Timeline, question: str, on: date) -> tuple[str, int | None]:
    """Returns the reading that applies on a day, and the position of the entry that adopted it.

    Without an adopted reading, the reading in the terms applies and the position is None.
    """
    reading, entry = adopted_reading(timeline, question, on)
    if reading is not None:
        return reading, entry
    terms = terms_on(timeline, on)
    return (terms.reading(question) if terms else default_reading(question)), None


def _last(entry: Entry[Any]) -> date:
    on: date = entry.event.valid_on.last
    return on
