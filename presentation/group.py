"""One collaboration group, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import day_text, msg, term
from presentation.blocks import columns, entries, in_role, number, text, title, whole
from presentation.groups import ROLES, decided, members_of, supporters
from presentation.phrases import foot, last_day, named, told_span
from presentation.record import entry_lines

if TYPE_CHECKING:
    from presentation.blocks import Part, Words
    from projections.group import HalfYear, OneGroup


def group(answer: OneGroup) -> list[Part]:
    """Returns a group: its terms, its members and officials, its meetings, its reports and its entries."""
    parts: list[Part] = [title(sentence(answer)), ""]
    if one := answer.standing:
        head = msg("{kind:kind}, {span}", kind=one.kind, span=told_span(one))
        parts += [head, "", *decided(one), "", title(msg("Members")), members_of(one), supporters(one)]
        parts += [*_reports(answer), *_meetings(answer)]
    parts += ["", title(msg("The entries about {group}", group=answer.group)), entry_lines(answer.entries)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def sentence(answer: OneGroup) -> str:
    """Returns what a group is on the day, in one sentence."""
    one, on = answer.standing, answer.on
    if one is None:
        return msg("Group {group} did not exist on {on:long}.", group=answer.group, on=on)
    name, last = str(one.name), last_day(one.until)
    if last and last < on:
        return msg("The group {name} was closed; its last day was {day:long}.", name=name, day=last)
    return msg(
        "On {on:long} the group {name} had {members:member|members}.", on=on, name=name, members=len(one.members)
    )


def _reports(answer: OneGroup) -> list[Part]:
    heads = (
        whole("Half-year", keep=True), whole("Report", keep=True), whole("Due"), whole("Received", keep=True),
        number("Days late"), whole("Meeting"), text("Summary"), entries("Entries", right=False),
    )  # fmt: skip
    rows = [_report(one) for one in answer.reports]
    return ["", title(msg("Reports")), columns(*heads, rows=rows)] if rows else []


def _report(one: HalfYear) -> tuple[str | Words, ...]:
    told = one.report
    return (
        one.half_year, in_role(term("report-status", told.status), ROLES[told.status]),
        str(told.due) if told.owed else "", str(told.received_on or ""), str(told.days_late or ""), told.meeting or "",
        told.summary or "", ", ".join(map(str, told.entries)),
    )  # fmt: skip


def _meetings(answer: OneGroup) -> list[Part]:
    rows = [
        (day_text(one.on), ", ".join(named(person, name) for person, name in one.present.items()), str(one.entry))
        for one in answer.meetings
    ]
    heads = (whole("Held on", keep=True), text("Present", keep=True), entries("Entry"))
    return ["", title(msg("Meetings of the group")), columns(*heads, rows=rows)] if rows else []
