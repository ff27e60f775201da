"""The deadlines as blocks: overdue, open and to come."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ledger.messages import filled, msg
from presentation.blocks import grid, in_role, title
from presentation.findings import MOST
from presentation.phrases import foot, not_in_force
from presentation.words import of_entries, provision_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presentation.blocks import Part, Role, Words
    from projections.deadlines import Deadline, Deadlines


def deadlines(answer: Deadlines) -> list[Part]:
    """Returns the deadlines that are overdue or open, and then the deadlines to come.

    Deadlines that differ only in their recipient share a line.
    """
    parts: list[Part] = [title(msg("Deadlines on {on}, until {until}", on=answer.on, until=answer.until))]
    if answer.version is None:
        parts.append(not_in_force())
    kinds: tuple[tuple[str, Role, bool], ...]
    kinds = ((msg("Overdue or open"), "wrong", True), (msg("To come"), "", False))
    for head, role, overdue in kinds:
        rows = due_rows([one for one in answer.deadlines if one.overdue == overdue], role)
        parts += ["", title(head), grid(rows, 0) if rows else in_role(msg("Nothing."), "done")]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def due_rows(found: Iterable[Deadline], role: Role) -> list[tuple[str | Words, ...]]:
    """Returns tasks as rows of their day and their sentence, of which tasks that differ only in the recipient share
    one.
    """
    rows: list[tuple[str | Words, ...]] = []
    for _, group in groupby(found, key=_but_for_the_recipient):
        first, *others = group
        recipients = [one.values["recipient"] for one in (first, *others) if "recipient" in one.values]
        values = first.values | ({"recipient": tuple(recipients)} if recipients else {})
        rests_on = [provision_line(first.provision, first.section)]
        rests_on += [of_entries(first.entries[:MOST])] if first.entries else []
        rows.append((in_role(_day(first), role), f"{filled(first.message, values)} [{'; '.join(rests_on)}]"))
    return rows


def _but_for_the_recipient(one: Deadline) -> tuple[object, ...]:
    values = {name: value for name, value in one.values.items() if name != "recipient"}
    return one.provision, one.subject, one.message, one.due, values


def _day(one: Deadline) -> str:
    """Returns the day by which a deadline is due, or from which it is open."""
    if one.due:
        return str(one.due)
    return msg("since {day}", day=one.since) if one.overdue else msg("from {day}", day=one.since)
