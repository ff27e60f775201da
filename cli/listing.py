"""Choices as the dialogue lists them: in columns, at the terminal's width."""

from __future__ import annotations

from math import ceil
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from ledger.messages import msg
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recording.choices import Choice

SHOWN = 40  # the greatest number of choices listed; of more choices, only the latest are listed
TAKEN = 3  # the number of latest ids shown when a person is asked for a new id
INDENT = "  "
LONGEST = 40  # the greatest length, in characters, of a description in a list


def listed(choices: Sequence[Choice], width: int | None = None) -> list[str]:
    """Returns lines that list the choices in columns, read downwards, at the terminal's width or at `width`.

    Only the latest choices are listed when there are many.
    """
    last = choices[-SHOWN:]
    ids = max((len(one.id) for one in last), default=0)
    cells = [f"{one.id:<{ids}}  {visible(_short(one.meaning))}" if one.meaning else one.id for one in last]
    wide = max(map(len, cells), default=0) + len(INDENT)
    across = max(1, (width or get_terminal_size().columns) // wide)
    down = ceil(len(cells) / across)
    lines = [INDENT + "".join(f"{cell:<{wide}}" for cell in cells[line::down]).rstrip() for line in range(down)]
    more = len(choices) - len(last)
    return [*([INDENT + msg("… and {more} more, which can also be given", more=more)] if more else []), *lines]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def taken(choices: Sequence[Choice]) -> list[str]:
    """Returns a line with the latest ids, for a person who must choose a new id; an empty list when there are none."""
    latest = ", ".join(one.id for one in choices[-TAKEN:])
    return [INDENT + msg("ids already taken, the latest: {latest}", latest=latest)] if latest else []
