"""Measures appends and imports on PostgreSQL: `python -m bench.servers STORY DATA` prints, as JSON, seconds per append
and per event.

The script starts a PostgreSQL server of its own. A new ledger is compared with plain tables beside it (psycopg's INSERT
and COMMIT, and COPY), and with the peers' own recorders.
"""

from __future__ import annotations

import gc
import json
import sys
from contextlib import chdir
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

import psycopg
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery

from bench import processes
from bench.importing import imported
from ledger.store import open_store
from tests.servers import Cluster, NoServer

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBEvent

APPENDS = 60
TABLE = "CREATE TABLE {name} (position bigint PRIMARY KEY, type text, data bytea, tags text)"


PEERS = {"eventsourcing.postgres": "eventsourcing.postgres", "pg alchemy": "eventsourcing-sqlalchemy"}


def main(story: str, data: str) -> None:
    """Measures the ledger, the plain tables and the peers. Prints an empty result when there is no PostgreSQL server to
    start.
    """
    gc.disable()
    try:
        with Cluster() as cluster:
            server = cluster.node("bench").made().started()
            plain = f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
            found = ours(server.url("bench"), plain, story)
            for name, store in PEERS.items():
                if told := processes.script("recorders", store, plain, data, ""):
                    found |= {f"{name} {what}": value for what, value in json.loads(told.printed).items()}
    except NoServer as why:
        print(f"no PostgreSQL: {why}", file=sys.stderr)
        found = {}
    print(json.dumps(found))


def ours(url: str, plain: str, story: str) -> dict[str, float]:
    """Imports the story, then appends its last event repeatedly, to the ledger and to a plain table in turn. Returns
    the seconds by name.
    """
    with TemporaryDirectory() as folder, chdir(folder):  # `init` writes the signing key into this directory.
        seconds = imported(story, url, perf_counter)
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
        appended, plainly = (median(series) for series in zip(*both, strict=True))
        copied = _copied(connection, [(one.position, one.event) for one in events])
    return {"pg append": appended, "pg plain append": plainly, "pg import": seconds / head, "pg copy": copied}


def _inserted(connection: psycopg.Connection[Any], position: int, event: DCBEvent) -> None:
    """Inserts the event into the plain table in a transaction of its own."""
    with connection.transaction():
        connection.execute(
            "INSERT INTO plain_appended VALUES (%s, %s, %s, %s)",
            (position, event.type, event.data, "\n".join(event.tags)),
            prepare=True,
        )


def _copied(connection: psycopg.Connection[Any], events: list[tuple[int, DCBEvent]]) -> float:
    """Returns the seconds per event of a COPY."""
    connection.execute(TABLE.format(name="plain_copied"))
    begun = perf_counter()
    with connection.transaction(), connection.cursor().copy("COPY plain_copied FROM STDIN") as copy:
        for position, event in events:
            copy.write_row((position, event.type, event.data, "\n".join(event.tags)))
    return (perf_counter() - begun) / len(events)


if __name__ == "__main__":
    main(*sys.argv[1:])
