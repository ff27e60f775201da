"""What follows from the record and is told for a day, never a breach: the body, its recommendations, other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.groups import GroupRecommended
from ledger.events.meetings import RecommendationMade, ReservationEntered
from ledger.events.record import ActivityHeld
from ledger.rules.finding import passed, silent
from ledger.rules.meetings import seat_of_the_chair
from ledger.state.agreement import proposals, terms_on, version_on
from ledger.state.meetings import answer_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline


def attached(timeline: Timeline, on: date) -> Iterator[Finding]:
    """attached-to-board (2.2): the body is attached to the regional executive board."""
    version, terms = version_on(timeline, on), terms_on(timeline, on)
    region = terms.party(terms.region() or "") if terms else None
    if version is not None and region is not None:
        entries = (proposals(timeline)[version].position,)
        yield passed("the body is attached to {board}", entries=entries, board=region.executive_board)


def chaired(timeline: Timeline, on: date) -> Iterator[Finding]:
    """chair (2.2): the regional executive board's chair chairs the body; no event appoints it."""
    if version_on(timeline, on) is None:
        return
    seat = seat_of_the_chair(timeline, on)
    if seat is None:
        message = "nobody is chair of the regional executive board, and the agreement does not say who chairs then"
        yield silent(message, subject="post:chair")
    else:
        message = "{person} chairs the body, as chair of the regional executive board"
        yield passed(message, subject="post:chair", since=seat.since, entries=(seat.entry,), person=seat.person)


def answered(timeline: Timeline, on: date) -> Iterator[Finding]:
    """recommendations (2.3): the body recommends to the Region and the municipalities; each addressee's answer."""
    for made in timeline.of(RecommendationMade):
        event, day = made.event, made.event.valid_on.last
        if day > on:
            continue
        given = {party: answer_on(timeline, event.recommendation, party, on) for party in event.addressees}
        answers = tuple(f"{party} {one.event.answer}" for party, one in given.items() if one)
        missing = tuple(party for party, one in given.items() if one is None)
        message = "{made}: {answers}; no answer yet from {missing}"
        if not missing:
            message = "{made}: {answers}"
        elif not answers:
            message = "{made}: no answer yet from {missing}"
        values: dict[str, Any] = {"made": event.recommendation}
        values |= ({"answers": answers} if answers else {}) | ({"missing": missing} if missing else {})
        entries = (made.position, *(one.position for one in given.values() if one))
        yield passed(message, subject=f"recommendation:{event.recommendation}", since=day, entries=entries, **values)


def by_consensus(timeline: Timeline, on: date) -> Iterator[Finding]:
    """consensus (2.3): the body strives for consensus; that it found none is no breach."""
    for made in timeline.of(RecommendationMade):
        event, day = made.event, made.event.valid_on.last
        if day > on:
            continue
        values: dict[str, Any] = {"made": event.recommendation}
        message = "{made} was made by consensus"
        if not event.consensus:
            message = "{made} was made without consensus; who dissented is not recorded"
        if event.dissent:
            message, values["dissent"] = "{made} was made without consensus: {dissent} dissented", event.dissent
        reserved = [
            one
            for one in timeline.of(ReservationEntered, f"meeting:{event.meeting}")
            if one.event.item == event.item and one.event.valid_on.last <= on
        ]
        if reserved:
            message += "; reservations by {reserved}"
            values["reserved"] = tuple(dict.fromkeys(one.event.person for one in reserved))
        entries = (made.position, *(one.position for one in reserved))
        subject = f"recommendation:{event.recommendation}"
        yield passed(message, subject=subject, since=day, entries=entries, **values)


def recommended_by_groups(timeline: Timeline, on: date) -> Iterator[Finding]:
    """group-recommendations (3): groups may leave recommendations to the body and to the deciding organs."""
    for left in timeline.of(GroupRecommended):
        event, day = left.event, left.event.valid_on.last
        if day <= on:
            message = "{group} left {left} to {addressees} on {day}"
            yield passed(
                message,
                subject=f"group:{event.group}",
                since=day,
                entries=(left.position,),
                group=event.group,
                left=event.recommendation,
                addressees=event.addressees,
                day=day,
            )


def other_forms(timeline: Timeline, on: date) -> Iterator[Finding]:
    """other-forms (4): consultations, theme days, conferences and seminars are held beside the body."""
    for held in timeline.of(ActivityHeld):
        event, day = held.event, held.event.valid_on.last
        if day <= on:
            message = "{kind} held by {organisers} on {day}, in {place}: {title}"
            yield passed(
                message,
                subject=f"activity:{held.position}",
                since=day,
                entries=(held.position,),
                kind=event.kind,
                organisers=event.organisers,
                day=day,
                place=event.place,
                title=event.title,
            )
