"""What is overdue, open and to come, as blocks."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ledger.errors import entries_named
from presentation.blocks import grid, in_role, title
from presentation.findings import MOST
from presentation.phrases import foot
from presentation.words import filled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presentation.blocks import Part, Role, Words
    from projections.deadlines import Deadline, Deadlines


def deadlines(answer: Deadlines) -> list[Part]:
    """What is overdue or open, then what is due by when; what goes to several recipients in one line."""
    parts: list[Part] = [title(f"Deadlines on {answer.on}, until {answer.until}")]
    if answer.version is None:
        parts.append(in_role("No version of the agreement is in force on this day.", "open"))
    kinds: tuple[tuple[str, Role, bool], ...] = (("Overdue or open", "wrong", True), ("To come", "", False))
    for head, role, overdue in kinds:
        rows = _due([one for one in answer.deadlines if one.overdue == overdue], role)
        parts += ["", title(head), grid(rows, 0) if rows else in_role("Nothing.", "done")]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _due(found: Iterable[Deadline], role: Role) -> list[tuple[str | Words, ...]]:
    rows: list[tuple[str | Words, ...]] = []
    for _, group in groupby(found, key=_but_for_the_recipient):
        first, *others = group
        recipients = [one.values["recipient"] for one in (first, *others) if "recipient" in one.values]
        values = first.values | ({"recipient": ", ".join(recipients)} if recipients else {})
        day = str(first.due) if first.due else f"{'since' if first.overdue else 'from'} {first.since}"
        by = f"{first.provision} ({first.section})" if first.section else first.provision
        rows.append((in_role(day, role), f"{filled(first.message, values)} [{by}{_rests_on(first)}]"))
    return rows


def _but_for_the_recipient(one: Deadline) -> tuple[object, ...]:
    values = {name: value for name, value in one.values.items() if name != "recipient"}
    return one.provision, one.subject, one.message, one.due, values


def _rests_on(one: Deadline) -> str:
    return f"; {entries_named(one.entries[:MOST])}" if one.entries else ""
