"""A calendar of the meetings and the deadlines: iCalendar (RFC 5545 and 7986), written by icalendar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from ledger.errors import BadInput
from ledger.messages import filled, msg, showing
from ledger.state.agreement import names_of_parties
from ledger.sweden import SWEDEN
from ledger.values import DAY, quoted
from presentation.language import current
from presentation.phrases import parties
from presentation.words import provision_line, visible_lines
from projections.calendar import calendar
from projections.deadlines import AHEAD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icalendar import Event

    from ledger.timeline import Timeline
    from presentation.asking import Asking
    from projections.calendar import Calendar, CalendarDeadline, CalendarMeeting

PUBLISHED, CONFIRMED, CANCELLED = "PUBLISH", "CONFIRMED", "CANCELLED"
END = b"END:VCALENDAR\r\n"
LONGEST_SITE = 2_000  # characters
_SITE = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?")


def calendar_of(asked: Asking, year: int | None = None, until: date | None = None) -> Calendar:
    """Returns what a calendar holds of a question's day: with `year`, of that year alone. Deadlines are those until the
    day `until`, by default a year ahead, or the end of `year`.

    Raises BadInput if `until` comes before the day asked about.
    """
    if until is not None and until < asked.on:
        what = msg("--until: {last} comes before the day asked about, {on}", last=until, on=asked.on)
        raise BadInput([(None, what)])
    ahead = asked.on + AHEAD if year is None else date(year, 12, 31)
    return calendar(asked.timeline, asked.on, until or ahead, year)


def as_icalendar(
    found: Calendar, timeline: Timeline, ledger_id: str, pages: str | None = None, words: Callable[[str], str] = str
) -> bytes:
    """Returns a calendar as the bytes of an iCalendar file in the current language.

    Persons are shown by their ids alone: a calendar is copied to other services, where no name can be disposed of.
    `pages` is where the pages of the ledger are, as https://HOST, if that is known. `words` returns a text as the
    reader is shown it. The bytes depend on the arguments and the language alone: every instant is written in UTC.
    """
    from icalendar import Calendar as Written

    made = Written()
    name = msg("Meetings and deadlines")
    doubt = _doubt(found.uncertain)
    for field, value in (
        ("prodid", f"-//liggare//calendar//{current().upper()}"), ("version", "2.0"), ("calscale", "GREGORIAN"),
        ("method", PUBLISHED), ("name", name), ("x-wr-calname", name),
        *((("description", doubt), ("x-wr-caldesc", doubt)) if doubt else ()),
    ):  # fmt: skip
        made.add(field, value)
    ledger = UUID(hex=ledger_id)
    with showing(str, parties(lambda: names_of_parties(timeline, found.on))):
        events = b"".join(_events(found, ledger, pages, words))
    empty: bytes = made.to_ical()
    return empty.removesuffix(END) + events + END


def _doubt(uncertain: tuple[int, ...]) -> str:
    """Returns the sentence that names the entries whose inexact day could change the calendar, or "" without any."""
    if not uncertain:
        return ""
    return msg(
        "Not certain: the day in {entries:?entry|entries} {entries} is inexact, and another possible day would change"
        " this calendar.",
        entries=uncertain,
    )


def site(text: str) -> str:
    """Returns where pages are, from an address such as https://example.se, without a slash at its end.

    Raises BadInput for any other text.
    """
    if len(text) <= LONGEST_SITE and _SITE.fullmatch(text):
        return text.rstrip("/")
    what = msg("--base-url: {value} is not an address such as https://example.se", value=quoted(text))
    raise BadInput([(None, what)])


def _events(found: Calendar, ledger: UUID, pages: str | None, words: Callable[[str], str]) -> Iterator[bytes]:
    """Yields the bytes of each event, one by one: all of them as objects would take several times as much memory."""
    for meeting in found.meetings:
        yield _of_meeting(meeting, ledger, pages, words).to_ical()
    for deadline in found.deadlines:
        yield _of_deadline(deadline, found, ledger, words).to_ical()


def _of_meeting(one: CalendarMeeting, ledger: UUID, pages: str | None, words: Callable[[str], str]) -> Event:
    off = one.status in {"cancelled", "annulled"}
    said = (
        msg("Cancelled: meeting {meeting} of the body", meeting=one.meeting)
        if off
        else msg("Meeting {meeting} of the body", meeting=one.meeting)
    )
    event = _event(str(uuid5(ledger, f"meeting:{one.meeting}")), said, "\n".join(_remarks(one)), words)
    if one.starts_at is None:
        _whole_day(event, one.last)
    else:
        event.add("dtstart", _instant(one.last, one.starts_at))
        if one.ends_at is not None:
            event.add("dtend", _instant(one.last, one.ends_at))
    if one.place:
        event.add("location", _plain(one.place, words))
    event.add("status", CANCELLED if off else CONFIRMED)
    event.add("sequence", one.changes)
    _stamped(event, one.created, one.changed)
    if pages is not None and one.status != "annulled":
        event.add("url", f"{pages}/meetings/{one.meeting}")
    return event


def _remarks(one: CalendarMeeting) -> list[str]:
    """Returns the lines of a meeting's description: what is known of its day and its time, and then its agenda."""
    said = []
    if one.status == "annulled":
        said.append(msg("What was recorded of this meeting has been annulled."))
    if one.first != one.last:
        said.append(msg("The day is not known exactly: from {first} to {last}.", first=one.first, last=one.last))
    if one.starts_at is None:
        said.append(msg("The time of day is not recorded."))
    if one.agenda:
        said += [msg("Agenda"), *(f"{item.number}. {item.title}" for item in one.agenda)]
    return said


def _of_deadline(one: CalendarDeadline, found: Calendar, ledger: UUID, words: Callable[[str], str]) -> Event:
    what = filled(one.message, one.values)
    said = msg("Done: {what}", what=what) if one.met else msg("Last day: {what}", what=what)
    rests_on = [provision_line(one.provision, one.section)]
    if one.met:
        rests_on.append(msg("It was done on {day}.", day=one.met))
    event = _event(str(uuid5(ledger, f"deadline {one.duty}")), said, "\n".join(rests_on), words)
    _whole_day(event, one.due)
    event.add("transp", "TRANSPARENT")
    event.add("status", CANCELLED if one.met else CONFIRMED)
    event.add("sequence", found.head)
    assert found.recorded_at is not None, "without entries, there is no agreement and no deadline"
    _stamped(event, None, found.recorded_at)
    return event


def _event(uid: str, summary: str, description: str, words: Callable[[str], str]) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("summary", _plain(summary, words))
    if description:
        event.add("description", _plain(description, words))
    return event


def _plain(text: str, words: Callable[[str], str]) -> str:
    """Returns text without control characters, which RFC 5545 section 3.3.11 forbids, but for its line breaks."""
    return visible_lines(words(text))


def _whole_day(event: Any, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + DAY)  # the first day after it (RFC 5545 section 3.6.1)


def _stamped(event: Any, created: str | None, changed: str) -> None:
    if created is not None:
        event.add("created", _moment(created))
    event.add("dtstamp", _moment(changed))
    event.add("last-modified", _moment(changed))


def _moment(recorded_at: str) -> datetime:
    return datetime.fromisoformat(recorded_at).astimezone(UTC)


def _instant(day: date, clock: str) -> datetime:
    """Returns a time of the day in Sweden as an instant. Of an hour that comes twice in autumn it is the first, and a
    time that spring leaves out is that much after the change.
    """
    return datetime.combine(day, time.fromisoformat(clock), SWEDEN).astimezone(UTC)
