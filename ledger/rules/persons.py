"""What the ledger asks of names. Those of persons stand outside the log, so they are put in afterwards."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import structs

from ledger.events.body import PersonRegistered
from ledger.events.record import PersonalDataDisposed
from ledger.rules.finding import cannot_tell
from ledger.state.agreement import party_names_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.encoding import Entry
    from ledger.events.agreement import PartyRenamed
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

RENAMES = "renames {person} from {before} to {after}"


def registered_once(entry: Entry[PersonRegistered], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an id stands for one person, whom a registration of a later day renames from it. Is it meant?

    Of two registrations the one recorded later tells it. `before` and `after` are the entries of the two names, until
    `with_names` tells them.
    """
    person = entry.event.person
    own = timeline.of(PersonRegistered, f"person:{person}")
    disposals = timeline.of(PersonalDataDisposed, f"person:{person}")
    gone = max((one.position for one in disposals if one.position < entry.position), default=0)
    for before, after in pairwise(one for one in own if one.position > gone):
        if entry.position == max(before.position, after.position):
            other = min(before.position, after.position)
            yield cannot_tell(RENAMES, since=after.event.valid_on.last, person=person, before=before.position,
                              after=after.position, entries=(other,))  # fmt: skip


def called_as_no_other(entry: Entry[PartyRenamed], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a party takes a name that no other party has."""
    for party, name in party_names_on(timeline, entry.event.valid_on.last).items():
        if party != entry.event.party and name.casefold() == entry.event.name.casefold():
            yield cannot_tell("renames {party} to {name}, as {other} is called", party=entry.event.party, name=name,
                              other=party)  # fmt: skip


def with_names(found: Finding, names: Mapping[int, str]) -> Finding:
    """The same, with the names that a registration is found to change, for people to read."""
    if found.message != RENAMES:
        return found
    said = {word: names.get(int(str(found.values[word])), "(name disposed of)") for word in ("before", "after")}
    return structs.replace(found, said=said)
