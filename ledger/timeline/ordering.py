"""The order of a timeline: by valid day, then endings before beginnings, then by position. No rules here."""

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

FEW = 8  # up to this many new entries are inserted one by one, which is cheaper than sorting the whole list again

ENDING = frozenset({  # on the same day, these events come before events that begin something
    WithdrawalDecided, SeatVacated, ViceChairReleased, ExpertReleased, GroupMemberReleased, GroupOfficerReleased,
    GroupClosed, ProjectEnded, CommitmentReleased, OfficeLeft,
})  # fmt: skip


def order(entry: Entry[Event]) -> tuple[date, bool, int]:
    """Returns the sort key of an entry: latest possible valid day, endings before beginnings, position."""
    return entry.event.valid_on.last, type(entry.event) not in ENDING, entry.position


def merged(placed: Sequence[Entry[Any]], new: Sequence[Entry[Any]], instead_of: int | None) -> list[Entry[Any]]:
    """Returns the entries of `placed` and `new` as one list in timeline order. `placed` must be in timeline order.

    If `instead_of` is a position, the entry of `placed` at that position is left out.
    """
    found = [entry for entry in placed if entry.position != instead_of] if instead_of else list(placed)
    if len(new) > FEW:
        found += new
        found.sort(key=order)
        return found
    for entry in new:
        insort(found, entry, key=order)
    return found
