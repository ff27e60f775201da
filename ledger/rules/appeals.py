"""What makes one ask of an appeal whether it is meant. By itself it has no effect; no provision speaks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.agreement import AppealLodged
from ledger.events.body import PersonRegistered
from ledger.events.economy import CostBorne, IndexPublished, PaymentMade, PopulationPublished
from ledger.events.groups import GroupMet
from ledger.events.meetings import MeetingHeld
from ledger.events.record import ActivityHeld, EntryAnnulled
from ledger.rules.finding import cannot_tell
from ledger.state.agreement import appeals_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events.agreement import AppealDismissed
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

NO_DECISION = (
    AppealLodged, PersonRegistered, PopulationPublished, IndexPublished, PaymentMade, CostBorne, GroupMet, MeetingHeld,
    ActivityHeld, EntryAnnulled,
)  # fmt: skip


def appealed_after_it_was_decided(entry: Entry[AppealLodged], timeline: Timeline) -> Iterator[Finding]:
    """plausible: what is appealed is a decision, and has been made by the day of the appeal."""
    target = timeline.recorded(entry.event.entry)
    if target is None or target.position >= entry.position:
        return  # refused as a reference
    said: dict[str, Any] = {"entry": target.position, "decision": target.event.event_name}
    if isinstance(target.event, NO_DECISION):
        yield cannot_tell("entry {entry}, {decision}, is no decision that can be appealed", **said)
    elif timeline.at(entry.position).event.valid_on.last < target.event.valid_on.first:
        yield cannot_tell("entry {entry}, {decision}, is of {decided}, and is appealed before that, on {day}",
                          decided=target.event.valid_on.text, day=timeline.at(entry.position).event.valid_on.text,
                          **said)  # fmt: skip


def dismissed_once_appealed(entry: Entry[AppealDismissed], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an appeal that is dismissed has been lodged by that day."""
    event = entry.event
    lodged = [one for one, _ in appeals_on(timeline, event.valid_on.last)]
    if event.entry < entry.position and not any(event.entry in {one.position, one.event.entry} for one in lodged):
        yield cannot_tell("no appeal against entry {entry} is recorded by {day}, when one is dismissed",
                          entry=event.entry, day=event.valid_on.last)  # fmt: skip
