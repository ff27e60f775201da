"""Measures an embedded database on the same events: seconds per durable append, per event of a bulk append, and per
event read and decoded. `python stores.py STORE FOLDER EVENTS`: EVENTS holds the data of one entry per line. Prints
JSON, with the bytes on disk for each byte of an entry.
"""

from __future__ import annotations

import csv
import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clocks import computed, each

if TYPE_CHECKING:
    from collections.abc import Sequence

APPENDS = 60


def in_lmdb(folder: Path, single: Sequence[bytes], many: Sequence[bytes]) -> dict[str, float]:
    """Puts the events under their positions. A transaction is durable when it has committed."""
    import lmdb

    with lmdb.open(str(folder), map_size=2**32) as database:
        place = -1

        def put(events: Sequence[bytes]) -> None:
            nonlocal place
            with database.begin(write=True) as transaction:
                for event in events:
                    transaction.put((place := place + 1).to_bytes(8), event, append=True)

        def read() -> list[object]:
            with database.begin() as transaction:
                return [json.loads(data) for _, data in transaction.cursor()]

        append = each(lambda one: put([one]), single)
        bulk = computed(lambda: put(many)) / len(many)
        return told(append, bulk, computed(read) / (len(single) + len(many)))


def in_duckdb(folder: Path, single: Sequence[bytes], many: Sequence[bytes]) -> dict[str, float]:
    """Inserts the events one by one, and then the rest by COPY from a CSV file."""
    import duckdb

    rows = [(place, json.loads(data)["event"], data.decode()) for place, data in enumerate((*single, *many))]
    file = folder.with_suffix(".csv")
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows[len(single) :])
    with duckdb.connect(str(folder / "duck.db")) as database:
        database.execute("CREATE TABLE entries (position BIGINT PRIMARY KEY, type VARCHAR, data VARCHAR)")

        def read() -> list[object]:
            found = database.execute("SELECT data FROM entries ORDER BY position").fetchall()
            return [json.loads(data) for (data,) in found]

        insert = "INSERT INTO entries VALUES (?, ?, ?)"
        append = each(lambda row: database.execute(insert, row), rows[: len(single)])
        bulk = computed(lambda: database.execute(f"COPY entries FROM '{file}' (FORMAT csv, HEADER false)")) / len(many)
        found = told(append, bulk, computed(read) / len(rows))
    file.unlink()
    return found


def told(append: dict[str, float], bulk: float, read: float) -> dict[str, float]:
    return {**{f"append{what}": seconds for what, seconds in append.items()}, "bulk": bulk, "read": read}


STORES = {"lmdb": in_lmdb, "duckdb": in_duckdb}


def main(store: str, where: str, events: str) -> None:
    """Measures one store on all events and prints the result as JSON."""
    data, folder = Path(events).read_bytes().splitlines(), Path(where)
    gc.disable()
    found = STORES[store](folder, data[:APPENDS], data[APPENDS:])
    stored = sum(path.stat().st_blocks * 512 for path in folder.iterdir())
    print(json.dumps({**found, "disk": stored / sum(map(len, data))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
