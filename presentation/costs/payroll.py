"""Attendance as a table for payroll: a heading, then a row for each person and meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term
from presentation.terms import PAYROLL

if TYPE_CHECKING:
    from projections.attendance import Attendance


def attendance(answer: Attendance) -> list[tuple[object, ...]]:
    """Returns the attendance as rows of cells, of which the first row are the headings.

    The party's cell is empty for a person who was not a member on the day. The name's cell is empty once the name is
    disposed of.
    """
    rows: list[tuple[object, ...]] = [
        (answer.half_year, party.party or "", person.person, person.name or "", one.day, one.meeting or "",
         one.group or "", msg("yes") if one.remote else "", one.entry, answer.known_at)
        for party in answer.parties
        for person in party.persons
        for one in person.attended
    ]  # fmt: skip
    return [tuple(term("column", name) for name in PAYROLL), *rows]
