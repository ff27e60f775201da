"""Meetings, groups, reports and differences, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import counted
from presentation.blocks import Words, columns, in_role, title
from presentation.phrases import foot
from presentation.words import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from presentation.blocks import Part
    from projections.meetings import MeetingOfYear, Meetings


RIGHT = ("Present", "Days late", "Members", "Recommended")


def _open(text: str) -> Words:
    return in_role(text, "open")


def meetings(answer: Meetings) -> list[Part]:
    """A year's meetings: what is done, and what is still open, at a glance."""
    of = (
        f"{answer.held} of {counted(answer.required, 'meeting')}"
        if answer.required
        else counted(answer.held, "meeting")
    )
    head = f"{of} held in {answer.year}, {answer.called} called"
    parts: list[Part] = [title(f"{head}, on {answer.on}"), ""]
    rows = [(
        one.meeting, str(one.meets_on or ""), one.status, _notice(one), who(one.chaired_by),
        str(len(one.present)) if one.status == "held" else "", *_minutes(one),
    ) for one in answer.meetings]  # fmt: skip
    heads = ("Meeting", "Day", "Status", "Notice", "Chaired by", "Present", "Signed", "Adjusted", "Not sent to")
    parts.append(columns(*heads, rows=rows, right=RIGHT))
    if answer.required is None:
        parts.append(_open("How many meetings are required cannot be told: there is no version of the agreement."))
    parts += [
        _open(f"{one.meeting}: its day, {one.meets_on}, has passed, and it is not recorded as held, moved or cancelled")
        for one in answer.meetings
        if one.meeting in answer.unsaid
    ]
    for one in answer.meetings:
        parts += _remarks(one)
    if answer.requests:
        asked = [(one.request, one.on, f"{one.count} of {one.of}", "binding" if one.binding else "not binding",
                  one.meeting or (_open("none called") if one.binding else ""), one.matter)
                 for one in answer.requests]  # fmt: skip
        parts += ["", columns("Request", "On", "By", "", "Meeting", "Matter", rows=asked)]
    if answer.open_items:
        over = [(one.meeting, str(one.item), one.title or "", one.outcome, str(one.since)) for one in answer.open_items]
        parts += ["", columns("Stands over from", "Item", "Title", "Outcome", "Since", rows=over)]
    parts += _paragraphs(answer)
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _paragraphs(answer: Meetings) -> list[Part]:
    """How far the body's §§ of the year are recorded; nothing when no source names one."""
    if not answer.paragraphs.recorded:
        return []
    said = f"Paragraphs of {answer.year} that entries name: {answer.paragraphs.recorded}"
    if not answer.paragraphs.missing:
        return ["", f"{said}, none missing"]
    numbers = [int(one.removeprefix("§ ")) for one in answer.paragraphs.missing]
    return ["", _open(f"{said}; missing: {', '.join(_runs(numbers))}")]


def _runs(numbers: list[int]) -> Iterator[str]:
    """§ 5, §§ 7–9: each run of numbers once."""
    first = last = numbers[0]
    for number in [*numbers[1:], 0]:
        if number == last + 1:
            last = number
            continue
        yield f"§ {first}" if first == last else f"§§ {first}–{last}"
        first = last = number


def _notice(one: MeetingOfYear) -> str | Words:
    return _open("none") if one.notice_days is None else counted(one.notice_days, "day")


def _minutes(one: MeetingOfYear) -> tuple[str | Words, str | Words, str | Words]:
    if one.status != "held":
        return "", "", ""
    missing = [recipient for recipient, sent in one.minutes.dispatched.items() if sent is None]
    every = len(missing) == len(one.minutes.dispatched)
    return (
        str(one.minutes.signed) if one.minutes.signed else _open(f"not by {who(one.signing)}"),
        str(one.minutes.adjusted) if one.minutes.adjusted else _open(f"not by {who(one.adjustment)}"),
        _open("anyone" if every else ", ".join(missing)) if missing else "all sent",
    )


def _remarks(one: MeetingOfYear) -> list[Part]:
    """What stands beside a meeting's row: remote attendance, another adjuster, added items, recommendations."""
    said: list[Part] = []
    if one.extra:
        said.append(f"{one.meeting}: extra, held only because it was requested")
    if one.remote:
        said.append(f"{one.meeting}: took part remotely: {', '.join(map(who, one.remote))}")
    if one.adjustment != one.adjuster:
        said.append(f"{one.meeting}: {who(one.adjustment)} adjusts the minutes instead of {who(one.adjuster)}")
    if one.signing != one.chaired_by:
        said.append(f"{one.meeting}: {who(one.signing)} signs the minutes instead of {who(one.chaired_by)}")
    if one.status == "held" and one.notice_sent is None:
        said.append(_open(f"{one.meeting}: held without a call"))
    elif one.status == "held":
        said += [f"{one.meeting}: item {item.number} was added at the table: {item.title}"
                 for item in one.agenda if item.added]  # fmt: skip
    said += _of_items(one)
    for made in one.recommendations:
        given = ", ".join(f"{party} {answer}" for party, answer in made.answers.items() if answer)
        missing = ", ".join(party for party, answer in made.answers.items() if not answer)
        how = "by consensus" if made.consensus else f"without {', '.join(map(who, made.dissent)) or 'consensus'}"
        said.append(f"{one.meeting}: recommended {made.recommendation} {how}: {made.text}")
        said += [f"    answered: {given}"] if given else []
        said += [_open(f"    no answer yet: {missing}")] if missing else []
    return said


def _of_items(one: MeetingOfYear) -> list[Part]:
    said: list[Part] = []
    for item in one.agenda:
        if item.reservations:
            said.append(f"{one.meeting}: item {item.number}, reservations: {', '.join(map(who, item.reservations))}")
        if item.adjusted and not one.minutes.adjusted:
            said.append(f"{one.meeting}: item {item.number} was adjusted at once, on {item.adjusted}")
    return said
