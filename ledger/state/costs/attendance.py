"""Who was present at the meetings of the body and its groups, and for which party (own-members-paid)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.events.groups import GroupMet
from ledger.events.meetings import MeetingHeld
from ledger.state.groups import people_of, there_on
from ledger.state.seats import seat_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.timeline import Timeline


class Presence(Struct, frozen=True, kw_only=True):
    """A person present at a meeting of the body or of a group.

    `party` is None if the person was not a member of the body or the group on the day of the meeting.
    """

    day: date
    person: str
    party: str | None
    meeting: str | None
    group: str | None
    remote: bool
    entry: int


def presences(timeline: Timeline, first: date, last: date) -> Iterator[Presence]:
    """Yields everyone present at each meeting from `first` to `last`: first the body's meetings, then the groups'.

    The chair of a meeting of the body is included even if not listed as present. Experts and other visitors are left
    out.
    """
    for held in timeline.of(MeetingHeld):
        on, event = held.event.valid_on.last, held.event
        if first <= on <= last:
            for person in dict.fromkeys((*event.present, event.chaired_by)):
                seat = seat_of(timeline, person, on)
                yield Presence(day=on, person=person, party=seat.party if seat else None, meeting=event.meeting,
                               group=None, remote=person in (event.remote or ()), entry=held.position)  # fmt: skip
    for met in timeline.of(GroupMet):
        on, group = met.event.valid_on.last, met.event.group
        if first <= on <= last:
            sits_for = {one.person: one.party for one in there_on(people_of(timeline, group).members, on)}
            for person in met.event.present:
                yield Presence(day=on, person=person, party=sits_for.get(person), meeting=None, group=group,
                               remote=False, entry=met.position)  # fmt: skip
