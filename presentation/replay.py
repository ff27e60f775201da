"""A replay of the record as blocks: each act, followed by the changes that the act made."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import filled, marked, msg, term
from presentation.blocks import columns, entries, grid, in_role, text, title, whole
from presentation.diff import LISTED, SECTIONS, and_more, changed
from presentation.phrases import doubt, foot
from presentation.record import entry_rows
from presentation.words import entry_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from presentation.blocks import Part
    from projections.replay import Act, Changed

MOST = 12  # of more changes than this in a section, only the first half of this number is listed
WHAT = {"added": marked("added"), "removed": marked("removed"), "changed": marked("changed")}


class Replayed(NamedTuple):
    """The acts recorded after position `first`, up to and including `last`, each read only when it is asked for, and
    what each changed on a day. Without `every`, long lists are cut short.
    """

    acts: Iterator[Act]
    first: int
    last: int
    on: date
    every: bool


class PartOfReplay(NamedTuple):
    """Some acts of a replay. `earlier` and `later` are the bounds, as (first, last), of the acts before and after them,
    or None if there are none; a `last` of None stands for the end.
    """

    replayed: Replayed
    earlier: tuple[int, int] | None
    later: tuple[int, int | None] | None


def part(answer: PartOfReplay) -> Iterator[list[Part]]:
    """Yields the blocks of some acts of a replay. It knows more entries than it shows, and so does not say how many."""
    yield from _acts(answer.replayed)


def told(answer: Replayed) -> Iterator[list[Part]]:
    """Yields the title of a replay, then each act, then the closing lines."""
    yield from _acts(answer)
    yield foot(f"@{answer.last}", ())


def _acts(answer: Replayed) -> Iterator[list[Part]]:
    said = msg(
        "Replay from @{first} to @{last}: what each act changed in agreement, council, groups and costs, on {on}",
        first=answer.first, last=answer.last, on=answer.on,
    )  # fmt: skip
    yield [title(said)]
    for one in answer.acts:
        yield act(one, len(str(answer.last)), every=answer.every)
    if answer.first == answer.last:
        yield ["", msg("No entries.")]


def table(answer: Replayed) -> Iterator[list[Part]]:
    """Yields the headings of a table, and then the rows of each act: one for each change, or a single row if none."""
    yield [
        columns(
            entries("Entry"), whole("Event"), whole("Day"), whole("Recorded"), whole("By"), text("Act"),
            whole("Section"), whole("What"), text("Now"), text("Before"), rows=[],
        )
    ]  # fmt: skip
    for one in answer.acts:
        yield [grid(_rows(one))]


def act(answer: Act, width: int, *, every: bool) -> list[Part]:
    """Returns the entries of an act, followed by the act's changes by section.

    `width` is the width of the longest position in the replay, in characters. Without `every`, long lists are cut
    short.
    """
    rows = [row for entry in answer.told for row in entry_rows(entry)]
    for section, changes in groupby(answer.changes, lambda one: one.section):
        rows += [("", in_role(filled(SECTIONS[section], {}), "title"))]
        rows += [("", in_role(f"- {line}", "")) for line in _lines(list(changes), every=every)]
    rows += [("", line) for line in doubt(answer.uncertain)]
    return ["", grid(rows, width)]


def _lines(changes: Sequence[Changed], *, every: bool) -> list[str]:
    shown = changes if every or len(changes) <= MOST else changes[: MOST // 2]
    lines = [changed(one.before, one.after, None if every else LISTED) for one in shown]
    if len(shown) < len(changes):
        lines.append(and_more(len(changes) - len(shown)))
    return lines


def _rows(answer: Act) -> list[list[str]]:
    first = [str(answer.entries[0]), term("event", answer.event), answer.valid_on, answer.recorded_at,
             answer.recorded_by, "; ".join(entry_line(one, whole=True) for one in answer.told)]  # fmt: skip
    changes = [
        [
            filled(SECTIONS[one.section], {}),
            filled(WHAT[one.what], {}),
            changed(one.before, None, None) if one.before and not one.after else changed(None, one.after, None),
            changed(None, one.before, None) if one.before and one.after else "",
        ]
        for one in answer.changes
    ]
    return [[*first, *change] for change in changes or [["", "", "", ""]]]
