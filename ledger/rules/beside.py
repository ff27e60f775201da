"""The entries that an annulment puts in another light: those that name the same, or exclude what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.agreement import (
    AgreementAdopted,
    AgreementProposed,
    AgreementRejected,
    EntryIntoForceFixed,
    ReadingAdopted,
    SettlementAgreed,
    WithdrawalDecided,
    WithdrawalRevoked,
)
from ledger.events.body import MemberAppointed, SeatVacated, ViceChairAppointed, ViceChairReleased
from ledger.events.economy import (
    CommitmentMade,
    CommitmentReleased,
    CostLevelSet,
    IndexationAgreed,
    IndexPublished,
    InstalmentClaimed,
    PaymentMade,
    PopulationPublished,
)
from ledger.events.record import EntryAnnulled
from ledger.events.shape import tags_of
from ledger.rules.agreement import NEED_FORCE
from ledger.rules.seats import too_many
from ledger.state.agreement import life

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline

_MANY = ("party:", "assembly:")  # what so many entries have in common that it tells nothing


def touched(entry: Entry[Event], timeline: Timeline) -> list[Entry[Event]]:
    """The entries that an annulment puts in another light and that count, by position; none for another entry.

    Those that name what the annulled one names, and those of its kind that may not be able to stand beside what comes
    back. An annulment that is annulled stands for what it had annulled.
    """
    chain = _chain(entry, timeline)
    if len(chain) < 2:
        return []
    target = chain[-1]
    tags = [tag for tag in tags_of(target.event) if not tag.startswith(_MANY)]
    found = {other.position: other for tag in tags for other in timeline.about(tag)}
    found |= {other.position: other for other in _rivals(target.event, timeline)}
    found |= {
        other.position: other
        for other in timeline.of(EntryAnnulled)
        if other.event.entry in {one.position for one in chain} and other is not entry
    }
    return [timeline.placed(found[position]) for position in sorted(found) if position not in timeline.annulled_by]


def _chain(entry: Entry[Event], timeline: Timeline) -> list[Entry[Event]]:
    """An annulment, what it annuls, and so on to what is no annulment; the entry alone when it is none, or in vain."""
    chain = [entry]
    while isinstance(entry.event, EntryAnnulled) and entry.event.entry < entry.position:
        entry = timeline.at(entry.event.entry)
        chain.append(entry)
    return chain


def _rivals(event: Event, timeline: Timeline) -> Iterator[Entry[Any]]:
    """The entries that exclude others of the kind of an annulled one, or of what then begins to count again."""
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
    """What needs an agreement in force, and is dated on the end or later."""
    end = life(timeline).end
    if end is not None:
        yield from (one for one in timeline.of_any(*NEED_FORCE) if one.event.valid_on.last >= end.on)


def _rivals_in_money(event: Event, timeline: Timeline) -> Iterator[Entry[Any]]:
    """Of an act of money: those that may be told to be one too many beside it, or to rest on another figure."""
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
    """The payments that may say the same as this one, and the refunds that rest on what it paid."""
    for party in dict.fromkeys(filter(None, (event.party, event.to))):
        for other in timeline.of(PaymentMade, f"party:{party}"):
            if other.event.purpose == "refund" or other.event.amount == event.amount:
                yield other
