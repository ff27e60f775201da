"""The door for input: plain data from a command line or a file becomes an event, or every fault is told."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

from ledger.errors import BadInput
from ledger.events import EVENTS, Event
from ledger.events.checks import CHECKS
from ledger.events.shape import fields_of
from ledger.values import EARLIEST, LATEST, Day, Name, day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PATTERNS = {  # the start of each pattern in ledger.values, in words
    "^[a-z0-9-]{1,64}$": "1 to 64 small letters (a to z), digits and hyphens",
    "^[^\\x00": "text without control characters",
    "^-?[0-9]{1,3}": "a percentage such as 2.9, written as text",
    "^[0-9]{1,9}/": "a fraction such as 1/3, written as text",
    "^[0-9]{2}-": "a day of every year, such as 02-01",
    "^[0-9]{4}H": "a half-year such as 2025H1",
    "^[0-9a-f]{64}": "a SHA-256 in hex",
}


def parse_event(raw: object) -> Event:
    """The event that `{"event": …, "valid_on": …, "source": {…}, field: …}` describes; BadInput with every fault."""
    if not isinstance(raw, dict):
        raise BadInput([(None, f"an event is an object with event, valid_on, source and fields, not {_kind(raw)}")])
    name = raw.get("event")
    event = EVENTS.get(name) if isinstance(name, str) else None
    if event is None:
        raise BadInput([(None, _unknown("event", name, EVENTS) if "event" in raw else "event is missing")])
    given = {key: value for key, value in raw.items() if key != "event"}
    try:
        found = msgspec.convert(given, event, dec_hook=_from_input)
    except msgspec.ValidationError as error:
        faults = list(_faults(event, given)) or [_in_words("", error)]
    else:
        faults = [*_slips(found), *CHECKS.get(event, _nothing)(found)]
        if not faults:
            return found
    raise BadInput([(None, fault) for fault in faults])


def _nothing(_: Event) -> Iterator[str]:
    return iter(())


def _from_input(kind: type, value: object) -> object:
    if not isinstance(value, str):
        raise TypeError(f"Expected `str`, got `{_kind(value)}`")
    if kind is Day:
        return day(value)
    assert kind is Name, kind
    if not value.strip() or len(value) > 200 or _CONTROL.search(value):
        raise ValueError("a name has 1 to 200 characters and no control characters")
    return Name(value)


def _faults(event: type[Event], given: dict[str, Any]) -> Iterator[str]:
    known = _hints(event)
    for name in given.keys() - known.keys():
        yield _unknown("field", name, known)
    required = {"valid_on", "source", *(field.name for field in fields_of(event) if field.required)}
    for name, hint in known.items():
        if name not in given:
            if name in required:
                yield f"{name} is missing"
            continue
        try:
            msgspec.convert(given[name], hint, dec_hook=_from_input)
        except msgspec.ValidationError as error:
            yield _in_words(name, error)


@cache
def _hints(event: type[Event]) -> dict[str, Any]:
    hints = get_type_hints(event, include_extras=True)
    return {name: hints[name] for name in event.__struct_fields__}


def _in_words(name: str, error: msgspec.ValidationError) -> str:
    what, _, where = str(error).partition(" - at ")
    where = where.replace("`", "").replace("$.", ".").replace("$", "").replace("key in ", "a key of ")
    what = re.sub(r"^Object missing required field `(.*)`$", r"\1 is missing", what)
    what = re.sub(r"^Object contains unknown field `(.*)`$", r"unknown field '\1'", what)
    if pattern := re.search(r"matching regex '(.*)'$", what):
        start = pattern[1].replace("\\\\", "\\")
        what = f"expected {next((words for begin, words in _PATTERNS.items() if start.startswith(begin)), start)}"
    what = what.replace("`", "").replace("RFC3339 encoded date", "date: write it as 2023-02-27")
    place = where.replace("a key of ", f"a key of {name}") if "a key of" in where else f"{name}{where}".lstrip(".")
    return f"{place}: {what[:1].lower()}{what[1:]}" if place else what


def _slips(event: Event) -> Iterator[str]:
    """Dates out of any lifetime, and ids given twice in a list."""
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, date):
            yield from _out_of_range(name, value)
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            for twice in sorted({one for one in value if value.count(one) > 1}):
                yield f"{name}: {twice} stands there twice"
    if event.source.decided_on is not None:
        yield from _out_of_range("source.decided_on", event.source.decided_on)


def _out_of_range(name: str, value: date) -> Iterator[str]:
    if not EARLIEST <= value <= LATEST:
        yield f"{name}: {value} is not between {EARLIEST} and {LATEST}"


def _unknown(what: str, name: object, known: Iterable[str]) -> str:
    near = get_close_matches(str(name), known, 1)
    return f"unknown {what} {str(name)[:80]!r}" + (f"; did you mean {near[0]}?" if near else "")


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__
