"""What the answers of a day say of meetings, groups and reports, one fact at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events.meetings import MeetingRequested
from ledger.state.groups import groups, half_years
from ledger.state.meetings import meetings_on
from projections.facts import Fact, Ground, Key, of_person, read_as
from projections.groups import collaboration_groups
from projections.meetings import Asked, MeetingOfYear, Recommended, year_of
from projections.reports import Report, half_year_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ledger.timeline import Timeline

NOTICES = ("meeting-called", "meeting-moved")
STATUS = (*NOTICES, "meeting-cancelled", "meeting-held")
GROUP = ("group-created", "group-changed", "group-closed")
MEMBERS = ("group-member-appointed", "group-member-released")
OFFICERS = ("group-officer-assigned", "group-officer-released")


def meetings_facts(timeline: Timeline, on: date, _: Mapping[int, str]) -> Iterator[tuple[Key, Fact]]:
    """Every meeting and request, year by year."""
    years = {one.day.year for one in meetings_on(timeline, on).values() if one.day}
    requests = (entry.event.valid_on.last for entry in timeline.of(MeetingRequested))
    for year in sorted(years | {day.year for day in requests if day <= on}):
        answer = year_of(timeline, on, year)
        for one in answer.meetings:
            yield from _meeting(one)
        for asked in answer.requests:
            yield from _request(asked)


def _meeting(one: MeetingOfYear) -> Iterator[tuple[Key, Fact]]:
    meeting = one.meeting
    yield ("meeting", meeting), _fact(one, "{meeting} is {status}, {day}", *STATUS, status=one.status, day=one.meets_on)
    if one.place:
        yield ("place", meeting), _fact(one, "{meeting} sits at {place}", *NOTICES, place=one.place)
    if one.starts_at:
        yield ("starts", meeting), _fact(one, "{meeting} begins at {time}", *NOTICES, time=one.starts_at)
    if one.notice_sent:
        yield (
            ("notice", meeting),
            _fact(one, "the notice of {meeting} was sent on {day}", *NOTICES, day=one.notice_sent),
        )
    if one.chaired_by:
        message = "{chair:who} chaired {meeting}, and {adjuster:who} was appointed to adjust its minutes"
        yield ("chair", meeting), _fact(one, message, "meeting-held", chair=one.chaired_by, adjuster=one.adjuster)
        yield ("present", meeting), _fact(one, "present at {meeting}: {present}", "meeting-held", present=one.present)
    if one.remote:
        message = "took part in {meeting} remotely: {remote}"
        yield ("remote", meeting), _fact(one, message, "meeting-held", remote=one.remote)
    yield from _items(one)
    yield from _minutes(one)
    for made in one.recommendations:
        yield from _recommendation(meeting, made)


def _items(one: MeetingOfYear) -> Iterator[tuple[Key, Fact]]:
    meeting = one.meeting
    for item in one.agenda:
        message = "item {item} of {meeting} is: {title}"
        yield ("item", meeting, item.number), _fact(one, message, *STATUS, item=item.number, title=item.title)
        if item.outcome:
            message = "item {item} of {meeting} was {outcome}"
            said = _fact(
                one, message, "item-handled", where=("item", item.number), item=item.number, outcome=item.outcome
            )
            yield ("outcome", meeting, item.number), said
        if item.reservations:
            message = "reservations on item {item} of {meeting}: {reserved}"
            said = _fact(one, message, "reservation-entered", where=("item", item.number), item=item.number,
                         reserved=item.reservations)  # fmt: skip
            yield ("reserved", meeting, item.number), said
        if item.adjusted and not one.minutes.adjusted:
            message = "item {item} of {meeting} was adjusted at once, on {day}"
            said = _fact(one, message, "minutes-adjusted", item=item.number, day=item.adjusted)
            yield ("adjusted-item", meeting, item.number), said


def _minutes(one: MeetingOfYear) -> Iterator[tuple[Key, Fact]]:
    for duty, first, now in (("signing", one.chaired_by, one.signing), ("adjustment", one.adjuster, one.adjustment)):
        if now != first:
            message = "the {duty} of the minutes of {meeting} has passed from {first} to {now}"
            said = _fact(one, message, "minutes-duty-moved", where=("duty", duty), duty=duty, first=first, now=now)
            yield ("duty", one.meeting, duty), said
    for done, on in (("signed", one.minutes.signed), ("adjusted", one.minutes.adjusted)):
        if on:
            message = "the minutes of {meeting} were {done} on {day}"
            yield (done, one.meeting), _fact(one, message, f"minutes-{done}", done=done, day=on)
    if sent := tuple(recipient for recipient, day in one.minutes.dispatched.items() if day):
        message = "the minutes of {meeting} were sent to {recipients}"
        yield ("sent", one.meeting), _fact(one, message, "minutes-dispatched", recipients=sent)


def _fact(
    one: MeetingOfYear, message: str, *events: str, where: tuple[str, object] | None = None, **values: Any
) -> Fact:
    """A fact of a meeting, made so by those of its entries; `where` narrows them to one value of a field."""
    ground = Ground(events, (f"meeting:{one.meeting}",), (where,) if where else ())
    return Fact(message, {"meeting": one.meeting, **values}, (ground,))


def _recommendation(meeting: str, made: Recommended) -> Iterator[tuple[Key, Fact]]:
    own = f"recommendation:{made.recommendation}"
    grounds = (Ground(("recommendation-made",), (own,)),)
    said: dict[str, Any] = {"recommendation": made.recommendation, "text": made.text, "meeting": meeting}
    message = "{meeting} recommended {recommendation}: {text}"
    yield ("recommendation", made.recommendation), Fact(message, said, grounds)
    if not made.consensus:
        said = {"recommendation": made.recommendation, "dissent": made.dissent}
        message = "{recommendation} was made without consensus; dissent: {dissent:who}"
        yield ("dissent", made.recommendation), Fact(message, said, grounds)
    for party, answer in made.answers.items():
        if answer:
            said = {"party": party, "answer": answer, "recommendation": made.recommendation}
            grounds = (Ground(("recommendation-answered",), (own, f"party:{party}")),)
            key = ("answer", made.recommendation, party)
            yield key, Fact("{party} has {answer} {recommendation}", said, grounds)


def _request(asked: Asked) -> Iterator[tuple[Key, Fact]]:
    own = f"request:{asked.request}"
    said: dict[str, Any] = {"request": asked.request, "day": asked.on, "count": asked.count, "of": asked.of}
    message = "{request} asks for a meeting, on {day}, by {count} of {of}: not binding"
    if asked.binding:
        message = "{request} asks for a meeting, on {day}, by {count} of {of}: binding"
    grounds = (Ground(("meeting-requested",), (own,)), *read_as("third-of"))
    yield ("request", asked.request), Fact(message, said, grounds)
    if asked.meeting:
        said = {"request": asked.request, "meeting": asked.meeting}
        grounds = (Ground(("meeting-called",), (own,)), Ground(STATUS, (f"meeting:{asked.meeting}",)))
        yield ("answered", asked.request), Fact("{meeting} is called for {request}", said, grounds)


def groups_facts(timeline: Timeline, on: date, names: Mapping[int, str]) -> Iterator[tuple[Key, Fact]]:
    """The groups there are, their terms, members and officials."""
    for one in collaboration_groups(timeline, on, names).groups:
        group, own = one.group, Ground(GROUP, (f"group:{one.group}",))
        there = Ground(("group-created", "group-closed"), own.tags)
        said: dict[str, Any] = {"group": group, "name": one.name, "since": one.since}
        yield ("group", group), Fact("{group}, {name}, exists from {since}", said, (own,))
        for what in ("assignment", "composition", "working_forms"):
            if text := getattr(one, what):
                said = {"what": what.replace("_", " "), "group": group, "text": text}
                yield ("terms", group, what), Fact("the {what} of {group} is: {text}", said, (own,))
        for member in one.members:
            said = {"who": member.name or member.person, "group": group, "party": member.party, "since": member.since}
            grounds = (*_in_group(group, member.person, *MEMBERS), there)
            message = "{who} is in {group} for {party} from {since}"
            yield ("member", group, member.person), Fact(message, said, grounds, (member.entry,))
        for officer in one.officers:
            said = {"who": officer.name or officer.person, "group": group, "employer": officer.employer}
            grounds = (*_in_group(group, officer.person, *OFFICERS), there)
            message = "{who} of {employer} supports {group}"
            yield ("officer", group, officer.person), Fact(message, said, grounds, (officer.entry,))


def _in_group(group: str, person: str, *events: str) -> tuple[Ground, ...]:
    return Ground(events, (f"group:{group}", f"person:{person}")), of_person(person)[1]


def reports_facts(timeline: Timeline, on: date, _: Mapping[int, str]) -> Iterator[tuple[Key, Fact]]:
    """What each group has reported for each half-year, and what is missing."""
    first = min((group.since for group in groups(timeline).values()), default=on)
    for half_year in half_years(first, on):
        for one in half_year_of(timeline, half_year, on, {}).reports:
            if one.status in {"received", "late", "missing"}:
                yield ("report", one.group, half_year), _report(one, half_year)


def _report(one: Report, half_year: str) -> Fact:
    messages = {
        "received": "{group} reported for {half_year} on {day}",
        "late": "{group} reported for {half_year} on {day}, {days:day} late",
        "missing": "{group} has not reported for {half_year}, due on {due}",
    }
    said = {"group": one.group, "half_year": half_year, "day": one.received_on, "days": one.days_late, "due": one.due}
    grounds = (
        Ground(("group-reported",), (f"group:{one.group}",), (("half_year", half_year),)),
        Ground(GROUP, (f"group:{one.group}",)),
        *read_as("report-owed", "report-period"),
    )
    return Fact(messages[one.status], said, grounds, one.entries)
