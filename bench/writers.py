"""Measures appends by several processes at once: `python -m bench.writers LEDGER FOLDER [SECONDS]`. Each writer appends
the ledger's last event to a new ledger, if the log has not grown since the writer read its head, and else tries again.
Other writers insert the next position into a plain table, with `sqlite3` and psycopg. Prints JSON: durable appends per
elapsed second, and processor seconds per append, the server's included.
"""

from __future__ import annotations

import json
import sys
from contextlib import chdir, closing, nullcontext, redirect_stdout, suppress
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

import orjson
import psycopg
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery
from eventsourcing.persistence import IntegrityError

from bench import plain
from bench.peers.clocks import of_server
from bench.servers import TABLE
from cli.program import run
from ledger.book import moment
from ledger.store import open_store
from tests.servers import Cluster, NoServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

SECONDS, WRITERS = 2.0, (1, 4, 16)
NEXT = "INSERT INTO {} SELECT coalesce(max(position), 0) + 1, {}, {}, {} FROM {}"
ON_FILE = NEXT.format("entries", "?", "?", "?", "entries")
ON_SERVER = NEXT.format("plain_raced", "%s", "%s", "%s", "plain_raced")


class Wrote(NamedTuple):
    """What one writer did: its appends, the elapsed seconds until its last, and its processor seconds."""

    appends: int
    seconds: float
    computing: float


class Template(NamedTuple):
    """An event that is appended again and again, and its recorded time as it stands in its bytes."""

    event: DCBEvent
    recorded_at: bytes

    def now(self) -> DCBEvent:
        """Returns the event, recorded now."""
        stamp = moment(datetime.now(UTC)).encode("ascii")
        return DCBEvent(self.event.type, self.event.data.replace(self.recorded_at, stamp, 1), self.event.tags)


def to_ledger(location: str, template: Template) -> Iterator[None]:
    """Appends at each step, and waits for the writer's turn after a lost race, as the ledger does."""
    with open_store(location) as store:
        yield
        while True:
            for tries in count():
                with store.turn() if tries else nullcontext(), suppress(IntegrityError):
                    condition = DCBAppendCondition(DCBQuery(), after=store.head())
                    store.append([template.now()], condition)
                    break
            yield


def to_file(location: str, template: Template) -> Iterator[None]:
    """Inserts the next position at each step, under the write lock."""
    with closing(plain.opened(Path(location))) as connection:
        yield
        while True:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(ON_FILE, plain.row(0, template.now())[1:])
            connection.execute("COMMIT")
            yield


def to_server(location: str, template: Template) -> Iterator[None]:
    """Inserts the next position at each step, and tries again if another writer took it."""
    with psycopg.connect(location, autocommit=True) as connection:
        yield
        while True:
            for _ in count():
                with suppress(psycopg.errors.UniqueViolation):
                    connection.execute(ON_SERVER, plain.row(0, template.now())[1:], prepare=True)
                    break
            yield


class Place(NamedTuple):
    """Where writers append, and how. `server` is the id of the server's process, or 0."""

    steps: Callable[[str, Template], Iterator[None]]
    location: str
    server: int = 0


def write(place: Place, template: Template, seconds: float, begin: Barrier, told: Queue[Wrote]) -> None:
    """Appends for some seconds, once all writers are ready."""
    steps = place.steps(place.location, template)
    next(steps)
    begin.wait()
    begun, computed, appends = perf_counter(), process_time(), 0
    while perf_counter() - begun < seconds:
        next(steps)
        appends += 1
    told.put(Wrote(appends, perf_counter() - begun, process_time() - computed))


def together(place: Place, template: Template, writers: int, seconds: float) -> tuple[float, float]:
    """Runs writers at once. Returns the appends per second of all together, and the processor seconds per append."""
    fork = get_context("fork")  # The writers need not import everything again.
    begin, told = fork.Barrier(writers + 1), fork.Queue()
    given = (place, template, seconds, begin, told)
    processes = [fork.Process(target=write, args=given, daemon=True) for _ in range(writers)]
    for process in processes:
        process.start()
    server = of_server(place.server)
    begin.wait(timeout=60)
    found = [told.get(timeout=60 + seconds) for _ in processes]
    for process in processes:
        process.join()
    appends = sum(one.appends for one in found)
    computing = sum(one.computing for one in found) + of_server(place.server) - server
    return appends / max(one.seconds for one in found), computing / appends


def measured(where: str, places: dict[str, Place], template: Template, seconds: float) -> dict[str, float]:
    """Runs every number of writers, in each of the places in turn, and returns the figures by name."""
    found: dict[str, float] = {}
    for writers in WRITERS:
        for name, place in places.items():
            rate, computing = together(place, template, writers, seconds)
            found |= {f"{writers} on {where}, {name}": rate, f"{writers} on {where}, {name} computing": computing}
    return found


def init(location: str) -> str:
    """Makes a ledger with its first entry, and returns its location."""
    with redirect_stdout(StringIO()):
        if code := run(["init", "--ledger", location]):
            sys.exit(code)
    return location


def main(ledger: str, folder: str, seconds: str = str(SECONDS)) -> None:
    """Runs the writers on files and on a PostgreSQL server, and prints the results as JSON. Removes the files."""
    with open_store(ledger) as store:
        [last] = store.read(after=store.head() - 1)
    template = Template(last.event, orjson.loads(last.event.data)["recorded_at"].encode("ascii"))
    for_each = float(seconds)
    with chdir(folder):  # `init` writes a server's signing key into this directory.
        plain.made(Path("raced-plain.db")).close()
        files = {"ours": Place(to_ledger, init("raced.db")), "raw": Place(to_file, "raced-plain.db")}
        found = measured("file", files, template, for_each)
        try:
            with Cluster() as cluster:
                server = cluster.node("raced").made().started()
                with server.connect() as connection:
                    connection.execute(TABLE.format(name="plain_raced"))
                pid, raw = server.processes()[0].pid, f"{server.conninfo} dbname=postgres"
                places = {"ours": Place(to_ledger, init(server.url("raced")), pid), "raw": Place(to_server, raw, pid)}
                found |= measured("server", places, template, for_each)
        except NoServer as why:
            print(f"no PostgreSQL: {why}", file=sys.stderr)
        for made in Path().glob("raced*"):
            made.unlink()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
