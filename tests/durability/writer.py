"""Programs for `warm` to run: a writer that prints the position of each entry as soon as the entry is acknowledged, and
the command line on a ledger with a write-ahead log, whatever the version of SQLite.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

from cli import main
from ledger.book import Ledger
from ledger.events.parse import parse_event
from ledger.store import SqlStore
from ledger.store.sqlite.database import SqliteFile
from tests.desk import event


def records() -> None:
    """Records ROUNDS times, as `tests.durability.writer:records PLACE ROUNDS JOURNAL WHEN`. If WHEN is `late`, each
    acknowledgement is printed after the entry is recorded; if WHEN is `early`, each acknowledgement is printed before
    the entry is recorded, as a control.
    """
    place, rounds, journal, when = sys.argv[1:]
    with SqlStore(SqliteFile(Path(place), journal="wal" if journal == "wal" else "truncate")) as store:
        book = Ledger(store, lambda: datetime.now(UTC))
        for number in range(int(rounds)):
            _round(book, store, number, early=when == "early")


def in_wal() -> None:
    """Runs the command line on ledgers that use a write-ahead log."""
    with patch("ledger.store.sqlite.database.best_mode", return_value="wal"):
        main()


def _round(book: Ledger, store: SqlStore, number: int, *, early: bool) -> None:
    """Registers a person. In some rounds the writer also records activities and a document, or disposes of a name."""
    acts = [event("person-registered", "2024", "secretariat", person=f"p{number}", name=f"Namn {number}")]
    documents = {}
    if number % 3 == 1:
        text = b"document %d" % number * 50
        documents = {(digest := sha256(text).hexdigest()): text}
        acts[0]["source"]["document"] = digest
        title = "x" * (number * 37 % 900)
        acts += [event("activity-held", "2024-05-02", "official", kind="seminar", title=f"S{title}", place="Sala",
                       organisers=["sala"])] * (number % 4)  # fmt: skip
    gone = ""
    if number % 4 == 3:
        acts.append(event("personal-data-disposed", "2024", "secretariat", person=f"p{number - 2}", decision="D"))
        gone = store.disclosures()[next(one.position for one in book.timeline().about(f"person:p{number - 2}"))]
    if early:
        _say("recorded", store.head() + len(acts))
    recorded = book.record(list(map(parse_event, acts)), by="tester", documents=documents)
    _say("recorded", recorded.entries[-1].position)
    if gone:
        _say("gone", gone)


def _say(*words: object) -> None:
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()
