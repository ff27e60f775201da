"""The collaboration groups and their reports, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term
from presentation.blocks import columns, entries, in_role, number, open_, text, title, whole
from presentation.phrases import foot, named, span, told_span
from presentation.words import party_text

if TYPE_CHECKING:
    from presentation.blocks import Part, Role
    from projections.groups import GroupOfDay, Groups
    from projections.reports import Reports


def groups(answer: Groups) -> list[Part]:
    """Returns the groups that exist on a day, each with its terms, members and officials."""
    parts: list[Part] = [title(msg("{groups:group|groups} on {on}", groups=len(answer.groups), on=answer.on))]
    for one in answer.groups:
        head = msg(
            "{group}: {name} ({kind}), {span}", group=one.group, name=str(one.name), kind=one.kind, span=told_span(one)
        )
        parts += ["", title(head), *decided(one), members_of(one), supporters(one)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def sentence(answer: Groups) -> str:
    """Returns how many groups there are, and how many members they have, in one sentence."""
    if not answer.groups:
        return msg("On {on:long} the body had no group.", on=answer.on)
    return msg(
        "On {on:long} the body had {groups:group|groups}, with {members:member|members|no members} in all.",
        on=answer.on, groups=len(answer.groups), members=sum(len(one.members) for one in answer.groups),
    )  # fmt: skip


def decided(one: GroupOfDay) -> list[Part]:
    """Returns what the body has decided about a group, and a line for each matter not yet decided."""
    return [
        msg("Assignment: {text}", text=one.assignment) if one.assignment else open_(msg("Assignment: not decided")),
        msg("Composition: {text}", text=one.composition) if one.composition else open_(msg("Composition: not decided")),
        msg("Working forms: {text}", text=one.working_forms)
        if one.working_forms
        else open_(msg("Working forms: not decided")),
    ]


def members_of(one: GroupOfDay) -> Part:
    """Returns a table of a group's members, or a line that it has none."""
    if not one.members:
        return open_(msg("No members."))
    rows = [
        (named(member.person, member.name), party_text(member.party), span(member), str(member.entry))
        for member in one.members
    ]
    return columns(
        whole("Member"), whole("Party", keep=True), whole("In the group", keep=True), entries("Entry"), rows=rows
    )


def supporters(one: GroupOfDay) -> Part:
    """Returns a line that names the officials who support a group, or says that there are none."""
    officers = tuple(
        msg("{official} of {employer}", official=named(officer.person, officer.name), employer=officer.employer)
        for officer in one.officers
    )
    return msg("Supported by {officials}", officials=officers) if officers else open_(msg("No officials support it."))


ROLES: dict[str, Role] = {"received": "done", "late": "wrong", "missing": "wrong", "not-due": "", "not-owed": "quiet"}


def sentence_of_reports(answer: Reports) -> str:
    """Returns how many of the reports that are owed have been received, in one sentence."""
    owed = [one for one in answer.reports if one.owed]
    if not owed:
        return msg("For {half:halfyear} no group owes a report.", half=answer.half_year)
    return msg(
        "For {half:halfyear}, {received} of {owed:report|reports} had been received by {on:long}, and"
        " {missing:report was|reports were|no report was} overdue.",
        half=answer.half_year, on=answer.on, owed=len(owed), received=sum(bool(one.received_on) for one in owed),
        missing=sum(one.status == "missing" for one in owed),
    )  # fmt: skip


def reports(answer: Reports) -> list[Part]:
    """Returns the reports for a half-year as a table, followed by the text of each report's summary."""
    rows = [(
        one.group, one.name or "", in_role(term("report-status", one.status), ROLES[one.status]),
        str(one.due) if one.owed else "",
        str(one.received_on or ""), str(one.days_late or ""), one.meeting or "", str(len(one.members)),
        str(len(one.recommendations)), ", ".join(map(str, one.entries)),
    ) for one in answer.reports]  # fmt: skip
    table = columns(
        whole("Group"), text("Name"), whole("Report", keep=True), whole("Due", keep=True), whole("Received", keep=True),
        number("Days late"), whole("Meeting"), number("Members"), number("Recommended"),
        entries("Entries", right=False), rows=rows,
    )  # fmt: skip
    head = msg("Group reports for {half_year}, on {on}", half_year=answer.half_year, on=answer.on)
    parts: list[Part] = [title(head), "", table]
    for one in answer.reports:
        parts += [msg("{group}: {summary}", group=one.group, summary=one.summary)] if one.summary else []
        parts += [
            msg(
                "{group}, a later version, received on {day} [entry {entry}]: {summary}",
                group=one.group, day=other.received_on, entry=other.entry, summary=other.summary,
            )
            for other in one.later_versions
        ]  # fmt: skip
    return [*parts, *foot(answer.known_at, answer.uncertain)]
