"""Measures durable appends, on the ledger and on plain SQLite in turn: `python -m bench.appending LEDGER FOLDER`.

The ledger appends an event with its tags, if the log has not grown. Plain SQLite, with the same earlier entries,
commits the same row. Recording an event, judged by all rules, is measured too. Prints JSON: seconds, elapsed and of the
processor, and the bytes on disk for each byte of an entry.
"""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import orjson
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery

from bench import plain
from bench.peers.clocks import each
from ledger.book import Ledger, moment
from ledger.events.parse import parse_event
from ledger.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BLOCKS, APPENDS = 4, 25
EVENT = {
    "event": "payment-made", "valid_on": "2038-05-01", "source": {"organ": "official"}, "party": "sala",
    "purpose": "other", "amount": 150_000,
}  # fmt: skip


def main(ledger: str, folder: str) -> None:
    """Appends the ledger's last event repeatedly, and records an event, judged by all rules, repeatedly. Prints the
    results as JSON.
    """
    ours, raw = Path(folder, "ours.db"), Path(folder, "plain.db")
    shutil.copy(ledger, ours)
    with open_store(str(ours)) as store, closing(plain.made(raw)) as connection:
        told = plain.rows(store)
        plain.inserted(connection, told)
        head = len(told)
        (last,) = (found.event for found in store.read(after=head - 1))
        book, paid = Ledger(store, lambda: datetime.now(UTC)), parse_event(EVENT)
        given = list(enumerate(again(last, BLOCKS * APPENDS), head))

        def append(at: int, event: DCBEvent) -> None:
            store.append([event], DCBAppendCondition(DCBQuery(), after=at))

        found = in_turn({
            "append": append,
            "plain append": lambda at, event: plain.inserted(connection, [plain.row(at + 1, event)]),
        }, given)  # fmt: skip
        book.record([paid], by="bench")
        found |= in_turn({"record warm": lambda *_: book.record([paid], by="bench")}, given)
    for path in (ours, raw):
        path.unlink()
    payload = sum(len(data) for _, _, data, _ in told)
    print(json.dumps({**found, "disk": Path(ledger).stat().st_size / payload, "payload": 1.0}))


def again(event: DCBEvent, times: int) -> list[DCBEvent]:
    """Returns an event repeatedly, each recorded a microsecond after the one before."""
    document = orjson.loads(event.data)
    at = datetime.fromisoformat(document["recorded_at"])
    stamps = [moment(at + timedelta(microseconds=1 + number)) for number in range(times)]
    data = [orjson.dumps({**document, "recorded_at": stamp}, option=orjson.OPT_SORT_KEYS) for stamp in stamps]
    return [DCBEvent(event.type, one, event.tags) for one in data]


def in_turn(
    works: Mapping[str, Callable[[int, DCBEvent], object]], given: list[tuple[int, DCBEvent]], server: int = 0
) -> dict[str, float]:
    """Calls each of the works with all that is given, a block each in turn. Returns, by name, what one call takes, as
    the median over the blocks: elapsed seconds, and processor seconds, those of a server included.
    """
    blocks = [given[start : start + APPENDS] for start in range(0, len(given), APPENDS)]
    rounds = [
        {
            f"{name}{what}": seconds
            for name, work in works.items()
            for what, seconds in each(partial(_with, work), block, server).items()
        }
        for block in blocks
    ]
    return {name: median(one[name] for one in rounds) for name in rounds[0]}


def _with(work: Callable[[int, DCBEvent], object], given: tuple[int, DCBEvent]) -> None:
    work(*given)


if __name__ == "__main__":
    main(*sys.argv[1:])
