"""Today as blocks: what is overdue or open, what is due soon, and what was recorded last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg
from presentation.blocks import grid, in_role, title
from presentation.deadlines import due_rows
from presentation.phrases import foot, not_in_force
from presentation.record import entry_lines

if TYPE_CHECKING:
    from presentation.blocks import Part, Words
    from projections.today import Today

    Row = tuple[str | Words, ...]


def today(answer: Today) -> list[Part]:
    """Returns the tasks of the day, and the latest entries with their sources."""
    parts: list[Part] = [title(_head(answer))]
    if answer.version is None:
        parts.append(not_in_force())
    late, soon = _rows(answer)
    parts += ["", title(msg("Overdue or open")), grid(late, 0) if late else in_role(msg("Nothing."), "done")]
    parts += ["", title(msg("To come by {day}", day=answer.until)), grid(soon, 0) if soon else msg("Nothing.")]
    latest = entry_lines(answer.latest) if answer.latest else msg("No entries.")
    return [*parts, "", title(msg("Recorded last")), latest, *foot(answer.known_at, answer.uncertain)]


def _rows(answer: Today) -> tuple[list[Row], list[Row]]:
    """Returns the rows of what is overdue or open, and of what is to come: a task to several recipients is one row."""
    return due_rows(answer.overdue, "wrong"), due_rows(answer.soon, "")


def _head(answer: Today) -> str:
    late, soon = map(len, _rows(answer))
    return msg(
        "On {on}, {overdue:task is|tasks are|nothing is} overdue or open, and"
        " {soon:task falls|tasks fall|nothing falls} due by {until}",
        on=answer.on, overdue=late, soon=soon, until=answer.until,
    )  # fmt: skip
