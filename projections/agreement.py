"""The adoption board: the version of the agreement in force on a day, the decisions of the parties, the versions still
pending, and the readings that apply.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.agreement import (
    AgreementAdopted,
    AgreementProposed,
    AgreementRejected,
    EntryIntoForceFixed,
    WithdrawalDecided,
)
from ledger.readings import READINGS
from ledger.state.agreement import (
    adopts,
    decided_too_late,
    deciding,
    decision_on,
    end_seen_on,
    life,
    overtaken_by,
    party_names_on,
    proposals,
    reading_on,
    version_from,
    version_on,
    withdrawal_end,
    withdrawal_of,
)
from ledger.state.record import appeals_on
from ledger.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.encoding import Entry
    from ledger.state.agreement import Decision
    from ledger.timeline import Timeline


class Appealed(Struct, frozen=True, kw_only=True):
    """An appeal against a decision; `dismissed_on` is the day on which the court dismissed the appeal, or None."""

    on: str
    court: str
    entry: int
    dismissed_on: str | None


class Decided(Struct, frozen=True, omit_defaults=True):
    """A party's latest decision on a version, with the day as recorded and the appeals against the decision."""

    party: str
    on: str
    entry: int
    appeals: tuple[Appealed, ...] = ()


class Reserved(Decided, frozen=True, omit_defaults=True, kw_only=True):
    """A party's latest decision on a version, when the party adopted the version with a reservation.

    An adoption with a reservation does not count as an adoption, so the party is also listed in `Board.awaiting`.
    """

    reservation: str


class Reading(Struct, frozen=True, omit_defaults=True):
    """The reading that applies to an ambiguous passage, and the position of the entry that adopted the reading.

    `entry` is None when no entry adopted the reading: the reading comes from the terms, or is the default, or was
    `assumed` by the question.
    """

    reading: str
    entry: int | None
    assumed: bool = False


class Board(Struct, frozen=True, kw_only=True):
    """The decisions of the parties on one version. Municipalities come first, by id, and the region last.

    A party in `reserved` is in `awaiting` as well. `overtaken` is true when a version that was proposed later came into
    force before this version.
    """

    version: int
    adopted: tuple[Decided, ...]
    awaiting: tuple[str, ...]
    rejected: tuple[Decided, ...]
    reserved: tuple[Reserved, ...]
    overtaken: bool = False


class Withdrawn(Struct, frozen=True, kw_only=True):
    """A party's decision to withdraw. `counts` is true when the decision ends the agreement, unless the agreement has
    an earlier end.

    The reading `withdrawal-organ` settles which organs may decide to withdraw. `lapsed_on` is the day on which a
    version without the party came into force, after which the withdrawal ends nothing.
    """

    party: str
    on: str
    organ: str
    ends_on: date
    counts: bool
    taken_back_on: date | None
    lapsed_on: date | None
    entry: int
    appeals: tuple[Appealed, ...]


class Agreement(Struct, frozen=True, kw_only=True):
    """The agreement as of the day `on`: its status, version, terms, decisions and readings.

    `in_force_from` is the first day in force. Until the first day in force is certain, `in_force_from` is the start day
    that was fixed, or else the Day that was proposed.
    """

    on: date
    known_at: str
    status: str
    title: str | None
    version: int | None
    in_force_from: str | None
    ends_on: date | None
    withdrawn_by: tuple[str, ...]
    withdrawals: tuple[Withdrawn, ...]
    adopted: tuple[Decided, ...]
    awaiting: tuple[str, ...]
    rejected: tuple[Decided, ...]
    reserved: tuple[Reserved, ...]
    pending: tuple[Board, ...]
    terms: Terms | None
    names: dict[str, str]
    readings: dict[str, Reading]
    uncertain: tuple[int, ...] = ()


def agreement(timeline: Timeline, on: date) -> Agreement:
    """Returns the agreement as of the day `on`.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.ask(lambda one: _agreement(one, on))
    return structs.replace(answer, uncertain=uncertain)


def _agreement(timeline: Timeline, on: date) -> Agreement:
    proposed = [entry.event.version for entry in timeline.of(AgreementProposed) if entry.event.valid_on.last <= on]
    known = life(timeline)
    in_force = version_on(timeline, on)
    lately = version_from(known.in_force, on)
    end = end_seen_on(timeline, on)
    ended = end is not None and on >= end.on
    version = in_force or lately or max(proposed, default=None)
    entry = proposals(timeline)[version] if version else None
    board = _board(timeline, version, on) if version else None
    once = {one.version for one in known.in_force if one.since <= on}
    return Agreement(
        on=on,
        known_at=f"@{timeline.head}",
        status="ended" if ended and lately else "in-force" if in_force else "proposed" if version else "none",
        title=entry.event.title if entry else None,
        version=version,
        in_force_from=_starts(timeline, version, on) if version else None,
        ends_on=end.on if end else None,
        withdrawn_by=end.parties if end else (),
        withdrawals=tuple(_withdrawals(timeline, on)),
        adopted=board.adopted if board else (),
        awaiting=board.awaiting if board else (),
        rejected=board.rejected if board else (),
        reserved=board.reserved if board else (),
        pending=tuple(_board(timeline, one, on) for one in sorted(proposed) if one != version and one not in once),
        terms=entry.event.terms if entry else None,
        names=_names(timeline, version, on) if version else {},
        readings={
            question: Reading(*reading_on(timeline, question, on), assumed=question in timeline.readings)
            for question in READINGS
            if version
        },
    )


def _names(timeline: Timeline, version: int, on: date) -> dict[str, str]:
    """Returns the names that the parties to a version bear on a day, by party id."""
    said = {party.id: party.name for party in proposals(timeline)[version].event.terms.parties}
    called = party_names_on(timeline, on)
    return {party: called.get(party, name) for party, name in said.items()}


def _starts(timeline: Timeline, version: int, on: date) -> str:
    """Returns the first day on which a version is in force, as text.

    Until the first day in force is certain, returns the start day that was fixed by `on`, or else the Day that was
    proposed.
    """
    recorded = timeline.at(proposals(timeline)[version].position)
    assert isinstance(recorded.event, AgreementProposed), "a version is put forward by a proposal"
    said = recorded.event.in_force_from
    late = decided_too_late(timeline)
    fixings = [
        entry.event
        for entry in timeline.of(EntryIntoForceFixed)
        if entry.event.version == version and entry.position not in late
    ]
    fixed = [event.in_force_from for event in fixings if event.valid_on.last <= on]
    since = next((one.since for one in life(timeline).in_force if one.version == version), None)
    loose = said.is_loose and not fixings
    if since is not None and since <= on and not (loose and since <= said.last):
        return since.isoformat()
    return fixed[-1].isoformat() if fixed else said.text


def _board(timeline: Timeline, version: int, on: date) -> Board:
    in_force = version_from(life(timeline).in_force, on, without=version)
    needed = _in_order(timeline, version, deciding(timeline, version, in_force))
    decided = {party: decision_on(timeline, version, party, on) for party in needed}
    latest = {party: one for party, one in decided.items() if one is not None}
    rejected = [party for party, one in latest.items() if isinstance(one.event, AgreementRejected)]
    adopted = [party for party, one in latest.items() if adopts(one)]

    def told(parties: Iterable[str]) -> tuple[Decided, ...]:
        entries = {party: timeline.at(latest[party].position) for party in parties}
        return tuple(
            Decided(party, entry.event.valid_on.text, entry.position, appealed(timeline, entry.position, on))
            for party, entry in entries.items()
        )

    return Board(
        version=version,
        adopted=told(adopted),
        awaiting=tuple(party for party in needed if party not in {*adopted, *rejected}),
        rejected=told(rejected),
        reserved=tuple(_reserved(timeline, latest, on)),
        overtaken=overtaken_by(timeline, version, on) is not None,
    )


def _reserved(timeline: Timeline, latest: Mapping[str, Entry[Decision]], on: date) -> Iterator[Reserved]:
    for party, one in latest.items():
        if isinstance(one.event, AgreementAdopted) and one.event.reservation is not None:
            yield Reserved(
                party=party,
                on=timeline.at(one.position).event.valid_on.text,
                entry=one.position,
                appeals=appealed(timeline, one.position, on),
                reservation=one.event.reservation,
            )


def _withdrawals(timeline: Timeline, on: date) -> Iterator[Withdrawn]:
    for entry in timeline.of(WithdrawalDecided):
        if entry.event.valid_on.last > on:
            continue
        found = withdrawal_of(timeline, entry)
        back = found.taken_back if found else None
        lapsed = found.lapsed if found and found.lapsed and found.lapsed <= on else None
        yield Withdrawn(
            party=entry.event.party,
            on=timeline.at(entry.position).event.valid_on.text,
            organ=entry.event.source.organ,
            ends_on=withdrawal_end(timeline, entry),
            counts=found is not None and found.counts and lapsed is None,
            taken_back_on=back if back and back <= on else None,
            lapsed_on=lapsed,
            entry=entry.position,
            appeals=appealed(timeline, entry.position, on),
        )


def appealed(timeline: Timeline, entry: int, on: date) -> tuple[Appealed, ...]:
    """Returns the appeals that were lodged, on or before the day `on`, against a decision."""
    return tuple(
        Appealed(
            on=timeline.at(lodged.position).event.valid_on.text,
            court=lodged.event.court,
            entry=lodged.position,
            dismissed_on=str(dismissed.event.valid_on) if dismissed else None,
        )
        for lodged, dismissed in appeals_on(timeline, on, against=entry)
    )


def _in_order(timeline: Timeline, version: int, parties: Iterable[str]) -> list[str]:
    region = proposals(timeline)[version].event.terms.region()
    return sorted(parties, key=lambda party: (party == region, party))
