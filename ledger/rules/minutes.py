"""Rules on minutes: signed, adjusted (verified) and sent, and the items and people they name (section 2.3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events.meetings import ItemHandled, MeetingCalled, MeetingHeld, RecommendationMade, ReservationEntered
from ledger.events.minutes import MinutesAdjusted, MinutesDispatched, MinutesDutyMoved, MinutesSigned
from ledger.events.officials import ProposalPrepared
from ledger.messages import marked
from ledger.rules.finding import breach, cannot_tell, passed
from ledger.rules.meetings import _once, _subject_of
from ledger.rules.obligation import Done, Obligation, ToDo, to_do
from ledger.rules.posts import experts_do_not_act
from ledger.rules.row import Rules
from ledger.state.agreement import version_on
from ledger.state.meetings import STANDS_OVER, Meeting, called_or_held, duty_on, meetings_on, sitting
from ledger.state.minutes import recipients
from ledger.state.seats import seat_of
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.state.meetings import Duty
    from ledger.timeline import Timeline


def signed_by_who_has_the_duty(signed: Entry[MinutesSigned], timeline: Timeline) -> Iterator[Finding]:
    """minutes-signed (2.3): the minutes are signed by the meeting's chair, or by whoever took over the duty."""
    yield from _by_who_has_it(signed, timeline, "signing")


def adjusted_by_who_has_the_duty(adjusted: Entry[MinutesAdjusted], timeline: Timeline) -> Iterator[Finding]:
    """minutes-adjusted (2.3): the minutes are adjusted by the appointed member, or by whoever took over the duty."""
    yield from _by_who_has_it(adjusted, timeline, "adjustment")


def _by_who_has_it(
    minutes: Entry[MinutesSigned] | Entry[MinutesAdjusted], timeline: Timeline, duty: str
) -> Iterator[Finding]:
    """Yields a breach if the duty is another person's, or if the minutes are signed or adjusted before the meeting."""
    event, on = minutes.event, minutes.event.valid_on.last
    meeting = called_or_held(timeline, event.meeting)
    if meeting is None:
        return  # a meeting not in the ledger is refused by a reference rule
    if meeting.held is None:
        yield breach("{meeting} has not been held, so it has no minutes", meeting=event.meeting)
        return
    has_it = duty_on(timeline, event.meeting, duty, on)
    if has_it is not None and has_it.person != event.by:
        yield breach(
            "{person:who} does not have the duty; {has_it:who} has it, and minutes-duty-moved passes it on",
            person=event.by,
            has_it=has_it.person,
            entries=(has_it.entry,),
        )
    if (held_on := meeting.held.event.valid_on.last) > on:
        yield breach(
            "{meeting} was held on {held}, so it has no minutes on {day}",
            meeting=event.meeting,
            held=held_on,
            day=on,
            entries=(meeting.held.position,),
        )


def duty_is_with_a_member(entry: Entry[MeetingHeld | MinutesDutyMoved], timeline: Timeline) -> Iterator[Finding]:
    """minutes-adjusted (2.3): a member is appointed to adjust the minutes, and a duty is moved only to a member."""
    event, on = entry.event, entry.event.valid_on.last
    if isinstance(event, MeetingHeld):
        message = marked("{person:who} was appointed to adjust the minutes of {meeting} and is not a member on {day}")
        if seat_of(timeline, event.adjuster, on) is None:
            yield breach(message, person=event.adjuster, meeting=event.meeting, day=on)
    elif seat_of(timeline, event.to, on) is None:
        message = marked("the {duty} of the minutes of {meeting} passed to {person:who}, who is not a member on {day}")
        yield breach(message, duty=event.duty, person=event.to, meeting=event.meeting, day=on)


def adjusted_by_a_member(adjusted: Entry[MinutesAdjusted], timeline: Timeline) -> Iterator[Finding]:
    """minutes-adjusted (2.3): the adjuster is a member on the day of the appointment or of the adjustment."""
    event, on = adjusted.event, adjusted.event.valid_on.last
    duty = duty_on(timeline, event.meeting, "adjustment", on)
    if duty is None or duty.person != event.by:
        return  # refused by a forbidding rule: another person has the duty
    if seat_of(timeline, event.by, duty.since) is None and seat_of(timeline, event.by, on) is None:
        yield breach(
            "{person:who} adjusted the minutes of {meeting} but was not a member when appointed to adjust them, on "
            "{day}",
            person=event.by,
            meeting=event.meeting,
            day=duty.since,
            entries=(duty.entry,),
        )


def handled_at_a_meeting(entry: Entry[ItemHandled | ReservationEntered], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an item is handled, or a reservation entered, at a meeting held with the item on its agenda."""
    event = entry.event
    meeting = called_or_held(timeline, event.meeting)
    if meeting is None:
        return  # a meeting not in the ledger is refused by a reference rule
    rests_on = tuple(one.position for one in (meeting.called, meeting.held) if one)
    about: dict[str, Any] = {"meeting": event.meeting, "item": event.item, "entries": rests_on}
    if meeting.held is None:
        yield cannot_tell("item {item} of {meeting}, which is not recorded as held; is that intended?", **about)
    if event.item not in {item.number for item in meeting.agenda}:
        yield cannot_tell("item {item} is not on the agenda of {meeting}; is that intended?", **about)


def of_a_meeting_held(entry: Entry[MinutesDispatched | MinutesDutyMoved], timeline: Timeline) -> Iterator[Finding]:
    """plausible: minutes are sent, or the duty to sign or adjust them is moved, only if the meeting was held."""
    meeting = called_or_held(timeline, entry.event.meeting)
    if meeting is None or meeting.held is not None:
        return  # an unknown meeting is refused by a reference rule; ledger.rules.days flags minutes dated too early
    message = marked(
        "{event} of {meeting}, which is not recorded as held, so that it has no minutes; is that intended?"
    )
    yield cannot_tell(message, event=entry.event.event_name, meeting=meeting.meeting,
                      entries=tuple(one.position for one in (meeting.called,) if one))  # fmt: skip


def named_on_the_agenda(entry: Entry[ProposalPrepared | MinutesAdjusted], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an item with a prepared proposal, or adjusted on its own, is on the meeting's agenda.

    The item may be on the agenda of the call or on the agenda adopted at the meeting.
    """
    event = entry.event
    meeting = called_or_held(timeline, event.meeting)
    if meeting is None:
        return  # the meeting may be called later
    agenda = {item.number for item in (*meeting.agenda, *(meeting.called.event.agenda if meeting.called else ()))}
    rests_on = tuple(one.position for one in (meeting.called, meeting.held) if one)
    for item in (event.items or ()) if isinstance(event, MinutesAdjusted) else (event.item,):
        if item not in agenda:
            message = marked("item {item} is not on the agenda of {meeting}; is that intended?")
            yield cannot_tell(message, meeting=event.meeting, item=item, entries=rests_on)


# What somebody does at a meeting → the message about a person who does it without being present.
ABSENT = {
    "entered a reservation at": marked(
        "{person:who} entered a reservation at {meeting} and is not among those present; is that intended?"
    ),
    "dissented at": marked("{person:who} dissented at {meeting} and is not among those present; is that intended?"),
    "was recused at": marked("{person:who} was recused at {meeting} and is not among those present; is that intended?"),
    "made a proposal at": marked(
        "{person:who} made a proposal at {meeting} and is not among those present; is that intended?"
    ),
}
# Event → the function from the event to pairs of what was done at the meeting and the persons who did it.
TAKING_PART: dict[type[Event], Callable[[Any], list[tuple[str, tuple[str, ...]]]]] = {
    ReservationEntered: lambda event: [("entered a reservation at", (event.person,))],
    RecommendationMade: lambda event: [
        ("dissented at", event.dissent or ()),
        ("was recused at", event.recused or ()),
    ],
    ItemHandled: lambda event: [
        ("made a proposal at", tuple(one.by for one in event.proposals or ())),
        ("was recused at", event.recused or ()),
    ],
}


def took_part(
    entry: Entry[ReservationEntered | RecommendationMade | ItemHandled], timeline: Timeline
) -> Iterator[Finding]:
    """plausible: a person who acts on an item is present at the meeting that handles the item."""
    meeting = sitting(timeline, entry.event.meeting)
    if meeting is None or meeting.held is None:
        return  # flagged by handled_at_a_meeting or made_on_an_item_of_a_meeting
    held = meeting.held
    for did, persons in TAKING_PART[type(entry.event)](entry.event):
        for person in dict.fromkeys(persons):
            if person not in (*held.event.present, held.event.chaired_by):
                yield cannot_tell(
                    ABSENT[did], person=person, did=did, meeting=meeting.meeting, entries=(held.position,)
                )


def reserved_by_a_member(entry: Entry[ReservationEntered], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a reservation is entered by a member who took part in the decision (kommunallagen 4:27)."""
    event, on = entry.event, entry.event.valid_on.last
    meeting, tag = sitting(timeline, event.meeting), f"meeting:{event.meeting}"
    if meeting is None or meeting.held is None:
        return  # flagged by handled_at_a_meeting
    held = meeting.held
    about: dict[str, Any] = {"person": event.person, "meeting": event.meeting, "entries": (held.position,)}
    if event.person in (*held.event.present, held.event.chaired_by) and seat_of(timeline, event.person, on) is None:
        message = marked(
            "{person:who} entered a reservation at {meeting} and is not a member on {day}; is that intended?"
        )
        yield cannot_tell(message, day=on, **about)
    of_items: list[Entry[Any]] = [*timeline.of(ItemHandled, tag), *timeline.of(RecommendationMade, tag)]
    if any(event.person in (one.event.recused or ()) for one in of_items if one.event.item == event.item):
        message = marked(
            "{person:who} entered a reservation on item {item} of {meeting} and was recused from it; is that intended?"
        )
        yield cannot_tell(message, item=event.item, **about)


def continues_what_stood_over(entry: Entry[MeetingCalled | MeetingHeld], timeline: Timeline) -> Iterator[Finding]:
    """plausible: an item continues only an item that was adjourned or referred back."""
    for item in entry.event.agenda or ():
        if item.continues is None:
            continue
        named, _, number = item.continues.partition("/")
        of_items = [one for one in timeline.of(ItemHandled, f"meeting:{named}") if one.event.item == int(number)]
        handled = of_items[-1] if of_items else None
        if handled is None or handled.event.outcome not in STANDS_OVER:
            yield cannot_tell(
                "item {item} continues {continued}, which is not recorded as adjourned or referred back; is that "
                "intended?",
                item=item.number,
                continued=item.continues,
                entries=(handled.position,) if handled else (),
            )


def _held_in_force(timeline: Timeline, on: date) -> Iterator[tuple[Meeting, Entry[Any], date]]:
    for meeting in meetings_on(timeline, on).values():
        if meeting.held is not None:
            held_on = meeting.held.event.valid_on.last
            if version_on(timeline, held_on) is not None:
                yield meeting, meeting.held, held_on


def minutes_signed(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """minutes-signed (2.3): minutes are kept, and signed by the meeting's chair.

    The agreement sets no day for signing.
    """
    message = marked("sign the minutes of {meeting}, held on {held}: {person:who} has the duty")
    for meeting, held, _held_on in _held_in_force(timeline, on):
        yield _of_a_duty(meeting, held, "signed", message)


ADJUSTED_WITHIN = timedelta(days=14)  # kommunallagen 5:69, for assemblies and committees; it does not bind the body


def minutes_adjusted(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """minutes-adjusted (2.3): minutes are adjusted by an appointed member. The agreement sets no day for adjusting."""
    message = marked(
        "adjust the minutes of {meeting}, held on {held}: {person:who} has the duty "
        "(kommunallagen 5:69 would give until {day})"
    )
    for meeting, held, held_on in _held_in_force(timeline, on):
        one = _of_a_duty(meeting, held, "adjusted", message, day=held_on + ADJUSTED_WITHIN)
        flagged = meeting.adjusted is not None and any(adjusted_by_a_member(meeting.adjusted, timeline))
        yield structs.replace(one, says={}) if flagged else one


def _of_a_duty(meeting: Meeting, held: Entry[Any], done: str, message: str, **more: date) -> Obligation:
    """Returns the obligation to sign, or to adjust, the minutes of a meeting that was held.

    The obligation is open from the day after the meeting.
    """
    duty, by = (meeting.signing, meeting.signed) if done == "signed" else (meeting.adjustment, meeting.adjusted)
    held_on: date = held.event.valid_on.last
    asked: dict[str, Any] = {"meeting": meeting.meeting, "held": held_on}
    return Obligation(
        provision=f"minutes-{done}",
        subject=_subject_of(meeting),
        who=duty.person if duty else None,
        since=held_on + DAY,
        done=_done(by) if by else None,
        to_do=to_do(message, **asked, person=duty.person, **more) if duty else (),
        says={"done": _finished(meeting, by, done)} if by else {"undone": _unfinished(meeting, held_on, duty, done)},
        entries=() if by else _once(held.position, *([duty.entry] if duty else [])),
    )


def _unfinished(meeting: Meeting, held_on: date, duty: Duty | None, done: str) -> Finding:
    message = marked("the minutes of {meeting}, held on {day}, are not signed; {duty:who} has the duty")
    if done == "adjusted":
        message = marked("the minutes of {meeting}, held on {day}, are not adjusted; {duty:who} has the duty")
    partly: dict[str, Any] = {}
    if done == "adjusted" and meeting.adjusted_items:
        message = marked(
            "the minutes of {meeting}, held on {day}, are adjusted only for {items:?item|items} {items}; "
            "{duty:who} has the duty"
        )
        partly["items"] = tuple(map(str, sorted(meeting.adjusted_items)))
    return breach(message, advisory=True, meeting=meeting.meeting, day=held_on, done=done,
                  duty=duty.person if duty else None, **partly)  # fmt: skip


FINISHED = {
    "signed": marked("the minutes of {meeting} were signed on {day}"),
    "adjusted": marked("the minutes of {meeting} were adjusted on {day}"),
    "sent to all": marked("the minutes of {meeting} were sent to all on {day}"),
}


def _finished(meeting: Meeting, entry: Entry[Event], done: str) -> Finding:
    return passed(FINISHED[done], meeting=meeting.meeting, done=done, day=entry.event.valid_on.last)


def _done(entry: Entry[Event]) -> Done:
    return Done(entry.position, entry.event.valid_on.last)


def minutes_dispatched(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """minutes-dispatched (2.3): minutes go to every executive board and to anyone whom a matter concerns.

    The agreement sets no day for sending the minutes.
    """
    for meeting, held, _held_on in _held_in_force(timeline, on):
        if meeting.adjusted is None:
            continue
        adjusted, wanted = meeting.adjusted.event.valid_on.last, recipients(timeline, meeting)
        missing = tuple(one for one in wanted if one not in meeting.dispatched)
        sent = [] if missing else [meeting.dispatched[one] for one in wanted]
        last = max(sent, key=lambda one: one.event.valid_on.last, default=None)
        message = marked("the minutes of {meeting}, adjusted on {day}, are not sent to {missing}")
        undone = breach(message, advisory=True, meeting=meeting.meeting, day=adjusted, missing=missing)
        send = marked("send the minutes of {meeting} to {recipient}")
        yield Obligation(
            provision="minutes-dispatched",
            subject=_subject_of(meeting),
            since=adjusted + DAY,
            done=_done(last) if last else None,
            to_do=tuple(ToDo(send, {"meeting": meeting.meeting, "recipient": one}) for one in missing),
            says={"done": _finished(meeting, last, "sent to all")} if last else {"undone": undone},
            entries=() if last else (held.position, meeting.adjusted.position),
        )


RULES = Rules(
    forbids=(
        ("minutes-signed", signed_by_who_has_the_duty, (MinutesSigned,)),
        ("minutes-adjusted", adjusted_by_who_has_the_duty, (MinutesAdjusted,)),
        ("experts", experts_do_not_act, (MinutesSigned, MinutesAdjusted)),
    ),
    flags=(
        ("minutes-adjusted", duty_is_with_a_member, (MeetingHeld, MinutesDutyMoved)),
        ("minutes-adjusted", adjusted_by_a_member, (MinutesAdjusted,)),
        ("plausible", handled_at_a_meeting, (ItemHandled, ReservationEntered)),
        ("plausible", of_a_meeting_held, (MinutesDispatched, MinutesDutyMoved)),
        ("plausible", named_on_the_agenda, (ProposalPrepared, MinutesAdjusted)),
        ("plausible", took_part, tuple(TAKING_PART)),
        ("plausible", reserved_by_a_member, (ReservationEntered,)),
        ("plausible", continues_what_stood_over, (MeetingCalled, MeetingHeld)),
    ),
    owed=(
        ("minutes-signed", minutes_signed),
        ("minutes-adjusted", minutes_adjusted),
        ("minutes-dispatched", minutes_dispatched),
    ),
)
