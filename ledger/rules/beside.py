"""Finds the older entries that a new entry can make irregular: by shared ids, by conflict, or by day."""

from __future__ import annotations

from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ledger.events.agreement import (
    AgreementAdopted,
    AgreementProposed,
    AgreementRejected,
    EntryIntoForceFixed,
    PartyRenamed,
    ReadingAdopted,
    WithdrawalDecided,
    WithdrawalRevoked,
)
from ledger.events.costs import (
    CostBorne,
    CostLevelSet,
    IndexationAgreed,
    IndexPublished,
    InstalmentClaimed,
    PaymentMade,
    PopulationPublished,
    ProjectFunded,
)
from ledger.events.groups import (
    GroupClosed,
    GroupCreated,
    GroupMemberAppointed,
    GroupMemberReleased,
    GroupMet,
    GroupOfficerAssigned,
    GroupOfficerReleased,
    GroupRecommended,
)
from ledger.events.meetings import (
    ItemHandled,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingRequested,
    RecommendationMade,
    ReservationEntered,
)
from ledger.events.minutes import MinutesAdjusted, MinutesDutyMoved, MinutesSigned
from ledger.events.officials import OfficeLeft, OfficeTaken
from ledger.events.posts import ExpertCoopted, ExpertReleased, ViceChairAppointed, ViceChairReleased
from ledger.events.record import EntryAnnulled
from ledger.events.seats import BoardComposed, MemberAppointed, MemberChanged, SeatVacated
from ledger.events.settlement import CommitmentMade, CommitmentReleased, SettlementAgreed
from ledger.events.shape import tags_of
from ledger.rules.agreement import NEED_FORCE
from ledger.rules.seats import too_many
from ledger.state.agreement import life
from ledger.state.record import annulments
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline

FEW = 8  # of up to this many entries, those with a tag are sought in the list, which costs less than to ask the store
_MANY = ("party:", "assembly:")  # tags shared by too many entries to narrow a search

# Events in which persons only took part: what else is recorded of a person never rests on them.
_WITH_PEOPLE = (MeetingRequested, MeetingCalled, MeetingHeld, ItemHandled, ReservationEntered, RecommendationMade,
                MinutesSigned, MinutesAdjusted, MinutesDutyMoved, GroupMet)  # fmt: skip

_PROPOSING = (AgreementProposed, AgreementAdopted, AgreementRejected, EntryIntoForceFixed)
_ENDING = (WithdrawalDecided, WithdrawalRevoked, ReadingAdopted)
_OF_LIFE = ("late-adoption", "withdrawal-day", "withdrawal-organ")  # readings that decide the agreement's start or end
_SEATED = (MemberAppointed, MemberChanged, SeatVacated)
# Events about who sits and in which role. An event of these kinds bears on the person's other events of these kinds.
SEATING = (*_SEATED, ViceChairAppointed, ViceChairReleased, ExpertCoopted, ExpertReleased)

# Event → kinds of tags. The event bears on every entry that shares a tag of these kinds, whatever the entry's day.
RESTS_BY_TAG: dict[type[Event], tuple[str, ...]] = {
    **dict.fromkeys((MeetingCalled, MeetingMoved, MeetingCancelled, MeetingHeld, MinutesDutyMoved, ItemHandled),
                    ("meeting",)),
    **dict.fromkeys((GroupCreated, GroupClosed, GroupMemberAppointed, GroupMemberReleased, GroupOfficerAssigned,
                     GroupOfficerReleased), ("group",)),
    RecommendationMade: ("meeting", "recommendation"),
    GroupRecommended: ("recommendation",),
    **dict.fromkeys((OfficeTaken, OfficeLeft), ("person",)),
}  # fmt: skip
# Event → the events that it bears on, whatever their day.
RESTS: dict[type[Event], tuple[type[Event], ...]] = {
    **dict.fromkeys((*_PROPOSING, ReadingAdopted), (AgreementAdopted, AgreementRejected, EntryIntoForceFixed,
                    WithdrawalDecided, WithdrawalRevoked, IndexationAgreed, InstalmentClaimed, SettlementAgreed)),
    **dict.fromkeys((WithdrawalDecided, WithdrawalRevoked), (WithdrawalDecided, WithdrawalRevoked, SettlementAgreed)),
    **dict.fromkeys((CostLevelSet, IndexPublished, IndexationAgreed, PopulationPublished), (InstalmentClaimed,)),
    ItemHandled: (MeetingCalled, MeetingHeld),
}  # fmt: skip
# Event → the events that it bears on if they are dated on its day or later.
RESTS_LATER: dict[type[Event], tuple[type[Event], ...]] = {
    **dict.fromkeys(_SEATED, (BoardComposed, MeetingCalled)),
    BoardComposed: (MemberAppointed, MemberChanged, BoardComposed),
    **dict.fromkeys(_PROPOSING, (*NEED_FORCE, MeetingMoved, PartyRenamed, PaymentMade, CostBorne, ProjectFunded)),
    PartyRenamed: (PartyRenamed,),
    **dict.fromkeys(_ENDING, (*NEED_FORCE, PaymentMade)),
    PaymentMade: (PaymentMade,),  # only refunds
    PopulationPublished: (PopulationPublished, SettlementAgreed),
    CostLevelSet: (IndexationAgreed, SettlementAgreed),
    **dict.fromkeys((IndexPublished, IndexationAgreed, CommitmentMade, CommitmentReleased), (SettlementAgreed,)),
}  # fmt: skip


def concerned_in(before: Timeline) -> Callable[[Entry[Event]], list[Entry[Event]]]:
    """Returns the function from a new entry to the entries in `before` that it can make irregular, ordered by position.

    `before` is the timeline without the new entries, and is read once for each class of them. Annulled entries are left
    out. For an annulment, see `touched`.
    """
    about = cache(before.about if before.head > FEW else partial(_with_tag, before.entries))

    @cache
    def of_class(kind: type[Event]) -> tuple[tuple[str, ...], list[Entry[Any]], Sequence[Entry[Any]]]:
        later = refunds(before) if kind is PaymentMade else before.of_any(*RESTS_LATER.get(kind, ()))
        return RESTS_BY_TAG.get(kind, ()), before.of_any(*RESTS.get(kind, ())), later

    def concerned_by(entry: Entry[Event]) -> list[Entry[Event]]:
        event = entry.event
        kinds, others, later = of_class(type(event))
        found: list[Entry[Any]] = []
        if kinds:
            tags = [tag for tag in tags_of(event) if tag.partition(":")[0] in kinds]
            found = [other for tag in tags for other in about(tag)]
        if isinstance(event, SEATING):
            own, day = about(f"person:{event.person}"), _from(event, before)
            found += [one for one in own if isinstance(one.event, SEATING) or one.event.valid_on.last >= day]
        if later:
            day = _from(event, before)
            others = others + [one for one in later if one.event.valid_on.last >= day]
        if others:
            found += [one for one in others if _bears_on(event, one.event, before)]
        if not found:
            return found
        unique = {one.position: one for one in found if one.position not in before.annulled_by}
        return [unique[position] for position in sorted(unique)]

    return concerned_by


def _with_tag(entries: Sequence[Entry[Event]], tag: str) -> list[Entry[Event]]:
    return [one for one in entries if tag in tags_of(one.event)]


def _from(event: Event, timeline: Timeline) -> date:
    """Returns the first day on which an event can change anything: its own day or the earliest start of its version."""
    match event:
        case AgreementProposed():
            return date.min  # until a version is in force, the terms of the lowest version apply
        case AgreementAdopted() | AgreementRejected() | EntryIntoForceFixed():
            own = timeline.of_any(AgreementProposed, EntryIntoForceFixed)
            starts = [one.event.in_force_from for one in own if one.event.version == event.version]
            starts += [event.in_force_from] if isinstance(event, EntryIntoForceFixed) else []
            return min([event.valid_on.first, *(one if isinstance(one, date) else one.first for one in starts)])
    return event.valid_on.first


def _bears_on(event: Event, other: Event, timeline: Timeline) -> bool:
    """Returns whether an event bears on another event, for two events whose classes RESTS or RESTS_LATER pairs."""
    match event, other:
        case ItemHandled(), MeetingCalled() | MeetingHeld():
            return any(item.continues == f"{event.meeting}/{event.item}" for item in other.agenda or ())
        case MemberAppointed() | MemberChanged() | SeatVacated(), MeetingCalled():
            own = timeline.of(MemberAppointed, f"person:{event.person}")
            return getattr(event, "seat", "") == "board-chair" or any(one.event.seat == "board-chair" for one in own)
        case ReadingAdopted(), _ if isinstance(other, NEED_FORCE) and not isinstance(other, InstalmentClaimed):
            return event.question in _OF_LIFE
        case WithdrawalDecided() | WithdrawalRevoked() | ReadingAdopted(), PaymentMade():
            return other.purpose == "settlement"
    return True


@remembered
def refunds(timeline: Timeline) -> tuple[Entry[PaymentMade], ...]:
    """Returns the payments that are refunds, the only ones on which another payment bears."""
    return tuple(one for one in timeline.of(PaymentMade) if one.event.purpose == "refund")


def touched(entry: Entry[Event], timeline: Timeline) -> list[Entry[Event]]:
    """Returns the entries that an annulment can make irregular, ordered by position; none if the entry is no annulment.

    An entry is included if it shares an id with the annulled entry, or may conflict with an entry that the annulment
    brings back. The annulment of an annulment brings back the entry first annulled. Annulled entries are left out.
    """
    chain = _chain(entry, timeline)
    if len(chain) < 2:
        return []
    target = chain[-1]
    many = (*_MANY, "person:") if isinstance(target.event, _WITH_PEOPLE) else _MANY
    tags = [tag for tag in tags_of(target.event) if not tag.startswith(many)]
    found = {other.position: other for tag in tags for other in timeline.about(tag)}
    found |= {other.position: other for other in _rivals(target.event, timeline)}
    of_the_chain = (other for one in chain for other in annulments(timeline).get(one.position, ()))
    found |= {other.position: other for other in of_the_chain if other is not entry}
    return [timeline.placed(found[position]) for position in sorted(found) if position not in timeline.annulled_by]


def _chain(entry: Entry[Event], timeline: Timeline) -> list[Entry[Event]]:
    """Returns an annulment, the entry that it annuls, and so on to an entry that is no annulment.

    Returns only the given entry if this entry is no annulment, or annuls no earlier entry.
    """
    chain = [entry]
    while isinstance(entry.event, EntryAnnulled) and entry.event.entry < entry.position:
        entry = timeline.at(entry.event.entry)
        chain.append(entry)
    return chain


def _rivals(event: Event, timeline: Timeline) -> Iterator[Entry[Any]]:
    """Yields the entries that may conflict with an event that an annulment removes or brings back."""
    match event:
        case MemberAppointed() | SeatVacated():
            own = timeline.all_of(MemberAppointed)
            places = {(one.event.party, one.event.seat) for one in own if one.event.person == event.person}
            for party, seat in sorted(places):
                yield from (one for one in timeline.of(MemberAppointed, f"party:{party}") if one.event.seat == seat)
            yield from (timeline.at(position) for position in sorted(too_many(timeline)))
            yield from timeline.of(ViceChairAppointed)
        case ViceChairAppointed() | ViceChairReleased():
            yield from timeline.of(ViceChairAppointed)
        case WithdrawalDecided() | WithdrawalRevoked() | ReadingAdopted():
            yield from timeline.of_any(WithdrawalDecided, WithdrawalRevoked)
            yield from _after_the_end(timeline)
        case AgreementProposed() | AgreementAdopted() | AgreementRejected() | EntryIntoForceFixed():
            decided = AgreementAdopted, AgreementRejected, WithdrawalDecided, WithdrawalRevoked
            yield from timeline.of_any(*decided)
            yield from timeline.of(MemberAppointed)
            yield from _after_the_end(timeline)
        case _:
            yield from _rivals_in_money(event, timeline)


def _after_the_end(timeline: Timeline) -> Iterator[Entry[Any]]:
    """Yields the entries that need an agreement in force and are dated on or after the end of the agreement."""
    end = life(timeline).end
    if end is not None:
        yield from (one for one in timeline.of_any(*NEED_FORCE) if one.event.valid_on.last >= end.on)


def _rivals_in_money(event: Event, timeline: Timeline) -> Iterator[Entry[Any]]:
    """Yields the entries about money that may duplicate an event, or that rest on a figure that the event changes."""
    match event:
        case InstalmentClaimed():
            yield from (one for one in timeline.of(InstalmentClaimed) if one.event.year == event.year)
        case PaymentMade():
            yield from _asked_about_beside(event, timeline)
        case PopulationPublished():
            yield from timeline.of_any(PopulationPublished, SettlementAgreed)
        case CostLevelSet() | IndexPublished() | IndexationAgreed():
            yield from timeline.of_any(InstalmentClaimed, SettlementAgreed)
        case CommitmentMade() | CommitmentReleased():
            yield from timeline.of(SettlementAgreed)


def _asked_about_beside(event: PaymentMade, timeline: Timeline) -> Iterator[Entry[PaymentMade]]:
    """Yields the payments that may duplicate a given payment, and the refunds that may rest on the given payment."""
    for party in dict.fromkeys(filter(None, (event.party, event.to))):
        for other in timeline.of(PaymentMade, f"party:{party}"):
            if other.event.purpose == "refund" or other.event.amount == event.amount:
                yield other
