"""Measures papers: `python -m bench.papers LEDGER` prints, as JSON, the processor seconds of 100 claims as PDF, each
with the steps of its sum, and those that typst alone takes to set them.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from ledger.book import Ledger
from ledger.events.costs import InstalmentClaimed
from ledger.store import open_store
from papers.kinds import made, on_paper
from papers.making import make
from papers.paper import Ordered, foot_of, letterhead
from papers.pdf import data_of, set_in_type
from presentation.asking import Asking
from presentation.language import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2038, 5, 1, 12, tzinfo=UTC)
CLAIMS = 100


def main(place: str) -> None:
    """Prints the figures."""
    with open_store(place) as store, speaking("sv"):
        ledger = Ledger(store, lambda: NOW)
        ordered = [*islice(_orders(ledger), CLAIMS)]
        assert len(ordered) == CLAIMS, "the story claims for ten years"
        make("claim", ordered[0], "pdf")
        begun = time.process_time()
        for one in ordered:
            make("claim", one, "pdf")
        made_at = time.process_time()
        data = [_data(one) for one in ordered]
        set_at = time.process_time()
        for one_data in data:
            set_in_type(one_data)
        alone = time.process_time() - set_at
    print(json.dumps({"100 claims": made_at - begun, "100 settings": alone}))


def _orders(ledger: Ledger) -> Iterator[Ordered]:
    timeline = ledger.timeline()
    asked = Asking(timeline, timeline, date(2038, 5, 1), ledger.names, {}, lambda _: None)
    for entry in timeline.of(InstalmentClaimed):
        event = entry.event
        yield from (
            Ordered(asked, f"{event.year}/{event.instalment}/{party}", ledger) for party in sorted(event.amounts)
        )


def _data(ordered: Ordered) -> dict[str, object]:
    paper = made("claim", ordered)
    with on_paper(ordered.asked):
        return data_of(paper, foot_of(ordered), letterhead(ordered, paper.sender))


if __name__ == "__main__":
    main(*sys.argv[1:])
