"""Recorded through the forms, act by act, the demo's story stores what the command line stored of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from ledger.book import Ledger
from ledger.events import EVENTS
from ledger.store import MemoryStore
from tests.web.reader import Reader
from tests.web.record.filling import record
from web.app import application
from web.record.typed import typed_of


def acts_of(ledger: Ledger) -> list[dict[str, Any]]:
    """Returns the stored entries without what differs each time: the moment, the key, who recorded, and the salt of a
    name.
    """
    found = []
    for _, data in ledger.store.data(0, ledger.store.head()):
        document = orjson.loads(data)
        for name in ("recorded_at", "key", "recorded_by"):
            del document[name]
        document["fields"].pop("name", None) if document["event"] == "person-registered" else None
        found.append(document)
    return found


def test_the_story_of_the_demo_is_recorded_through_its_forms(ledger: Ledger) -> None:
    timeline, names = ledger.timeline(), ledger.names()
    entries = [timeline.at(position) for position in range(1, timeline.head + 1)]
    now = datetime.fromisoformat(entries[0].recorded_at)
    typed = Ledger(MemoryStore(), lambda: now)
    reader = Reader(application(typed, by="tester"))
    for entry in entries:
        now = datetime.fromisoformat(entry.recorded_at)
        record(reader, entry.event.event_name, typed_of(entry.event, names.get(entry.position)))

    assert acts_of(typed) == acts_of(ledger)
    assert [*typed.names().values()] == [*names.values()]
    assert len({type(one.event) for one in entries}) > len(EVENTS) / 2
