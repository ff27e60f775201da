"""How the open passages of the agreement's text are read, as the papers show it beside the figures that rest on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg
from presentation.blocks import columns, entries, text, title
from presentation.readings import asked, meaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.paper import Piece
    from projections.agreement import Reading


def read_as(readings: Mapping[str, Reading]) -> list[Piece]:
    """Returns a table with a row for each reading: what is open, how it is read, and the entry that decided it."""
    if not readings:
        return []
    said = msg(
        "The agreement's text leaves these questions open. Where no entry decided one, the reading is that of the terms"
        " or of the program."
    )
    heads = (text("What is open", keep=True), text("Read as", keep=True), entries("Entry"))
    rows = [
        (asked(question), meaning(question, one.reading), str(one.entry or "")) for question, one in readings.items()
    ]
    return [title(msg("How the text is read")), said, columns(*heads, rows=rows)]
