"""What a text may mean: an entry, a person, a party, a group, a meeting or a provision."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Literal
from unicodedata import normalize

from msgspec import Struct

from ledger.events.groups import GroupCreated
from ledger.events.meetings import MeetingCalled, MeetingHeld
from ledger.state.agreement import names_of_parties
from ledger.state.record import registrations
from ledger.values import PLAIN_LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.timeline import Timeline

    Names = Mapping[int, str]

Kind = Literal["entry", "person", "party", "group", "meeting", "provision"]
MOST = 50  # hits
_ENTRY = re.compile(r"@?(\d{1,15})")


class Hit(Struct, frozen=True):
    """Something that a text may mean: its kind, its id, and the name by which people know it."""

    kind: Kind
    id: str
    name: str


class Search(Struct, frozen=True, kw_only=True):
    """What a text may mean in the record as known: at most `MOST` hits by kind, of `count` in all."""

    on: date
    known_at: str
    query: str
    count: int
    hits: tuple[Hit, ...]


def search(timeline: Timeline, on: date, names: Names, query: str, provisions: Mapping[str, str]) -> Search:
    """Returns what a text may mean. Every word of the text must be part of the id or of the name.

    `names` maps the position of a person's registration to the name, and `provisions` maps each provision to its name.
    Case, and the marks on letters, do not matter.
    """
    words = _plain(query).split()
    everything = _everything(timeline, on, names, provisions) if words else iter(())
    found = [one for one, text in everything if all(word in _plain(f"{one.id} {text}") for word in words)]
    found = [*_entry(timeline, query), *found]
    return Search(on=on, known_at=f"@{timeline.head}", query=query, count=len(found), hits=tuple(found[:MOST]))


def _entry(timeline: Timeline, query: str) -> Iterator[Hit]:
    asked = _ENTRY.fullmatch(query.strip())
    if asked and 1 <= int(asked[1]) <= timeline.head:
        yield Hit("entry", str(int(asked[1])), timeline.at(int(asked[1])).event.event_name)


def _everything(timeline: Timeline, on: date, names: Names, provisions: Mapping[str, str]) -> Iterator[tuple[Hit, str]]:
    """Yields everything that can be found, each with the names that it is or was known by."""
    for person, known in registrations(timeline).items():
        called = [names.get(one.position, "") for one in known]
        yield Hit("person", person, called[-1]), " ".join(called)
    yield from ((Hit("party", party, name), name) for party, name in names_of_parties(timeline, on).items())
    for created in timeline.of(GroupCreated):
        yield Hit("group", created.event.group, created.event.name), created.event.name
    meetings = dict.fromkeys(one.event.meeting for one in timeline.of_any(MeetingCalled, MeetingHeld))
    yield from ((Hit("meeting", meeting, ""), "") for meeting in meetings)
    yield from ((Hit("provision", slug, name), name) for slug, name in provisions.items())


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold().translate(PLAIN_LETTERS)
