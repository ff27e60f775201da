"""An answer as a workbook: its blocks, what it answers, and the entries that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exchange.xlsx import About, rows_as_parts, workbook
from ledger.messages import msg
from presentation.json_documents import positions_in
from presentation.phrases import naming
from projections.history import Streamed, appeals_by_entry, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from presentation.asking import Answer, Asking


def _as_it_is(found: Any) -> Any:
    return found


def as_workbook(
    asked: Asking,
    answer: Answer,
    question: str,
    *,
    before: Asking | None = None,
    without: Callable[[Any], Any] = _as_it_is,
    words: Callable[[str], str] = str,
) -> bytes:
    """Returns an answer as an Excel workbook, which says on its last sheet that it answers `question`.

    `before` is the first side of a comparison, of which `asked` is the last.
    `without` returns values as the reader is shown them, and `words` texts: the public is not shown everything.
    """
    with naming(asked.timeline, asked.on, asked.names):
        entries = None if answer.streamed else without(_named(asked, answer))
        pieces = [rows_as_parts(answer.as_rows())] if answer.rows else answer.pieces(asked.assumed, sheet=True)
        about = About(_about(before or asked, asked, question), entries)
        return workbook(pieces, about, words=words, streamed=answer.streamed)


def _about(first: Asking, last: Asking, question: str) -> list[tuple[str, str]]:
    sides = [first, last] if (first.on, first.timeline.head) != (last.on, last.timeline.head) else [last]
    lines = [(msg("Question"), question)]
    for side in sides:
        head = side.timeline.head
        recorded = side.timeline.at(head).recorded_at if head else ""
        lines += [(msg("Day"), str(side.on)), (msg("Known at"), f"@{head}"), (msg("Recorded at"), recorded)]
    lines += [(msg("Read as"), f"{name}={reading}") for name, reading in sorted(last.assumed.items())]
    return [(label, text) for label, text in lines if text]


def _named(asked: Asking, answer: Answer) -> Streamed:
    """Returns the entries that an answer names, in order of position, as `history` tells them."""
    head = asked.timeline.head
    positions = sorted(one for one in positions_in(answer.as_document(answer.found)) if 1 <= one <= head)
    entries = tell(map(asked.timeline.at, positions), asked.timeline, asked.names(), appeals_by_entry(asked.timeline))
    return Streamed(known_at=f"@{head}", last=positions[-1] if positions else 0, entries=iter(entries))
