"""The life of the agreement: the version in force on a day, its adoptions, withdrawals and end (head and section 7)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.encoding import Entry
from ledger.events.agreement import (
    AgreementAdopted,
    AgreementProposed,
    AgreementRejected,
    AppealDismissed,
    AppealLodged,
    EntryIntoForceFixed,
    PartyRenamed,
    ReadingAdopted,
    WithdrawalDecided,
    WithdrawalRevoked,
)
from ledger.readings import default_reading
from ledger.timeline import remembered
from ledger.timeline.past import past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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


def appeals_on(timeline: Timeline, on: date) -> list[tuple[Entry[AppealLodged], Entry[AppealDismissed] | None]]:
    """Returns the appeals lodged on or before a day, each with its dismissal, or None if not dismissed by then.

    A dismissal names either the appeal or the entry that is appealed.
    """
    dismissed = [one for one in timeline.of(AppealDismissed) if one.event.valid_on.last <= on]
    return [
        (lodged, next((one for one in dismissed if one.event.entry in {lodged.position, lodged.event.entry}), None))
        for lodged in timeline.of(AppealLodged)
        if lodged.event.valid_on.last <= on
    ]


def withdrawals(timeline: Timeline) -> tuple[Withdrawal, ...]:
    """Returns the withdrawals for which `Withdrawal.ends` is true, the earliest end first."""
    return tuple(one for one in _withdrawn(timeline)[0] if one.ends())


def withdrawal_of(timeline: Timeline, decided: Entry[WithdrawalDecided]) -> Withdrawal | None:
    """Returns the withdrawal that a decision leads to, or None if the decision leads to no withdrawal.

    A decision leads to no withdrawal if it is made by somebody who is not a party, if its end lies before the decision,
    or if the agreement has ended.
    """
    return next((one for one in _withdrawn(timeline)[0] if one.decided.position == decided.position), None)


def taken_back(timeline: Timeline) -> frozenset[int]:
    """Returns the positions of the revocations that were made before the end of the withdrawal that they revoke."""
    return _withdrawn(timeline)[1]


@remembered
def _withdrawn(timeline: Timeline) -> tuple[tuple[Withdrawal, ...], frozenset[int]]:
    """Returns all withdrawals, the earliest end first, and the positions of the revocations that came in time.

    For the decisions that lead to no withdrawal, see `withdrawal_of`.
    """
    found: list[Withdrawal] = []
    in_time = set()
    first = next((one.since for one in came_into_force(timeline)), date.max)  # the agreement cannot end by this day
    for entry in timeline.of_any(WithdrawalDecided, WithdrawalRevoked):
        on, party = entry.event.valid_on.last, entry.event.party
        read = withdrawal_read_as(timeline, entry, "withdrawal-organ")
        counts = read == "any" or entry.event.source.organ == "assembly"
        if isinstance(entry.event, WithdrawalDecided):
            end = withdrawal_end(timeline, entry)
            over = any(first < one.end <= on != one.decided.event.valid_on.last and one.ends() for one in found)
            if end >= on and is_party(timeline, party, on) and not over:
                found.append(Withdrawal(end, entry, counts, _amended_away(timeline, party, on, end)))
            continue
        for place, one in enumerate(found):
            if one.decided.event.party == party and one.taken_back is None and on < one.end:
                in_time.add(entry.position)
                if counts or not one.counts:
                    found[place] = structs.replace(one, taken_back=on)
    return tuple(sorted(found, key=lambda one: (one.end, one.decided.position))), frozenset(in_time)


def is_party(timeline: Timeline, party: str, on: date) -> bool:
    """Returns whether a party is a party to the version that would be in force on a day if nobody had withdrawn."""
    version = version_from(came_into_force(timeline), on)
    return version is not None and party in _terms(timeline, version).party_ids()


def _amended_away(timeline: Timeline, party: str, after: date, before: date) -> date | None:
    """Returns the first day, strictly between two days, on which a version without the party comes into force."""
    versions = (one for one in came_into_force(timeline) if after < one.since < before)
    return next((one.since for one in versions if party not in _terms(timeline, one.version).party_ids()), None)


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


def overtaken_by(timeline: Timeline, version: int, on: date) -> int | None:
    """Returns a version that was put forward after `version` but came into force before `version`, or None.

    Only versions that came into force by the day `on` are considered.
    """
    place = [*proposals(timeline)].index(version)
    later = {*[*proposals(timeline)][place + 1 :]}
    for one in life(timeline).in_force:
        if one.version == version or one.since > on:
            return None
        if one.version in later:
            return one.version
    return None


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


def decided_too_late(timeline: Timeline) -> frozenset[int]:
    """Returns the positions of the decisions on a version, and of the entries that fix its start day, that came when
    the version was already in force.
    """
    return _adoption(timeline).late


@remembered
def _adoption(timeline: Timeline) -> Adoption:
    """Replays the decisions on all versions, day by day, and returns the result as an `Adoption`."""
    decided = timeline.of_any(AgreementAdopted, AgreementRejected, EntryIntoForceFixed)
    starts: dict[int, Entry[Any]] = dict(sorted(proposals(timeline).items()))
    pending = _as_worded(timeline)
    fixed_to = (entry.event.in_force_from for entry in timeline.of(EntryIntoForceFixed))
    first = (put_forward(timeline, version) for version in pending)
    moments = sorted({*(entry.event.valid_on.last for entry in decided), *pending.values(), *fixed_to, *first})
    latest: dict[int, dict[str, Entry[Decision]]] = {version: {} for version in pending}
    found: list[InForce] = []
    late = set()
    heard = 0
    for now in moments:
        _enter(timeline, pending, latest, found, now)
        while heard < len(decided) and decided[heard].event.valid_on.last <= now:
            event = decided[heard].event
            if event.version not in pending:
                late.update([decided[heard].position] if event.version in latest else [])
            elif isinstance(event, EntryIntoForceFixed):
                starts[event.version] = decided[heard]
                pending[event.version] = event.in_force_from
            else:
                latest[event.version][event.assembly] = decided[heard]
            heard += 1
        _enter(timeline, pending, latest, found, now)
    return Adoption(tuple(found), frozenset(late), starts)


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


def _enter(
    timeline: Timeline,
    pending: dict[int, date],
    latest: dict[int, dict[str, Entry[Decision]]],
    found: list[InForce],
    now: date,
) -> None:
    """Moves the versions that have come into force by `now` from `pending` to `found`."""
    for version, start in list(pending.items()):
        needed = deciding(timeline, version, found[-1].version if found else None)
        first = max(start, put_forward(timeline, version))
        if first <= now and all(adopts(latest[version].get(party)) for party in needed):
            del pending[version]
            last = max([first, *(latest[version][party].event.valid_on.last for party in needed)])
            since = start if late_adoption_read_as(timeline, version, last) == "start-day" else last
            found.append(InForce(max([since, *(one.since for one in found)]), version))


def late_adoption_read_as(timeline: Timeline, version: int, last: date) -> str:
    """Returns the reading of `late-adoption` for a version whose last adoption came on the day `last`."""
    return adopted_reading(timeline, "late-adoption", last)[0] or _terms(timeline, version).reading("late-adoption")


def deciding(timeline: Timeline, version: int, in_force: int | None) -> frozenset[str]:
    """Returns the parties that must adopt a version: the parties to that version and to the version in force.

    Source: provision amended-by-unanimity.
    """
    own = _terms(timeline, version).party_ids()
    return own | _terms(timeline, in_force).party_ids() if in_force else own


def adopts(decision: Entry[Decision] | None) -> bool:
    """Returns whether a decision is an adoption without reservation; no other decision adopts a version."""
    return decision is not None and isinstance(decision.event, AgreementAdopted) and decision.event.reservation is None


def _terms(timeline: Timeline, version: int) -> Terms:
    return proposals(timeline)[version].event.terms


def version_from(in_force: tuple[InForce, ...], on: date) -> int | None:
    """Returns the version in force on a day, or None before the first version.

    `in_force` holds the versions in the order they came into force.
    """
    return next((one.version for one in reversed(in_force) if one.since <= on), None)


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
    return tuple(
        (one.since, end)
        for one, end in zip(in_force, until, strict=False)
        if party not in _terms(timeline, one.version).party_ids()
    )


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
        for party in sorted(_terms(timeline, before.version).party_ids() - _terms(timeline, one.version).party_ids())
    ]


def terms_on(timeline: Timeline, on: date) -> Terms | None:
    """Returns the terms that apply on a day: those of the version in force.

    Before the first version is in force, the terms of the lowest version apply; after the end, those of the last
    version. Returns None if no version has been put forward.
    """
    return terms_by_day(timeline)(on)


def terms_by_day(timeline: Timeline) -> Callable[[date], Terms | None]:
    """Returns `terms_on` as a function of the day alone, which is faster when many days are asked about."""
    known, in_force = proposals(timeline), life(timeline).in_force

    def terms(on: date) -> Terms | None:
        version = version_from(in_force, on) or min(known, default=None)
        return known[version].event.terms if version else None

    return terms


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
    terms = terms_on(timeline, on)
    versions = [one.version for one in life(timeline).in_force if one.since <= on]
    return bool(terms and terms.party(party)) or any(party in _terms(timeline, one).party_ids() for one in versions)


def party_names_on(timeline: Timeline, on: date) -> dict[str, str]:
    """Maps the id of each party in the terms of a day to its name, as worded or as renamed later."""
    known = proposals(timeline)
    version = version_from(life(timeline).in_force, on) or min(known, default=None)
    if version is None:
        return {}
    names = {party.id: party.name for party in known[version].event.terms.parties}
    for renamed in timeline.of(PartyRenamed):
        if known[version].event.valid_on.last <= renamed.event.valid_on.last <= on and renamed.event.party in names:
            names[renamed.event.party] = renamed.event.name
    return names


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
    for entry in reversed(timeline.of(ReadingAdopted)):
        if entry.event.question == question and entry.event.valid_on.last <= on:
            return entry.event.reading, entry.position
    return None, None


def reading_on(timeline: Timeline, question: str, on: date) -> tuple[str, int | None]:
    """Returns the reading that applies on a day, and the position of the entry that adopted it.

    Without an adopted reading, the reading in the terms applies and the position is None.
    """
    reading, entry = adopted_reading(timeline, question, on)
    if reading is not None:
        return reading, entry
    terms = terms_on(timeline, on)
    return (terms.reading(question) if terms else default_reading(question)), None
