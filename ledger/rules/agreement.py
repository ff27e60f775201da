"""Rules on the agreement itself: adoption, amendment, withdrawal and the end (head and section 7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.events.agreement import (
    AgreementAdopted,
    AgreementProposed,
    AgreementRejected,
    EntryIntoForceFixed,
    WithdrawalDecided,
    WithdrawalRevoked,
)
from ledger.events.costs import CostLevelSet, IndexationAgreed, InstalmentClaimed
from ledger.events.groups import GroupCreated, GroupMemberAppointed
from ledger.events.meetings import MeetingCalled, MeetingHeld, RecommendationMade
from ledger.events.posts import ExpertCoopted, ViceChairAppointed
from ledger.events.seats import MemberAppointed
from ledger.events.settlement import CommitmentMade
from ledger.messages import marked
from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.obligation import Obligation, to_do
from ledger.rules.row import Rules
from ledger.state import read_as
from ledger.state.agreement import (
    adopts,
    came_into_force,
    decided_too_late,
    deciding,
    decision_on,
    end_seen_on,
    first_days,
    in_force_from,
    is_party,
    last_adoption,
    leaving,
    life,
    next_to,
    overtaken_by,
    proposals,
    start_day,
    start_entry,
    taken_back,
    version_from,
    version_on,
    withdrawal_end,
    withdrawal_of,
    withdrawal_read_as,
    withdrawals,
)
from ledger.state.read_as import of_end
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline


NEED_FORCE: tuple[type[Event], ...] = (  # the acts that while_in_force flags after the end of the agreement
    MeetingCalled, MeetingHeld, RecommendationMade, MemberAppointed, ViceChairAppointed, ExpertCoopted, GroupCreated,
    GroupMemberAppointed, InstalmentClaimed, CostLevelSet, IndexationAgreed, CommitmentMade,
)  # fmt: skip
BY_ANOTHER = {  # (whether the event is a withdrawal, the reading of `withdrawal-organ`) → the message
    (True, "assembly"): marked(
        "{party} withdraws by a decision of its {organ}; by the reading that the assembly decides, it ends nothing"
    ),
    (True, "any"): (
        marked("{party} withdraws by a decision of its {organ}; by the reading that any organ may decide, it counts")
    ),
    (False, "assembly"): marked(
        "{party} takes its withdrawal back by a decision of its {organ}; by the reading that the "
        "assembly decides, that changes nothing"
    ),
    (
        False,
        "any",
    ): (
        marked(
            "{party} takes its withdrawal back by a decision of its {organ}; by the reading that "
            "any organ may decide, it counts"
        )
    ),
}
TOO_LATE = {  # (whether a decision rejects, whether it counts as adoption) → the message for a version already in force
    (False, True): marked(
        "{party} adopts version {version} on {day}, which has been in force since {first_day}, so it changes nothing"
    ),
    (False, False): marked(
        "{party} adopts version {version} with a reservation on {day}, which has been in force since "
        "{first_day}, so it changes nothing; a party that wants to leave withdraws"
    ),
    (True, False): marked(
        "{party} rejects version {version} on {day}, which has been in force since {first_day}, "
        "so it changes nothing; a party that wants to leave withdraws"
    ),
}


def decided_by_the_assembly(entry: Entry[Event], _: Timeline) -> Iterator[Finding]:
    """adopted-by-an-assembly (7): a party adopts or rejects a version by a decision of its full assembly."""
    if entry.event.source.organ != "assembly":
        yield breach("decided by {organ}; only the assembly can decide it", organ=entry.event.source.organ)


def by_a_party_that_decides(
    entry: Entry[AgreementAdopted | AgreementRejected], timeline: Timeline
) -> Iterator[Finding]:
    """amended-by-unanimity (7): only a party to the version in force or to a new version decides on the new one."""
    event = entry.event
    if event.version not in proposals(timeline):
        return
    in_force = life(timeline).in_force
    now = version_from(in_force, event.valid_on.last, without=event.version) or min(proposals(timeline))
    if event.assembly not in deciding(timeline, event.version, now):
        yield breach("{party} is not a party to version {version}", party=event.assembly, version=event.version)


def not_adopted_twice(entry: Entry[AgreementAdopted], timeline: Timeline) -> Iterator[Finding]:
    """amended-by-unanimity (7): a party adopts a version that is not yet in force only once."""
    event = entry.event
    for other in next_to(timeline, entry) if adopts(entry) else ():
        if other.position < entry.position and adopts(other):
            yield breach(
                "{party} adopted version {version} already, on {day}",
                party=event.assembly,
                version=event.version,
                day=timeline.at(other.position).event.valid_on.text,
                entries=(other.position,),
            )


def decided_before_it_is_in_force(
    entry: Entry[AgreementAdopted | AgreementRejected], timeline: Timeline
) -> Iterator[Finding]:
    """amended-by-unanimity (7): a party's decision on a version that is already in force changes nothing."""
    event = entry.event
    if entry.position not in decided_too_late(timeline):
        return
    yield breach(
        TOO_LATE[isinstance(event, AgreementRejected), adopts(entry)],
        party=event.assembly,
        version=event.version,
        day=event.valid_on.last,
        first_day=first_days(timeline)[event.version],
        readings=read_as.of_start(timeline, event.version),
    )


def fixed_as_the_wording_leaves_open(entry: Entry[EntryIntoForceFixed], timeline: Timeline) -> Iterator[Finding]:
    """amended-by-unanimity (7): a version's start day is fixed to a day that the version's wording leaves open.

    The start day must be fixed before the version is in force.
    """
    event = entry.event
    proposed = proposals(timeline).get(event.version)
    if proposed is None:
        return
    if entry.position in decided_too_late(timeline):
        yield breach(
            "the start of version {version} is fixed on {day}, to {start}; it has been in force since {first_day}, "
            "so that changes nothing",
            version=event.version,
            day=event.valid_on.last,
            start=event.in_force_from,
            first_day=first_days(timeline)[event.version],
            readings=read_as.of_start(timeline, event.version),
        )
        return
    said = timeline.at(proposed.position).event
    assert isinstance(said, AgreementProposed), "a version is put forward by a proposal"
    start = said.in_force_from
    if not start.first <= event.in_force_from <= start.last:
        message = marked("version {version} was adopted to apply from {wording}, and is fixed to {day}")
        if start.is_loose:
            message = marked("version {version} was adopted to apply from some day of {wording}, and is fixed to {day}")
        yield breach(message, version=event.version, wording=start.text, day=event.in_force_from,
                     entries=(proposed.position,))  # fmt: skip


def decided_once_put_forward(
    entry: Entry[AgreementAdopted | AgreementRejected | EntryIntoForceFixed], timeline: Timeline
) -> Iterator[Finding]:
    """plausible: a decision on a version is not dated before the version was put forward."""
    proposed = proposals(timeline).get(entry.event.version)
    if proposed is not None and entry.event.valid_on.last < proposed.event.valid_on.last:
        yield cannot_tell(
            "decided on {day}, before version {version} was put forward, on {put_forward}",
            day=timeline.at(entry.position).event.valid_on.text,
            version=entry.event.version,
            put_forward=timeline.at(proposed.position).event.valid_on.text,
            entries=(proposed.position,),
            since=proposed.event.valid_on.last,
        )


def not_overtaken(entry: Entry[AgreementAdopted], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a version does not take effect after a version that was put forward later."""
    version = entry.event.version
    since = in_force_from(timeline, version)
    later = overtaken_by(timeline, version, since) if since else None
    if since is None or later is None:
        return
    if entry.position == last_adoption(timeline, version):
        yield cannot_tell(
            "version {version} takes effect on {day}, after version {later}, which was put forward later",
            version=version,
            day=since,
            later=later,
            entries=(proposals(timeline)[later].position,),
        )


def adopted_before_the_start(entry: Entry[AgreementAdopted], timeline: Timeline) -> Iterator[Finding]:
    """adopted-by-every-assembly (head): every party has adopted a version by the day from which the version applies."""
    event = entry.event
    if event.version not in proposals(timeline) or entry.position in decided_too_late(timeline):
        return
    start, on = start_day(timeline, event.version), event.valid_on.last
    if on > start:
        yield breach(
            "{party} adopted on {day}, after the day from which version {version} says that it applies, {start}",
            party=event.assembly,
            day=on,
            version=event.version,
            start=start,
            entries=(start_entry(timeline, event.version).position,),
        )


def revoked_in_time(entry: Entry[WithdrawalRevoked], timeline: Timeline) -> Iterator[Finding]:
    """ends-when-one-withdraws (7): a party takes its withdrawal back before the withdrawal ends the agreement."""
    if entry.position in taken_back(timeline):
        return
    party, on = entry.event.party, entry.event.valid_on.last
    own = [one for one in withdrawals(timeline) if one.decided.event.party == party]
    ended = [one for one in own if one.decided.event.valid_on.last <= on]
    if ended:
        yield breach(
            "{party} takes its withdrawal back on {day}, when the agreement has ended, on {end}",
            party=party,
            day=on,
            end=ended[-1].end,
            entries=tuple(one.decided.position for one in ended),
            readings=read_as.of_withdrawal(timeline, ended[-1].decided),
        )
    else:
        yield breach("{party} has not decided to withdraw by {day}, or has taken it back already", party=party, day=on)


def withdrawn_by_a_party(entry: Entry[WithdrawalDecided], timeline: Timeline) -> Iterator[Finding]:
    """ends-when-one-withdraws (7): a withdrawing party is a party to the version in force on the day it decides."""
    party, on = entry.event.party, entry.event.valid_on.last
    known = life(timeline)
    version = version_from(came_into_force(timeline), on)
    if version is None:
        yield breach("{party} withdraws on {day}, when no version is in force", party=party, day=on)
    elif known.end is not None and on >= known.end.on and withdrawal_of(timeline, entry) is None:
        yield breach(
            "{party} withdraws on {day}, when the agreement has ended, on {end}",
            party=party,
            day=on,
            end=known.end.on,
            entries=known.end.entries,
            readings=read_as.of_end(timeline),
        )
    elif not is_party(timeline, party, on):
        message = marked("{party} withdraws on {day}, and is no party to version {version}, in force then")
        entries = (proposals(timeline)[version].position,)
        yield breach(message, party=party, day=on, version=version, entries=entries)


def ends_after_its_decision(entry: Entry[WithdrawalDecided], timeline: Timeline) -> Iterator[Finding]:
    """ends-when-one-withdraws (7): the end of the agreement is not before the decision to withdraw."""
    end, on = withdrawal_end(timeline, entry), entry.event.valid_on.last
    if end < on:
        message = marked("{party} decides on {day}, and the agreement cannot end before that, on {end}")
        yield breach(message, party=entry.event.party, day=on, end=end)


def withdrawn_by_the_assembly(
    entry: Entry[WithdrawalDecided | WithdrawalRevoked], timeline: Timeline
) -> Iterator[Finding]:
    """adopted-by-an-assembly (7): a party's assembly decides to withdraw, or to take the withdrawal back.

    The agreement does not say whether the assembly must decide, so a decision by another organ is cannot-tell.
    """
    event, organ = entry.event, entry.event.source.organ
    if organ == "assembly":
        return
    read = withdrawal_read_as(timeline, entry, "withdrawal-organ")
    yield cannot_tell(
        BY_ANOTHER[isinstance(event, WithdrawalDecided), read],
        party=event.party,
        organ=organ,
        readings=(("withdrawal-organ", read),),
    )


def withdrawal_ends_something(entry: Entry[WithdrawalDecided], timeline: Timeline) -> Iterator[Finding]:
    """ends-when-one-withdraws (7): a withdrawal ends an agreement that is in force.

    If several withdrawals lead to different ends, the agreement ends on the earliest.
    """
    end, own = withdrawal_end(timeline, entry), read_as.of_withdrawal(timeline, entry)
    known, decided = life(timeline), withdrawal_of(timeline, entry)
    if decided is not None and decided.lapsed is not None:
        version = version_from(came_into_force(timeline), decided.lapsed)
        assert version is not None, "it has lapsed since a version came into force"
        yield cannot_tell(
            "{party} withdraws for {end}, but is no longer a party from {left}, when version {version} leaves it out: "
            "the withdrawal ends nothing",
            party=entry.event.party,
            end=end,
            left=decided.lapsed,
            version=version,
            since=decided.lapsed,
            entries=(proposals(timeline)[version].position,),
        )
    elif known.in_force and end == known.in_force[0].since == entry.event.valid_on.last:
        yield breach("no version is in force before {end}, so nothing ends", end=end, readings=own)
    elif known.end is not None and entry.event.valid_on.last < known.end.on < end:
        readings = tuple(dict.fromkeys([*own, *read_as.of_end(timeline)]))
        yield silent("the agreement ends earlier, on {end}", end=known.end.on, readings=readings)


def while_in_force(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
    """in-force (head, 7): after the end of the agreement, an act that needs an agreement in force is a breach.

    For an act before the agreement's first day in force, the finding is silent.
    """
    on: date = entry.event.valid_on.last
    known = life(timeline)
    if known.end is not None and on >= known.end.on:
        yield breach(
            "done on {day}, when the agreement has ended, on {end}",
            day=on,
            end=known.end.on,
            entries=known.end.entries,
            readings=read_as.of_end(timeline),
        )
    elif version_on(timeline, on) is None:
        message = marked("done on {day}, before the first day in force; the body has existed since 2017")
        readings = read_as.of_start(timeline, known.in_force[0].version) if known.in_force else ()
        yield silent(message, day=on, readings=readings)


def adopted_by_all(timeline: Timeline, on: date) -> Iterator[Finding]:
    """adopted-by-every-assembly (head): the agreement is in force once every assembly has adopted it.

    The agreement is not in force before its start day.
    """
    begun = [one for one in life(timeline).in_force if one.since <= on]
    if not begun:
        for version in _proposed(timeline, on):
            yield _standing(timeline, version, on)
        return
    yield _took_effect(timeline, begun[0].version, begun[0].since)


def amended_by_all(timeline: Timeline, on: date) -> Iterator[Finding]:
    """amended-by-unanimity (7): an amendment takes effect when every party has adopted it; one rejection stops it."""
    begun = [one for one in life(timeline).in_force if one.since <= on]
    if not begun:
        return
    others = [version for version in _proposed(timeline, on) if version != begun[0].version]
    for version in others:
        since = in_force_from(timeline, version)
        yield _took_effect(timeline, version, since) if since and since <= on else _standing(timeline, version, on)
    if not others:
        yield passed("no amendment has been put forward", subject=f"version:{begun[0].version}")


def parties_left_out(timeline: Timeline, on: date) -> Iterator[Finding]:
    """amended-by-unanimity (7): a party that an amendment leaves out has no seats from the amendment's first day on."""
    for to_come, party in leaving(timeline, on):
        message = marked(
            "version {version} leaves {party} out from {day}: its seats, posts and places in groups end then"
        )
        yield passed(
            message,
            subject=f"party:{party}",
            entries=(proposals(timeline)[to_come.version].position,),
            version=to_come.version,
            party=party,
            day=to_come.since,
        )


def ends_for_all(timeline: Timeline, on: date) -> Iterator[Finding]:
    """ends-when-one-withdraws (7): if one party decides to withdraw, the agreement ends for all."""
    if not _proposed(timeline, on):
        return
    end = end_seen_on(timeline, on)
    if end is None:
        yield passed("no withdrawal is in effect, so nothing ends the agreement", subject="agreement:agreement")
        return
    message = marked("{parties} withdrew, so the agreement has ended for all, from {end}")
    if on < end.on:
        message = marked(
            "{parties} {parties:?withdraws|withdraw}, so the agreement ends for all; the first day without it is {end}"
        )
    yield passed(
        message,
        subject="agreement:agreement",
        entries=end.entries,
        readings=read_as.of_end(timeline, end),
        parties=end.parties,
        end=end.on,
    )


def _proposed(timeline: Timeline, on: date) -> list[int]:
    return [version for version, one in sorted(proposals(timeline).items()) if one.event.valid_on.last <= on]


def _latest(timeline: Timeline, version: int, on: date) -> dict[str, Entry[Any]]:
    """Maps each party that decides on a version to the last decision that the party made on or before a day. The
    parties are in alphabetical order.
    """
    found = {}
    for party in sorted(deciding(timeline, version, version_from(life(timeline).in_force, on, without=version))):
        if decided := decision_on(timeline, version, party, on):
            found[party] = decided
    return found


def _took_effect(timeline: Timeline, version: int, since: date) -> Finding:
    readings = read_as.of_start(timeline, version)
    latest = _latest(timeline, version, date.max if readings else since)
    return passed(
        "all {count} assemblies adopted version {version}, which took effect on {day}",
        subject=f"version:{version}",
        since=since,
        entries=tuple(sorted(one.position for one in latest.values())),
        readings=readings,
        count=len(latest),
        version=version,
        day=since,
    )


def _standing(timeline: Timeline, version: int, on: date) -> Finding:
    """Returns a pass with the state of a version not in force.

    A version is stopped by a rejection, awaits adoptions, or is adopted by all but its first day has not come.
    """
    parties = deciding(timeline, version, version_from(life(timeline).in_force, on, without=version))
    latest = _latest(timeline, version, on)
    against = tuple(party for party, one in latest.items() if isinstance(one.event, AgreementRejected))
    adopted = {party for party, one in latest.items() if adopts(one)}
    awaited = tuple(sorted(parties - adopted - {*against}))
    message = marked("all {of} assemblies have adopted version {version}; its first day has not come")
    if against:
        message = marked("version {version} is stopped: {against} rejected it; {count} of {of} have adopted it")
    elif awaited:
        message = marked("{count} of {of} assemblies have adopted version {version}; it awaits {awaited}")
    values: dict[str, Any] = {"version": version, "count": len(adopted), "of": len(parties)}
    values |= {"against": against} if against else {"awaited": awaited} if awaited else {}
    entries = tuple(sorted(one.position for one in latest.values()))
    return passed(message, subject=f"version:{version}", entries=entries, **values)


def no_end_date(timeline: Timeline, on: date) -> Iterator[Finding]:
    """until-further-notice (7): the agreement has no end date of its own."""
    end = end_seen_on(timeline, on)
    if end is None:
        yield passed("the agreement applies until further notice on {day}", day=on)
    else:
        yield passed(
            "the agreement applies until {parties} leaves it, on {end}",
            parties=end.parties,
            end=end.on,
            entries=end.entries,
            readings=of_end(timeline, end),
        )


def versions_adopted(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """adopted-by-every-assembly (head): each party adopts a version by its start day, unless a party rejects it."""
    known = life(timeline)
    entered = {one.version for one in known.in_force if one.since <= on}
    for version, proposed in proposals(timeline).items():
        ended = known.end is not None and on >= known.end.on
        if version in entered or ended or proposed.event.valid_on.last > on:
            continue
        needed = sorted(deciding(timeline, version, version_from(known.in_force, on)))
        latest = {party: decision_on(timeline, version, party, on) for party in needed}
        stopped = any(one is not None and isinstance(one.event, AgreementRejected) for one in latest.values())
        for party in () if stopped else (party for party, decision in latest.items() if not adopts(decision)):
            yield Obligation(
                due=start_day(timeline, version),
                to_do=to_do(
                    "adopt version {version}, or reject it: the assembly of {party}", version=version, party=party
                ),
                provision="adopted-by-every-assembly",
                subject=f"party:{party}",
                who=party,
                entries=(start_entry(timeline, version).position,),
            )


def parties_leave(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """amended-by-unanimity (7): a party that an amendment leaves out keeps its seats until the amendment applies."""
    ended = end_seen_on(timeline, on)
    for to_come, party in leaving(timeline, on):
        if ended and to_come.since >= ended.on:
            continue
        yield Obligation(
            due=to_come.since - DAY,
            to_do=to_do(
                "the last day of {party}'s seats, posts and places in groups: version {version} leaves it out",
                party=party,
                version=to_come.version,
            ),
            provision="amended-by-unanimity",
            subject=f"party:{party}",
            entries=(proposals(timeline)[to_come.version].position,),
        )


RULES = Rules(
    forbids=(
        ("adopted-by-an-assembly", decided_by_the_assembly, (AgreementAdopted, AgreementRejected)),
        ("amended-by-unanimity", by_a_party_that_decides, (AgreementAdopted, AgreementRejected)),
        ("amended-by-unanimity", not_adopted_twice, (AgreementAdopted,)),
        ("ends-when-one-withdraws", withdrawn_by_a_party, (WithdrawalDecided,)),
        ("ends-when-one-withdraws", ends_after_its_decision, (WithdrawalDecided,)),
        ("ends-when-one-withdraws", revoked_in_time, (WithdrawalRevoked,)),
    ),
    flags=(
        ("adopted-by-every-assembly", adopted_before_the_start, (AgreementAdopted,)),
        ("adopted-by-an-assembly", withdrawn_by_the_assembly, (WithdrawalDecided, WithdrawalRevoked)),
        ("amended-by-unanimity", decided_before_it_is_in_force, (AgreementAdopted, AgreementRejected)),
        ("amended-by-unanimity", fixed_as_the_wording_leaves_open, (EntryIntoForceFixed,)),
        ("plausible", decided_once_put_forward, (AgreementAdopted, AgreementRejected, EntryIntoForceFixed)),
        ("plausible", not_overtaken, (AgreementAdopted,)),
        ("ends-when-one-withdraws", withdrawal_ends_something, (WithdrawalDecided,)),
        ("in-force", while_in_force, NEED_FORCE),
    ),
    standing=(("until-further-notice", no_end_date),),
    derived=(
        ("adopted-by-every-assembly", adopted_by_all),
        ("amended-by-unanimity", amended_by_all),
        ("amended-by-unanimity", parties_left_out),
        ("ends-when-one-withdraws", ends_for_all),
    ),
    subjects={
        AgreementAdopted: "party:{0.assembly}",
        AgreementRejected: "party:{0.assembly}",
        WithdrawalDecided: "party:{0.party}",
        WithdrawalRevoked: "party:{0.party}",
    },
    obligations=(versions_adopted, parties_leave),
)
