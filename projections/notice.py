"""The notice of a meeting as of a day: when and where it meets, what is on the agenda, and who is called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, structs

from ledger.events.meetings import AgendaItem, MeetingDocument, MeetingMoved, MeetingRequested
from ledger.state.agreement import terms_on
from ledger.state.meetings import meeting_on
from ledger.state.posts import experts_on
from ledger.state.seats import members_on
from ledger.timeline import order

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.state.meetings import Meeting
    from ledger.timeline import Timeline

InTime = Literal["yes", "no", "cannot-tell"]


class Called(Struct, frozen=True):
    """A member or an expert who is called; an expert has no party."""

    person: str
    party: str | None


class Moved(Struct, frozen=True, kw_only=True):
    """The last move of a meeting: the day, time and place that the notice before named, and why it was moved."""

    meets_on: date
    starts_at: str | None
    place: str | None
    reason: str | None


class Cancelled(Struct, frozen=True):
    """That a meeting is cancelled: since a Day as recorded, and why."""

    day: str
    reason: str | None


class Answered(Struct, frozen=True, kw_only=True):
    """A request that the notice answers: made on `day`, a Day as recorded. All but its id is None if it is unknown."""

    request: str
    day: str | None = None
    by: tuple[str, ...] = ()
    matter: str | None = None


class Notice(Struct, frozen=True, kw_only=True):
    """The latest notice of a meeting, sent on `sent`, a Day as recorded, for a meeting on `meets_on`.

    It was sent at least `days` days and at most `most_days` days before the meeting. `required` is the least number of
    days that the terms ask for, or None without terms, and `in_time` whether it was kept to: `cannot-tell` if that
    depends on the day on which it was sent. `called` are the members and then the experts of the day of the meeting, as
    known.
    """

    on: date
    known_at: str
    meeting: str
    status: str
    meets_on: date
    starts_at: str | None
    place: str | None
    called_by: str
    registration_number: str | None
    sent: str
    days: int
    most_days: int
    required: int | None
    in_time: InTime | None
    moved: Moved | None
    cancelled: Cancelled | None
    extra: bool
    requests: tuple[Answered, ...]
    agenda: tuple[AgendaItem, ...]
    documents: tuple[MeetingDocument, ...]
    called: tuple[Called, ...]
    entries: tuple[int, ...]
    uncertain: tuple[int, ...] = ()


def notice(timeline: Timeline, on: date, which: str) -> Notice | None:
    """Returns the notice of a meeting as of a day, or None if none was sent by then.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    found, uncertain = timeline.seen_on(on).ask(lambda one: _notice(one, on, which))
    return structs.replace(found, uncertain=uncertain) if found else None


def _notice(timeline: Timeline, on: date, which: str) -> Notice | None:
    meeting = meeting_on(timeline, which, on)
    if meeting is None or meeting.called is None or meeting.notice is None:
        return None
    call, meets_on, cancelled = meeting.called, meeting.notice.meets_on, meeting.cancelled
    moves = _moves(timeline, on, meeting)
    sent = next((one for one in (call, *moves) if one.position == meeting.notice.entry), call).event.valid_on
    required = [_required(timeline, day) for day in (sent.first, sent.last)]
    latest = [*(one.event.source.registration_number for one in (call, *moves) if one.event.source.registration_number)]
    return Notice(
        on=on,
        known_at=f"@{timeline.head}",
        meeting=which,
        status="held" if meeting.held else "cancelled" if cancelled else "called",
        meets_on=meets_on,
        starts_at=meeting.starts_at,
        place=meeting.place,
        called_by=call.event.called_by,
        registration_number=latest[-1] if latest else None,
        sent=sent.text,
        days=(meets_on - sent.last).days,
        most_days=(meets_on - sent.first).days,
        required=required[-1],
        in_time=_in_time([(meets_on - day).days for day in (sent.first, sent.last)], required),
        moved=_moved(call, moves),
        cancelled=Cancelled(cancelled.event.valid_on.text, cancelled.event.reason) if cancelled else None,
        extra=meeting.extra,
        requests=tuple(_answered(timeline, one) for one in meeting.requests),
        agenda=call.event.agenda,
        documents=call.event.documents,
        called=_called(timeline, meets_on),
        entries=_entries(meeting),
    )


def _required(timeline: Timeline, day: date) -> int | None:
    terms = terms_on(timeline, day)
    return terms.numbers.notice_days if terms else None


def _in_time(days: list[int], required: list[int | None]) -> InTime | None:
    """Returns whether a notice was sent in time, by the days and what is asked for at the first and the last of the
    days on which it may have been sent; None if nothing was asked for on the last one.
    """
    if required[-1] is None:
        return None
    kept = {asked is None or ahead >= asked for ahead, asked in zip(days, required, strict=True)}
    return "cannot-tell" if len(kept) > 1 else "yes" if kept == {True} else "no"


def _moves(timeline: Timeline, on: date, meeting: Meeting) -> list[Entry[MeetingMoved]]:
    """Returns the moves of a meeting after its call, until it was held."""
    assert meeting.called is not None, "a notice is of a meeting that was called"
    first, until = order(meeting.called), min(on, meeting.held_on or on)
    moves = timeline.of(MeetingMoved, f"meeting:{meeting.meeting}")
    return [one for one in moves if order(one) > first and one.event.valid_on.last <= until]


def _moved(call: Entry[Any], moves: list[Entry[MeetingMoved]]) -> Moved | None:
    """Returns what the notice before the last move named; what a move leaves out stays as it was."""
    if not moves:
        return None
    before: tuple[Entry[Any], ...] = (call, *moves[:-1])
    return Moved(
        meets_on=before[-1].event.meets_on,
        starts_at=next((one.event.starts_at for one in reversed(before) if one.event.starts_at), None),
        place=next((one.event.place for one in reversed(before) if one.event.place), None),
        reason=moves[-1].event.reason,
    )


def _answered(timeline: Timeline, request: str) -> Answered:
    made = next(iter(timeline.of(MeetingRequested, f"request:{request}")), None)
    if made is None:
        return Answered(request=request)
    event = made.event
    return Answered(request=request, day=event.valid_on.text, by=event.by, matter=event.matter)


def _called(timeline: Timeline, day: date) -> tuple[Called, ...]:
    members = [Called(one.person, one.party) for one in members_on(timeline, day)]
    seated = {one.person for one in members}
    experts = [Called(one.person, None) for one in experts_on(timeline, day) if one.person not in seated]
    terms = terms_on(timeline, day)
    region = terms.region() if terms else None
    return (*sorted(members, key=lambda one: (one.party == region, one.party)), *experts)


def _entries(meeting: Meeting) -> tuple[int, ...]:
    assert meeting.called is not None, "a notice is of a meeting that was called"
    return tuple(sorted({meeting.called.position, *(one.entry for one in meeting.notices)}))
