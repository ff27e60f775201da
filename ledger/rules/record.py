"""The ledger's own rules on annulments, names and appeals. No provision of the agreement deals with these subjects."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events import EVENTS
from ledger.events.agreement import (
    AgreementAdopted,
    AgreementProposed,
    AgreementRejected,
    AppealDismissed,
    AppealLodged,
    PartyRenamed,
    WithdrawalDecided,
    WithdrawalRevoked,
)
from ledger.events.costs import CostBorne, IndexPublished, InstalmentClaimed, PaymentMade, PopulationPublished
from ledger.events.groups import (
    GroupMemberAppointed,
    GroupMemberReleased,
    GroupMet,
    GroupOfficerAssigned,
    GroupOfficerReleased,
)
from ledger.events.meetings import MeetingHeld, RecommendationAnswered
from ledger.events.minutes import MinutesAdjusted, MinutesDutyMoved, MinutesSigned
from ledger.events.officials import ActivityHeld
from ledger.events.posts import ExpertCoopted, ExpertReleased, ViceChairAppointed, ViceChairReleased
from ledger.events.record import (
    EntryAnnulled,
    LogRestored,
    PaperIssued,
    PersonalDataDisposed,
    RegistrarAuthorised,
    RegistrarReleased,
    SigningKeyChanged,
)
from ledger.events.seats import MemberAppointed, MemberChanged, PersonRegistered, SeatVacated
from ledger.messages import marked, msg
from ledger.rules import groups, minutes
from ledger.rules.agreement import revoked_in_time
from ledger.rules.finding import breach, cannot_tell
from ledger.rules.reference import (
    DEFINES,
    is_defined,
    leaves_something,
    names_what_is_there,
    party_kinds,
    post_rests_on_a_seat,
)
from ledger.rules.row import Rules
from ledger.state.agreement import party_names_on, terms_on
from ledger.state.record import (
    annulled_at_last,
    annulments,
    ever_authorised,
    first_appealed,
    registrar_of,
    registrars_of,
    registrars_of_the_party,
)
from ledger.state.seats import seat_of, seats_left
from ledger.sweden import recorded_on
from ledger.timeline import order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline


def annulled_once(entry: Entry[EntryAnnulled], timeline: Timeline) -> Iterator[Finding]:
    """reference: an entry is annulled once; a disposal, a restored log and a signing key change are never annulled."""
    target = timeline.recorded(entry.event.entry)
    if target is None or target.position >= entry.position:
        return
    if isinstance(target.event, PersonalDataDisposed):
        yield breach("entry {entry} is a disposal, which cannot be undone", entry=target.position)
    if isinstance(target.event, LogRestored):
        yield breach("entry {entry} says that signed entries were lost, which cannot be undone", entry=target.position)
    if isinstance(target.event, SigningKeyChanged):
        yield breach("entry {entry} changed the signing key; change it again instead", entry=target.position)
    for other in annulments(timeline).get(target.position, ()):
        if other.position < entry.position:
            yield breach(
                "entry {entry} is already annulled, by entry {other}",
                entry=target.position,
                other=other.position,
                entries=(other.position,),
            )


def nothing_rests_on_it(entry: Entry[EntryAnnulled], timeline: Timeline) -> Iterator[Finding]:
    """reference: a recording error is not annulled while other entries rest on it.

    If a court quashed the act, the annulment is allowed even while other entries rest on the act.
    """
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
                "entry {other} ({event}) rests on entry {entry}; annul that first, or record the right one with the "
                "annulment",
                other=other.position,
                event=other.event.event_name,
                entry=target.position,
                entries=(other.position,),
            )


def _hangs(entry: Entry[Event], timeline: Timeline) -> set[str]:
    """Returns the message templates of the reference findings on an entry.

    Findings are compared by their templates, since names and days can differ between the two timelines compared.
    """
    rules = names_what_is_there, RESTS.get(type(entry.event), names_what_is_there)
    return {found.message for rule in rules for found in rule(entry, timeline)}


def _near(event: Event, timeline: Timeline) -> list[Entry[Event]]:
    """Returns the entries that may rest on an annulled event, ordered by position.

    An entry may rest on the event if a tag of the entry names something that the event no longer defines or supports.
    Annulled entries are left out.
    """
    tags = {f"{kind}:{given}" for kind, given in _left_hanging(event, timeline)}
    found = {other.position: other for tag in tags for other in timeline.about(tag)}
    return [timeline.placed(found[position]) for position in sorted(found) if position not in timeline.annulled_by]


def _left_hanging(event: Event, timeline: Timeline) -> Iterator[tuple[str, str | int]]:
    """Yields (kind, id) for each id that an annulled event no longer defines or supports."""
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


RENAMES = marked("renames {person:who} from {before} to {after}")


def registered_once(entry: Entry[PersonRegistered], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an id identifies one person, so a registration that renames the person is questioned.

    Of two registrations, the finding is on the one that was recorded later. The values `before` and `after` of the
    finding are the positions of the two registrations. `with_names` replaces `before` and `after` by the two names.
    """
    person = entry.event.person
    own = timeline.of(PersonRegistered, f"person:{person}")
    disposals = timeline.of(PersonalDataDisposed, f"person:{person}")
    gone = max((one.position for one in disposals if one.position < entry.position), default=0)
    place = bisect_left(own, order(entry), key=order)
    before = next((own[one] for one in range(place - 1, -1, -1) if own[one].position > gone), entry)
    after = next((own[one] for one in range(place + 1, len(own)) if own[one].position > gone), entry)
    for first, last in ((before, entry), (entry, after)):
        other = min(first.position, last.position)
        if other < entry.position:
            yield cannot_tell(RENAMES, since=last.event.valid_on.last, person=person, before=first.position,
                              after=last.position, entries=(other,))  # fmt: skip


def called_as_no_other(entry: Entry[PartyRenamed], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a party does not take the name of another party, even in a different mix of upper and lower case."""
    for party, name in party_names_on(timeline, entry.event.valid_on.last).items():
        if party != entry.event.party and name.casefold() == entry.event.name.casefold():
            yield cannot_tell("renames {party} to {name}, as {other} is called", party=entry.event.party, name=name,
                              other=party)  # fmt: skip


def with_names(found: Finding, names: Mapping[int, str]) -> Finding:
    """Returns the finding of a renaming with the two names filled in; any other finding is returned unchanged."""
    if found.message != RENAMES:
        return found
    said = {word: names.get(int(str(found.values[word])), msg("(name disposed of)")) for word in ("before", "after")}
    return structs.replace(found, said=said)


NO_DECISION = (
    AppealLodged, PersonRegistered, PopulationPublished, IndexPublished, PaymentMade, CostBorne, GroupMet, MeetingHeld,
    ActivityHeld, EntryAnnulled,
)  # fmt: skip


def appealed_after_it_was_decided(entry: Entry[AppealLodged], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an appeal is against a decision, and is not dated before that decision."""
    target = timeline.recorded(entry.event.entry)
    if target is None or target.position >= entry.position:
        return  # a reference rule refuses an appeal against an entry that does not come before the appeal
    said: dict[str, Any] = {"entry": target.position, "decision": target.event.event_name}
    if isinstance(target.event, NO_DECISION):
        yield cannot_tell("entry {entry}, {decision}, is no decision that can be appealed", **said)
    elif timeline.at(entry.position).event.valid_on.last < target.event.valid_on.first:
        yield cannot_tell("entry {entry}, {decision}, is dated {decided}, but the appeal is dated earlier, {day}",
                          decided=target.event.valid_on.text, day=timeline.at(entry.position).event.valid_on.text,
                          **said)  # fmt: skip


def dismissed_once_appealed(entry: Entry[AppealDismissed], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an appeal that is dismissed was lodged on or before the day of the dismissal."""
    event = entry.event
    lodged = first_appealed(timeline).get(event.entry)
    if event.entry < entry.position and (lodged is None or lodged > event.valid_on.last):
        yield cannot_tell("an appeal against entry {entry} is dismissed on {day}, but none is recorded by then",
                          entry=event.entry, day=event.valid_on.last)  # fmt: skip


OF_A_PARTY: tuple[type[Event], ...] = (  # the events that may bind a party
    AgreementAdopted, AgreementRejected, WithdrawalDecided, WithdrawalRevoked, MemberAppointed, MemberChanged,
    SeatVacated, RecommendationAnswered, PaymentMade, EntryAnnulled, RegistrarAuthorised, RegistrarReleased,
)  # fmt: skip


def party_of(event: Event, timeline: Timeline, position: int) -> str | None:
    """Returns the party that an act binds, and whose own it therefore is to record, or None.

    A payment is its payee's. Annulling an act as a recording error is of the same party as the act.
    """
    match event:
        case AgreementAdopted() | AgreementRejected():
            return event.assembly
        case PaymentMade():
            terms = terms_on(timeline, event.valid_on.last)
            return event.to or (terms.region() if terms else None)
        case MemberChanged():
            seat = seat_of(timeline, event.person, event.valid_on.last)
            return seat.party if seat else _was_seated_for(timeline, event.person, event.valid_on.last, position)
        case SeatVacated():
            appointed = timeline.recorded(seats_left(timeline, event.person).get(position, 0))
            if appointed and isinstance(appointed.event, MemberAppointed):
                return appointed.event.party
            return _was_seated_for(timeline, event.person, event.valid_on.last, position)
        case EntryAnnulled(cause="recording-error"):
            target = timeline.recorded(annulled_at_last(timeline).get(position, event.entry))
            return party_of(target.event, timeline, target.position) if target and target.position < position else None
        case WithdrawalDecided() | WithdrawalRevoked() | RecommendationAnswered() | MemberAppointed():
            return event.party
        case RegistrarAuthorised():
            return event.party
        case RegistrarReleased():
            before = [one for one in timeline.all_of(RegistrarAuthorised) if one.position < position]
            named = (one.event.party for one in reversed(before) if one.event.registrar == event.registrar)
            return next(named, None)
    return None


def _was_seated_for(timeline: Timeline, person: str, on: date, position: int) -> str | None:
    """Returns the party that had appointed a person to the seat of a day, else to the next, when the entry at
    `position` was recorded. An appointment that was annulled later changes no verdict on who recorded.
    """
    appointed = sorted(
        (order(one), one.event.valid_on.last, one.event.party)
        for one in timeline.about(f"person:{person}")
        if isinstance(one.event, MemberAppointed)
        and one.position < position <= timeline.annulled_by.get(one.position, position)
    )
    begun = [party for _, since, party in appointed if since <= on]
    return next(iter((*begun[-1:], *(party for *_, party in appointed))), None)


def may_record(registrar: RegistrarAuthorised, event: Event, party: str | None) -> bool:
    """Returns whether a registrar may record an event that binds `party`.

    The secretariat may record everything, a party's registrar the party's own acts, a treasurer claims and payments,
    and an adjuster the adjuster's own signature. A party's registrar authorises registrars of the party, who are not
    the agreement's treasurer or an adjuster.
    """
    own = registrar.party is not None and registrar.party == party
    gives = {*event.roles} - {"party", "auditor"} if isinstance(event, RegistrarAuthorised) else ()
    return (
        "secretariat" in registrar.roles
        or ("party" in registrar.roles and own and not gives)
        or ("treasurer" in registrar.roles and isinstance(event, InstalmentClaimed))
        or ("treasurer" in registrar.roles and isinstance(event, PaymentMade) and (own or registrar.party is None))
        or ("adjuster" in registrar.roles and isinstance(event, MinutesAdjusted) and event.by == registrar.person)
    )


def recorded_by_who_may(entry: Entry[Event], timeline: Timeline) -> Iterator[Finding]:
    """recorded-by: an act is recorded by somebody who may, and a party's act is signed by the party's registrar.

    Judged on the day of recording, by the registrars authorised at earlier positions; not before the first of them.
    Where an act is signed, whoever signed it is asked about, whoever carried it to the ledger.
    """
    if not ever_authorised(timeline, entry.position):
        return
    on = recorded_on(entry.recorded_at)
    who = entry.signature.registrar if entry.signature else entry.recorded_by
    authorised = registrar_of(timeline, who, entry.position, on)
    party = party_of(entry.event, timeline, entry.position)
    said: dict[str, Any] = {"who": who, "since": on}
    if authorised is None:
        if not isinstance(entry.event, RegistrarAuthorised) or registrars_of(timeline, entry.position, on):
            yield breach("{who} recorded it without being authorised to record on {day}", day=on, **said)
    elif not may_record(authorised.event, entry.event, party):
        entries = (authorised.position,)
        if party is not None and authorised.event.party not in {None, party}:
            yield breach("{who}, a registrar of {by}, recorded an act of {party}", by=authorised.event.party,
                         party=party, entries=entries, **said)  # fmt: skip
        else:
            yield breach("{who} may not record {event}", event=entry.event.event_name, entries=entries, **said)
    elif party is not None and entry.signature is None and _signs_for(authorised.event, party):
        yield breach("{who} has a key and did not sign this act of {party}", party=party, advisory=True,
                     entries=(authorised.position,), **said)  # fmt: skip


def _signs_for(registrar: RegistrarAuthorised, party: str) -> bool:
    return registrar.party == party and registrar.public_key is not None


def authorised_by_its_own(entry: Entry[RegistrarAuthorised], timeline: Timeline) -> Iterator[Finding]:
    """recorded-by: a party's first registrar is authorised on a decision of the party that is cited, and each later one
    with the signature of a registrar of the party. It is owed by nobody once none is left, which is told.
    """
    event, on = entry.event, recorded_on(entry.recorded_at)
    if event.party is None:
        return
    before = [one for one in timeline.all_of(RegistrarAuthorised) if one.position < entry.position]
    earlier = [one.position for one in before if one.event.party == event.party and "party" in one.event.roles]
    own = registrars_of_the_party(timeline, entry)
    signer = entry.signature.registrar if entry.signature else ""
    cited = bool(event.source.paragraph or event.source.registration_number)
    said: dict[str, Any] = {"registrar": event.registrar, "party": event.party, "since": on}
    if own and signer not in own:
        yield breach("{registrar} of {party} was authorised without the signature of a registrar of {party}",
                     entries=tuple(one.position for one in own.values()), **said)  # fmt: skip
    elif earlier and not own:
        yield breach("{registrar} of {party} was authorised when no registrar of {party} was left who could sign it",
                     advisory=cited, entries=tuple(earlier[-1:]), **said)  # fmt: skip
    elif not own and not cited:
        yield breach("{registrar} is the first registrar of {party}, and the party's decision is not cited", **said)


def one_key_one_registrar(entry: Entry[RegistrarAuthorised], timeline: Timeline) -> Iterator[Finding]:
    """reference: a key is that of one registrar."""
    for other in timeline.all_of(RegistrarAuthorised) if entry.event.public_key else ():
        same = other.event.public_key == entry.event.public_key and other.event.registrar != entry.event.registrar
        if same and other.position < entry.position and other.position not in timeline.annulled_by:
            yield breach("the key is that of {other}, by entry {first}; a registrar has a key of its own",
                         other=other.event.registrar, first=other.position, entries=(other.position,))  # fmt: skip


def one_id_one_party(entry: Entry[RegistrarAuthorised], timeline: Timeline) -> Iterator[Finding]:
    """reference: a registrar is of one party, or of none; whoever authorises the id for another would release it."""
    event = entry.event
    for other in timeline.all_of(RegistrarAuthorised):
        moves = other.event.registrar == event.registrar and other.event.party != event.party
        if moves and other.position < entry.position and other.position not in timeline.annulled_by:
            yield breach("{registrar} is not a registrar of the same party in entry {first}; choose another id",
                         registrar=event.registrar, first=other.position, entries=(other.position,))  # fmt: skip
            return


def made_of_entries_before_it(entry: Entry[PaperIssued], _: Timeline) -> Iterator[Finding]:
    """reference: a paper is made of entries that are there when its issue is recorded."""
    if entry.event.size >= entry.position:
        yield breach("a paper of {size:entry|entries} cannot have been issued when there were {before}",
                     size=entry.event.size, before=entry.position - 1)  # fmt: skip


RULES = Rules(
    forbids=(
        ("reference", one_key_one_registrar, (RegistrarAuthorised,)),
        ("reference", one_id_one_party, (RegistrarAuthorised,)),
        ("reference", annulled_once, (EntryAnnulled,)),
        ("reference", nothing_rests_on_it, (EntryAnnulled,)),
        ("reference", made_of_entries_before_it, (PaperIssued,)),
    ),
    flags=(
        ("recorded-by", recorded_by_who_may, tuple(EVENTS.values())),
        ("recorded-by", authorised_by_its_own, (RegistrarAuthorised,)),
        ("plausible", appealed_after_it_was_decided, (AppealLodged,)),
        ("plausible", dismissed_once_appealed, (AppealDismissed,)),
        ("plausible", registered_once, (PersonRegistered,)),
        ("plausible", called_as_no_other, (PartyRenamed,)),
    ),
)
