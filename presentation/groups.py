"""The collaboration groups and their reports, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import counted
from presentation.blocks import columns, in_role, title
from presentation.meetings import RIGHT, _open
from presentation.phrases import foot, named, span

if TYPE_CHECKING:
    from presentation.blocks import Part, Role
    from projections.groups import Groups
    from projections.reports import Reports


def groups(answer: Groups) -> list[Part]:
    """The groups of a day."""
    parts: list[Part] = [title(f"{counted(len(answer.groups), 'group')} on {answer.on}")]
    for one in answer.groups:
        parts += ["", title(f"{one.group}: {one.name} ({one.kind}), {span(one)}")]
        for what, text in (("Assignment", one.assignment), ("Composition", one.composition),
                           ("Working forms", one.working_forms)):  # fmt: skip
            parts.append(f"{what}: {text}" if text else _open(f"{what}: not decided"))
        rows = [(named(member.person, member.name), member.party, span(member), str(member.entry))
                for member in one.members]  # fmt: skip
        parts.append(columns("Member", "Party", "In the group", "Entry", rows=rows) if rows else _open("No members."))
        officers = [f"{named(officer.person, officer.name)} of {officer.employer}" for officer in one.officers]
        parts.append(f"Supported by {', '.join(officers)}" if officers else _open("No officials support it."))
    return [*parts, *foot(answer.known_at, answer.uncertain)]


ROLES: dict[str, Role] = {"received": "done", "late": "wrong", "missing": "wrong", "not-due": "", "not-owed": "quiet"}


def reports(answer: Reports) -> list[Part]:
    """The reports of a half-year."""
    rows = [(
        one.group, one.name or "", in_role(one.status, ROLES[one.status]), str(one.due) if one.owed else "",
        str(one.received_on or ""), str(one.days_late or ""), one.meeting or "", str(len(one.members)),
        str(len(one.recommendations)), ", ".join(map(str, one.entries)),
    ) for one in answer.reports]  # fmt: skip
    heads = (
        "Group",
        "Name",
        "Report",
        "Due",
        "Received",
        "Days late",
        "Meeting",
        "Members",
        "Recommended",
        "Entries",
    )
    parts: list[Part] = [title(f"Group reports for {answer.half_year}, on {answer.on}"), ""]
    parts.append(columns(*heads, rows=rows, right=RIGHT))
    for one in answer.reports:
        parts += [f"{one.group}: {one.summary}"] if one.summary else []
        parts += [
            f"{one.group}, a later version, received on {other.received_on} [entry {other.entry}]: {other.summary}"
            for other in one.later_versions
        ]
    return [*parts, *foot(answer.known_at, answer.uncertain)]
