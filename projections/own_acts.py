"""What is recorded in a party's name: the acts that bind it, by whom they were recorded, and whether it signed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.rules.record import OF_A_PARTY, party_of
from projections.history import ToldEntry, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.timeline import Timeline

MOST = 50  # entries that are told


class OwnActs(Struct, frozen=True, kw_only=True):
    """The latest acts that bind a party, the last recorded first, of `count` in all, annulled ones included."""

    known_at: str
    party: str
    count: int
    entries: tuple[ToldEntry, ...]


def own_acts(timeline: Timeline, names: Mapping[int, str], party: str) -> OwnActs:
    """Returns the acts that bind a party. `names` maps the position of a person's registration to the name."""
    acts = (entry for event in OF_A_PARTY for entry in timeline.all_of(event))
    own = [one for one in acts if party_of(one.event, timeline, one.position) == party]
    own.sort(key=lambda one: one.position, reverse=True)
    return OwnActs(known_at=f"@{timeline.head}", party=party, count=len(own),
                   entries=tell(own[:MOST], timeline, names))  # fmt: skip
