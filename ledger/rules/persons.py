"""What the ledger asks of registrations of persons. Names stand outside the log, so they are put in afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ledger.events.body import PersonRegistered
from ledger.events.record import PersonalDataDisposed
from ledger.rules.finding import cannot_tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

RENAMES = "renames {person} from {before} to {after}"


def registered_once(entry: Entry[PersonRegistered], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an id stands for one person, whom a second registration renames from its day. Is it meant?

    `before` and `after` are the entries of the two names, until `with_names` tells them.
    """
    person = entry.event.person
    own = timeline.of(PersonRegistered, f"person:{person}")
    disposals = timeline.of(PersonalDataDisposed, f"person:{person}")
    gone = max((one.position for one in disposals if one.position < entry.position), default=0)
    others = [one for one in own if one.position > gone and one.position != entry.position]
    place = next(place for place, one in enumerate(own) if one.position == entry.position)
    earlier = [one for one in others if one in own[:place]]
    known = [one for one in others if one.position < entry.position and one.key != entry.key]
    if not earlier and not known:
        return
    before = earlier[-1] if earlier else known[0]
    yield cannot_tell(RENAMES, person=person, before=before.position, after=entry.position, entries=(before.position,))


def with_names(found: Finding, names: Mapping[int, str]) -> Finding:
    """The same, with the names that a registration is found to change, for people to read."""
    if found.message != RENAMES:
        return found
    said = {word: names.get(int(str(found.values[word])), "(name disposed of)") for word in ("before", "after")}
    return structs.replace(found, said=said)
