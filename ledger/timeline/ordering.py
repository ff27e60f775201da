"""The order of a timeline: valid day, then what ends before what begins, then position."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Any

from ledger.events.agreement import WithdrawalDecided
from ledger.events.costs import ProjectEnded
from ledger.events.groups import GroupClosed, GroupMemberReleased, GroupOfficerReleased
from ledger.events.officials import OfficeLeft
from ledger.events.posts import ExpertReleased, ViceChairReleased
from ledger.events.seats import SeatVacated
from ledger.events.settlement import CommitmentReleased

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event

FEW = 8  # entries that are put in their places one by one, for less than it takes to order all anew

ENDING = frozenset({  # of one day, what ends counts before what begins
    WithdrawalDecided, SeatVacated, ViceChairReleased, ExpertReleased, GroupMemberReleased, GroupOfficerReleased,
    GroupClosed, ProjectEnded, CommitmentReleased, OfficeLeft,
})  # fmt: skip


def order(entry: Entry[Event]) -> tuple[date, bool, int]:
    """The place in the timeline: latest possible valid day, what ends before what begins, position."""
    return entry.event.valid_on.last, type(entry.event) not in ENDING, entry.position


def merged(placed: Sequence[Entry[Any]], new: Sequence[Entry[Any]], instead_of: int | None) -> list[Entry[Any]]:
    """Both in timeline order, without the one that new ones stand instead of."""
    found = [entry for entry in placed if entry.position != instead_of] if instead_of else list(placed)
    if len(new) > FEW:
        found += new
        found.sort(key=order)
        return found
    for entry in new:
        insort(found, entry, key=order)
    return found
