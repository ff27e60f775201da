"""The meetings of a year as of a day: notices, attendance, minutes, dispatch, recommendations and requests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field, structs

from ledger.events.meetings import MeetingRequested, RecommendationMade
from ledger.state.agreement import terms_on
from ledger.state.meetings import Meeting, answer_on, counted, meetings_on, open_items, weight
from ledger.state.minutes import paragraphs_of, recipients

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.events.meetings import AgendaItem
    from ledger.timeline import Timeline


class Minutes(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The days on which the minutes were signed, adjusted and sent to each recipient, or None for a step not yet taken.

    Recipients are the parties in the order of the terms, then those whom an agenda item concerns, then any other
    recipients. `document` is the digest in hex of the minutes as signed, if one was given when they were signed.
    """

    signed: date | None
    adjusted: date | None
    dispatched: dict[str, date | None]
    document: str | None = None


class Recommended(Struct, frozen=True, kw_only=True):
    """A recommendation with the answer of each addressee; an answer is None while the addressee has not answered."""

    recommendation: str
    text: str
    consensus: bool
    dissent: tuple[str, ...]
    answers: dict[str, str | None]


class Votes(Struct, frozen=True, kw_only=True):
    """The number of votes for, votes against and abstentions."""

    for_: int = field(name="for")
    against: int
    abstained: int


class Item(Struct, frozen=True, kw_only=True):
    """An item on the agenda. `added` is true for an item that the notice did not list.

    `outcome` is None until the item is handled. `continues` names the earlier item that this item continues, such as
    m1/3. `reservations` lists the persons who entered a reservation. `adjusted` is the day on which the item's minutes
    were adjusted, or None.
    """

    number: int
    title: str
    kind: str
    topic: str | None
    added: bool
    outcome: str | None
    continues: str | None
    vote: Votes | None
    recused: tuple[str, ...]
    reservations: tuple[str, ...]
    adjusted: date | None


class MeetingOfYear(Struct, frozen=True, kw_only=True):
    """A meeting as of a day. `notice_days` is the number of days from the latest notice to the day on which the meeting
    was held or is planned.
    """

    meeting: str
    meets_on: date | None
    place: str | None
    starts_at: str | None
    opened_at: str | None
    closed_at: str | None
    secretary: str | None
    extra: bool
    status: str
    notice_sent: date | None
    notice_days: int | None
    called_by: str | None
    chaired_by: str | None
    present: tuple[str, ...]
    remote: tuple[str, ...]
    experts: tuple[str, ...]
    adjuster: str | None
    signing: str | None
    adjustment: str | None
    agenda: tuple[Item, ...]
    minutes: Minutes
    recommendations: tuple[Recommended, ...]
    entries: tuple[int, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """A request for a meeting. `count` is the number of members who asked for the meeting, and `of` the number that
    `count` is compared with. `meeting` is the meeting called for the request, if any.
    """

    request: str
    on: str
    by: tuple[str, ...]
    matter: str
    count: int
    of: int
    binding: bool
    meeting: str | None


class Paragraphs(Struct, frozen=True, kw_only=True):
    """How many of the year's numbered minute paragraphs (§§) the sources name, and which paragraph numbers in between
    no source names.
    """

    recorded: int
    missing: tuple[str, ...]


class Open(Struct, frozen=True, kw_only=True):
    """An item that was adjourned or referred back and has been on no agenda since.

    `title` is None for an item that was on no agenda.
    """

    meeting: str
    item: int
    title: str | None
    outcome: str
    since: date
    entry: int


class Meetings(Struct, frozen=True, kw_only=True):
    """The meetings of a year as of the day `on`, ordered by day and id.

    `held`, `called` and `required` are the numbers of meetings that the rule for the provision six-meetings compares.
    `required` is None when no agreement sets a number. `unsaid` lists the meetings whose day has passed but which are
    not recorded as held, moved or cancelled. `open_items` lists the items still open on the day `on` that were
    adjourned or referred back by the end of the year.
    """

    on: date
    known_at: str
    year: int
    held: int
    called: int
    unsaid: tuple[str, ...]
    required: int | None
    meetings: tuple[MeetingOfYear, ...]
    requests: tuple[Asked, ...]
    open_items: tuple[Open, ...]
    paragraphs: Paragraphs
    uncertain: tuple[int, ...] = ()


def meetings(timeline: Timeline, on: date, year: int) -> Meetings:
    """Returns the meetings of a year, held or planned, as of the day `on`.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.seen_on(on).ask(lambda one: year_of(one, on, year))
    return structs.replace(answer, uncertain=uncertain)


def year_of(timeline: Timeline, on: date, year: int) -> Meetings:
    """Returns the answer of `meetings` without `uncertain`. Every inexact day is taken as its latest possible day."""
    known = meetings_on(timeline, on)
    own = [meeting for meeting in known.values() if meeting.day is not None and meeting.day.year == year]
    own.sort(key=lambda meeting: (meeting.day or on, meeting.meeting))
    count = counted(timeline, year, on)
    return Meetings(
        on=on,
        known_at=f"@{timeline.head}",
        year=year,
        held=len(count.held),
        called=count.called,
        unsaid=count.unsaid,
        required=count.required if terms_on(timeline, min(on, date(year, 12, 31))) else None,
        meetings=tuple(told(timeline, meeting, on) for meeting in own),
        requests=requests_of(timeline, on, year),
        open_items=tuple(Open(**structs.asdict(one)) for one in open_items(timeline, on) if one.since.year <= year),
        paragraphs=_paragraphs(timeline, year, on),
    )


def _paragraphs(timeline: Timeline, year: int, on: date) -> Paragraphs:
    recorded, missing = paragraphs_of(timeline, year, on)
    return Paragraphs(recorded=len(recorded), missing=tuple(f"§ {number}" for number in missing))


def requests_of(timeline: Timeline, on: date, year: int) -> tuple[Asked, ...]:
    """Returns the requests for a meeting that were made in a year, up to the day `on`."""
    known = meetings_on(timeline, on)
    days = ((entry, entry.event.valid_on.last) for entry in timeline.of(MeetingRequested))
    return tuple(_asked(timeline, entry, known) for entry, day in days if day <= on and day.year == year)


def told(timeline: Timeline, meeting: Meeting, on: date) -> MeetingOfYear:
    """Returns a meeting, as it stood on the day `on`, in the form in which answers give it."""
    held = meeting.held.event if meeting.held else None
    called = meeting.called.event if meeting.called else None
    notice = meeting.notice
    present = held.present if held else ()
    if held and held.chaired_by not in present:
        present = (*present, held.chaired_by)
    return MeetingOfYear(
        meeting=meeting.meeting,
        meets_on=meeting.day,
        place=meeting.place,
        starts_at=meeting.starts_at,
        opened_at=held.opened_at if held else None,
        closed_at=held.closed_at if held else None,
        secretary=held.secretary if held else None,
        extra=meeting.extra,
        status="held" if held else "cancelled" if meeting.cancelled else "called",
        notice_sent=notice.sent if notice else None,
        notice_days=(meeting.day - notice.sent).days if notice and meeting.day else None,
        called_by=called.called_by if called else None,
        chaired_by=held.chaired_by if held else None,
        present=present,
        remote=(held.remote or ()) if held else (),
        experts=(held.experts or ()) if held else (),
        adjuster=held.adjuster if held else None,
        signing=meeting.signing.person if meeting.signing else None,
        adjustment=meeting.adjustment.person if meeting.adjustment else None,
        agenda=_agenda(meeting),
        minutes=Minutes(
            signed=meeting.signed.event.valid_on.last if meeting.signed else None,
            adjusted=meeting.adjusted.event.valid_on.last if meeting.adjusted else None,
            dispatched=dict.fromkeys(recipients(timeline, meeting))
            | {one: entry.event.valid_on.last for one, entry in meeting.dispatched.items()},
            document=meeting.signed.event.source.document if meeting.signed else None,
        ),
        recommendations=tuple(_recommended(timeline, entry, on) for entry in meeting.recommendations),
        entries=_entries(timeline, meeting, on),
    )


def _entries(timeline: Timeline, meeting: Meeting, on: date) -> tuple[int, ...]:
    made = [entry.event for entry in meeting.recommendations]
    given = [answer_on(timeline, event.recommendation, party, on) for event in made for party in event.addressees]
    return tuple(sorted({*meeting.entries, *(answer.position for answer in given if answer)}))


def _agenda(meeting: Meeting) -> tuple[Item, ...]:
    notified = {item.number for item in meeting.called.event.agenda} if meeting.called else set()
    return tuple(_item(meeting, item, added=item.number not in notified) for item in meeting.agenda)


def _item(meeting: Meeting, item: AgendaItem, *, added: bool) -> Item:
    handled = [entry.event for entry in meeting.items if entry.event.item == item.number]
    last = handled[-1] if handled else None
    reserved = [entry.event.person for entry in meeting.reservations if entry.event.item == item.number]
    adjusted = meeting.adjusted_items.get(item.number, meeting.adjusted)
    votes = last.vote if last else None
    return Item(
        number=item.number,
        title=item.title,
        kind=item.kind,
        topic=item.topic,
        added=added,
        outcome=last.outcome if last else None,
        continues=item.continues,
        vote=Votes(for_=votes.for_, against=votes.against, abstained=votes.abstained) if votes else None,
        recused=(last.recused or ()) if last else (),
        reservations=tuple(dict.fromkeys(reserved)),
        adjusted=adjusted.event.valid_on.last if adjusted else None,
    )


def _recommended(timeline: Timeline, entry: Entry[RecommendationMade], on: date) -> Recommended:
    event = entry.event
    answers = {party: answer_on(timeline, event.recommendation, party, on) for party in event.addressees}
    return Recommended(
        recommendation=event.recommendation,
        text=event.text,
        consensus=event.consensus,
        dissent=event.dissent or (),
        answers={party: one.event.answer if one else None for party, one in answers.items()},
    )


def _asked(timeline: Timeline, requested: Entry[MeetingRequested], known: dict[str, Meeting]) -> Asked:
    event = requested.event
    weighed = weight(requested, timeline)
    called = [one for one in known.values() if event.request in one.requests and (one.held or one.awaited)]
    return Asked(
        request=event.request,
        on=event.valid_on.text,
        by=event.by,
        matter=event.matter,
        count=weighed.count,
        of=weighed.of,
        binding=weighed.binding,
        meeting=min(((one.day or date.max, one.meeting) for one in called), default=(date.max, None))[1],
    )
