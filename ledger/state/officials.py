"""The holders of the management group's offices, and the proposals that the group prepared (section 6)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, get_args

from msgspec import Struct, structs

from ledger.events.officials import Office, OfficeLeft, OfficeTaken, ProposalPrepared
from ledger.state.agreement import terms_on
from ledger.timeline import order, remembered

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.terms import Terms
    from ledger.timeline import Timeline

DIRECTOR = "municipal-director"  # the only office that each municipality has
OfficeOf = tuple[str, str | None]  # (office, municipality), or (office, None) for an office of the whole county


class Held(Struct, frozen=True, kw_only=True):
    """An office held by a person on the days [since, until). `until` is None while the person holds the office.

    `party` is the municipality of a municipal director. `entry` is the position of the entry by which the person took
    the office, and `left` the position of the entry by which the person left the office.
    """

    person: str
    office: str
    party: str | None
    since: date
    until: date | None
    entry: int
    left: int | None = None


def offices_of(terms: Terms) -> list[OfficeOf]:
    """Returns the management group's offices in the order of `Office`, with a municipal director per municipality."""
    return [
        (office, party)
        for office in get_args(Office)
        for party in (terms.municipalities() if office == DIRECTOR else (None,))
    ]


@remembered
def offices(timeline: Timeline) -> tuple[Held, ...]:
    """Returns every holding of an office, in timeline order.

    Two persons may hold an office at the same time, since the agreement does not forbid it.
    """
    held: dict[int, Held] = {}
    for person in {entry.event.person for entry in timeline.of(OfficeTaken)}:
        held |= {one.entry: one for one in offices_of_person(timeline, person)}
    return tuple(held[entry.position] for entry in timeline.of(OfficeTaken) if entry.position in held)


@remembered
def offices_of_person(timeline: Timeline, person: str) -> tuple[Held, ...]:
    """Returns every holding of an office by a person, ordered by position.

    An entry by which a person takes an office that the person already holds is ignored.
    """
    open_: dict[OfficeOf, Held] = {}
    ended: list[Held] = []
    for entry in _of_person(timeline, person):
        on, own = entry.event.valid_on.last, (entry.event.office, entry.event.party)
        if isinstance(entry.event, OfficeTaken):
            began = Held(person=person, office=own[0], party=own[1], since=on, until=None, entry=entry.position)
            open_.setdefault(own, began)
            continue
        if own in open_ and open_[own].since < on:
            ended.append(structs.replace(open_.pop(own), until=on, left=entry.position))
    return tuple(sorted([*ended, *open_.values()], key=lambda one: one.entry))


@remembered
def offices_left(timeline: Timeline, person: str) -> frozenset[int]:
    """Returns the positions of the entries by which a person left an office that the person held."""
    return frozenset(one.left for one in offices_of_person(timeline, person) if one.left)


def _of_person(timeline: Timeline, person: str) -> list[Entry[OfficeTaken | OfficeLeft]]:
    tag = f"person:{person}"
    return sorted([*timeline.of(OfficeTaken, tag), *timeline.of(OfficeLeft, tag)], key=order)


def held_on(timeline: Timeline, on: date) -> list[Held]:
    """Returns the holdings of offices on a day, in timeline order.

    The director of a municipality that is not a party by the terms of the day is left out.
    """
    terms = terms_on(timeline, on)
    parties = {None, *(terms.party_ids() if terms else ())}
    held = (one for one in offices(timeline) if one.since <= on and (one.until is None or on < one.until))
    return [one for one in held if terms is None or one.party in parties]


@remembered
def prepared(timeline: Timeline) -> dict[tuple[str, int], Entry[ProposalPrepared]]:
    """Maps (meeting, item) to the first entry that says that the management group prepared a proposal on the item."""
    found: dict[tuple[str, int], Entry[ProposalPrepared]] = {}
    for entry in timeline.of(ProposalPrepared):
        found.setdefault((entry.event.meeting, entry.event.item), entry)
    return found
