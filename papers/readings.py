"""How the open passages of the agreement's text are read, as the papers show it beside the figures that rest on it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.messages import msg
from ledger.readings import READINGS
from presentation.blocks import columns, entries, in_role, text, title
from presentation.readings import asked, meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from papers.paper import Piece
    from presentation.blocks import Words
    from projections.agreement import Reading


def read_as(readings: Iterable[tuple[str, Reading]]) -> list[Piece]:
    """Returns a table with a row for each reading: what is open, how it is read, and the entry that decided it."""
    rows = [(asked(question), in_words(question, one.reading), _decided(one)) for question, one in readings]
    if not rows:
        return []
    said = msg(
        "The agreement's text leaves these questions open. Where no entry decided one, the reading is that of the terms"
        " or of the program."
    )
    heads = (text("What is open", keep=True), text("Read as", keep=True), entries("Entry"))
    return [title(msg("How the text is read")), said, columns(*heads, rows=rows)]


def _decided(one: Reading) -> str:
    if one.entry:
        return str(one.entry)
    return msg("supposed") if one.assumed else ""


def supposing(assumed: Mapping[str, str]) -> list[Words]:
    """Returns the sentence that stands first on a paper that rests on readings which nobody has recorded."""
    if not assumed:
        return []
    readings = "; ".join(
        msg("{question}: {reading}", question=asked(question), reading=in_words(question, reading))
        for question, reading in assumed.items()
    )
    told = msg(
        "What this paper shows is only supposed: it rests on {assumed:?a reading|readings} of the agreement's text that"
        " nobody has recorded: {readings}.",
        assumed=tuple(assumed), readings=readings,
    )  # fmt: skip
    return [in_role(told, "wrong")]


def in_words(question: str, reading: str) -> str:
    """Returns what a reading says in words, and a reading that is a part as such and in per cent."""
    if READINGS[question] is not None:
        return meaning(question, reading)
    part = Fraction(reading)
    if part == 1:
        return msg("the whole (100 %)")
    if part == 0:
        return msg("nothing (0 %)")
    hundredths = round(part * 10_000)
    percent = f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
    if hundredths != part * 10_000:
        return msg("{part} (about {percent:decimal} %)", part=reading, percent=percent)
    return msg("{part} ({percent:decimal} %)", part=reading, percent=percent)
