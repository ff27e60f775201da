"""Who has sat in the body: every seat over time, with its holders and their names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.state.agreement import proposals
from ledger.state.seats import SEATS_OF, seats
from projections.council import name_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.state.seats import Seated
    from ledger.timeline import Timeline


class Holding(Struct, frozen=True, kw_only=True):
    """A person's seat during [since, until), with the bloc of its first day. `name` is None once disposed of."""

    person: str
    name: str | None
    bloc: str
    since: date
    until: date
    entry: int


class Seat(Struct, frozen=True, kw_only=True):
    """A seat of a party, and those who have held it, in order of day. Of seats of one kind, `number` tells which."""

    party: str
    seat: str
    number: int
    holdings: tuple[Holding, ...]


class Seatings(Struct, frozen=True, kw_only=True):
    """Every seat that was ever held: those of the municipalities by id, then those of the region."""

    known_at: str
    seats: tuple[Seat, ...]


def seatings(timeline: Timeline, on: date, names: Mapping[int, str]) -> Seatings:
    """Returns every seat with its holders of all days, under the names that they have on the day `on`.

    Inexact days are taken at their latest. Where a party has several seats of a kind, a holder takes over the first
    that is free.
    """
    regions = {entry.event.terms.region() for entry in proposals(timeline).values()}
    kinds = [seat for own in SEATS_OF.values() for seat in own]
    lanes: dict[tuple[str, str], list[list[Seated]]] = {}
    for one in sorted(seats(timeline), key=lambda one: (one.since, one.entry)):
        if one.since < one.until:
            _placed(lanes.setdefault((one.party, one.seat), []), one)
    found = sorted(lanes.items(), key=lambda item: (item[0][0] in regions, item[0][0], kinds.index(item[0][1])))
    return Seatings(
        known_at=f"@{timeline.head}",
        seats=tuple(
            Seat(
                party=party,
                seat=seat,
                number=number,
                holdings=tuple(_holding(timeline, one, on, names) for one in lane),
            )
            for (party, seat), own in found
            for number, lane in enumerate(own, 1)
        ),
    )


def _placed(lanes: list[list[Seated]], one: Seated) -> None:
    free = next((lane for lane in lanes if lane[-1].until <= one.since), None)
    if free is None:
        lanes.append([one])
    else:
        free.append(one)


def _holding(timeline: Timeline, one: Seated, on: date, names: Mapping[int, str]) -> Holding:
    return Holding(
        person=one.person,
        name=name_on(timeline, one.person, on, names),
        bloc=one.bloc,
        since=one.since,
        until=one.until,
        entry=one.entry,
    )
