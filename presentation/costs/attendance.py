"""Attendance, projects and costs borne, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presentation.blocks import columns, title
from presentation.phrases import foot, named

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.attendance import Attendance, Attendant

RIGHT = ("Body", "Remotely", "Groups", "Amount", "Entry", "Entries")
NO_MEMBER = "No member that day: the agreement names nobody who pays"


def attendance(answer: Attendance) -> list[Part]:
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
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _attendant(one: Attendant) -> tuple[str, ...]:
    days = ", ".join(f"{at.day} {at.group}" if at.group else str(at.day) for at in one.attended)
    return f"  {named(one.person, one.name)}", *(str(count or "") for count in (one.body, one.remote, one.groups)), days
