"""The agreement over time: when each version was proposed and in force, and what each party decided, and when."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ledger.events.agreement import AgreementAdopted, WithdrawalDecided, WithdrawalRevoked
from ledger.state.agreement import decided_too_late, decisions, life, parties, proposals, taken_back, withdrawal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.timeline import Timeline

What = Literal["adopted", "reserved", "rejected", "withdrawn", "withdrawn-in-vain", "withdrawal-revoked"]


class Course(Struct, frozen=True, kw_only=True):
    """A version of the agreement, proposed on a day and in force during [since, until). `since` is None for a version
    that does not come into force, and `until` while nothing ends it.
    """

    version: int
    proposed_on: date
    entry: int
    since: date | None
    until: date | None
    parties: tuple[str, ...]


class Decision(Struct, frozen=True, kw_only=True):
    """What a party decided on a day. `version` is None for a withdrawal, and for one taken back.

    An adoption with a reservation is `reserved`, and a withdrawal that ends nothing `withdrawn-in-vain`.
    """

    party: str
    on: date
    what: What
    version: int | None
    entry: int


class Adoptions(Struct, frozen=True, kw_only=True):
    """All versions, by number, and all decisions, in order of day and entry. Inexact days are taken at their latest.

    `parties` are those of any version: the municipalities by id, then the region.
    """

    known_at: str
    parties: tuple[str, ...]
    versions: tuple[Course, ...]
    decisions: tuple[Decision, ...]


def adoptions(timeline: Timeline) -> Adoptions:
    """Returns the versions and the decisions of the parties, of all days. Decisions that came too late are left out."""
    every = proposals(timeline)
    regions = {entry.event.terms.region() for entry in every.values()}
    return Adoptions(
        known_at=f"@{timeline.head}",
        parties=tuple(sorted(set().union(*parties(timeline).values()), key=lambda one: (one in regions, one))),
        versions=tuple(_courses(timeline)),
        decisions=tuple(sorted([*_decided(timeline), *_withdrawn(timeline)], key=lambda one: (one.on, one.entry))),
    )


def _courses(timeline: Timeline) -> Iterator[Course]:
    known = life(timeline)
    begun = {one.version: one.since for one in known.in_force}
    ended = {one.version: after.since for one, after in pairwise(known.in_force)}
    last = known.in_force[-1].version if known.in_force else None
    for version, entry in sorted(proposals(timeline).items()):
        yield Course(
            version=version,
            proposed_on=entry.event.valid_on.last,
            entry=entry.position,
            since=begun.get(version),
            until=known.end.on if known.end and version == last else ended.get(version),
            parties=tuple(sorted(parties(timeline)[version])),
        )


def _decided(timeline: Timeline) -> Iterator[Decision]:
    late = decided_too_late(timeline)
    for (version, party), entries in decisions(timeline).items():
        for entry in entries:
            event = entry.event
            what: What = "rejected"
            if isinstance(event, AgreementAdopted):
                what = "adopted" if event.reservation is None else "reserved"
            if entry.position not in late:
                yield _decision(party, event.valid_on.last, what, version, entry.position)


def _withdrawn(timeline: Timeline) -> Iterator[Decision]:
    in_time = taken_back(timeline)
    for entry in timeline.of_any(WithdrawalDecided, WithdrawalRevoked):
        event, position = entry.event, entry.position
        if isinstance(event, WithdrawalDecided):
            found = withdrawal_of(timeline, entry)
            what: What = "withdrawn" if found is not None and found.counts else "withdrawn-in-vain"
            yield _decision(event.party, event.valid_on.last, what, None, position)
        elif position in in_time:
            yield _decision(event.party, event.valid_on.last, "withdrawal-revoked", None, position)


def _decision(party: str, on: date, what: What, version: int | None, entry: int) -> Decision:
    return Decision(party=party, on=on, what=what, version=version, entry=entry)
