"""The same on PostgreSQL: `python -m bench.servers URL PLAIN STORY` prints, as JSON, seconds an append and an event.

Ours in a new ledger at URL; plain in tables at PLAIN, with the same bytes: psycopg's INSERT and COMMIT, and COPY.
"""

from __future__ import annotations

import gc
import json
import sys
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import psycopg
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery

from bench.importing import imported
from ledger.store import open_store

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBEvent

APPENDS = 60
TABLE = "CREATE TABLE {name} (position bigint PRIMARY KEY, type text, data bytea, tags text)"


def main(url: str, plain: str, story: str) -> None:
    """Imports the story, then appends its last event again and again, ours and plain in turn."""
    gc.disable()
    seconds = imported(story, url)
    with open_store(url) as store, psycopg.connect(plain, autocommit=True) as connection:
        events = list(store.read())
        head, last = len(events), events[-1].event
        connection.execute(TABLE.format(name="plain_appended"))
        both = []
        for done in range(APPENDS):
            begun = perf_counter()
            store.append([last], DCBAppendCondition(DCBQuery(), after=head + done))
            between = perf_counter()
            _inserted(connection, head + done, last)
            both.append((between - begun, perf_counter() - between))
        ours, others = (median(series) for series in zip(*both, strict=True))
        copied = _copied(connection, [(one.position, one.event) for one in events])
    print(json.dumps({"pg append": ours, "pg plain append": others, "pg import": seconds / head, "pg copy": copied}))


def _inserted(connection: psycopg.Connection[Any], position: int, event: DCBEvent) -> None:
    with connection.transaction():
        connection.execute(
            "INSERT INTO plain_appended VALUES (%s, %s, %s, %s)",
            (position, event.type, event.data, "\n".join(event.tags)),
            prepare=True,
        )


def _copied(connection: psycopg.Connection[Any], events: list[tuple[int, DCBEvent]]) -> float:
    """The seconds an event of a COPY."""
    connection.execute(TABLE.format(name="plain_copied"))
    begun = perf_counter()
    with connection.transaction(), connection.cursor().copy("COPY plain_copied FROM STDIN") as copy:
        for position, event in events:
            copy.write_row((position, event.type, event.data, "\n".join(event.tags)))
    return (perf_counter() - begun) / len(events)


if __name__ == "__main__":
    main(*sys.argv[1:])
