"""What the entries of a log say, read one after the other from their bytes: times, names, documents, keys, restores.
Says what is wrong and never stops: an event that we do not know is still an entry.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ledger.names import digest, disclosed_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEYS = ("event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on")
LARGEST = 2**53  # design of the entries: whole numbers that every JSON reader holds exactly
DEEPEST = 64  # arrays and objects in each other; a ledger writes fewer than ten
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)
_ODD = re.compile(rb"[:\[,]-?(?:\d+[.eE]|\d{16})")  # where a float or a large number may stand; or words like it
_BRACKETS = re.compile(rb"[\[{]+|[\]}]+")


class Change(NamedTuple):
    """An entry that names another signing key: the old key's proof of it in base64, that the old key was lost, and
    whether it is of the shape that held neither, for which a checkpoint may vouch.
    """

    vkey: str
    proof: str | None
    lost: bool
    of_before: bool


class Restore(NamedTuple):
    """An entry that says that the log was restored: how many entries were kept, how many had been signed."""

    restored_from: int
    lost_size: int


class Account:
    """The log as far as it was read."""

    def __init__(self) -> None:
        self.head, self.latest = 0, ""
        self.registered: dict[int, tuple[str, str]] = {}  # position → person, digest of the name
        self.disposed: dict[str, int] = {}  # person → the last disposal
        self.documents: dict[str, int] = {}  # digest → the first entry that names it
        self.changes: dict[int, Change] = {}  # position → the key that signs from then on
        self.restores: dict[int, Restore] = {}

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
            self._heed(entry["event"], entry["fields"], entry["source"], entry["v"])
        except (AttributeError, LookupError, TypeError):
            yield "it lacks what such an entry holds"

    def _heed(self, event: str, fields: Mapping[str, Any], source: Mapping[str, Any], v: Any) -> None:
        match event:
            case "person-registered":
                self.registered[self.head] = _text(fields["person"]), _text(fields["name"]["sha-256"])
            case "personal-data-disposed":
                self.disposed[_text(fields["person"])] = self.head
            case "signing-key-changed":
                proof, lost = fields.get("proof"), fields.get("lost")
                if lost is not None and not isinstance(lost, bool):
                    raise TypeError(lost)
                self.changes[self.head] = Change(
                    _text(fields["public_key"]), None if proof is None else _text(proof), lost is True, _count(v) == 1
                )
            case "log-restored":
                kept, lost_size = _count(fields["restored_from"]), _count(fields["lost_size"])
                if not kept < self.head or not lost_size or not _text(fields["lost_root"]):
                    raise TypeError(fields)
                self.restores[self.head] = Restore(kept, lost_size)
        for one in (source, *fields.get("documents", ())):
            if (found := one.get("document")) is not None:
                self.documents.setdefault(_text(found), self.head)

    def wrong_names(self, disclosures: Mapping[int, object]) -> Iterator[tuple[int, str]]:
        """(position, what) of each name that is another than was registered, is missing, or was disposed of."""
        for position, text in disclosures.items():
            person, registered = self.registered.get(position, ("", ""))
            if not registered or not _discloses(text, registered):
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
    large, not nested beyond what a ledger nests; else None.
    """
    try:
        found = orjson.loads(data) if is_shallow(data) else None
        if isinstance(found, dict) and orjson.dumps(found, option=orjson.OPT_SORT_KEYS) == data:
            return found if not _ODD.search(data) or _is_plain(found) else None
    except ValueError:
        pass
    return None


def is_shallow(data: bytes, most: int | None = None) -> bool:
    """Whether JSON is nested no deeper than `DEEPEST`, and holds no more than `most` arrays and objects."""
    if (most is None or most >= DEEPEST) and data.count(b"[") + data.count(b"{") <= DEEPEST:
        return True
    depth = opened = 0
    outside = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]  # what stands in no string
    for found in _BRACKETS.finditer(b"".join(outside)):
        brackets = found[0]
        if brackets[:1] in b"[{":
            depth, opened = depth + len(brackets), opened + len(brackets)
            if depth > DEEPEST or (most is not None and opened > most):
                return False
        else:
            depth -= len(brackets)
    return True


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(value)
    return value


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, float) and not (isinstance(value, int) and abs(value) > LARGEST)


def _discloses(text: object, registered: str) -> bool:
    """Whether a text is the disclosure of a name as a ledger writes it, and has this digest. RFC 9901 section 4.2."""
    if not isinstance(text, str):
        return False
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        disclosed_name(text)
        spelled = urlsafe_b64encode(data).rstrip(b"=").decode() == text and orjson.dumps(orjson.loads(data)) == data
        return spelled and digest(text) == registered
    except ValueError:
        return False
