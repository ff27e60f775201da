"""Measures a library's event store: seconds per append, per event of a bulk append, and per event read and decoded.

`python recorders.py STORE WHERE EVENTS JOURNAL [SERVER]`: WHERE is a directory, or the URL of a PostgreSQL server whose
process has the id SERVER. EVENTS holds the data of one entry per line. JOURNAL is SQLite's journal mode. Prints JSON.
"""

from __future__ import annotations

import gc
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_OID, uuid5

from clocks import computed, each
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

APPENDS = 60
TOPIC = "liggare:Recorded"
SAME_STREAM = 10  # Ten consecutive events belong to the same stream.


def events_of(data: list[bytes]) -> list[StoredEvent]:
    """Returns stored events, ten to a stream, as an application would group them."""
    streams = [uuid5(NAMESPACE_OID, str(number)) for number in range(len(data) // SAME_STREAM + 1)]
    return [
        StoredEvent(streams[place // SAME_STREAM], place % SAME_STREAM + 1, TOPIC, state)
        for place, state in enumerate(data)
    ]


def of_recorder(recorder: Any, data: list[bytes], server: int) -> dict[str, float]:
    """Returns the seconds per event that a recorder, which stores bytes, takes to append, bulk append and read.
    `of_application` measures the cost of turning bytes into events.
    """
    events = events_of(data)
    single, many = events[:APPENDS], events[APPENDS:]
    append = each(lambda one: recorder.insert_events([one]), single, server)
    bulk = computed(lambda: recorder.insert_events(many), server) / len(many)
    read = computed(lambda: [json.loads(one.state) for one in everything(recorder)], server) / len(events)
    return {**{f"append{what}": seconds for what, seconds in append.items()}, "bulk": bulk, "read": read}


def everything(recorder: Any, page: int = 2_000) -> Iterator[Any]:
    """Yields all notifications of a recorder, page by page."""
    start: int | None = None
    while found := recorder.select_notifications(start, page, inclusive_of_start=False):
        yield from found
        start = found[-1].id


class Case(Aggregate):
    """An aggregate to which all measured events happen."""

    @event("Opened")
    def __init__(self) -> None:
        self.count = 0

    @event("Happened")
    def happen(self, what: dict[str, Any]) -> None:  # noqa: ARG002 - the library stores the argument in the event
        self.count += 1


def of_application(env: dict[str, str], data: list[bytes]) -> dict[str, float]:
    """Returns the seconds per event that an application with the library's own mapper takes to save one event, to save
    all the others at once, and to read all events of an aggregate.
    """
    said = [json.loads(one) for one in data]
    application: Application[Any] = Application(env=env)
    case = Case()
    application.save(case)

    def saved(what: dict[str, Any]) -> None:
        case.happen(what)
        application.save(case)

    append = each(saved, said[:APPENDS])

    def all_saved() -> None:
        for one in said[APPENDS:]:
            case.happen(one)
        application.save(case)

    bulk = computed(all_saved) / (len(said) - APPENDS)
    read = computed(lambda: list(application.events.get(case.id))) / len(said)
    return {**{f"append{what}": seconds for what, seconds in append.items()}, "bulk": bulk, "read": read}


def settings(journal: str) -> tuple[str, str]:
    return f"PRAGMA journal_mode = {journal}", "PRAGMA synchronous = FULL"


def settle_pool(journal: str) -> None:
    """Gives the library's SQLite connections the ledger's journal mode, instead of the library's own choice."""
    pool = import_module("eventsourcing.sqlite").SQLiteConnectionPool
    create = pool._create_connection

    def settled(self: Any) -> Any:
        self.is_journal_mode_wal = True
        connection = create(self)
        for setting in settings(journal):
            connection._sqlite_conn.execute(setting)
        return connection

    pool._create_connection = settled


def sqlite(where: str, journal: str) -> Any:
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

    settle_pool(journal)
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(f"{where}/recorder.db"))
    recorder.create_table()
    return recorder


def alchemy(where: str, journal: str) -> Any:
    from eventsourcing_sqlalchemy.datastore import SQLAlchemyDatastore
    from eventsourcing_sqlalchemy.recorders import SQLAlchemyApplicationRecorder
    from sqlalchemy.event import listen

    url = where.replace("postgresql://", "postgresql+psycopg://") if "://" in where else f"sqlite:///{where}/alchemy.db"
    datastore = SQLAlchemyDatastore(url=url)
    if "://" not in where:
        datastore._tried_init_sqlite_wal_mode = True  # Otherwise the library would choose the journal mode WAL.
        listen(datastore.engine, "connect", lambda driver, _: [driver.execute(one) for one in settings(journal)])
    recorder = SQLAlchemyApplicationRecorder(datastore, events_table_name="alchemy_events")
    recorder.create_table()
    return recorder


def postgres(where: str, _: str) -> Any:
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

    at = urlsplit(where)
    datastore = PostgresDatastore(at.path[1:], at.hostname or "", str(at.port), at.username or "", at.password or "")
    recorder = PostgresApplicationRecorder(datastore, events_table_name="recorder_events")
    recorder.create_table()
    return recorder


RECORDERS = {"eventsourcing": sqlite, "eventsourcing-sqlalchemy": alchemy, "eventsourcing.postgres": postgres}


def main(store: str, where: str, events: str, journal: str, server: str = "0") -> None:
    """Measures one store on all events and prints the result as JSON."""
    data = Path(events).read_bytes().splitlines()
    gc.disable()
    if store == "application":
        path = f"{where}/application.db"
        settle_pool(journal)
        found = of_application({"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": path}, data)
    else:
        found = of_recorder(RECORDERS[store](where, journal), data, int(server))
        path = f"{where}/recorder.db"
    if Path(path).exists():
        found["disk"] = Path(path).stat().st_size / sum(map(len, data))
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
