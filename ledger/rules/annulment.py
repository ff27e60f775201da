"""What may be annulled: what is there, once, and not from under what rests on it. The record's own ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.agreement import AgreementProposed, WithdrawalDecided, WithdrawalRevoked
from ledger.events.body import (
    ExpertCoopted,
    ExpertReleased,
    MemberAppointed,
    MemberChanged,
    SeatVacated,
    ViceChairAppointed,
    ViceChairReleased,
)
from ledger.events.groups import (
    GroupMemberAppointed,
    GroupMemberReleased,
    GroupOfficerAssigned,
    GroupOfficerReleased,
)
from ledger.events.meetings import (
    MeetingHeld,
    MinutesAdjusted,
    MinutesDutyMoved,
    MinutesSigned,
)
from ledger.events.record import EntryAnnulled, LogRestored, PersonalDataDisposed, SigningKeyChanged
from ledger.rules import groups, minutes
from ledger.rules.agreement import revoked_in_time
from ledger.rules.finding import breach
from ledger.rules.reference import (
    DEFINES,
    is_defined,
    leaves_something,
    names_what_is_there,
    party_kinds,
    post_rests_on_a_seat,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline


def annulled_once(entry: Entry[EntryAnnulled], timeline: Timeline) -> Iterator[Finding]:
    """reference: what is annulled already, was a disposal, or changed the signing key cannot be annulled."""
    target = timeline.recorded(entry.event.entry)
    if target is None or target.position >= entry.position:
        return
    if isinstance(target.event, PersonalDataDisposed):
        yield breach("entry {entry} is a disposal, which cannot be undone", entry=target.position)
    if isinstance(target.event, LogRestored):
        yield breach("entry {entry} says that signed entries were lost; they still are", entry=target.position)
    if isinstance(target.event, SigningKeyChanged):
        yield breach("entry {entry} changed the signing key; change it again instead", entry=target.position)
    for other in timeline.of(EntryAnnulled):
        if other.event.entry == target.position and other.position < entry.position:
            yield breach(
                "entry {entry} is already annulled, by entry {other}",
                entry=target.position,
                other=other.position,
                entries=(other.position,),
            )


def nothing_rests_on_it(entry: Entry[EntryAnnulled], timeline: Timeline) -> Iterator[Finding]:
    """reference: a recording error is not taken away from under entries that refer to it; a court's quashing is."""
    target = timeline.recorded(entry.event.entry)
    if target is None or entry.event.cause == "quashed" or target.position not in timeline.annulled_by:
        return
    before: Timeline | None = None
    for other in _near(target.event, timeline):
        if other.position >= entry.position or not (hangs := _hangs(other, timeline)):
            continue
        before = before or timeline.until(entry.position - 1)
        if hangs - _hangs(other, before):
            yield breach(
                "entry {other} ({event}) rests on entry {entry}; annul that first, or record the right one with it",
                other=other.position,
                event=other.event.event_name,
                entry=target.position,
                entries=(other.position,),
            )


def _hangs(entry: Entry[Event], timeline: Timeline) -> set[str]:
    """What is wrong with what an entry names or rests on, as messages; who or which day may change meanwhile."""
    rules = names_what_is_there, RESTS.get(type(entry.event), names_what_is_there)
    return {found.message for rule in rules for found in rule(entry, timeline)}


def _near(event: Event, timeline: Timeline) -> list[Entry[Event]]:
    """The entries that count and may rest on an annulled one: those with the tags that it leaves hanging."""
    tags = {f"{kind}:{given}" for kind, given in _left_hanging(event, timeline)}
    found = {other.position: other for tag in tags for other in timeline.about(tag)}
    return [timeline.placed(found[position]) for position in sorted(found) if position not in timeline.annulled_by]


def _left_hanging(event: Event, timeline: Timeline) -> Iterator[tuple[str, str | int]]:
    field = DEFINES.get(type(event))
    if field is not None and not is_defined(timeline, field, getattr(event, field)):
        yield field, getattr(event, field)
    match event:
        case AgreementProposed():
            yield from (("party", party) for party in event.terms.party_ids() if party not in party_kinds(timeline))
        case MemberAppointed() | ViceChairAppointed() | ExpertCoopted():
            yield "person", event.person
        case WithdrawalDecided():
            yield "party", event.party
        case MeetingHeld() | MinutesDutyMoved():
            yield "meeting", event.meeting
        case GroupMemberAppointed() | GroupOfficerAssigned():
            yield "group", event.group


RESTS: dict[type[Event], Callable[[Entry[Any], Timeline], Iterator[Finding]]] = {
    SeatVacated: leaves_something,
    MemberChanged: leaves_something,
    ViceChairReleased: leaves_something,
    ExpertReleased: leaves_something,
    WithdrawalRevoked: revoked_in_time,
    ViceChairAppointed: post_rests_on_a_seat,
    MinutesSigned: minutes.signed_by_who_has_the_duty,
    MinutesAdjusted: minutes.adjusted_by_who_has_the_duty,
    GroupMemberReleased: groups.leaves_a_group,
    GroupOfficerReleased: groups.leaves_a_group,
}
