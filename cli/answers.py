"""The answer to an act: the entries recorded, and what was flagged about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from cli.document import finding_document, print_json
from projections.history import tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.book import Recorded


def answer_recorded(recorded: Recorded, names: Mapping[int, str], *, as_json: bool, said: str = "") -> None:
    """Prints what was recorded, `said` first."""
    if as_json:
        print_json(
            {
                "entries": msgspec.to_builtins(tell(recorded.entries, recorded.timeline, names)),
                "flagged": [finding_document(found) for found in recorded.flagged],
            }
        )
    else:
        from cli import tables

        tables.recorded(recorded, said)
