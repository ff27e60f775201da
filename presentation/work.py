"""A meeting's workbench, as blocks: its sentence, and each step and item with what is recorded and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import filled, marked, msg, term
from presentation.blocks import grid, in_role, open_
from presentation.deadlines import due_rows
from presentation.findings import by_provision
from presentation.record import entry_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from presentation.blocks import Part
    from projections.deadlines import Deadline
    from projections.work import ItemOfWork, Step, Workbench

HEADS = {
    "notice": marked("Notice"),
    "changes": marked("Another day, or cancelled"),
    "attendance": marked("Attendance"),
    "items": marked("The items"),
    "answers": marked("Answers of the parties"),
    "signing": marked("Signing"),
    "adjustment": marked("Adjustment"),
    "dispatch": marked("Dispatch"),
}
AFTERWARDS = ("items", "answers", "signing", "adjustment", "dispatch")  # the steps of a meeting that was held


def sentence(bench: Workbench) -> str:
    """Returns how a meeting stands, in one sentence."""
    meeting, day = bench.meeting, bench.day
    if day is None or bench.status == "uncalled":
        return msg("Meeting {meeting} is not called yet.", meeting=meeting)
    if bench.status == "held":
        return msg("Meeting {meeting} was held on {day:long}.", meeting=meeting, day=day)
    if bench.status == "cancelled":
        return msg("Meeting {meeting}, called for {day:long}, was cancelled.", meeting=meeting, day=day)
    if day < bench.on:
        return msg("Meeting {meeting} was called for {day:long}, and is not recorded as held.", meeting=meeting,
                   day=day)  # fmt: skip
    return msg("Meeting {meeting} is called for {day:long}.", meeting=meeting, day=day)


def line(bench: Workbench) -> str:
    """Returns where and when a meeting sits, as its latest notice says, or "" where nothing is said."""
    place = msg("Place: {place}", place=bench.place) if bench.place else ""
    begins = msg("Begins at {time}", time=bench.starts_at) if bench.starts_at else ""
    return " · ".join(one for one in (place, begins) if one)


def head(step: Step) -> str:
    """Returns what a step is called."""
    return filled(HEADS[step.step], {})


def of_step(bench: Workbench, step: Step) -> list[Part]:
    """Returns a step: what the agreement says of its day, what is recorded, what is missing, and what is irregular."""
    parts: list[Part] = []
    if step.step == "notice" and bench.notice_days is not None and bench.status in {"uncalled", "called"}:
        parts.append(msg("The agreement asks for a notice of at least {days:day}.", days=bench.notice_days))
    if step.step == "notice" and bench.send_by and bench.day:
        parts.append(msg("The last day for a notice of a meeting on {day} is {last}.", day=bench.day,
                         last=bench.send_by))  # fmt: skip
    if step.recorded:
        parts.append(entry_lines(step.recorded))
    elif step.step in AFTERWARDS and bench.status != "held":
        parts.append(in_role(msg("Comes after the meeting."), "quiet"))
    elif step.step == "answers" and not step.acts:
        parts.append(in_role(msg("No recommendation of the meeting is recorded."), "quiet"))
    elif step.step == "changes":
        parts.append(in_role(msg("No change is recorded."), "quiet"))
    elif step.step not in {"items", "answers"}:
        parts.append(open_(msg("Nothing is recorded yet.")))
    if step.step == "answers" and step.acts:
        waiting = tuple(dict.fromkeys(str(one.fields["party"]) for one in step.acts))
        parts.append(open_(msg("No answer yet from {parties}; the agreement sets no day for it.", parties=waiting)))
    return [*parts, *missing(step.tasks), *by_provision(step.findings)]


def item_head(item: ItemOfWork) -> str:
    """Returns an item's number with its title and kind, or that it is on no agenda."""
    if item.title is None:
        return msg("Item {number}, which is on no agenda of the meeting", number=item.number)
    return msg("{number}. {title} ({kind})", number=item.number, title=item.title, kind=term("kind", item.kind or ""))


def of_item(bench: Workbench, item: ItemOfWork) -> list[Part]:
    """Returns an item: its outcome, what is recorded of it, and what is irregular."""
    parts: list[Part] = [entry_lines(item.recorded)] if item.recorded else []
    if item.outcome is None and bench.status == "held":
        parts.append(open_(msg("No outcome is recorded yet.")))
    return [*parts, *by_provision(item.findings)]


def missing(tasks: Sequence[Deadline]) -> list[Part]:
    """Returns tasks that are not done, each with the day by which it is due, the overdue ones first."""
    late, ahead = ([one for one in tasks if one.overdue == overdue] for overdue in (True, False))
    rows = [*due_rows(late, "wrong"), *due_rows(ahead, "open")]
    return [grid(rows, 0)] if rows else []
