"""Measures reading a whole ledger, through `ledger` and through plain sqlite3: `python -m bench.reading LEDGER` prints
processor seconds per entry, as JSON.

The ledger decodes every entry into its typed event. Plain sqlite3 reads the same bytes, with orjson.loads or with
SHA-256.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from time import process_time
from typing import TYPE_CHECKING

import orjson

from ledger.book import Ledger
from ledger.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = "SELECT data FROM entries ORDER BY position"


def main(path: str, given: str = "") -> None:
    """Reads the ledger by decoding and with orjson.loads, or only with SHA-256 if --hash is given, and prints the
    seconds. With --data, prints the entries' data instead, one line per entry.
    """
    if given == "--data":
        with closing(sqlite3.connect(path)) as plain:
            sys.stdout.buffer.writelines(data + b"\n" for (data,) in plain.execute(DATA))
        return
    gc.disable()
    with open_store(path) as store, closing(sqlite3.connect(path)) as plain:
        entries = store.head()

        def each(work: Callable[[], object]) -> float:
            begun = process_time()
            work()
            return (process_time() - begun) / entries

        if given == "--hash":
            found = {"plain hash": each(lambda: [sha256(data).digest() for (data,) in plain.execute(DATA)])}
        else:
            found = {
                "plain read": each(lambda: [orjson.loads(data) for (data,) in plain.execute(DATA)]),
                "decode": each(lambda: Ledger(store, lambda: datetime.now(UTC)).timeline().entries),
            }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
