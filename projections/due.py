"""What is to be done by a day about seats, posts and terms, and what a standing rule says is open."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.events.agreement import AgreementRejected
from ledger.readings import Readings
from ledger.rules.tables import LASTING, STANDING
from ledger.state.agreement import (
    adopts,
    came_into_force,
    deciding,
    decision_on,
    end_seen_on,
    leaving,
    life,
    proposals,
    start_day,
    start_entry,
    terms_on,
    version_from,
    version_on,
)
from ledger.state.past import past
from ledger.state.posts import POSTS, experts_on, posts_on
from ledger.state.seats import members_on, vacant_seats
from ledger.state.settlement import agreed_for
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.timeline import Timeline


class Deadline(Struct, frozen=True, kw_only=True):
    """Something to do. `due` is the last day to do it in time; None where the text sets none.

    since: the day from which it is open, where none is set. overdue: its day has passed; without one, it is open.
    """

    due: date | None = None
    message: str
    values: dict[str, Any]
    provision: str
    subject: str
    since: date | None = None
    entries: tuple[int, ...] = ()
    readings: Readings = ()
    section: str | None = None
    overdue: bool = False


# What stands open by a standing rule, and what to do about it; None: the rule says so itself.
OPEN: dict[str, str | None] = {
    "two-per-municipality": "appoint {party}'s {seat}: {count} vacant",
    "region-seats": "appoint {party}'s {seat}: {count} vacant",
    "vice-chairs": "appoint a {post}",
    "requested-meeting": "call a meeting for {request}, which {count} of {of} ask for",
    "by-population": None,
    "settlement-agreement": None,
    "management-group": None,
    "group-officers": None,
}


def left_open(timeline: Timeline, on: date, _: date) -> Iterator[Deadline]:
    """What a standing rule finds wrong and somebody can still do, for as long as it is so."""
    begun = version_from(life(timeline).in_force, on) is not None
    for slug, rule in (*(STANDING if version_on(timeline, on) else ()), *(LASTING if begun else ())):
        for found in rule(timeline, on) if slug in OPEN else ():
            if found.verdict == "breach":
                yield Deadline(
                    message=OPEN[slug] or found.message,
                    values=found.values,
                    provision=slug,
                    subject=found.subject or "body:body",
                    since=found.since,
                    entries=found.entries,
                    readings=found.readings,
                )


def versions_adopted(timeline: Timeline, on: date, _: date) -> Iterator[Deadline]:
    """adopted-by-every-assembly (head): a version that nobody has rejected is adopted by all by its start day."""
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
            yield Deadline(
                due=start_day(timeline, version),
                message="adopt version {version}, or reject it: the assembly of {party}",
                values={"version": version, "party": party},
                provision="adopted-by-every-assembly",
                subject=f"party:{party}",
                entries=(start_entry(timeline, version).position,),
            )


def the_agreement_ends(timeline: Timeline, on: date, _: date) -> Iterator[Deadline]:
    """settlement-agreement (7): on the end the parties agree on what remains; it is open from then on."""
    end = end_seen_on(timeline, on)
    if end is None or on >= end.on or agreed_for(past(timeline, on), end):
        return
    who = "{parties} {parties:?withdraws|withdraw}"
    message = f"agree on accrued and remaining costs: {who}, and it is the agreement's last day"
    subject = f"version:{version_from(came_into_force(timeline), end.on)}"
    yield Deadline(due=end.on - DAY, message=message, values={"parties": end.parties},
                   provision="settlement-agreement", subject=subject, entries=end.entries)  # fmt: skip


def parties_leave(timeline: Timeline, on: date, _: date) -> Iterator[Deadline]:
    """amended-by-unanimity (7): the last day of the seats of a party that an amendment leaves out."""
    ended = end_seen_on(timeline, on)
    for to_come, party in leaving(timeline, on):
        if ended and to_come.since >= ended.on:
            continue
        yield Deadline(
            due=to_come.since - DAY,
            message="the last day of {party}'s seats, posts and places in groups: version {version} leaves it out",
            values={"party": party, "version": to_come.version},
            provision="amended-by-unanimity",
            subject=f"party:{party}",
            entries=(proposals(timeline)[to_come.version].position,),
        )


def terms_end(timeline: Timeline, on: date, until: date) -> Iterator[Deadline]:
    """term (2.2): when a term is over its seats are empty, and with them the posts."""
    for since, end in terms_of_office(timeline, on, until):
        seats = len(list(vacant_seats(timeline, end)))
        posts = sum(post not in posts_on(timeline, end) for post in POSTS)
        if seats or posts:
            message = "fill {seats:seat} and {posts:post} for the term from {day}"
            values = {"seats": seats, "posts": posts, "day": end}
            yield Deadline(due=end - DAY, message=message, values=values, provision="term", subject=term_subject(since))


def terms_of_office(timeline: Timeline, on: date, until: date) -> Iterator[tuple[date, date]]:
    """The terms that end after `on` and by `until`, [since, end), while the agreement lasts."""
    terms, ended = terms_on(timeline, on), end_seen_on(timeline, on)
    since, end = terms.term_of(on) if terms else (on, date.max)
    while end - DAY <= until and version_on(timeline, end) and (ended is None or end < ended.on):
        yield since, end
        since, end = end, terms.term_of(end)[1] if terms else date.max


def term_subject(since: date) -> str:
    return f"term:{since.year}"


def some_leave_before(timeline: Timeline, on: date, _: date) -> Iterator[Deadline]:
    """term, vice-chairs, experts (2.2): who leaves before the term, and the agreement, are over, and nobody follows."""
    terms, ended = terms_on(timeline, on), end_seen_on(timeline, on)
    if terms is None or version_on(timeline, on) is None:
        return
    last = ended.on if ended else date.max
    end = min(terms.term_of(on)[1], last)
    for seat in members_on(timeline, on):
        if seat.until < end and (seat.party, seat.seat) in vacant_seats(timeline, seat.until):
            yield Deadline(
                due=seat.until - DAY,
                message="appoint {party}'s {seat}: {person} leaves it",
                values={"party": seat.party, "seat": seat.seat, "person": seat.person},
                provision="term",
                subject=f"seat:{seat.party}/{seat.seat}",
                entries=(seat.entry,),
            )
    for post in posts_on(timeline, on).values():
        if post.until < end and post.post not in posts_on(timeline, post.until):
            yield Deadline(
                due=post.until - DAY,
                message="appoint a {post}: {person} leaves it",
                values={"post": post.post, "person": post.person},
                provision="vice-chairs",
                subject=f"post:{post.post}",
                entries=(post.entry,),
            )
    for expert in experts_on(timeline, on):
        if expert.until is not None and expert.until < last:
            yield Deadline(
                due=expert.until - DAY,
                message="co-opt {person} anew, or let it end",
                values={"person": expert.person},
                provision="experts",
                subject=f"person:{expert.person}",
                entries=(expert.entry,),
            )
