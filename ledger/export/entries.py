"""What the entries of a log say, read one after the other from their bytes: times, names, documents, keys. Says what is
wrong and never stops: an event that we do not know is still an entry.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from ledger.names import digest, disclosed_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEYS = ("event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on")
LARGEST = 2**53  # design of the entries: whole numbers that every JSON reader holds exactly
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)
_ODD = re.compile(rb"[:\[,]-?(?:\d+[.eE]|\d{16})")  # where a float or a large number may stand; or words like it


class Account:
    """The log as far as it was read."""

    def __init__(self) -> None:
        self.head, self.latest = 0, ""
        self.registered: dict[int, tuple[str, str]] = {}  # position → person, digest of the name
        self.disposed: dict[str, int] = {}  # person → the last disposal
        self.documents: dict[str, int] = {}  # digest → the first entry that names it
        self.keys: dict[int, str] = {}  # position → the public key that signs from then on

    def take(self, data: bytes) -> Iterator[str]:
        """Reads the next entry; what is wrong with it."""
        self.head += 1
        entry = document(data)
        if entry is None or tuple(entry) != KEYS:
            yield "it is not written as a ledger writes"
            return
        moment = entry["recorded_at"]
        if not isinstance(moment, str) or not _MOMENT.fullmatch(moment):
            yield "it says no moment at which it was recorded"
        elif moment <= self.latest:
            yield f"it was recorded at {moment}, not after the one before it"
        else:
            self.latest = moment
        try:
            self._heed(entry["event"], entry["fields"], entry["source"])
        except (AttributeError, LookupError, TypeError):
            yield "it lacks what such an entry holds"

    def _heed(self, event: str, fields: Mapping[str, Any], source: Mapping[str, Any]) -> None:
        match event:
            case "person-registered":
                self.registered[self.head] = fields["person"], fields["name"]["sha-256"]
            case "personal-data-disposed":
                self.disposed[fields["person"]] = self.head
            case "signing-key-changed":
                self.keys[self.head] = fields["public_key"]
        for one in (source, *fields.get("documents", ())):
            if found := one.get("document"):
                self.documents.setdefault(found, self.head)

    def wrong_names(self, disclosures: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """(position, what) of each name that is another than was registered, is missing, or was disposed of."""
        for position, text in disclosures.items():
            person, registered = self.registered.get(position, ("", ""))
            if not _discloses(text, registered):
                yield position, "the name is not the one that was registered"
            elif self._gone(position):
                yield position, f"the name of {person} was disposed of, and is still here"
        for position, (person, _) in self.registered.items():
            if position not in disclosures and not self._gone(position):
                yield position, f"the name of {person} is missing, and was not disposed of"

    def _gone(self, position: int) -> bool:
        return self.disposed.get(self.registered[position][0], 0) > position


def document(data: bytes) -> dict[str, Any] | None:
    """The entry as it is written, if a ledger writes it so: sorted keys, no spaces, no floats, no number that is too
    large; else None.
    """
    try:
        found = orjson.loads(data)
        if isinstance(found, dict) and orjson.dumps(found, option=orjson.OPT_SORT_KEYS) == data:
            return found if not _ODD.search(data) or _is_plain(found) else None
    except ValueError:
        pass
    return None


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, float) and not (isinstance(value, int) and abs(value) > LARGEST)


def _discloses(text: str, registered: str) -> bool:
    try:
        disclosed_name(text)
        return digest(text) == registered
    except ValueError:
        return False
