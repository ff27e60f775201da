"""What follows from the decisions of the assemblies, told for a day, never a breach (head, section 7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.events.agreement import AgreementRejected
from ledger.rules.finding import passed
from ledger.state import read_as
from ledger.state.agreement import adopts, deciding, decision_on, end_seen_on, leaving, life, proposals, version_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline


def adopted_by_all(timeline: Timeline, on: date) -> Iterator[Finding]:
    """adopted-by-every-assembly (head): in force once every assembly has adopted it, and its first day has come."""
    begun = [one for one in life(timeline).in_force if one.since <= on]
    if not begun:
        for version in _proposed(timeline, on):
            yield _standing(timeline, version, on)
        return
    yield _took_effect(timeline, begun[0].version, begun[0].since)


def amended_by_all(timeline: Timeline, on: date) -> Iterator[Finding]:
    """amended-by-unanimity (7): an amendment takes effect when all have adopted it; one rejection stops it."""
    begun = [one for one in life(timeline).in_force if one.since <= on]
    if not begun:
        return
    others = [version for version in _proposed(timeline, on) if version != begun[0].version]
    for version in others:
        since = next((one.since for one in begun if one.version == version), None)
        yield _took_effect(timeline, version, since) if since else _standing(timeline, version, on)
    if not others:
        yield passed("no amendment has been put forward", subject=f"version:{begun[0].version}")


def parties_left_out(timeline: Timeline, on: date) -> Iterator[Finding]:
    """amended-by-unanimity (7): a party that an amendment leaves out has no seats from its first day on."""
    for to_come, party in leaving(timeline, on):
        message = "version {version} leaves {party} out from {day}: its seats, posts and places in groups end then"
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
        yield passed("no withdrawal stands, so nothing ends the agreement", subject="agreement:agreement")
        return
    message = "{parties} withdrew, so the agreement has ended for all, from {end}"
    if on < end.on:
        message = (
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
    """The last decision by a day of each party that decides on a version."""
    known = tuple(one for one in life(timeline).in_force if one.version != version)
    found = {}
    for party in sorted(deciding(timeline, version, version_from(known, on))):
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
    """Where a version stands that is not in force: stopped, awaited, or adopted by all and not begun."""
    known = tuple(one for one in life(timeline).in_force if one.version != version)
    parties = deciding(timeline, version, version_from(known, on))
    latest = _latest(timeline, version, on)
    against = tuple(party for party, one in latest.items() if isinstance(one.event, AgreementRejected))
    adopted = {party for party, one in latest.items() if adopts(one)}
    awaited = tuple(sorted(parties - adopted - {*against}))
    message = "all {of} assemblies have adopted version {version}; its first day has not come"
    if against:
        message = "version {version} is stopped: {against} rejected it; {count} of {of} have adopted it"
    elif awaited:
        message = "{count} of {of} assemblies have adopted version {version}; it awaits {awaited}"
    values: dict[str, Any] = {"version": version, "count": len(adopted), "of": len(parties)}
    values |= {"against": against} if against else {"awaited": awaited} if awaited else {}
    entries = tuple(sorted(one.position for one in latest.values()))
    return passed(message, subject=f"version:{version}", entries=entries, **values)
