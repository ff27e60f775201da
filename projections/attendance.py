"""Attendance in a half-year: how often each member was present, and for which party. Each party pays its own members
from these figures (own-members-paid).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.state.agreement import party_names_on, terms_on
from ledger.state.costs.attendance import Presence, presences
from ledger.state.groups import half_year_span
from projections.council import name_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.timeline import Timeline


class Attended(Struct, frozen=True, kw_only=True):
    """A meeting, of the body or of a group, at which a person was present."""

    day: date
    meeting: str | None
    group: str | None
    remote: bool
    entry: int


class Attendant(Struct, frozen=True, kw_only=True):
    """How often a person was present for a party: `body` is the number of the body's meetings, and `groups` the number
    of meetings of groups.

    `remote` is the number of the body's meetings in which the person took part remotely.
    """

    person: str
    name: str | None
    body: int
    remote: int
    groups: int
    attended: tuple[Attended, ...]


class PartyAttendance(Struct, frozen=True, kw_only=True):
    """The attendance of the members of one party.

    `party` is None for persons who were not members on the day they attended. The agreement names no payer for a person
    who attended without being a member.
    """

    party: str | None
    name: str | None
    persons: tuple[Attendant, ...]


class Attendance(Struct, frozen=True, kw_only=True):
    """The attendance in a half-year, as of the day `on`, by party.

    Municipalities come first, by id, then the region, and last the persons without a party. Within a party, persons are
    ordered by id.
    """

    half_year: str
    on: date
    known_at: str
    parties: tuple[PartyAttendance, ...]
    uncertain: tuple[int, ...] = ()


def attendance(timeline: Timeline, half_year: str, on: date, names: Mapping[int, str]) -> Attendance:
    """Returns the attendance in a half-year such as 2024H1, as of the day `on`.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.seen_on(on).ask(lambda one: _attendance(one, half_year, on, names))
    return structs.replace(answer, uncertain=uncertain)


def _attendance(timeline: Timeline, half_year: str, on: date, names: Mapping[int, str]) -> Attendance:
    first, last = half_year_span(half_year)
    found: dict[str | None, dict[str, list[Presence]]] = {}
    for one in presences(timeline, first, min(last, on)):
        found.setdefault(one.party, {}).setdefault(one.person, []).append(one)
    terms = terms_on(timeline, last)
    called = party_names_on(timeline, last)
    region = terms.region() if terms else None
    in_order = sorted({*found, *called}, key=lambda party: (party is None, party == region, party or ""))
    return Attendance(
        half_year=half_year,
        on=on,
        known_at=f"@{timeline.head}",
        parties=tuple(
            PartyAttendance(
                party=party,
                name=called.get(party or ""),
                persons=tuple(
                    _attendant(person, name_on(timeline, person, on, names), known)
                    for person, known in sorted(found.get(party, {}).items())
                ),
            )
            for party in in_order
        ),
    )


def _attendant(person: str, name: str | None, known: list[Presence]) -> Attendant:
    known = sorted(known, key=lambda one: (one.day, one.entry))
    return Attendant(
        person=person,
        name=name,
        body=sum(one.meeting is not None for one in known),
        remote=sum(one.remote for one in known),
        groups=sum(one.group is not None for one in known),
        attended=tuple(
            Attended(day=one.day, meeting=one.meeting, group=one.group, remote=one.remote, entry=one.entry)
            for one in known
        ),
    )
