"""Recorded through the forms, act by act, the demo's story stores what the command line stored of it."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson

from ledger.book import Ledger
from ledger.events import EVENTS
from ledger.store import MemoryStore
from tests.web.reader import Reader
from tests.web.record.filling import Form, NoChoiceError, fitted, opened, recorded
from web.app import application
from web.record.recording import UNREAD
from web.record.typed import typed_of

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.events import Event


def acts_of(ledger: Ledger) -> list[dict[str, Any]]:
    """Returns the stored entries without what differs each time: the moment, the key, who recorded, and the salt of a
    name.
    """
    found = []
    for _, data in ledger.store.data(0, ledger.store.head()):
        document = orjson.loads(data)
        for name in ("recorded_at", "key", "recorded_by"):
            del document[name]
        fields = {name: _in_order(value) for name, value in document["fields"].items()}
        if document["event"] == "person-registered":
            del fields["name"]
        found.append(document | {"fields": fields})
    return found


def _in_order(value: Any) -> Any:
    """Returns a list of ids or words in one order: ticks are sent in the order of the page."""
    of_words = isinstance(value, list) and not any(isinstance(one, dict) for one in value)
    return sorted(value) if of_words else value


def test_the_story_of_the_demo_is_recorded_through_its_forms(ledger: Ledger) -> None:
    timeline, names = ledger.timeline(), ledger.names()
    entries = [timeline.at(position) for position in range(1, timeline.head + 1)]
    now = datetime.fromisoformat(entries[0].recorded_at)
    typed = Ledger(MemoryStore(), lambda: now)
    reader = Reader(application(typed, by="tester"))
    for _, append in groupby(entries, key=lambda one: one.key):
        waiting = [*append]  # an import is judged as a whole; through forms, a call comes after what it refers to
        now = datetime.fromisoformat(waiting[0].recorded_at)
        while waiting:
            later = [entry for entry in waiting if not is_recorded(reader, entry, names.get(entry.position))]
            assert len(later) < len(waiting), later
            waiting = later

    assert sorted(acts_of(typed), key=repr) == sorted(acts_of(ledger), key=repr)
    assert sorted(typed.names().values()) == sorted(names.values())
    assert len({type(one.event) for one in entries}) > len(EVENTS) / 2


def is_recorded(reader: Reader, entry: Entry[Event], name: str | None) -> bool:
    """Records an entry's act through its form, and returns whether it could be: what it refers to is in the ledger."""
    form = opened(reader, f"/record/{entry.event.event_name}?lang=en")
    try:
        looked = Form(fitted(reader, form, typed_of(entry.event, name)).press(reader, "check"))
    except NoChoiceError:
        return False
    if looked.page.status == UNREAD:
        assert any("reference" in said for said in looked.faults.values()), looked.said
        return False
    recorded(reader, looked.press(reader, "record"))
    return True
