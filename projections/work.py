"""A meeting's workbench: step by step, what is recorded of the meeting, what is missing and by when, and which act may
be recorded next.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from ledger.events.meetings import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    RecommendationAnswered,
)
from ledger.events.minutes import MinutesAdjusted, MinutesDispatched, MinutesDutyMoved, MinutesSigned
from ledger.rules.finding import Finding
from ledger.rules.meetings import last_day_to_send
from ledger.state.agreement import terms_on
from ledger.state.meetings import Meeting, answer_on, meetings, outcomes
from ledger.state.minutes import recipients
from ledger.state.posts import chair_on
from projections.deadlines import AHEAD, Deadline, deadlines
from projections.findings import found_on
from projections.history import ToldEntry, tell
from projections.to_record import ToRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline

Status = Literal["uncalled", "called", "cancelled", "held"]
# The steps in the order in which a meeting takes them → the events of each. What is left is of the items.
STEPS: dict[str, tuple[type[Event], ...]] = {
    "notice": (MeetingCalled,),
    "changes": (MeetingMoved, MeetingCancelled),
    "attendance": (MeetingHeld,),
    "items": (),
    "answers": (RecommendationAnswered,),
    "signing": (MinutesSigned,),
    "adjustment": (MinutesAdjusted,),
    "dispatch": (MinutesDispatched,),
}
TASKS = {  # provision of a task about a meeting → the step that does it
    "notice": "notice",
    "in-force": "changes",
    "six-meetings": "attendance",
    "minutes-signed": "signing",
    "minutes-adjusted": "adjustment",
    "minutes-dispatched": "dispatch",
}


class Step(Struct, frozen=True, kw_only=True):
    """A step of a meeting: the entries that record it, the tasks that are not done, the findings on those entries, and
    the acts that may be recorded next.
    """

    step: str
    recorded: tuple[ToldEntry, ...]
    tasks: tuple[Deadline, ...]
    findings: tuple[Finding, ...]
    acts: tuple[ToRecord, ...]


class ItemOfWork(Struct, frozen=True, kw_only=True):
    """An item of a meeting. `title` and `kind` are None for an item that is on no agenda of the meeting, and `outcome`
    until one is recorded.
    """

    number: int
    title: str | None
    kind: str | None
    outcome: str | None
    recorded: tuple[ToldEntry, ...]
    findings: tuple[Finding, ...]
    acts: tuple[ToRecord, ...]


class Workbench(Struct, frozen=True, kw_only=True):
    """A meeting with all that is recorded of it, whatever its day; what is missing is that of the day `on`.

    `day` is the day on which the meeting was held, else that of the latest notice, else None. While the meeting is
    called, `send_by` is the last day to send a notice of it in time, or None without terms. `notice_days` are those
    that the terms of the day `on` ask for, or None without terms. Inexact days are taken at their latest.
    """

    on: date
    known_at: str
    meeting: str
    status: Status
    day: date | None
    place: str | None
    starts_at: str | None
    notice_days: int | None
    send_by: date | None
    steps: tuple[Step, ...]
    items: tuple[ItemOfWork, ...]


def workbench(timeline: Timeline, on: date, names: Mapping[int, str], which: str) -> Workbench | None:
    """Returns a meeting's workbench on a day, or None if no entry is about such a meeting.

    `names` maps the position of a person's registration to the name.
    """
    found = meetings(timeline).get(which)
    own = [*_entries(timeline, which, found)]
    if not own:
        return None
    terms, day = terms_on(timeline, on), found.day if found else None
    return Workbench(
        on=on,
        known_at=f"@{timeline.head}",
        meeting=which,
        status=_status(found),
        day=day,
        place=found.place if found else None,
        starts_at=found.starts_at if found else None,
        notice_days=terms.numbers.notice_days if terms else None,
        send_by=last_day_to_send(timeline, day) if found and found.awaited and day else None,
        steps=tuple(_steps(timeline, on, names, which, own)),
        items=tuple(_items(timeline, on, names, found, own)),
    )


def _entries(timeline: Timeline, which: str, found: Meeting | None) -> Iterator[Entry[Any]]:
    """Yields the entries about a meeting, and the answers to its recommendations, that are not annulled."""
    made = [one.event.recommendation for one in found.recommendations] if found else []
    about = {entry.position: entry for entry in timeline.about(f"meeting:{which}")}
    for recommendation in made:
        about |= {one.position: one for one in timeline.of(RecommendationAnswered, f"recommendation:{recommendation}")}
    for position in sorted(about):
        if position not in timeline.annulled_by:
            yield about[position]


def _status(found: Meeting | None) -> Status:
    if found is None or (found.called is None and found.held is None):
        return "uncalled"
    return "held" if found.held else "cancelled" if found.cancelled else "called"


def _step_of(event: Event) -> str:
    if isinstance(event, MinutesDutyMoved):
        return event.duty
    return next((step for step, events in STEPS.items() if isinstance(event, events)), "items")


def _steps(
    timeline: Timeline, on: date, names: Mapping[int, str], which: str, own: Sequence[Entry[Any]]
) -> Iterator[Step]:
    found = meetings(timeline).get(which)
    day = found.day if found and found.day else on
    due = deadlines(timeline, on, max(on + AHEAD, day)).deadlines
    tasks = [one for one in due if one.subject == f"meeting:{which}"]
    for step in STEPS:
        entries = [one for one in own if _step_of(one.event) == step] if step != "items" else []
        yield Step(
            step=step,
            recorded=tell(entries, timeline, names),
            tasks=tuple(one for one in tasks if TASKS.get(one.provision, "attendance") == step),
            findings=tuple(found_on(timeline, on, entries)),
            acts=tuple(_acts(timeline, on, which, found, step)),
        )


def _acts(timeline: Timeline, on: date, which: str, found: Meeting | None, step: str) -> Iterator[ToRecord]:
    """Yields the acts that a step of a meeting may still take."""
    if step == "notice" and (found is None or found.called is None):
        yield call(timeline, on, which)
    if found is None:
        return
    if step == "answers":
        for made in (one.event for one in found.recommendations):
            missing = (one for one in made.addressees if not answer_on(timeline, made.recommendation, one, date.max))
            yield from (answer(made.recommendation, party) for party in missing)
    yield from _acts_on_minutes(timeline, found, step) if found.held else _acts_before(found, on, step)


def _acts_before(found: Meeting, on: date, step: str) -> Iterator[ToRecord]:
    """Yields the acts that a step of a meeting that was not held may still take."""
    if step == "changes" and found.called:
        yield _act("meeting-moved", meeting=found.meeting)
        if not found.cancelled:
            yield _act("meeting-cancelled", meeting=found.meeting)
    if step == "attendance" and not found.cancelled:
        day = found.day.isoformat() if found.day and found.day <= on else None
        yield _act("meeting-held", valid_on=day, meeting=found.meeting)


def call(timeline: Timeline, on: date, which: str | None = None) -> ToRecord:
    """Returns the call of a meeting by the chair of a day as an act that may be recorded."""
    return _act("meeting-called", meeting=which, called_by=chair_on(timeline, on))


def answer(recommendation: str, party: str) -> ToRecord:
    """Returns the answer of a party to a recommendation as an act that may be recorded."""
    return _act("recommendation-answered", binds=party, recommendation=recommendation, party=party)


def adjustment(meeting: str, by: str | None) -> ToRecord:
    """Returns the adjustment of a meeting's minutes, by whoever has the duty, as an act that may be recorded."""
    return _act("minutes-adjusted", meeting=meeting, by=by)


def _acts_on_minutes(timeline: Timeline, found: Meeting, step: str) -> Iterator[ToRecord]:
    which = found.meeting
    if step == "signing" and not found.signed:
        yield _act("minutes-signed", meeting=which, by=found.signing.person if found.signing else None)
        yield _act("minutes-duty-moved", meeting=which, duty=step)
    if step == "adjustment" and not found.adjusted:
        yield adjustment(which, found.adjustment.person if found.adjustment else None)
        yield _act("minutes-duty-moved", meeting=which, duty=step)
    missing = [one for one in recipients(timeline, found) if one not in found.dispatched]
    if step == "dispatch" and missing:
        yield _act("minutes-dispatched", meeting=which, to=missing)


def _items(
    timeline: Timeline, on: date, names: Mapping[int, str], found: Meeting | None, own: Sequence[Entry[Any]]
) -> Iterator[ItemOfWork]:
    listed = {item.number: item for item in found.agenda} if found else {}
    of_items = [one for one in own if _step_of(one.event) == "items" and hasattr(one.event, "item")]
    decided = outcomes(found) if found else {}
    for number in sorted({*listed, *(one.event.item for one in of_items)}):
        entries = [one for one in of_items if one.event.item == number]
        item = listed.get(number)
        yield ItemOfWork(
            number=number,
            title=item.title if item else None,
            kind=item.kind if item else None,
            outcome=decided[number].event.outcome if number in decided else None,
            recorded=tell(entries, timeline, names),
            findings=tuple(found_on(timeline, on, entries)),
            acts=tuple(_acts_on_an_item(found, number, decided=number in decided)),
        )


def _acts_on_an_item(found: Meeting | None, item: int, *, decided: bool) -> Iterator[ToRecord]:
    if found is None or found.held is None:
        return
    day = found.held.event.valid_on.text
    for event in ("item-handled",) * (not decided) + ("reservation-entered", "recommendation-made"):
        yield _act(event, valid_on=day, meeting=found.meeting, item=item)


def _act(event: str, *, valid_on: str | None = None, binds: str | None = None, **fields: Any) -> ToRecord:
    known = {name: value for name, value in fields.items() if value is not None}
    return ToRecord(event=event, fields=known, valid_on=valid_on, binds=binds)
