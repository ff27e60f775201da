"""The attendance in a half-year, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg
from presentation.blocks import columns, number, text, title, whole
from presentation.phrases import foot, named

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.attendance import Attendance, Attendant


def attendance(answer: Attendance) -> list[Part]:
    """Returns the lines of the persons under the name of each party, and then a line that lists the parties for which
    nobody was present.
    """
    parts: list[Part] = [title(msg("Attendance in {half_year}, on {on}", half_year=answer.half_year, on=answer.on))]
    there = [party for party in answer.parties if party.persons]
    rows: list[tuple[str, ...]] = []
    for party in there:
        head = party.name or party.party or msg("No member that day: the agreement names nobody who pays")
        rows.append((head, "", "", "", ""))
        rows += [_attendant(one) for one in party.persons]
    heads = (whole("Present"), number("Body", keep=True), number("Remotely"), number("Groups"), text("Days"))
    parts += ["", columns(*heads, rows=rows)] if rows else []
    absent = tuple(party.party for party in answer.parties if party.party and not party.persons)
    if absent:
        parts += ["", msg("Nobody was present for {parties}.", parties=absent)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _attendant(one: Attendant) -> tuple[str, ...]:
    days = ", ".join(f"{at.day} {at.group}" if at.group else str(at.day) for at in one.attended)
    return f"  {named(one.person, one.name)}", *(str(count or "") for count in (one.body, one.remote, one.groups)), days
