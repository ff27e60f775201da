"""Parses input: plain data from a command line or a file becomes an event, or every fault is reported."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from functools import cache
from itertools import chain
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct, structs

from ledger.errors import BadInput, grouped
from ledger.events import EVENTS, Event
from ledger.events.coherence import CHECKS
from ledger.events.shape import fields_of
from ledger.events.tidy import tidy, unseen
from ledger.values import EARLIEST, LATEST, Day, Name, day, exact_date, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WHERE = re.compile(r" - at `[^`]*`( in `[^`]*`)?$")  # removed from msgspec's messages: a fault states its own place
WRONG = (msgspec.ValidationError, UnicodeEncodeError)  # UnicodeEncodeError: lone surrogates and bytes not in UTF-8
_PATTERNS = {  # the start of each pattern in ledger.values → its meaning in words
    "^[a-z0-9-]{1,64}$": "1 to 64 small letters (a to z), digits and hyphens",
    "^[a-z0-9-]{1,64}/": "an item of a meeting, such as m1/3",
    "^([01]": "a time of the day, such as 09:00",
    "^[^\\x00": "text without control characters",
    "^-?[0-9]{1,3}": "a percentage such as 2.9, written as text",
    "^[0-9]{1,9}/": "a fraction such as 1/3, written as text",
    "^[0-9]{2}-": "a day of every year, such as 02-01",
    "^[0-9]{4}H": "a half-year such as 2025H1",
    "^[0-9a-f]{64}": "a SHA-256 in hex",
    "^[^+\\x00": "a public key as NAME+ID+KEY",
}
_KINDS = {  # msgspec's name for a kind of value → our words
    "str": "text",
    "int": "a whole number",
    "float": "a number with decimals",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
    "date": "a date such as 2023-02-27",
}


def parse_event(raw: object, *, command: str = "", briefly: bool = False) -> Event:
    """Returns the event in `{"event": …, "valid_on": …, "source": {…}, field: …}`; raises BadInput with every fault.

    An event that only one command records is refused unless `command` is that command. If `briefly` is true, BadInput
    says only that there is a fault, for callers that just count faulty lines.
    """
    if not isinstance(raw, dict):
        raise BadInput([(None, f"an event is an object with event, valid_on, source and fields, not {_kind(raw)}")])
    name = raw.get("event")
    event = EVENTS.get(name) if isinstance(name, str) else None
    if event is None:
        raise BadInput([(None, _no_event(raw))])
    if event.only_by not in {"", command}:
        raise BadInput([(None, f"{name} is recorded by `liggare {event.only_by}` alone")])
    given, faults = _tidied(event, {key: value for key, value in raw.items() if key != "event"})
    try:
        found = msgspec.convert(given, event, dec_hook=from_input)
    except WRONG:
        wrong = iter([str(name)]) if briefly else _faults("", event, given)
        raise BadInput((None, fault) for fault in chain(faults, wrong)) from None
    if faults := [*faults, *_slips(found), *CHECKS.get(event, _nothing)(found)]:
        raise BadInput((None, fault) for fault in faults)
    return found


def _tidied(event: type[Event], given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Returns the fields with every text and every key of a map normalised, and the faults found in them.

    The faults are invisible characters, and map keys that are equal once they are normalised.
    """
    found, faults = {}, []
    maps = _maps(event)
    for name, value in given.items():
        try:
            found[name] = tidy(value, keys=name in maps)
        except ValueError as error:
            faults.append(f"{name}: {error}")
            found[name] = value
        faults += unseen(name if name in event.__struct_fields__ else "a field", found[name])
    return found, faults


@cache
def _maps(event: type[Event]) -> frozenset[str]:
    return frozenset(field.name for field in fields_of(event) if field.shape.kind == "map")


def _nothing(_: Event) -> Iterator[str]:
    return iter(())


def from_input(kind: type, value: object) -> object:
    """Converts text to a Day or a Name, the two types that msgspec does not know.

    Raises TypeError for a value that is not text, and ValueError for text that is not a valid day or name.
    """
    if not isinstance(value, str):
        raise TypeError(f"Expected `str`, got `{_kind(value)}`")  # in msgspec's words, which _in_words rewrites
    if kind is Day:
        return day(value)
    assert kind is Name, kind
    if not value.strip() or len(value) > 200 or _UNPRINTABLE.search(value):
        raise ValueError("a name has 1 to 200 characters and no control characters")
    return Name(value)


def faults_of(kind: type[Struct], given: object) -> list[str]:
    """Returns every fault of plain data against a struct type, as sentences that begin with the place of the fault."""
    return list(_faults("", kind, given))


def sound_fields(kind: type[Struct], given: object) -> dict[str, Any]:
    """Returns the fields of plain data that fit the struct type, converted; all others are left out."""
    found = {}
    for name, hint in _hints(kind).items():
        with suppress(*WRONG):
            if isinstance(given, dict) and name in given:
                found[name] = msgspec.convert(given[name], hint, dec_hook=from_input)
    return found


def _faults(place: str, hint: Any, value: object) -> Iterator[str]:
    """Yields every fault of a value against a type hint: the faults of its parts if they have any, else its own."""
    try:
        msgspec.convert(value, hint, dec_hook=from_input)
    except WRONG as error:
        bare = _bare(hint)
        inside = list(_inside(place, bare, value))
        words = _in_words(bare, value, error)
        yield from inside or [f"{place}{words}" if words.startswith(" ") else f"{place}: {words}".removeprefix(": ")]


def _inside(place: str, hint: Any, value: object) -> Iterator[str]:
    if isinstance(hint, type) and issubclass(hint, Struct) and isinstance(value, dict):
        yield from _of_struct(place, hint, value)
    elif get_origin(hint) is tuple and isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from _faults(f"{place}[{index}]", get_args(hint)[0], one)
    elif get_origin(hint) is dict and isinstance(value, dict):
        of_key, of_value = get_args(hint)
        for key, one in value.items():
            yield from _faults(f"{place}: the key {quoted(key)}", of_key, key)
            yield from _faults(f"{place}.{quoted(key)[1:-1]}", of_value, one)


def _of_struct(place: str, struct: type[Struct], value: dict[str, Any]) -> Iterator[str]:
    before = f"{place}." if place else ""
    hints = {field.encode_name: _hints(struct)[field.name] for field in structs.fields(struct)}
    for name in value:
        if name not in hints:
            yield f"{place}: {_unknown('field', name, hints)}".removeprefix(": ")
    for field in structs.fields(struct):
        name = field.encode_name
        if name in value:
            yield from _faults(before + name, hints[name], value[name])
        elif field.required:
            yield f"{before}{name} is missing"


@cache
def _hints(struct: type[Struct]) -> dict[str, Any]:
    hints = get_type_hints(struct, include_extras=True)
    return {name: hints[name] for name in struct.__struct_fields__}


def _bare(hint: Any) -> Any:
    """Returns the type in a hint, without annotations and without None."""
    while get_origin(hint) in {Annotated, Union, UnionType}:
        hint = next(one for one in get_args(hint) if one is not NoneType)
    return hint


def _in_words(hint: Any, value: object, error: Exception) -> str:
    """Returns in words what is wrong with a value.

    Words that begin with a space, such as ` is empty`, follow the place directly. Other words follow the place and a
    colon.
    """
    if isinstance(error, UnicodeEncodeError):
        return f"{quoted(value)} is not text in UTF-8"
    what = _WHERE.sub("", str(error))
    if hint is date and isinstance(value, str):
        return _no_date(value)
    if get_origin(hint) is Literal and what.startswith("Invalid enum value"):
        return f"{quoted(value)} is none of {', '.join(map(str, get_args(hint)))}"
    if pattern := re.search(r"matching regex '(.*)'$", what):
        start = pattern[1].replace("\\\\", "\\")
        return f"expected {next((words for begin, words in _PATTERNS.items() if start.startswith(begin)), start)}"
    what = what.replace("`", "").replace(" | null", "")
    if wrong := re.fullmatch(r"Expected (\w+), got (\w+)", what):
        needed, got = (_KINDS.get(kind, kind) for kind in wrong.groups())
        return f"{needed} is needed, not {got}"
    if bound := re.fullmatch(r"Expected (str of length|array of length|object of length|int) (>=|<=) (-?\d+)", what):
        return _out_of_bounds(bound[1], int(bound[3]), too_much=bound[2] == "<=")
    return f"{what[:1].lower()}{what[1:]}"


def _no_date(text: str) -> str:
    try:
        return f"{exact_date(text)} is not a date"
    except ValueError as error:
        return str(error)


def _out_of_bounds(of: str, bound: int, *, too_much: bool) -> str:
    said = grouped(bound)
    if of == "int":
        return f" is {'more' if too_much else 'less'} than {said}"
    if not too_much and bound == 1:
        return " is empty"
    unit = "signs" if of.startswith("str") else "items"
    return f" is longer than {said} {unit}" if too_much else f" has fewer than {said} {unit}"


def _slips(event: Event) -> Iterator[str]:
    """Yields a fault for each date outside the accepted years, and for each id given twice in a list."""
    for name in _with_slips(type(event)):
        value = getattr(event, name)
        if isinstance(value, date):
            yield from _out_of_range(name, value)
        elif value and len({*value}) < len(value):
            for twice in sorted(one for one, times in Counter(value).items() if times > 1):
                yield f"{name}: {twice} is given twice"
    if event.source.decided_on is not None:
        yield from _out_of_range("source.decided_on", event.source.decided_on)


@cache
def _with_slips(event: type[Event]) -> tuple[str, ...]:
    """Returns the names of the fields that can hold a date, or a list of ids."""
    shapes = {field.name: field.shape for field in fields_of(event)}
    listed = {name for name, shape in shapes.items() if shape.kind == "list" and shape.item and shape.item.tag}
    return tuple(name for name, shape in shapes.items() if name in listed or shape.kind == "date")


def _out_of_range(name: str, value: date) -> Iterator[str]:
    if not EARLIEST <= value <= LATEST:
        yield f"{name}: {value} is not between {EARLIEST} and {LATEST}"


def _no_event(raw: dict[str, Any]) -> str:
    if "event" not in raw:
        return "event is missing"
    name = raw["event"]
    if isinstance(name, str):
        return _unknown("event", name, EVENTS)
    return f"event: text is needed, not {_KINDS.get(_kind(name), _kind(name))}"


def _unknown(what: str, name: object, known: Iterable[str]) -> str:
    near = get_close_matches(str(name)[:80], known, 1)
    return f"unknown {what} {quoted(name)}" + (f"; did you mean {near[0]}?" if near else "")


def _kind(value: object) -> str:
    return {"NoneType": "null", "dict": "object", "list": "array"}.get(type(value).__name__, type(value).__name__)
