"""Measures appends and imports on PostgreSQL: `python -m bench.servers STORY DATA` prints, as JSON, seconds per append
and per event. Processor seconds are those of this process and of the server together.

The script starts a PostgreSQL server of its own. A new ledger is compared with plain tables beside it (psycopg's INSERT
and COMMIT, and COPY), and with the peers' own recorders.
"""

from __future__ import annotations

import gc
import json
import sys
from contextlib import chdir
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import psycopg
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery

from bench import plain, processes
from bench.appending import APPENDS, BLOCKS, again, in_turn
from bench.importing import imported
from bench.peers.clocks import computed
from ledger.store import open_store
from tests.servers import Cluster, NoServer

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBEvent

    from bench.plain import Row

COPIES = 3
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
            pid = server.processes()[0].pid
            url = f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
            found = ours(server.url("bench"), url, story, pid)
            for name, store in PEERS.items():
                if told := processes.script("recorders", store, url, data, "", str(pid)):
                    found |= {f"{name} {what}": value for what, value in json.loads(told.printed).items()}
    except NoServer as why:
        print(f"no PostgreSQL: {why}", file=sys.stderr)
        found = {}
    print(json.dumps(found))


def ours(url: str, plainly: str, story: str, pid: int) -> dict[str, float]:
    """Imports the story, and appends its last event repeatedly, to the ledger and to plain tables in turn. Returns the
    seconds by name.
    """
    with TemporaryDirectory() as folder, chdir(folder):  # `init` writes the signing key into this directory.
        imported(first_line(story, Path(folder)), url.replace("bench", "first"))  # The code that an import runs loads.
        seconds = computed(lambda: imported(story, url), pid)
    with open_store(url) as store, psycopg.connect(plainly, autocommit=True) as connection:
        told = plain.rows(store)
        (last,) = (one.event for one in store.read(after=len(told) - 1))
        connection.execute(TABLE.format(name="plain_appended"))

        def append(at: int, event: DCBEvent) -> None:
            store.append([event], DCBAppendCondition(DCBQuery(), after=at))

        works = {
            "pg append": append,
            "pg plain append": lambda at, event: inserted(connection, plain.row(at + 1, event)),
        }
        found = in_turn(works, list(enumerate(again(last, BLOCKS * APPENDS), len(told))), pid)
        copied = median(computed(partial(copy, connection, told, number), pid) for number in range(COPIES))
    return {**found, "pg import": seconds / len(told), "pg copy": copied / len(told)}


def first_line(story: str, folder: Path) -> str:
    """Returns the path of a new file with the first line of the story."""
    place = folder / "first.jsonl"
    with Path(story).open("rb") as lines:
        place.write_bytes(lines.readline())
    return str(place)


def inserted(connection: psycopg.Connection[Any], row: Row) -> None:
    """Inserts a row into the plain table in a transaction of its own."""
    with connection.transaction():
        connection.execute("INSERT INTO plain_appended VALUES (%s, %s, %s, %s)", row, prepare=True)


def copy(connection: psycopg.Connection[Any], rows: list[Row], number: int) -> None:
    """Copies all rows into a new table."""
    connection.execute(TABLE.format(name=f"plain_copied_{number}"))
    with connection.transaction(), connection.cursor().copy(f"COPY plain_copied_{number} FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


if __name__ == "__main__":
    main(*sys.argv[1:])
