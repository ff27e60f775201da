"""The notice of a meeting as of a day: when and where it meets, what is on the agenda, and who is called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.meetings import AgendaItem, MeetingDocument
from ledger.state.agreement import terms_on
from ledger.state.meetings import meeting_on
from ledger.state.posts import experts_on
from ledger.state.seats import members_on

if TYPE_CHECKING:
    from ledger.state.meetings import Meeting
    from ledger.timeline import Timeline


class Called(Struct, frozen=True):
    """A member or an expert who is called; an expert has no party."""

    person: str
    party: str | None


class Notice(Struct, frozen=True, kw_only=True):
    """The latest notice of a meeting, sent on the day `sent` for a meeting on `meets_on`, `days` later.

    `required` is the least number of days that the terms ask for, or None without terms. `moved_from` is the day that
    the notice before named, if another did. `called` are the members and then the experts of the day of the meeting, as
    known. `loose` tells that the day on which the notice was sent is not known exactly.
    """

    on: date
    known_at: str
    meeting: str
    status: str
    meets_on: date
    starts_at: str | None
    place: str | None
    called_by: str
    sent: date
    days: int
    required: int | None
    moved_from: date | None
    extra: bool
    requests: tuple[str, ...]
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
    call, sent = meeting.called.event, meeting.notice
    terms = terms_on(timeline, sent.sent)
    return Notice(
        on=on,
        known_at=f"@{timeline.head}",
        meeting=which,
        status="held" if meeting.held else "cancelled" if meeting.cancelled else "called",
        meets_on=sent.meets_on,
        starts_at=meeting.starts_at,
        place=meeting.place,
        called_by=call.called_by,
        sent=sent.sent,
        days=(sent.meets_on - sent.sent).days,
        required=terms.numbers.notice_days if terms else None,
        moved_from=meeting.notices[-2].meets_on if len(meeting.notices) > 1 else None,
        extra=meeting.extra,
        requests=meeting.requests,
        agenda=call.agenda,
        documents=call.documents,
        called=_called(timeline, sent.meets_on),
        entries=_entries(meeting),
    )


def _called(timeline: Timeline, day: date) -> tuple[Called, ...]:
    members = [Called(one.person, one.party) for one in members_on(timeline, day)]
    seated = {one.person for one in members}
    experts = [Called(one.person, None) for one in experts_on(timeline, day) if one.person not in seated]
    return (*sorted(members, key=lambda one: (one.party == "region", one.party)), *experts)


def _entries(meeting: Meeting) -> tuple[int, ...]:
    assert meeting.called is not None, "a notice is of a meeting that was called"
    return tuple(sorted({meeting.called.position, *(one.entry for one in meeting.notices)}))
