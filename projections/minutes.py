"""The minutes of a meeting as of a day: who was there, what was decided under which §, and who was sent them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.meetings import AgendaItem, ItemHandled, MeetingDocument, Proposal, RecommendationMade
from ledger.state.meetings import meeting_on, meetings_on, outcomes
from ledger.state.minutes import paragraph_numbers, paragraphs_of
from ledger.state.posts import experts_on
from ledger.state.record import annulments
from ledger.state.seats import members_on
from ledger.timeline import order
from projections.history import ToldEntry, tell
from projections.meetings import MeetingOfYear, Votes, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.events.meetings import MeetingHeld
    from ledger.state.meetings import Meeting
    from ledger.timeline import Timeline


class Attending(Struct, frozen=True, kw_only=True):
    """A person at a meeting, with the seat of that day; both parties are None for who was no member."""

    person: str
    party: str | None
    political_party: str | None


class Invited(Struct, frozen=True, kw_only=True):
    """An expert at a meeting; `field` is None for who was not co-opted that day."""

    person: str
    field: str | None


class Reserved(Struct, frozen=True, kw_only=True):
    """A reservation, and its wording if that is recorded."""

    person: str
    text: str | None


class Quashed(Struct, frozen=True):
    """That a court quashed a decision: on a Day as recorded, and why."""

    day: str
    reason: str


class Advised(Struct, frozen=True, kw_only=True):
    """A recommendation that was made on an item, as it was made, even if a court has quashed it."""

    recommendation: str
    text: str
    addressees: tuple[str, ...]
    consensus: bool
    dissent: tuple[str, ...]
    recused: tuple[str, ...] | None
    quashed: Quashed | None


class Paragraph(Struct, frozen=True):
    """A § of the minutes, such as `§ 12`. It is `proposed` where no source gives it."""

    text: str
    proposed: bool


class Minuted(Struct, frozen=True, kw_only=True):
    """An item as the minutes have it. What is not recorded is None, and what is recorded as nothing is empty.

    `title`, `kind` and `concerns` are those of the agenda, and None for an item that is not on it. `added` is true for
    an item that the notice did not list, `quashed` tells that a court quashed the decision, which is told all the same,
    and `adjusted` is the Day, as recorded, on which the item alone was adjusted, before the rest.
    """

    number: int
    paragraph: Paragraph
    title: str | None
    kind: str | None
    added: bool
    registration_number: str | None
    continues: str | None
    concerns: tuple[str, ...] | None
    background: str | None
    proposals: tuple[Proposal, ...] | None
    vote: Votes | None
    text: str | None
    outcome: str | None
    quashed: Quashed | None
    recused: tuple[str, ...] | None
    reservations: tuple[Reserved, ...]
    recommendations: tuple[Advised, ...]
    documents: tuple[MeetingDocument, ...] | None
    adjusted: str | None


class MinutesOfMeeting(Struct, frozen=True, kw_only=True):
    """The minutes of a meeting that was held on `day`, a Day as recorded; `standing` is what other answers say of it.

    `absent` are the members of that day who were not present, ordered as `members_on` has them. `remote`, `experts` and
    `others` are None where nothing is recorded of them. `documents` went with the notice. `signed`, `adjusted` and
    those of `dispatched`, by recipient, are Days as recorded, or None. `signed_by` signed, and `signed_file` is the
    digest of a file that was signed elsewhere. `holding` is the entry of the meeting's holding.
    """

    on: date
    known_at: str
    meeting: str
    day: str
    held_on: date
    standing: MeetingOfYear
    registration_number: str | None
    present: tuple[Attending, ...]
    absent: tuple[Attending, ...]
    remote: tuple[str, ...] | None
    experts: tuple[Invited, ...] | None
    others: tuple[str, ...] | None
    items: tuple[Minuted, ...]
    documents: tuple[MeetingDocument, ...]
    signed: str | None
    adjusted: str | None
    dispatched: dict[str, str | None]
    signed_by: str | None
    signed_file: str | None
    holding: ToldEntry
    uncertain: tuple[int, ...] = ()


def minutes(timeline: Timeline, on: date, which: str) -> MinutesOfMeeting | None:
    """Returns the minutes of a meeting as of a day, or None if it was not held by then.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    found, uncertain = timeline.seen_on(on).ask(lambda one: _minutes(one, on, which))
    return structs.replace(found, uncertain=uncertain) if found else None


def _minutes(timeline: Timeline, on: date, which: str) -> MinutesOfMeeting | None:
    meeting = meeting_on(timeline, which, on)
    if meeting is None or meeting.held is None:
        return None
    held, standing = meeting.held.event, told(timeline, meeting, on)
    day, signed = held.valid_on.last, meeting.signed
    members = {
        one.person: Attending(person=one.person, party=one.party, political_party=one.political_party)
        for one in members_on(timeline, day)
    }
    return MinutesOfMeeting(
        on=on,
        known_at=f"@{timeline.head}",
        meeting=which,
        day=held.valid_on.text,
        held_on=day,
        standing=standing,
        registration_number=held.source.registration_number,
        present=tuple(
            members.get(one) or Attending(person=one, party=None, political_party=None) for one in standing.present
        ),
        absent=tuple(one for one in members.values() if one.person not in standing.present),
        remote=held.remote,
        experts=_experts(timeline, held),
        others=held.others,
        items=tuple(_items(timeline, on, with_quashed(timeline, meeting, on))),
        documents=meeting.called.event.documents if meeting.called else (),
        signed=_day(signed),
        adjusted=_day(meeting.adjusted),
        dispatched={one: _day(meeting.dispatched.get(one)) for one in standing.minutes.dispatched},
        signed_by=signed.event.by if signed else None,
        signed_file=signed.event.source.document if signed else None,
        holding=tell([meeting.held], timeline, {})[0],
    )


def _experts(timeline: Timeline, held: MeetingHeld) -> tuple[Invited, ...] | None:
    if held.experts is None:
        return None
    fields = {one.person: one.field for one in experts_on(timeline, held.valid_on.last)}
    return tuple(Invited(person=one, field=fields.get(one)) for one in held.experts)


def _day(entry: Entry[Any] | None) -> str | None:
    return entry.event.valid_on.text if entry else None


def with_quashed(timeline: Timeline, meeting: Meeting, on: date) -> Meeting:
    """Returns a meeting together with those of its decisions and recommendations that a court quashed.

    The minutes keep what was decided. A decision that stands takes the place of a quashed one on the same item.
    """
    items, made = (
        [one for one in _quashed(timeline, kind, on) if one.event.meeting == meeting.meeting]
        for kind in (ItemHandled, RecommendationMade)
    )
    return structs.replace(
        meeting, items=(*items, *meeting.items),
        recommendations=tuple(sorted((*meeting.recommendations, *made), key=order)),
    )  # fmt: skip


def _quashed(timeline: Timeline, kind: type[Event], on: date) -> list[Entry[Any]]:
    """Returns the entries of a class up to a day that a court quashed, in timeline order."""
    found = (timeline.recorded(position) for position in annulments(timeline))
    placed = [timeline.placed(one) for one in found if one is not None and isinstance(one.event, kind)]
    return sorted((one for one in placed if one.event.valid_on.last <= on and quashing(timeline, one)), key=order)


def quashing(timeline: Timeline, entry: Entry[Any]) -> Quashed | None:
    """Returns when and why a court quashed an entry, or None if none did."""
    causes = [one.event for one in annulments(timeline).get(entry.position, ())]
    return next((Quashed(one.valid_on.text, one.reason) for one in causes if one.cause == "quashed"), None)


def numbers_of(meeting: Meeting) -> list[int]:
    """Returns the numbers of a meeting's items in the order of the minutes: the agenda's, and then any others."""
    beside = [one.event.item for one in meeting.items]
    beside += [one.event.item for one in meeting.recommendations]
    beside += [one.event.item for one in meeting.reservations]
    return list(dict.fromkeys([*(one.number for one in meeting.agenda), *sorted(beside)]))


def paragraphs(timeline: Timeline, on: date, year: int) -> dict[tuple[str, int], Paragraph]:
    """Maps (meeting, item) to the § of each item of the meetings held in a year, as of a day.

    The § is that of the item's own source, quashed or not. Where none is recorded, the next number is proposed that no
    source of the year names, at later meetings neither, counted on from the last § through the meetings in order of
    day.
    """
    of_year = _held_in(timeline, year, on)
    taken = {*paragraphs_of(timeline, year, date.max)[0]}
    for _, _, meeting in _held_in(timeline, year, date.max):
        taken |= {number for own in _cited(meeting).values() for number in paragraph_numbers(own)}
    found: dict[tuple[str, int], Paragraph] = {}
    last = 0
    for _, which, meeting in sorted(of_year, key=lambda one: one[:2]):
        cited = _cited(meeting)
        for item in numbers_of(meeting):
            own = cited.get(item)
            if own is None:
                last = next(number for number in range(last + 1, last + len(taken) + 2) if number not in taken)
                found[which, item] = Paragraph(f"§ {last}", proposed=True)
            else:
                last = max(last, *paragraph_numbers(own), 0)
                found[which, item] = Paragraph(f"§ {own}" if own.isdecimal() else own, proposed=False)
    return found


def _cited(meeting: Meeting) -> dict[int, str]:
    """Maps each item to the § that its sources name: its outcome, else a recommendation or a reservation of it."""
    found: dict[int, str] = {}
    for item, handled in outcomes(meeting).items():
        if handled.event.source.paragraph:
            found[item] = handled.event.source.paragraph
    beside = [(one.event.item, one.event.source) for one in meeting.recommendations]
    beside += [(one.event.item, one.event.source) for one in meeting.reservations]
    for item, source in beside:
        if source.organ == "body" and source.paragraph:
            found.setdefault(item, source.paragraph)
    return found


def _held_in(timeline: Timeline, year: int, on: date) -> list[tuple[date, str, Meeting]]:
    """Returns (day, id, meeting) of the meetings held in a year, as of a day, with what was quashed."""
    known = meetings_on(timeline, on).values()
    return [
        (one.held_on, one.meeting, with_quashed(timeline, one, on))
        for one in known
        if one.held_on and one.held_on.year == year
    ]


def _items(timeline: Timeline, on: date, meeting: Meeting) -> Iterator[Minuted]:
    assert meeting.held_on is not None, "only a meeting that was held has minutes"
    numbered = paragraphs(timeline, on, meeting.held_on.year)
    titled = {one.number: one for one in meeting.agenda}
    handled = outcomes(meeting)
    for number in numbers_of(meeting):
        paragraph = numbered[meeting.meeting, number]
        yield _item(timeline, meeting, (number, paragraph), titled.get(number), handled.get(number))


def _item(
    timeline: Timeline, meeting: Meeting, what: tuple[int, Paragraph], titled: AgendaItem | None,
    entry: Entry[ItemHandled] | None,
) -> Minuted:  # fmt: skip
    number, handled = what[0], entry.event if entry else None
    notified = {one.number for one in meeting.called.event.agenda} if meeting.called else None
    alone, vote = meeting.adjusted_items.get(number), handled.vote if handled else None
    reserved = [one.event for one in meeting.reservations if one.event.item == number]
    return Minuted(
        number=number,
        paragraph=what[1],
        title=titled.title if titled else None,
        kind=titled.kind if titled else None,
        added=notified is not None and number not in notified,
        registration_number=handled.source.registration_number if handled else None,
        continues=titled.continues if titled else None,
        concerns=titled.concerns if titled else None,
        background=handled.background if handled else None,
        proposals=handled.proposals if handled else None,
        vote=Votes(for_=vote.for_, against=vote.against, abstained=vote.abstained) if vote else None,
        text=handled.text if handled else None,
        outcome=handled.outcome if handled else None,
        quashed=quashing(timeline, entry) if entry else None,
        recused=handled.recused if handled else None,
        reservations=tuple(Reserved(person=one.person, text=one.text) for one in reserved),
        recommendations=tuple(
            _advised(one, quashing(timeline, one)) for one in meeting.recommendations if one.event.item == number
        ),
        documents=handled.documents if handled else None,
        adjusted=_day(alone),
    )


def _advised(entry: Entry[RecommendationMade], quashed: Quashed | None) -> Advised:
    event = entry.event
    return Advised(
        recommendation=event.recommendation,
        text=event.text,
        addressees=event.addressees,
        consensus=event.consensus,
        dissent=event.dissent or (),
        recused=event.recused,
        quashed=quashed,
    )
