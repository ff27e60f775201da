"""Meetings as they stand on a day, how many are counted in a year, and the weight of a request (section 2.3)."""

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
OF_A_MEETING: tuple[type[Any], ...] = tuple(  # every event on meetings or minutes that names a meeting
    event
    for event in (*of_meetings.EVENTS.values(), *of_minutes.EVENTS.values())
    if "meeting" in event.__struct_fields__
)

STANDS_OVER = frozenset({"adjourned", "referred-back"})


class Notice(Struct, frozen=True):
    """A call to a meeting or a move of a meeting.

    `sent` is the day on which the notice was sent, and `meets_on` the day that the notice gives for the meeting.
    """

    sent: date
    meets_on: date
    entry: int


class Duty(Struct, frozen=True):
    """The person who has to sign, or to adjust, a meeting's minutes, from the day `since`.

    `entry` is the position of the entry that gave the duty, a MeetingHeld or a MinutesDutyMoved.
    """

    person: str
    since: date
    entry: int


class Sitting(Struct, frozen=True, kw_only=True):
    """A meeting as called and held.

    `notices` holds the call and the moves sent before the meeting was held, in order. A call sent after the meeting was
    held, a move without a call and a move that keeps the day are not notices.
    `cancelled` is the last cancellation, or None if the meeting was not cancelled or was moved after the cancellation.
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
        """The latest notice of the meeting, or None if there is no notice."""
        return self.notices[-1] if self.notices else None

    @property
    def held_on(self) -> date | None:
        """The day the meeting was held, or None if it was not held."""
        return self.held.event.valid_on.last if self.held else None

    @property
    def day(self) -> date | None:
        """The day the meeting was held, else the day of the latest notice.

        The day is None if the meeting was neither held nor called.
        """
        return self.held_on or (self.notice.meets_on if self.notice else None)

    @property
    def agenda(self) -> tuple[AgendaItem, ...]:
        """The agenda adopted at the meeting, else the agenda of the call."""
        if self.held and self.held.event.agenda is not None:
            return self.held.event.agenda
        return self.called.event.agenda if self.called else ()

    @property
    def requests(self) -> tuple[str, ...]:
        """The ids of the requests that the call to the meeting answers."""
        return (self.called.event.requests or ()) if self.called else ()

    @property
    def extra(self) -> bool:
        """Whether the meeting is held only because it was requested, as decided by `is_extra`."""
        return self.called is not None and is_extra(self.called.event)

    @property
    def awaited(self) -> bool:
        """Whether the meeting is called, and neither cancelled nor held."""
        return self.called is not None and self.cancelled is None and self.held is None

    def unsaid(self, on: date) -> bool:
        """Returns whether the day of a called meeting has passed with no outcome recorded."""
        return self.awaited and self.day is not None and self.day < on


def is_extra(call: MeetingCalled) -> bool:
    """Returns whether a meeting is called only because it was requested.

    The field `extra` of the call says so. If `extra` is None, the meeting is extra if the call answers a request.
    """
    return bool(call.requests) if call.extra is None else call.extra


class Meeting(Sitting, frozen=True, kw_only=True):
    """A sitting with its minutes, items, reservations and recommendations.

    Only the first signing, the first complete adjustment, and the first dispatch to each recipient are kept.
    `adjusted` is the entry that completed the adjustment of all items.
    `adjusted_items` maps the number of an item to the entry that adjusted the item on its own before all were adjusted.
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


Own = dict[type, list[Entry[Any]]]  # a meeting's entries by event class, each class in timeline order


@remembered
def sitting(timeline: Timeline, meeting: str) -> Sitting | None:
    """Returns a meeting as called and held, or None if no call, move, cancellation or holding is recorded.

    Entries on minutes, items and recommendations are not read, so the loose days of these entries do not matter.
    """
    own: Own = {kind: list(timeline.of(kind, f"meeting:{meeting}")) for kind in OF_A_SITTING}
    return Sitting(**_sat(meeting, own)) if any(own.values()) else None


def called_or_held(timeline: Timeline, meeting: str) -> Sitting | None:
    """Returns a meeting that is recorded as called or as held, or None if it is neither."""
    sat = sitting(timeline, meeting)
    return sat if sat is not None and (sat.called or sat.held) else None


@remembered
def meetings(timeline: Timeline) -> dict[str, Meeting]:
    """Maps the id of every meeting to the meeting, with everything ever recorded about it."""
    return {meeting: _folded(meeting, own) for meeting, own in _of_meetings(timeline).items()}


@remembered
def meetings_on(timeline: Timeline, on: date) -> dict[str, Meeting]:
    """Maps the id of each meeting that has an entry on or before a day to the meeting as it stood on that day."""
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
def meeting_on(timeline: Timeline, meeting: str, on: date) -> Meeting | None:
    """Returns a meeting as it stood on a day, or None if no entry on it is dated so early."""
    of = {kind: timeline.of(kind, f"meeting:{meeting}") for kind in OF_A_MEETING}
    by_then = {kind: [one for one in own if one.event.valid_on.last <= on] for kind, own in of.items()}
    return _folded(meeting, {kind: own for kind, own in by_then.items() if own}) if any(by_then.values()) else None


@remembered
def _of_meetings(timeline: Timeline) -> dict[str, Own]:
    found: dict[str, Own] = {}
    for kind in OF_A_MEETING:
        for entry in timeline.of(kind):
            found.setdefault(entry.event.meeting, {}).setdefault(kind, []).append(entry)
    return found


def _sat(meeting: str, own: Own) -> dict[str, Any]:
    """Returns the fields of a `Sitting`, computed from a meeting's entries."""
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
    """Returns the entry that completed the adjustment, and the items that were adjusted on their own before that.

    The adjustment is complete with an entry for all items at once, or with the entry for the last single item.
    """
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
    """An item that was adjourned or referred back on `since` and that no agenda continues.

    `entry` is the position of the entry that records the item's outcome.
    """

    meeting: str
    item: int
    title: str | None
    outcome: str
    since: date
    entry: int


def outcomes(meeting: Meeting) -> dict[int, Entry[ItemHandled]]:
    """Maps each item number of a meeting to the latest entry on the item's outcome."""
    return {entry.event.item: entry for entry in meeting.items}


@remembered
def open_items(timeline: Timeline, on: date) -> tuple[OpenItem, ...]:
    """Returns the items that, as of a day, were adjourned or referred back and have not been continued.

    The items are ordered by day, meeting and number. An item is continued if it is on the agenda again at a meeting
    that was called or held.
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
    """Returns the last holder of a duty: the meeting's chair or adjuster, or the person who took the duty over."""
    if held is None:
        return None
    passed_on = [Duty(one.event.to, one.event.valid_on.last, one.position) for one in moves if one.event.duty == duty]
    first = held.event.chaired_by if duty == "signing" else held.event.adjuster
    return [Duty(first, held.event.valid_on.last, held.position), *passed_on][-1]


def duty_on(timeline: Timeline, meeting: str, duty: str, on: date) -> Duty | None:
    """Returns who has a duty for a meeting's minutes on a day: the chair or adjuster, or the person who took it over.

    Returns None if the meeting has not been held.
    """
    sat = sitting(timeline, meeting)
    moves = [one for one in timeline.of(MinutesDutyMoved, f"meeting:{meeting}") if one.event.valid_on.last <= on]
    return _duty(sat.held, moves, duty) if sat else None


def answer_on(timeline: Timeline, recommendation: str, party: str, on: date) -> Entry[RecommendationAnswered] | None:
    """Returns the latest answer that a party gave to a recommendation on or before a day, or None if there is none."""
    given = timeline.of(RecommendationAnswered, f"recommendation:{recommendation}")
    own = (one for one in reversed(given) if one.event.party == party and one.event.valid_on.last <= on)
    return next(own, None)


class Counted(Struct, frozen=True):
    """The meetings of a year as counted on a day.

    `held` holds the positions of the meetings held that count toward `required`.
    `extra` holds the positions of the meetings that do not count, because they were held only on request.
    `called` is the number of called meetings whose day has not passed.
    `unsaid` holds the ids of the meetings whose day has passed without a recorded outcome.
    `required` is the number of meetings required in the year.
    """

    held: tuple[int, ...]
    extra: tuple[int, ...]
    called: int
    unsaid: tuple[str, ...]
    required: int
    readings: Readings


@remembered
def _by_year(timeline: Timeline, on: date) -> dict[int, list[Meeting]]:
    """Maps each year to its meetings, held or called, as they stood on a day."""
    found: dict[int, list[Meeting]] = {}
    for meeting in meetings_on(timeline, on).values():
        if meeting.day:
            found.setdefault(meeting.day.year, []).append(meeting)
    return found


def counted(timeline: Timeline, year: int, on: date) -> Counted:
    """Returns the meetings of a year as the provision six-meetings counts them on a day.

    The required number and the reading of `requested-counts` are those of the year's last day, or of `on` if that is
    earlier.
    """
    judged = min(date(year, 12, 31), on)
    terms = terms_on(timeline, judged)
    readings = read_as.of_day(timeline, judged, "requested-counts")
    own = _by_year(timeline, on).get(year, ())
    counting = [one for one in own if ("requested-counts", "yes") in readings or not one.extra]
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
    """The weight of a request: how many members asked for a meeting, and whether the request binds.

    `of` is the number of members or seats that `count` is compared with, under the reading of `third-of` in `readings`.
    """

    count: int
    of: int
    binding: bool
    readings: Readings


def weight(requested: Entry[MeetingRequested], timeline: Timeline) -> Weight:
    """Returns the weight of a request (requested-meeting, 2.3).

    A request binds if it is made by the chair, or by at least a third of the members as counted under the reading of
    `third-of`.
    """
    on = requested.event.valid_on.last
    seated = members_on(timeline, on)
    asking = {seat.person for seat in seated} & {*requested.event.by}
    readings = of_day(timeline, on, "third-of")
    of = len(seated) + (len(list(vacant_seats(timeline, on))) if ("third-of", "seats") in readings else 0)
    terms = terms_on(timeline, on)
    enough = terms is not None and len(asking) >= Fraction(terms.numbers.request_fraction) * of
    return Weight(len(asking), of, chair_on(timeline, on) in asking or (enough and bool(asking)), readings)
