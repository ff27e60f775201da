"""Attendance as CSV for payroll: a heading, a row for each person and meeting."""

from __future__ import annotations

import csv
from io import SEEK_END, StringIO
from typing import TYPE_CHECKING

from presentation.render.csv import BOM, disarmed

if TYPE_CHECKING:
    from projections.attendance import Attendance

HEADING = ("half_year", "party", "person", "name", "day", "meeting", "group", "remote", "entry", "known_at")


def attendance(answer: Attendance, *, excel: bool = False) -> str:
    """The table; party is empty for who was no member that day, name once it is disposed of. `excel`: as Excel in
    Swedish opens it by itself.
    """
    table = StringIO(BOM if excel else "")
    table.seek(0, SEEK_END)
    rows = csv.writer(table, delimiter=";" if excel else ",", lineterminator="\n")
    rows.writerow(HEADING)
    for party in answer.parties:
        for person in party.persons:
            for one in person.attended:
                rows.writerow(
                    (
                        answer.half_year,
                        party.party or "",
                        person.person,
                        disarmed(person.name or ""),
                        one.day,
                        one.meeting or "",
                        one.group or "",
                        "yes" if one.remote else "",
                        one.entry,
                        answer.known_at,
                    )
                )
    return table.getvalue()
