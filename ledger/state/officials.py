"""The officials: who held the offices of the management group, and what it had prepared (section 6)."""

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

DIRECTOR = "municipal-director"  # the one office that each municipality has
OfficeOf = tuple[str, str | None]  # an office, and whose: a municipality's, or of the county as a whole


class Held(Struct, frozen=True, kw_only=True):
    """An office held, [since, until); until is None while it lasts. `party` is a municipal director's municipality.

    `entry` began it, `left` is the leaving that ended it.
    """

    person: str
    office: str
    party: str | None
    since: date
    until: date | None
    entry: int
    left: int | None = None


def offices_of(terms: Terms) -> list[OfficeOf]:
    """The offices that make the management group: who leads it first, the municipal directors by municipality."""
    return [
        (office, party)
        for office in get_args(Office)
        for party in (terms.municipalities() if office == DIRECTOR else (None,))
    ]


@remembered
def offices(timeline: Timeline) -> tuple[Held, ...]:
    """Every office ever held, in timeline order of its taking. Two may hold one: the text does not forbid it."""
    held: dict[int, Held] = {}
    for person in {entry.event.person for entry in timeline.of(OfficeTaken)}:
        held |= {one.entry: one for one in offices_of_person(timeline, person)}
    return tuple(held[entry.position] for entry in timeline.of(OfficeTaken) if entry.position in held)


@remembered
def offices_of_person(timeline: Timeline, person: str) -> tuple[Held, ...]:
    """The offices that a person ever held, by entry. Who has an office already, and takes it again, has it still."""
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


def _of_person(timeline: Timeline, person: str) -> list[Entry[OfficeTaken | OfficeLeft]]:
    tag = f"person:{person}"
    return sorted([*timeline.of(OfficeTaken, tag), *timeline.of(OfficeLeft, tag)], key=order)


def held_on(timeline: Timeline, on: date) -> list[Held]:
    """The offices held on a day, in timeline order; none of a municipality that is no party by the day's terms."""
    terms = terms_on(timeline, on)
    parties = {None, *(terms.party_ids() if terms else ())}
    held = (one for one in offices(timeline) if one.since <= on and (one.until is None or on < one.until))
    return [one for one in held if terms is None or one.party in parties]


@remembered
def prepared(timeline: Timeline) -> dict[tuple[str, int], Entry[ProposalPrepared]]:
    """(meeting, item) → the first time that the management group prepared a proposal on it."""
    found: dict[tuple[str, int], Entry[ProposalPrepared]] = {}
    for entry in timeline.of(ProposalPrepared):
        found.setdefault((entry.event.meeting, entry.event.item), entry)
    return found
