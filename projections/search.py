"""What a text may mean: an entry, a person, a party, a group, a meeting or a provision."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Literal
from unicodedata import normalize

from msgspec import Struct

from ledger.events.costs import CostBorne, InstalmentClaimed, PaymentMade, ProjectFunded
from ledger.events.groups import GroupCreated
from ledger.events.meetings import MeetingCalled, MeetingHeld
from ledger.events.settlement import CommitmentMade
from ledger.state.agreement import names_of_parties
from ledger.state.record import registrations
from ledger.values import PLAIN_LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.timeline import Timeline

    Names = Mapping[int, str]

Kind = Literal["entry", "person", "party", "group", "meeting", "provision"]
MOST = 50  # hits
LONGER = 4  # letters of a word that is sought by itself
OF_AMOUNTS = (PaymentMade, CostBorne, CommitmentMade, ProjectFunded)
_AMOUNT = re.compile(r"(\d{1,15})(?:[.,](\d\d))?(kr)?")
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

    Where nothing has every word, what has any of the longer words is returned, so that a question finds what it asks
    about. An amount in kronor or in whole öre finds the claims, payments, costs, commitments and grants of that amount.

    `names` maps the position of a person's registration to the name, and `provisions` maps each provision to its name.
    Case, and the marks on letters, do not matter.
    """
    words = _plain(query).split()
    everything = [*_everything(timeline, on, names, provisions)] if words else []
    known = [(one, _plain(f"{one.id} {text}")) for one, text in everything]
    found = [one for one, text in known if all(word in text for word in words)]
    if not found:
        longer = [word for word in words if len(word) >= LONGER]
        found = [one for one, text in known if any(word in text.split() for word in longer)]
    found = [*_entry(timeline, query), *_of_amount(timeline, query), *found]
    return Search(on=on, known_at=f"@{timeline.head}", query=query, count=len(found), hits=tuple(found[:MOST]))


def _entry(timeline: Timeline, query: str) -> Iterator[Hit]:
    asked = _ENTRY.fullmatch(query.strip())
    if asked and 1 <= int(asked[1]) <= timeline.head:
        yield Hit("entry", str(int(asked[1])), timeline.at(int(asked[1])).event.event_name)


def _of_amount(timeline: Timeline, query: str) -> Iterator[Hit]:
    """Yields the entries of an amount that is written in kronor, or as whole öre."""
    if not (asked := _AMOUNT.fullmatch("".join(query.split()))):
        return
    whole, part = int(asked[1]), asked[2]
    amounts = {100 * whole + int(part or 0)} if part or asked[3] else {whole, 100 * whole}
    for one in timeline.of_any(InstalmentClaimed, *OF_AMOUNTS):
        claimed = one.event.amounts.values() if isinstance(one.event, InstalmentClaimed) else (one.event.amount,)
        if not amounts.isdisjoint(claimed):
            yield Hit("entry", str(one.position), one.event.event_name)


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
