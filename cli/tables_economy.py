"""Attendance, projects and costs borne, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.layout import columns, show, title
from cli.parts import styled
from cli.tables import foot, named, span
from cli.text import kronor
from ledger.errors import counted

if TYPE_CHECKING:
    from cli.parts import Part
    from projections.attendance import Attendance, Attendant
    from projections.projects import Funded, Projects

RIGHT = ("Body", "Remotely", "Groups", "Amount", "Entry", "Entries")
NO_MEMBER = "No member that day: the agreement names nobody who pays"


def attendance(answer: Attendance) -> None:
    """A line a person under its party's name."""
    parts: list[Part] = [title(f"Attendance in {answer.half_year}, on {answer.on}")]
    there = [party for party in answer.parties if party.persons]
    rows: list[tuple[str, ...]] = []
    for party in there:
        rows.append((party.name or party.party or NO_MEMBER, "", "", "", ""))
        rows += [_attendant(one) for one in party.persons]
    parts += ["", columns("Present", "Body", "Remotely", "Groups", "Days", rows=rows, right=RIGHT)] if rows else []
    absent = [party.party for party in answer.parties if party.party and not party.persons]
    if absent:
        parts += ["", f"Nobody was present for {', '.join(absent)}."]
    show(*parts, *foot(answer.known_at, answer.uncertain))


def _attendant(one: Attendant) -> tuple[str, ...]:
    days = ", ".join(f"{at.day} {at.group}" if at.group else str(at.day) for at in one.attended)
    return f"  {named(one.person, one.name)}", *(str(count or "") for count in (one.body, one.remote, one.groups)), days


def projects(answer: Projects) -> None:
    """Each project with its money, then the costs borne."""
    parts: list[Part] = [title(f"{counted(len(answer.projects), 'project')} by {answer.on}")]
    for one in answer.projects:
        parts += ["", *_project(one)]
    if answer.costs:
        rows = [
            (
                str(one.year),
                one.kind,
                one.borne_by,
                one.for_party or "",
                kronor(one.amount),
                ", ".join(map(str, one.entries)),
            )
            for one in answer.costs
        ]
        heads = ("Year", "Cost", "Borne by", "For", "Amount", "Entries")
        parts += ["", title("Costs borne"), columns(*heads, rows=rows, right=RIGHT)]
    show(*parts, *foot(answer.known_at, answer.uncertain))


def _project(one: Funded) -> list[Part]:
    group = f", of {one.group}" if one.group else ""
    parts: list[Part] = [title(f"{one.project}: {one.title}{group}, {span(one)}")]
    rows = [
        (kind, money.funder, kronor(money.amount), money.on, money.organ, str(money.entry))
        for kind, given in (("external grant", one.grants), ("extra financing", one.extra_financing))
        for money in given
    ]
    if not rows:
        return [*parts, styled("No money of its own.", "dim")]
    rows.append(("together", "", kronor(one.total), "", "", ""))
    parts.append(columns("Money", "From", "Amount", "Decided on", "By", "Entry", rows=rows, right=RIGHT))
    if one.extra_financing:
        told = f"Extra financing: decided by {', '.join(one.decided) or 'none of the parties'}"
        open_ = f"; not by {', '.join(one.awaiting)}" if one.awaiting else ", which is all"
        parts.append(styled(told + open_, "yellow" if one.awaiting else ""))
    return parts
