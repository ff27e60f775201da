"""A ledger in which each text that the public is not shown is a text of its own, in each field of each event."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import ledger.book
from ledger.book import Ledger
from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.events.shape import fields_of
from ledger.store import MemoryStore
from tests.domain.examples import EXAMPLES
from tests.web.conftest import NOON

if TYPE_CHECKING:
    from collections.abc import Iterable

FIELDS = ("reason", "matter", "others", "background", "reference", "documents")
WITH_TEXTS = {name for name, one in EVENTS.items() if {field.name for field in fields_of(one)} & {*FIELDS}}
RECORDER, KEY = "hemlig-registrator", "hemlig-nyckel"


class Secrets:
    """Makes texts and digests, each another, and keeps them by event and field."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}

    def text(self, where: str) -> str:
        text = f"HEMLIGT{len(self.told)}X"
        self.told[text] = where
        return text

    def digest(self, where: str) -> str:
        digest = sha256(str(len(self.told)).encode()).hexdigest()
        self.told[digest] = where
        return digest

    def of(self, line: dict[str, Any]) -> dict[str, Any]:
        """Returns a line of an import file with a secret in each field that may have one."""
        event = line["event"]
        taken = {one.name for one in fields_of(EVENTS[event])} & {*FIELDS}
        document = {
            "title": self.text(f"{event}.documents"), "document": self.digest(f"{event}.documents")
        } if "documents" in taken else {}  # fmt: skip
        own: dict[str, Any] = {name: self.text(f"{event}.{name}") for name in taken - {"documents", "others"}}
        own |= {name: [self.text(f"{event}.{name}")] for name in taken & {"others"}}
        own |= {"documents": [document]} if document else {}
        source = {**line["source"], "document": self.digest(f"{event}.source")}
        return {**line, **own, "source": source}


class Told(NamedTuple):
    """The ledger, its secrets, and the lines that it holds."""

    ledger: Ledger
    secrets: dict[str, str]
    names: dict[str, str]


def secretive(played: Ledger) -> Told:
    """Returns a new ledger of the demo's entries, and of an example of each event that the demo lacks and that has a
    text to withhold, where whatever is withheld is a secret.

    Nothing is refused there: an example need not have an effect.
    """
    secrets, lines = Secrets(), [*_demo(played)]
    lacking = WITH_TEXTS - {one["event"] for one in lines}
    lines = [secrets.of(one) for one in [*lines, *(EXAMPLES[name] for name in sorted(lacking))]]
    names = {one["person"]: one["name"] for one in lines if one["event"] == "person-registered"}
    kept = Ledger(MemoryStore(), lambda: NOON)
    with patch.object(ledger.book, "refusals", return_value=()):
        kept.record([parse_event(one, command=EVENTS[one["event"]].only_by) for one in lines], by=RECORDER, key=KEY)
    return Told(kept, secrets.told, names)


def _demo(played: Ledger) -> Iterable[dict[str, Any]]:
    from presentation.json_documents import history_document
    from projections.history import Wanted, streamed

    told = history_document(streamed(played.timeline(), played.names(), Wanted()))["entries"]
    for one in told:
        source = {name: value for name, value in one["source"].items() if value is not None}
        yield {"event": one["event"], "valid_on": one["valid_on"], "source": source, **one["fields"]}
