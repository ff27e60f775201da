"""What became of each meeting by a day, how many counted in a year, and what a request for one weighs (section 2.3)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events import meetings as of_meetings
from ledger.events import minutes as of_minutes
from ledger.events.meetings import (
    AgendaItem,
    ItemHandled,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    RecommendationAnswered,
    RecommendationMade,
    ReservationEntered,
)
from ledger.events.minutes import MinutesAdjusted, MinutesDispatched, MinutesDutyMoved, MinutesSigned
from ledger.readings import Readings
from ledger.state import read_as
from ledger.state.agreement import terms_on
from ledger.state.posts import chair_on
from ledger.state.read_as import of_day
from ledger.state.seats import members_on, vacant_seats
from ledger.timeline import order, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.events.meetings import MeetingRequested
    from ledger.timeline import Timeline


OF_A_SITTING = (MeetingCalled, MeetingMoved, MeetingCancelled, MeetingHeld)
OF_A_MEETING: tuple[type[Any], ...] = tuple(  # every event of these chapters that names one
    event
    for event in (*of_meetings.EVENTS.values(), *of_minutes.EVENTS.values())
    if "meeting" in event.__struct_fields__
)

STANDS_OVER = frozenset({"adjourned", "referred-back"})


class Notice(Struct, frozen=True):
    """A call or a move: sent on a day, for a day."""

    sent: date
    meets_on: date
    entry: int


class Duty(Struct, frozen=True):
    """Who has to sign, or to adjust, the minutes, from which day, and by which entry: the meeting, or a move."""

    person: str
    since: date
    entry: int


class Sitting(Struct, frozen=True, kw_only=True):
    """A meeting called and held. A call sent after it was held is no call to it, a move without a call no notice, and
    neither is a move that keeps the day.

    `notices` are those sent before it was held, in their order; `cancelled` is None when it was moved after that.
    """

    meeting: str
    called: Entry[MeetingCalled] | None
    notices: tuple[Notice, ...]
    place: str | None
    starts_at: str | None
    cancelled: Entry[MeetingCancelled] | None
    held: Entry[MeetingHeld] | None

    @property
    def notice(self) -> Notice | None:
        """The latest notice."""
        return self.notices[-1] if self.notices else None

    @property
    def held_on(self) -> date | None:
        return self.held.event.valid_on.last if self.held else None

    @property
    def day(self) -> date | None:
        """The day it was held, else the day last notified; None when it was neither held nor called."""
        return self.held_on or (self.notice.meets_on if self.notice else None)

    @property
    def agenda(self) -> tuple[AgendaItem, ...]:
        """As adopted at the meeting, else as in the notice."""
        if self.held and self.held.event.agenda is not None:
            return self.held.event.agenda
        return self.called.event.agenda if self.called else ()

    @property
    def requests(self) -> tuple[str, ...]:
        """The requests that its call answers."""
        return (self.called.event.requests or ()) if self.called else ()

    @property
    def extra(self) -> bool:
        """Whether it is held only because it was requested: as its call says, else if that answers a request."""
        return self.called is not None and is_extra(self.called.event)

    @property
    def awaited(self) -> bool:
        """Called, not cancelled, and not held."""
        return self.called is not None and self.cancelled is None and self.held is None

    def unsaid(self, on: date) -> bool:
        """Whether its day has passed, and nobody has recorded what became of it."""
        return self.awaited and self.day is not None and self.day < on


def is_extra(call: MeetingCalled) -> bool:
    """Whether a meeting is called only because it was requested: as the call says, else if it answers a request."""
    return bool(call.requests) if call.extra is None else call.extra


class Meeting(Sitting, frozen=True, kw_only=True):
    """A sitting with what follows it. Of several signings, adjustments, or dispatches to one recipient, the first.

    `adjusted` is what completed the adjustment of all items; `adjusted_items` those that were adjusted at once before.
    """

    signing: Duty | None
    adjustment: Duty | None
    signed: Entry[MinutesSigned] | None
    adjusted: Entry[MinutesAdjusted] | None
    adjusted_items: dict[int, Entry[MinutesAdjusted]]
    dispatched: dict[str, Entry[MinutesDispatched]]
    items: tuple[Entry[ItemHandled], ...]
    reservations: tuple[Entry[ReservationEntered], ...]
    recommendations: tuple[Entry[RecommendationMade], ...]
    entries: tuple[int, ...]


Own = dict[type, list[Entry[Any]]]  # a meeting's entries, by class, each in timeline order


@remembered
def sitting(timeline: Timeline, meeting: str) -> Sitting | None:
    """A meeting called or held; read from nothing else, so that no other loose day matters."""
    own: Own = {kind: list(timeline.of(kind, f"meeting:{meeting}")) for kind in OF_A_SITTING}
    return Sitting(**_sat(meeting, own)) if any(own.values()) else None


def called_or_held(timeline: Timeline, meeting: str) -> Sitting | None:
    """A meeting whose call, or the meeting itself, is recorded; None when neither is."""
    sat = sitting(timeline, meeting)
    return sat if sat is not None and (sat.called or sat.held) else None


@remembered
def meetings(timeline: Timeline) -> dict[str, Meeting]:
    """Every meeting with all that is ever recorded of it, by id."""
    return {meeting: _folded(meeting, own) for meeting, own in _of_meetings(timeline).items()}


@remembered
def meetings_on(timeline: Timeline, on: date) -> dict[str, Meeting]:
    """The meetings of which something was so by a day, as they then stood, by id."""
    found = {}
    for meeting, own in _of_meetings(timeline).items():
        if all(entries[-1].event.valid_on.last <= on for entries in own.values()):
            found[meeting] = meetings(timeline)[meeting]
            continue
        by_then = {kind: [one for one in entries if one.event.valid_on.last <= on] for kind, entries in own.items()}
        if any(by_then.values()):
            found[meeting] = _folded(meeting, by_then)
    return found


@remembered
def _of_meetings(timeline: Timeline) -> dict[str, Own]:
    found: dict[str, Own] = {}
    for kind in OF_A_MEETING:
        for entry in timeline.of(kind):
            found.setdefault(entry.event.meeting, {}).setdefault(kind, []).append(entry)
    return found


def _sat(meeting: str, own: Own) -> dict[str, Any]:
    held: Entry[MeetingHeld] | None = next(iter(own.get(MeetingHeld, ())), None)
    until = held.event.valid_on.last if held else date.max
    calls, moves = own.get(MeetingCalled, [])[:1], own.get(MeetingMoved, [])
    sent = [*calls, *(move for move in moves if calls and order(move) > order(calls[0]))]
    sent = [one for one in sent if one.event.valid_on.last <= until]
    notices: list[Notice] = []
    for one in sent:
        if not notices or one.event.meets_on != notices[-1].meets_on:
            notices.append(Notice(one.event.valid_on.last, one.event.meets_on, one.position))
    cancelled = next(reversed(own.get(MeetingCancelled, [])), None)
    if cancelled and moves and order(moves[-1]) > order(cancelled):
        cancelled = None
    return {
        "meeting": meeting,
        "called": sent[0] if sent else None,
        "notices": tuple(notices),
        "place": next((one.event.place for one in reversed(sent) if one.event.place), None),
        "starts_at": next((one.event.starts_at for one in reversed(sent) if one.event.starts_at), None),
        "cancelled": cancelled,
        "held": held,
    }


def _folded(meeting: str, own: Own) -> Meeting:
    sat = _sat(meeting, own)
    moves = own.get(MinutesDutyMoved, [])
    dispatched: dict[str, Entry[MinutesDispatched]] = {}
    for entry in own.get(MinutesDispatched, ()):
        for recipient in entry.event.to:
            dispatched.setdefault(recipient, entry)
    adjusted, adjusted_items = _adjusted(Sitting(**sat), own.get(MinutesAdjusted, ()))
    return Meeting(
        **sat,
        signing=_duty(sat["held"], moves, "signing"),
        adjustment=_duty(sat["held"], moves, "adjustment"),
        signed=next(iter(own.get(MinutesSigned, ())), None),
        adjusted=adjusted,
        adjusted_items=adjusted_items,
        dispatched=dispatched,
        items=tuple(own.get(ItemHandled, ())),
        reservations=tuple(own.get(ReservationEntered, ())),
        recommendations=tuple(own.get(RecommendationMade, ())),
        entries=tuple(sorted(entry.position for entries in own.values() for entry in entries)),
    )


def _adjusted(
    sitting: Sitting, entries: Iterable[Entry[MinutesAdjusted]]
) -> tuple[Entry[MinutesAdjusted] | None, dict[int, Entry[MinutesAdjusted]]]:
    """What completed the adjustment, the last item's or that of all at once; and the items adjusted before it."""
    wanted = {item.number for item in sitting.agenda}
    items: dict[int, Entry[MinutesAdjusted]] = {}
    for entry in entries:
        if entry.event.items is None:
            return entry, items
        for item in entry.event.items:
            items.setdefault(item, entry)
        if wanted and wanted <= items.keys():
            return entry, items
    return None, items


class OpenItem(Struct, frozen=True, kw_only=True):
    """An item that was adjourned or referred back, since a day, and is on no agenda since; `entry` says so."""

    meeting: str
    item: int
    title: str | None
    outcome: str
    since: date
    entry: int


def outcomes(meeting: Meeting) -> dict[int, Entry[ItemHandled]]:
    """What became of each item; of several for one the latest."""
    return {entry.event.item: entry for entry in meeting.items}


@remembered
def open_items(timeline: Timeline, on: date) -> tuple[OpenItem, ...]:
    """The items that stood over on a day, by the day, meeting and number; on the agenda of a meeting that is called or
    was held they are continued.
    """
    known = meetings_on(timeline, on)
    continued = {item.continues for one in known.values() if one.held or one.awaited for item in one.agenda}
    found = []
    for meeting in known.values():
        titles = {item.number: item.title for item in meeting.agenda}
        for number, entry in outcomes(meeting).items():
            event = entry.event
            if event.outcome in STANDS_OVER and f"{meeting.meeting}/{number}" not in continued:
                found.append(
                    OpenItem(meeting=meeting.meeting, item=number, title=titles.get(number), outcome=event.outcome,
                             since=event.valid_on.last, entry=entry.position)
                )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.since, one.meeting, one.item)))


def _duty(held: Entry[MeetingHeld] | None, moves: Iterable[Entry[MinutesDutyMoved]], duty: str) -> Duty | None:
    if held is None:
        return None
    passed_on = [Duty(one.event.to, one.event.valid_on.last, one.position) for one in moves if one.event.duty == duty]
    first = held.event.chaired_by if duty == "signing" else held.event.adjuster
    return [Duty(first, held.event.valid_on.last, held.position), *passed_on][-1]


def duty_on(timeline: Timeline, meeting: str, duty: str, on: date) -> Duty | None:
    """Who has a duty for a meeting's minutes on a day: its chair or adjuster, or whom the duty passed to by then."""
    sat = sitting(timeline, meeting)
    moves = [one for one in timeline.of(MinutesDutyMoved, f"meeting:{meeting}") if one.event.valid_on.last <= on]
    return _duty(sat.held, moves, duty) if sat else None


@remembered
def answers(timeline: Timeline) -> dict[tuple[str, str], list[Entry[RecommendationAnswered]]]:
    """(recommendation, party) → what the party has answered, in timeline order."""
    found: dict[tuple[str, str], list[Entry[RecommendationAnswered]]] = {}
    for entry in timeline.of(RecommendationAnswered):
        found.setdefault((entry.event.recommendation, entry.event.party), []).append(entry)
    return found


def answer_on(timeline: Timeline, recommendation: str, party: str, on: date) -> Entry[RecommendationAnswered] | None:
    """A party's latest answer by a day; None while there is none."""
    own = answers(timeline).get((recommendation, party), ())
    return next((one for one in reversed(own) if one.event.valid_on.last <= on), None)


class Counted(Struct, frozen=True):
    """A year's meetings by a day: the entries of those held, how many are called and to come, how many there shall be.

    `extra` are the entries of the held ones that do not count, because they were held only on request. `unsaid` are the
    meetings whose day has passed, and of which nothing is recorded since their notice.
    """

    held: tuple[int, ...]
    extra: tuple[int, ...]
    called: int
    unsaid: tuple[str, ...]
    required: int
    readings: Readings


def counted(timeline: Timeline, year: int, on: date) -> Counted:
    """What six-meetings counts, by the number and the reading (requested-counts) of the year's last day, or of `on`."""
    judged = min(date(year, 12, 31), on)
    terms = terms_on(timeline, judged)
    readings = read_as.of_day(timeline, judged, "requested-counts")
    own = [one for one in meetings_on(timeline, on).values() if one.day and one.day.year == year]
    counting = own if ("requested-counts", "yes") in readings else [one for one in own if not one.extra]
    held = {one.held.position for one in counting if one.held}
    return Counted(
        held=tuple(sorted(held)),
        extra=tuple(sorted({one.held.position for one in own if one.held} - held)),
        called=sum(not meeting.unsaid(on) for meeting in counting if meeting.awaited),
        unsaid=tuple(sorted(meeting.meeting for meeting in own if meeting.unsaid(on))),
        required=terms.numbers.meetings_per_year if terms else 0,
        readings=readings,
    )


class Weight(Struct, frozen=True):
    """How much a request weighs: how many of how many asked, whether that binds, and how a third was read."""

    count: int
    of: int
    binding: bool
    readings: Readings


def weight(requested: Entry[MeetingRequested], timeline: Timeline) -> Weight:
    """requested-meeting (2.3): the chair binds alone, or at least a third of the members, by the reading third-of."""
    on = requested.event.valid_on.last
    seated = members_on(timeline, on)
    asking = {seat.person for seat in seated} & {*requested.event.by}
    readings = of_day(timeline, on, "third-of")
    of = len(seated) + (len(list(vacant_seats(timeline, on))) if ("third-of", "seats") in readings else 0)
    terms = terms_on(timeline, on)
    enough = terms is not None and len(asking) >= Fraction(terms.numbers.request_fraction) * of
    return Weight(len(asking), of, chair_on(timeline, on) in asking or (enough and bool(asking)), readings)
