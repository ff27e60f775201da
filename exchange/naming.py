"""Who is meant in a cell: a party by its id, name, code or organisation number, a person by id or by name.

Every function raises ValueError, with a sentence, where nobody is meant, or more than one may be.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from exchange.cells import tidied
from ledger.events.agreement import PartyRenamed
from ledger.messages import msg
from ledger.state.agreement import proposals
from ledger.state.record import registrations
from ledger.values import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.terms import PartyTerms
    from ledger.timeline import Timeline

_ID = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
_NAME_AND_ID = re.compile(r"(.+?) \(([a-z0-9-]{1,64})\)")
_NUMBERED = re.compile(r"p(\d{1,6})", re.ASCII)
_KINDS = (" kommun", " stad", " kommunen", " municipality")


class Naming:
    """Who is in the ledger, for the cells of one file. `names` maps the position of a registration to the name.

    `names_of` maps the id of each person to the name, or None where it is not kept.
    """

    def __init__(self, timeline: Timeline, names: Mapping[int, str]) -> None:
        self.timeline = timeline
        self._parties: dict[str, set[str]] = defaultdict(set)
        self._party_names: dict[str, str] = {}
        for entry in proposals(timeline).values():
            for party in entry.event.terms.parties:
                self._party_names[party.id] = party.name
                for key in _keys_of(party):
                    self._parties[_plain(key)].add(party.id)
        for renamed in timeline.of(PartyRenamed):
            for key in _short(renamed.event.name):
                self._parties[_plain(key)].add(renamed.event.party)
        self.names_of: dict[str, str | None] = {
            person: names.get(own[-1].position) for person, own in registrations(timeline).items()
        }
        self._persons: dict[str, set[str]] = defaultdict(set)
        for person, name in self.names_of.items():
            if name:
                self._persons[_plain(name)].add(person)

    def party(self, text: str) -> str:
        """Returns the id of the party that a text means. What could be an id is returned for the ledger to refuse."""
        found = self._parties.get(_plain(text), set())
        if text in found:
            return text
        if len(found) > 1:
            raise ValueError(_several(text, found, self._party_names))
        if not found and not (_ID.fullmatch(text) and not text.isdecimal()):
            raise ValueError(msg("{value} is not a party to the agreement", value=quoted(text)))
        return next(iter(found), text)

    def knows_party(self, text: str) -> bool:
        """Returns whether a text means one party, or several."""
        return bool(self._parties.get(_plain(text)))

    def person(self, text: str) -> str:
        """Returns the id of the person that a text means; a text that could be an id as it is, for the ledger to
        refuse.
        """
        if (both := _NAME_AND_ID.fullmatch(tidied(text))) and self.names_of.get(both[2]) == both[1]:
            return both[2]
        if text in self.names_of:
            return text
        found = self.named(text)
        if len(found) > 1:
            raise ValueError(_several(text, found, self.names_of))
        if not found and not _ID.fullmatch(text):
            raise ValueError(msg("no person in the ledger is named {value}", value=quoted(text)))
        return next(iter(found), text)

    def named(self, name: str) -> set[str]:
        """Returns the ids of the persons of a name, given as `Anna Exempel` or as `Exempel, Anna`."""
        last, comma, first = name.partition(",")
        return self._persons.get(_plain(name), set()) or (
            self._persons.get(_plain(f"{first} {last}"), set()) if comma else set()
        )

    def register(self, person: str, name: str) -> None:
        """Takes in a person whom the file registers."""
        self.names_of[person] = name
        self._persons[_plain(name)].add(person)

    def free_ids(self, taken: set[str]) -> Iterator[str]:
        """Yields ids for new persons, which carry no name: the next numbers, as p29, that no person has."""
        used = {*self.names_of, *taken}
        number = max((int(found[1]) for one in used if (found := _NUMBERED.fullmatch(one))), default=0)
        while True:
            number += 1
            yield f"p{number:02d}"


def _several(text: str, ids: set[str], names: Mapping[str, str | None]) -> str:
    several = ", ".join(f"{names.get(one) or ''} ({one})".strip() for one in sorted(ids))
    return msg("{answer} could be {several}: give the id", answer=quoted(text), several=several)


def _plain(text: str) -> str:
    return tidied(text).casefold()


def _keys_of(party: PartyTerms) -> Iterator[str]:
    """Yields what a party may be called."""
    yield from (party.id, party.code, party.organisation_number, party.organisation_number.replace("-", ""))
    yield from _short(party.name)
    yield party.assembly
    if party.kind == "region":
        yield from ("regionen", "region", "the region")


def _short(name: str) -> Iterator[str]:
    """Yields the name of a party, and the name of its place: Köpings kommun is Köpings and Köping."""
    yield name
    plain = tidied(name)
    for kind in _KINDS:
        if plain.casefold().endswith(kind):
            place = plain[: -len(kind)]
            yield place
            yield place.removesuffix("s")
