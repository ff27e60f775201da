"""Checks, from the bytes alone, that entries are as a ledger writes them: canonical, within limits, in order of time.

Signing and verification both use these checks, so an export can hold every entry that was signed.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import orjson

from ledger.messages import marked, msg
from ledger.values import LAST_MOMENT

KEYS = ("event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on")
SIGNED_KEYS = (*KEYS[:5], "signature", *KEYS[5:])
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3])(:[0-5][0-9]){2}\.[0-9]{6}Z")
NOT_AS_WRITTEN = marked("it is not written as a ledger writes")
LARGEST_STORED = 2**53  # every JSON reader holds whole numbers up to this one exactly
DEEPEST = 64  # the most levels of nested arrays and objects; a ledger writes fewer than ten
_ODD = re.compile(rb"[:\[,][-\d](?:\d*[.eE]|\d{15})")  # matches floats, large numbers, and text that looks like these
_BRACKETS = re.compile(rb"[\[{]+|[\]}]+")


def is_as_written(data: bytes) -> bool:
    """Returns whether the bytes are an entry as a ledger writes it: a canonical document with the keys in KEYS, or in
    SIGNED_KEYS.
    """
    return has_keys_of_an_entry(document(data))


def has_keys_of_an_entry(entry: dict[str, Any] | None) -> bool:
    """Returns whether a document has the keys in KEYS, or in SIGNED_KEYS with the two keys of a signature within."""
    keys = tuple(entry or ())
    signature = entry.get("signature") if entry else None
    return keys == KEYS or (
        keys == SIGNED_KEYS and isinstance(signature, dict) and [*signature] == ["registrar", "ssh"]
    )


def no_moment(recorded_at: str) -> str | None:
    """Returns a sentence that says why `recorded_at` cannot be the recorded time of an entry, or None if it can.

    A recorded time is in UTC, to the microsecond, on a day that exists, and no later than `LAST_MOMENT`. Midnight is
    written 00:00:00 and begins a day, and no minute has a second 60.
    """
    found = _MOMENT.fullmatch(recorded_at)
    if not found or not _exists(found[1]):
        return msg("it says that it was recorded at {text}, which is not a moment", text=ascii(recorded_at[:27]))
    if recorded_at > LAST_MOMENT:
        return msg("it was recorded at {moment}, when no ledger records any more", moment=recorded_at)
    return None


def _exists(day: str) -> bool:
    try:
        return bool(date.fromisoformat(day))
    except ValueError:
        return False


def misplaced(moment: str, before: str) -> str | None:
    """Returns a sentence if `moment`, an entry's recorded time, is not after `before`, that of the entry before it.

    Returns None if `moment` is later than `before`.
    """
    if moment > before:
        return None
    return msg("it was recorded at {moment}, and the one before it at {before}", moment=moment, before=before)


def document(data: bytes) -> dict[str, Any] | None:
    """Returns the entry as JSON data, or None if the bytes are not as a ledger writes them.

    A ledger writes sorted keys, no spaces, no floats, no number above LARGEST_STORED, and no nesting beyond DEEPEST.
    """
    try:
        found = orjson.loads(data) if is_shallow(data) else None
        if isinstance(found, dict) and orjson.dumps(found, option=orjson.OPT_SORT_KEYS) == data:
            return found if not _ODD.search(data) or _is_plain(found) else None
    except ValueError:
        pass
    return None


def is_shallow(data: bytes, most: int | None = None) -> bool:
    """Returns whether JSON is nested no deeper than DEEPEST and holds at most `most` arrays and objects."""
    if (most is None or most >= DEEPEST) and data.count(b"[") + data.count(b"{") <= DEEPEST:
        return True
    depth = opened = 0
    # `outside` holds the parts of the JSON text that are outside its strings.
    outside = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    for found in _BRACKETS.finditer(b"".join(outside)):
        brackets = found[0]
        if brackets[:1] in b"[{":
            depth, opened = depth + len(brackets), opened + len(brackets)
            if depth > DEEPEST or (most is not None and opened > most):
                return False
        else:
            depth -= len(brackets)
    return True


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, float) and not (isinstance(value, int) and abs(value) > LARGEST_STORED)
