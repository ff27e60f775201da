"""Attendance as CSV for payroll: commas, UTF-8, a heading, a row for each person and meeting."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projections.attendance import Attendance

HEADING = ("half_year", "party", "person", "name", "day", "meeting", "group", "remote", "entry", "known_at")
FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would compute instead of showing


def attendance(answer: Attendance) -> str:
    """The table; party is empty for who was no member that day, name once it is disposed of."""
    table = StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(HEADING)
    for party in answer.parties:
        for person in party.persons:
            for one in person.attended:
                rows.writerow(
                    (
                        answer.half_year,
                        party.party or "",
                        person.person,
                        _shown(person.name or ""),
                        one.day,
                        one.meeting or "",
                        one.group or "",
                        "yes" if one.remote else "",
                        one.entry,
                        answer.known_at,
                    )
                )
    return table.getvalue()


def _shown(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
